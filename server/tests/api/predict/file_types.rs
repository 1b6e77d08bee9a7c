//! Files of other types: the response names the type.

use reqwest::Response;
use serde_json::Value;

use crate::support::{
    TestServer,
    pictures::{fixture, numbered_png},
    server::refused,
};

/// The names of types, and files of them that are as short as can be.
const FILES: [(&str, &[u8]); 12] = [
    ("WebP", b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0"),
    ("AVIF", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"),
    ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    ("MP4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
    ("BMP", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
    ("TIFF", b"II*\0\x08\0\0\0\0\0"),
    ("TIFF", b"MM\0*\0\0\0\x08\0\0"),
    ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("SVG", b"<?xml version=\"1.0\"?>\n<svg/>"),
    ("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    ("HTML", b"<!doctype html><title>404</title>"),
    ("texto", "Un 7, escrito a mano.".as_bytes()),
];

async fn type_in(response: Response) -> Option<String> {
    let body: Value = response.json().await.unwrap();
    body["tipo"].as_str().map(ToOwned::to_owned)
}

#[tokio::test]
async fn whose_name_says_that_they_are_images() {
    let server = TestServer::start().await;
    for (name, content) in FILES {
        for file in ["a.png", "b.jpg", "c.gif"] {
            let text = refused(server.predict(file, content).await, 422, "image_unreadable", "error").await;
            assert!(text.contains(&format!(" {name},")), "{name}: {text}");
            assert_eq!(
                type_in(server.predict(file, content).await).await.as_deref(),
                Some(name)
            );
        }
    }
}

#[tokio::test]
async fn whose_name_is_not_allowed() {
    let server = TestServer::start().await;
    let png = numbered_png(1);
    for (name, content) in FILES.into_iter().chain([("PNG", png.as_slice())]) {
        let response = server.predict("a.webp", content).await;
        assert_eq!(response.status(), 400);
        assert_eq!(type_in(response).await.as_deref(), Some(name));
    }
}

#[tokio::test]
async fn of_unknown_or_damaged_files_no_type_is_named() {
    let server = TestServer::start().await;
    for (file, content) in [
        ("a.png", b"".as_slice()),
        ("a.png", b"\0\x01\x02"),
        ("a.bin", b"\0\x01\x02"),
        ("a.bin", b""),
        ("a.png", &fixture("palette.png")[..100]),
        ("a.jpg", &fixture("progressive.jpg")[..100]),
    ] {
        assert_eq!(
            type_in(server.predict(file, content).await).await,
            None,
            "{file} {content:?}"
        );
    }
}
