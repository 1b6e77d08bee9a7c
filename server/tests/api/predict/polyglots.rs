//! Files that are a picture and something else: they are read as the picture, or refused.

use api::Prediction;
use image::{DynamicImage, ImageFormat};
use reqwest::Response;
use serde_json::Value;

use crate::support::{
    TestServer,
    pictures::{Kind, drawn, encoded, png, zlib},
    server::refused,
};

const PAGE: &[u8] = b"<!doctype html><script>alert(1)</script>";
const ARCHIVE: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0a";
const SCRIPT: &[u8] = b"*/=1;alert(1)//";

/// The answer, which a browser doesn't take for anything but JSON.
async fn read(response: Response) -> Prediction {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let text = response.text().await.unwrap();
    assert!(!text.contains("alert"), "{text}");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn with_something_behind_the_picture_are_the_picture() {
    let server = TestServer::start().await;
    let digit = || DynamicImage::from(drawn("7-plain"));
    for (name, picture) in [
        ("a.png", encoded(digit(), ImageFormat::Png)),
        ("a.jpg", encoded(digit(), ImageFormat::Jpeg)),
        ("a.gif", encoded(digit().into_rgba8(), ImageFormat::Gif)),
    ] {
        let plain = read(server.predict(name, picture.clone()).await).await;
        for other in [PAGE, ARCHIVE, SCRIPT] {
            let both = [picture.as_slice(), other].concat();
            let answer = read(server.predict(name, both).await).await;
            assert_eq!((answer.area, answer.cached), (plain.area, false), "{name}");
        }
    }
}

#[tokio::test]
async fn with_something_within_the_picture_are_the_picture() {
    let server = TestServer::start().await;
    // The width of the GIF starts a comment of JavaScript, which ends in a comment of the GIF.
    let gif = [
        b"GIF89a/*\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\x80\0\0\0\xff\xff\xff\x02\x02\x44\x01\0!\xfe\x0f".as_slice(),
        SCRIPT,
        b"\0;",
    ]
    .concat();
    read(server.predict("a.gif", gif).await).await;
    let page = [b"Comment\0".as_slice(), PAGE].concat();
    let pixel = zlib([[0, 0].as_slice()].into_iter());
    let texts = [(*b"tEXt", page), (*b"heRe", PAGE.to_vec())];
    read(server.predict("a.png", png(1, 1, Kind::Grey8, &texts, &pixel)).await).await;
    let jpeg = encoded(DynamicImage::from(drawn("7-plain")), ImageFormat::Jpeg);
    let length = u16::try_from(PAGE.len() + 2).unwrap().to_be_bytes();
    let jpeg = [&jpeg[..2], b"\xff\xfe", &length, PAGE, &jpeg[2..]].concat();
    read(server.predict("a.jpg", jpeg).await).await;
}

#[tokio::test]
async fn with_something_before_the_picture_are_that() {
    let server = TestServer::start().await;
    let picture = encoded(drawn("7-plain"), ImageFormat::Png);
    for (other, name) in [(PAGE, None), (ARCHIVE, Some("ZIP")), (b"\0\0\0\0", None)] {
        let response = server.predict("a.png", [other, &picture].concat()).await;
        assert_eq!(response.status(), 422);
        let body: Value = response.json().await.unwrap();
        assert_eq!(
            (&body["code"], body["tipo"].as_str()),
            (&"image_unreadable".into(), name)
        );
    }
    // Its first letters are a size.
    let script = [b"GIF89a/*".as_slice(), SCRIPT].concat();
    refused(server.predict("a.gif", script).await, 422, "image_too_large", "error").await;
}
