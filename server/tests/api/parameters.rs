//! Query parameters.

use reqwest::Method;

use crate::support::{TestServer, server::refused};

#[tokio::test]
async fn a_parameter_that_is_sent_twice_is_rejected() {
    let server = TestServer::start().await;
    for query in [
        "predictions?per_page=1&per_page=2",
        "predictions?page=1&page=1",
        "admin/users?role=user&role=admin",
        "admin/users?search=a&search=b",
        "admin/users.csv?disabled=true&disabled=false",
    ] {
        let request = server.by(&server.token, Method::GET, &format!("/api/{query}"));
        refused(request.send().await.unwrap(), 400, "request_invalid", "msg").await;
    }
}
