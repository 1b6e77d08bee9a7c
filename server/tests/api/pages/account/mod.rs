//! Pages and users.

mod access;
mod html;
mod injection;

use reqwest::{Client, Response, redirect::Policy};
use serde_json::Value;

use crate::support::TestServer;

/// Public pages, and an unknown one.
pub(crate) const OPEN: [&str; 7] = [
    "/",
    "/register",
    "/login",
    "/forgot",
    "/confirm/no-such-token",
    "/reset/no-such-token",
    "/nothing",
];

pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Requests a page without following redirects.
pub(crate) async fn fetch_page(server: &TestServer, path: &str, cookie: &str) -> Response {
    let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let request = client.get(server.url(path)).header("cookie", cookie);
    request.send().await.unwrap()
}

/// The user in the data of the page.
pub(crate) fn me(html: &str) -> Option<Value> {
    let block = scripts(html).into_iter().find(|(tag, _)| tag.contains("id=\"me\""))?.1;
    Some(serde_json::from_str(block).unwrap())
}

/// The attributes and the text of every script of a page.
pub(crate) fn scripts(html: &str) -> Vec<(&str, &str)> {
    html.split("<script")
        .skip(1)
        .map(|rest| {
            let (tag, rest) = rest.split_once('>').unwrap();
            (tag, rest.split_once("</script>").unwrap().0)
        })
        .collect()
}
