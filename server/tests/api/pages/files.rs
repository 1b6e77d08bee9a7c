//! Pages and the files they load.

use std::fs;

use reqwest::{Response, header::ACCEPT_ENCODING};

use crate::support::TestServer;

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn the_drawing_page_is_rendered_in_the_requested_language() {
    let server = TestServer::start().await;
    for (asked, lang) in [
        ("en-GB,en", "<html lang=\"en\""),
        ("es", "<html lang=\"es\""),
        ("fr", "<html lang=\"es\""),
    ] {
        let request = server.client.get(server.url("/")).header("accept-language", asked);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "cache-control"), "no-cache");
        let vary: Vec<_> = response
            .headers()
            .get_all("vary")
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect();
        assert!(vary.join(", ").contains("accept-language, cookie"), "{vary:?}");
        assert!(response.text().await.unwrap().contains(lang), "{asked}");
    }
}

#[tokio::test]
async fn pages_are_compressed_if_accepted() {
    let server = TestServer::start().await;
    for encoding in ["br", "gzip"] {
        let request = server.client.get(server.url("/")).header(ACCEPT_ENCODING, encoding);
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "content-encoding"), encoding);
    }
    assert_eq!(header(&server.get("/").await, "content-encoding"), "");
}

#[tokio::test]
async fn hashed_files_are_cached_for_ever_and_others_for_an_hour() {
    let server = TestServer::start().await;
    let hashed = "pkg/trazo.BqS3ZBP0WcU4uuE8kCKJbQ.wasm";
    fs::write(server.site.path().join(hashed), "\0asm").unwrap();
    fs::write(server.site.path().join("favicon.svg"), "<svg/>").unwrap();
    let response = server.get(&format!("/{hashed}")).await;
    assert_eq!(header(&response, "content-type"), "application/wasm");
    assert_eq!(
        header(&response, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    let response = server.get("/favicon.svg").await;
    assert_eq!(header(&response, "content-type"), "image/svg+xml; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "public, max-age=3600");
}

#[tokio::test]
async fn precompressed_files_are_sent_as_they_are() {
    let server = TestServer::start().await;
    let file = server.site.path().join("pkg/trazo.css");
    fs::write(&file, "a{}").unwrap();
    fs::write(file.with_extension("css.br"), "brotli").unwrap();
    fs::write(file.with_extension("css.gz"), "gzip").unwrap();
    for (asked, encoding, content) in [
        ("br, gzip", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("identity", "", "a{}"),
    ] {
        let request = server
            .client
            .get(server.url("/pkg/trazo.css"))
            .header(ACCEPT_ENCODING, asked);
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "content-encoding"), encoding);
        assert!(header(&response, "content-type").starts_with("text/css"));
        assert_eq!(response.text().await.unwrap(), content);
    }
}

#[tokio::test]
async fn a_folder_is_not_listed() {
    let server = TestServer::start().await;
    fs::write(server.site.path().join("pkg/listed-nowhere.js"), "1").unwrap();
    for path in ["/pkg", "/pkg/"] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(!response.text().await.unwrap().contains("listed-nowhere"), "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_the_site_is_served() {
    let server = TestServer::start().await;
    let outside = server.site.path().with_extension("secret");
    fs::write(&outside, "secret").unwrap();
    let name = outside.file_name().unwrap().to_str().unwrap();
    for path in [
        format!("/../{name}"),
        format!("/%2e%2e/{name}"),
        format!("/pkg/..%2f..%2f{name}"),
    ] {
        assert_eq!(server.get(&path).await.status(), 404, "{path}");
    }
    fs::remove_file(outside).unwrap();
}
