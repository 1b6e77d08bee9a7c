//! The plain forms, as a browser without JavaScript sends them.

mod accounts;
mod limits;
mod origin;
mod own_account;
mod sessions;
mod upload;

use api::access::percent_encode;
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};

use crate::support::TestServer;

/// A request that a browser sends by itself, from a page of this origin. Redirects aren't followed.
pub(crate) fn navigate(server: &TestServer, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    client
        .request(method, server.url(path))
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("cookie", cookie)
        .header("referer", server.url(path))
}

/// Sends a form from the page at its path.
pub(crate) async fn submit(server: &TestServer, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
    let request = navigate(server, Method::POST, path, cookie).header("origin", server.url(""));
    form(request, fields).send().await.unwrap()
}

/// Adds the body of a form.
pub(crate) fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encode(value)))
        .collect();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(pairs.join("&"))
}

/// Asserts that a response redirects, and returns the target.
pub(crate) fn target(response: &Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// The page that a browser shows after a redirect.
pub(crate) async fn shown(server: &TestServer, response: &Response, cookie: &str) -> String {
    let page = navigate(server, Method::GET, &target(response), cookie);
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = text(page).await;
    assert!(html.contains("type=\"module\""), "a page with its WASM: {html}");
    html
}

/// Asserts that a response is a page with that status that isn't hydrated, and returns it.
pub(crate) async fn answer(response: Response, status: u16) -> String {
    assert_eq!(response.status(), status);
    let html = text(response).await;
    assert!(!html.contains("type=\"module\""), "{html}");
    html
}

/// The HTML of a page, all of it.
async fn text(response: Response) -> String {
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/html"), "{kind}");
    let length = response.headers().get("content-length").cloned();
    let html = response.text().await.unwrap();
    assert!(
        html.starts_with("<!DOCTYPE html>") && html.contains("</html>"),
        "{html}"
    );
    if let Some(length) = length {
        assert_eq!(length.to_str().unwrap(), html.len().to_string());
    }
    // Placeholders for hydration, which debug builds render in more places.
    html.replace("<!>", "")
}

/// The attributes of the input with that name.
pub(crate) fn input<'a>(html: &'a str, name: &str) -> &'a str {
    let mut inputs = html.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
    let found = inputs.find(|input| input.contains(&format!("name=\"{name}\"")));
    found.unwrap_or_else(|| panic!("no input {name} in {html}"))
}

/// The text below the input with that name.
pub(crate) fn help<'a>(html: &'a str, name: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("id=\"{name}-help\"")).unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split("</p>").next().unwrap()
}
