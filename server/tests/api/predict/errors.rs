//! Every error of the public API (docs/api.md), with its exact text.

use std::time::Duration;

use futures_util::StreamExt;
use image::ImageFormat;
use reqwest::{
    Body, Response,
    header::{CONTENT_TYPE, EXPECT},
    multipart::{Form, Part},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    TestServer, models,
    pictures::{drawn, encoded, fixture, numbered_png},
    server::refused,
    settings,
};

const NO_FILE: &str = "No se encontró el archivo en la solicitud.";
const WRONG_TYPE: &str = "Tipo de archivo no permitido. Por favor, sube una imagen PNG, JPG, JPEG o GIF.";

#[tokio::test]
async fn without_a_file() {
    let server = TestServer::start().await;
    let url = server.url("/predict");
    let forms = [
        Form::new(),
        Form::new().text("file", "text, and no file"),
        Form::new().part("picture", Part::bytes(fixture("palette.png")).file_name("a.png")),
    ];
    for form in forms {
        let response = server
            .client
            .post(&url)
            .bearer_auth(&server.token)
            .multipart(form)
            .send()
            .await
            .unwrap();
        assert_eq!(refused(response, 400, "file_missing", "error").await, NO_FILE);
    }
    for (kind, body) in [
        ("application/json", "{}"),
        ("multipart/form-data", ""),
        ("text/plain", "hello"),
    ] {
        let response = server
            .client
            .post(&url)
            .bearer_auth(&server.token)
            .header(CONTENT_TYPE, kind)
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(refused(response, 400, "file_missing", "error").await, NO_FILE);
    }
    let response = server
        .client
        .post(&url)
        .bearer_auth(&server.token)
        .send()
        .await
        .unwrap();
    assert_eq!(refused(response, 400, "file_missing", "error").await, NO_FILE);
}

#[tokio::test]
async fn with_an_invalid_form() {
    let server = TestServer::start().await;
    let part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
    for body in ["", "no form at all", "--x\r\n", "--x\r\nContent-Disposition", part] {
        let request = server.client.post(server.url("/predict")).bearer_auth(&server.token);
        let request = request
            .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(body);
        assert_eq!(
            refused(request.send().await.unwrap(), 400, "file_missing", "error").await,
            NO_FILE
        );
    }
}

#[tokio::test]
async fn with_an_empty_name() {
    let server = TestServer::start().await;
    let text = refused(
        server.predict("", fixture("palette.png")).await,
        400,
        "file_not_selected",
        "error",
    )
    .await;
    assert_eq!(text, "No se seleccionó ningún archivo.");
}

#[tokio::test]
async fn with_the_wrong_type_by_name() {
    let server = TestServer::start().await;
    for name in ["a.txt", "a.svg", "a.webp", "png", "a.png.html", "a."] {
        let response = server.predict(name, fixture("palette.png")).await;
        assert_eq!(refused(response, 400, "file_type", "error").await, WRONG_TYPE);
    }
}

#[tokio::test]
async fn with_the_wrong_type_by_content() {
    let server = TestServer::start().await;
    let bmp = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0".as_slice();
    let tiff = b"II*\0\x08\0\0\0\0\0".as_slice();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice();
    for content in [
        b"".as_slice(),
        b"\0",
        b"hello",
        bmp,
        tiff,
        svg,
        b"\xff\xd8",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
    ] {
        let text = refused(server.predict("a.png", content).await, 422, "image_unreadable", "error").await;
        assert!(!text.to_lowercase().contains("format"), "a library speaks: {text}");
    }
}

#[tokio::test]
async fn truncated_anywhere() {
    let server = TestServer::start().await;
    let files = [
        ("a.png", encoded(drawn("2-plain"), ImageFormat::Png)),
        ("a.jpg", encoded(drawn("2-plain"), ImageFormat::Jpeg)),
        ("b.jpg", fixture("progressive.jpg")),
        ("c.jpg", fixture("cmyk.jpg")),
        (
            "a.gif",
            encoded(
                image::DynamicImage::from(drawn("2-plain")).into_rgba8(),
                ImageFormat::Gif,
            ),
        ),
    ];
    for (name, whole) in files {
        for twentieth in 1..20 {
            let part = whole.len() * twentieth / 20;
            let response = server.predict(name, &whole[..part]).await;
            refused(response, 422, "image_unreadable", "error").await;
        }
    }
}

/// A damaged file is predicted or rejected, but causes no internal error.
#[tokio::test]
async fn damaged_anywhere() {
    let server = TestServer::start().await;
    for name in [
        "palette.png",
        "grey16.png",
        "cmyk.jpg",
        "progressive.jpg",
        "rotated.jpg",
    ] {
        let whole = fixture(name);
        for place in (0..whole.len()).step_by(whole.len() / 60) {
            for change in [0x01, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[place] ^= change;
                let status = server.predict(name, damaged).await.status();
                assert!(
                    status == 200 || status == 422,
                    "{name} byte {place} ^ {change:#x}: {status}"
                );
            }
        }
    }
}

/// A server with an upload limit of 100,000 bytes.
async fn small_server() -> TestServer {
    let mut settings = settings();
    settings.upload.max_upload_bytes = 100_000;
    TestServer::start_with(&settings, || Ok(models::three())).await
}

async fn refused_as_too_large(response: Response) {
    let text = refused(response, 413, "file_too_large", "error").await;
    assert!(text.contains("demasiado grande"), "{text}");
}

#[tokio::test]
async fn with_a_content_length_that_is_too_large() {
    let server = small_server().await;
    // Of a larger body than the server discards, a client may see only that the connection is closed.
    for size in [100_000, 400_000, 700_000] {
        refused_as_too_large(server.predict("a.png", vec![7; size]).await).await;
    }
    refused(
        server.predict("a.png", vec![7; 90_000]).await,
        422,
        "image_unreadable",
        "error",
    )
    .await;
}

#[tokio::test]
async fn with_a_chunked_body_that_is_too_large() {
    let server = small_server().await;
    for chunks in [30, 200] {
        let pieces = (0..chunks).map(|_| Ok::<_, std::io::Error>(vec![7_u8; 4_096]));
        let file = Part::stream(Body::wrap_stream(futures_util::stream::iter(pieces))).file_name("a.png");
        let request = server
            .client
            .post(server.url("/predict"))
            .bearer_auth(&server.token)
            .multipart(Form::new().part("file", file));
        refused_as_too_large(request.send().await.unwrap()).await;
    }
}

#[tokio::test]
async fn with_expect_continue_and_a_body_that_is_too_large() {
    let server = small_server().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: 5000000000\r\n{EXPECT}: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    tokio::time::timeout(Duration::from_secs(5), stream.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_slow_body_is_read_while_it_goes_on_and_for_ten_times_the_limit() {
    let mut settings = settings();
    settings.connections.request_timeout_seconds = Duration::from_millis(400);
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let upload = |pieces: Vec<Vec<u8>>, pause| {
        let pieces = futures_util::stream::iter(pieces).then(move |piece| async move {
            tokio::time::sleep(pause).await;
            Ok::<_, std::io::Error>(piece)
        });
        let file = Part::stream(Body::wrap_stream(pieces)).file_name("a.png");
        let request = server.client.post(server.url("/predict")).bearer_auth(&server.token);
        request.multipart(Form::new().part("file", file)).send()
    };
    let png = numbered_png(1);
    // Twice the limit altogether.
    let pieces = png.chunks(png.len() / 16 + 1).map(<[u8]>::to_vec).collect();
    let response = upload(pieces, Duration::from_millis(50)).await.unwrap();
    assert_eq!(response.status(), 200);
    let response = upload(vec![vec![0]; 1000], Duration::from_millis(50)).await.unwrap();
    refused(response, 408, "request_timeout", "error").await;
}

#[tokio::test]
async fn an_endless_body_times_out() {
    let mut settings = settings();
    settings.connections.request_timeout_seconds = Duration::from_millis(300);
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let pieces = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let file = Part::stream(Body::wrap_stream(pieces)).file_name("a.png");
    let request = server
        .client
        .post(server.url("/predict"))
        .bearer_auth(&server.token)
        .multipart(Form::new().part("file", file));
    refused(request.send().await.unwrap(), 408, "request_timeout", "error").await;
}

#[tokio::test]
async fn a_panic_of_the_model_is_500_and_the_server_continues() {
    let server = TestServer::start_with(&settings(), || Ok(models::panicking())).await;
    for _ in 0..3 {
        let text = refused(
            server.predict("a.png", fixture("palette.png")).await,
            500,
            "internal",
            "error",
        )
        .await;
        assert!(!text.contains("secret"), "{text}");
    }
    assert_eq!(server.get("/health/ready").await.status(), 200);
}
