//! The service worker, what it keeps, and what a browser needs to install the page.

use std::{fs, path::Path};

use reqwest::Response;
use serde_json::Value;

use crate::support::{TestServer, pictures::numbered_png, server::refused};

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The value of a constant in the first line of a script.
fn constant(script: &str, name: &str) -> Value {
    let (_, rest) = script.split_once(&format!("{name} = ")).unwrap();
    serde_json::Deserializer::from_str(rest)
        .into_iter::<Value>()
        .next()
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn the_worker_is_asked_for_each_time_and_may_only_reach_this_server() {
    let server = TestServer::built().await;
    let response = server.get("/worker.js").await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "no-cache");
    let policy = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    assert_eq!(header(&response, "content-security-policy"), policy);
    let response = server.post("/worker.js", &Value::Null).await;
    refused(response, 405, "method_not_allowed", "msg").await;
}

#[tokio::test]
async fn the_worker_keeps_the_files_of_the_drawing_page_of_this_build() {
    let server = TestServer::built().await;
    let worker = server.get("/worker.js").await.text().await.unwrap();
    let build = constant(&worker, "BUILD").as_str().unwrap().to_owned();
    let page = server.get("/").await.text().await.unwrap();
    assert!(
        build.len() == 16 && page.contains(&format!("\"/{build}/pkg/trazo.CCCC.css\"")),
        "{page}"
    );
    let files = constant(&worker, "FILES");
    let mut files: Vec<_> = files
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file.as_str().unwrap())
        .collect();
    files.sort_unstable();
    let in_build = |name: &str| format!("/{build}/{name}");
    let expected = [
        in_build("offline.css"),
        in_build("offline.js"),
        in_build("pkg/__wasm_split.EEEE.js"),
        in_build("pkg/chunk_0.FFFF.wasm"),
        in_build("pkg/trazo.AAAA.js"),
        in_build("pkg/trazo.BBBB.wasm"),
        in_build("pkg/trazo.CCCC.css"),
        "/favicon.svg".to_owned(),
        "/manifest.en.webmanifest".to_owned(),
        "/manifest.webmanifest".to_owned(),
    ];
    assert_eq!(files, expected);
    for (name, content_type) in [("offline.js", "text/javascript"), ("offline.css", "text/css")] {
        let response = server.get(&in_build(name)).await;
        assert_eq!(response.status(), 200, "{name}");
        assert_eq!(
            header(&response, "content-type"),
            format!("{content_type}; charset=utf-8")
        );
        assert_eq!(
            header(&response, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(
            server.get(&format!("/{name}")).await.status(),
            404,
            "{name} without its build"
        );
    }
}

#[tokio::test]
async fn without_hashed_files_there_is_no_worker() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/worker.js").await.status(), 404);
    let response = server.get("/offline.js").await;
    assert_eq!(header(&response, "cache-control"), "no-cache");
    assert_eq!(constant(&response.text().await.unwrap(), "BUILD"), Value::Null);
}

#[tokio::test]
async fn what_the_worker_keeps_of_a_page_is_for_everyone() {
    // The worker asks as this does: without cookies, for each language.
    let server = TestServer::start().await;
    for (language, manifest) in [("es", "/manifest.webmanifest"), ("en", "/manifest.en.webmanifest")] {
        let request = server.client.get(server.url("/")).header("accept-language", language);
        let html = request.send().await.unwrap().text().await.unwrap();
        assert!(
            html.contains(&format!("<html lang=\"{language}\"")),
            "the worker marks this element: {html}"
        );
        assert!(
            html.contains(&format!("rel=\"manifest\" href=\"{manifest}\"")),
            "{html}"
        );
        assert!(!html.contains("id=\"me\"") && !html.contains("user-name"), "{html}");
    }
}

#[tokio::test]
async fn the_page_can_be_installed() {
    let server = TestServer::start().await;
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    for entry in fs::read_dir(public).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), server.site.path().join(entry.file_name())).unwrap();
    }
    let mut manifests = Vec::new();
    for (path, language) in [("/manifest.webmanifest", "es"), ("/manifest.en.webmanifest", "en")] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header(&response, "content-type"), "application/manifest+json");
        assert_eq!(header(&response, "cache-control"), "public, max-age=3600");
        let manifest: Value = response.json().await.unwrap();
        assert_eq!(manifest["lang"], language);
        assert_eq!(
            (&manifest["start_url"], &manifest["display"]),
            (&"/".into(), &"standalone".into())
        );
        for icon in manifest["icons"].as_array().unwrap() {
            let response = server.get(icon["src"].as_str().unwrap()).await;
            assert_eq!(response.status(), 200, "{icon}");
            let content_type = header(&response, "content-type").split(';').next().unwrap().to_owned();
            assert_eq!(content_type, icon["type"].as_str().unwrap());
            assert_eq!(header(&response, "cache-control"), "public, max-age=3600");
            let bytes = response.bytes().await.unwrap();
            assert!(bytes.len() < 6_000, "{icon}: {} bytes", bytes.len());
            if content_type == "image/png" {
                // The width and the height are at the start of a PNG.
                let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
                assert_eq!(icon["sizes"], format!("{}x{}", side(16), side(20)));
            }
        }
        manifests.push(manifest);
    }
    let of = |purpose: &str, size: &str| {
        let icons = manifests[0]["icons"].as_array().unwrap().iter();
        let mut fitting = icons.filter(|icon| icon["sizes"] == size);
        fitting.any(|icon| icon["purpose"].as_str().unwrap_or("any") == purpose)
    };
    for size in ["192x192", "512x512"] {
        assert!(of("any", size) && of("maskable", size), "{size}");
    }
    // One application, whatever the language.
    let [es, en] = manifests.as_mut_slice() else { panic!() };
    for member in ["lang", "description"] {
        assert_ne!(es[member].take(), en[member].take());
    }
    assert_eq!(es, en);
}

#[tokio::test]
async fn what_another_account_asked_is_refused_before_it_is_read_or_counted() {
    let server = TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.ratelimit_predict = "1 per day".parse().unwrap();
    })
    .await;
    let ana = server.user("ana").await;
    let id = |me: Value| me["id"].as_i64().unwrap().to_string();
    let own = id(server.me(&ana).await.json().await.unwrap());
    let other = id(server.get_json("/api/me").await);
    for expected in [other.as_str(), "", "nobody"] {
        let request = server
            .upload_by(&ana, "a.png", numbered_png(1))
            .header("x-user-id", expected);
        refused(request.send().await.unwrap(), 401, "token_invalid", "error").await;
    }
    let request = server
        .upload_by(&ana, "a.png", numbered_png(1))
        .header("x-user-id", &own);
    assert_eq!(request.send().await.unwrap().status(), 200);
}
