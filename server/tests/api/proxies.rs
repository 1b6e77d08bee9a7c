//! What the log says about a proxy that the settings don't know: once, and with the setting to change.

use reqwest::{Method, StatusCode};
use tempfile::TempDir;

use crate::support::program::Program;

/// The lines of the output that name a setting.
fn naming<'a>(output: &'a str, setting: &str) -> Vec<&'a str> {
    output.lines().filter(|line| line.contains(setting)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untrusted_proxy_is_reported_once() {
    for (trusted, reports) in [("10.0.0.0/8", 1), ("127.0.0.1", 0)] {
        let logs = TempDir::new().unwrap();
        let program = Program::start(logs.path(), &[], &[("TRUSTED_PROXIES", trusted)]);
        for address in ["203.0.113.9", "203.0.113.10", "[2001:db8::1]"] {
            let request = program.ask(Method::GET, "/health/live");
            let response = request.header("x-forwarded-for", address).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
        }
        let output = program.stop();
        let lines = naming(&output, "TRUSTED_PROXIES");
        assert_eq!(lines.len(), reports, "{trusted}: {output}");
        for line in lines {
            assert!(line.contains(" - WARNING - ") && line.contains("127.0.0.1"), "{line}");
        }
    }
}

/// The status of a request with a cookie from a page of the public address, through a proxy that replaces `Host`.
async fn through_a_proxy(program: &Program, site: &str) -> StatusCode {
    let request = program
        .ask(Method::POST, "/api/logout")
        .header("cookie", "trazo_session=x; __Host-trazo_session=x")
        .header("origin", "https://trazo.example.com")
        .header("sec-fetch-site", site);
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_host_is_reported_once() {
    let logs = TempDir::new().unwrap();
    let program = Program::start::<&str>(logs.path(), &[], &[]);
    for site in ["cross-site", "same-origin", "none", "same-origin"] {
        assert_eq!(through_a_proxy(&program, site).await, StatusCode::FORBIDDEN, "{site}");
    }
    let output = program.stop();
    let lines = naming(&output, "PUBLIC_URL");
    assert_eq!(lines.len(), 1, "{output}");
    assert!(lines[0].contains("'https://trazo.example.com'"), "{}", lines[0]);

    let program = Program::start(logs.path(), &[], &[("PUBLIC_URL", "https://trazo.example.com")]);
    for (site, status) in [("same-origin", 401), ("cross-site", 403)] {
        assert_eq!(through_a_proxy(&program, site).await, status, "{site}");
    }
    let output = program.stop();
    assert_eq!(naming(&output, "PUBLIC_URL").len(), 0, "{output}");
}
