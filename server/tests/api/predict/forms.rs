//! Forms as the libraries of programs write them.

use api::Prediction;
use reqwest::{Response, header::CONTENT_TYPE};

use crate::support::{TestServer, log::lines_of, pictures::numbered_png, server::refused};

/// A form with one part, whose `Content-Disposition` has the given parameters; lines end with `line_end`.
fn form(parameters: &[u8], content: &[u8], line_end: &str) -> Vec<u8> {
    let end = line_end.as_bytes();
    [
        b"--B".as_slice(),
        end,
        b"Content-Disposition: form-data; ",
        parameters,
        end,
        b"Content-Type: application/octet-stream",
        end,
        end,
        content,
        end,
        b"--B--",
        end,
    ]
    .concat()
}

async fn post(server: &TestServer, path: &str, form: Vec<u8>) -> Response {
    let request = server.client.post(server.url(path)).bearer_auth(&server.token);
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=B");
    request.body(form).send().await.unwrap()
}

#[tokio::test]
async fn a_file_name_in_every_way_of_writing_is_read() {
    let server = TestServer::start().await;
    for (number, parameters) in (0..).zip([
        // HttpClient of .NET, PowerShell.
        b"name=file; filename=seven.png; filename*=utf-8''seven.png".as_slice(),
        b"name=file; filename=\"=?utf-8?B?ZMOtZ2l0by5wbmc=?=\"; filename*=utf-8''d%C3%ADgito.png",
        // Old versions of Python's requests.
        b"name=\"file\"; filename*=utf-8''d%C3%ADgito.png",
        b"name=\"file\"; filename*=utf-8''d%C3%ADgito.png; filename=\"digito.png\"",
        // Spring.
        b"name=\"file\"; filename=\"=?UTF-8?Q?d=C3=ADgito.png?=\"",
        // Latin-1.
        b"name=\"file\"; filename=\"d\xedgito.png\"",
        b"Name=\"file\"; FileName=\"seven.png\"",
        b"NAME=file; FILENAME*=UTF-8''seven.png",
        b"filename=\"mi name.png\"; name=\"file\"",
        b"filename=\"name=x.png\"; name=\"file\"",
        b"name=\"file\"; filename=\"C:\\fotos\\seven.png\"",
        b"name = \"file\" ;filename = seven.PNG",
        "name=\"file\"; filename=\"dígito.png\"".as_bytes(),
    ]) {
        let response = post(&server, "/predict", form(parameters, &numbered_png(number), "\r\n")).await;
        let parameters = parameters.escape_ascii();
        assert_eq!(response.status(), 200, "{parameters}");
        let answer: Prediction = response.json().await.unwrap();
        assert!(!answer.cached, "{parameters}");
    }
}

#[tokio::test]
async fn a_decoded_name_is_checked_and_logged() {
    let server = TestServer::start().await;
    for parameters in [
        b"name=file; filename*=utf-8''d%C3%ADgito.txt".as_slice(),
        b"name=file; filename=\"=?UTF-8?Q?d=C3=ADgito.txt?=\"",
        b"name=file; filename=\"d\xedgito.txt\"",
        b"name=file; filename*=utf-8''x.png; filename=\"d\xc3\xadgito.txt\"",
    ] {
        let response = post(&server, "/predict", form(parameters, b"", "\r\n")).await;
        assert_eq!(
            lines_of(&response),
            ["WARNING - Predicción fallida: Tipo de archivo no permitido 'dígito.txt'."]
        );
        refused(response, 400, "file_type", "error").await;
    }
    for (parameters, code) in [
        (b"name=file; filename*=utf-8''".as_slice(), "file_not_selected"),
        (b"name=file; filename=\"\"", "file_not_selected"),
        // A text field, other fields, and no end of the name.
        (b"name=file", "file_missing"),
        (b"name=other; filename=a.png", "file_missing"),
        (b"filename=\"name=file\"", "file_missing"),
        (b"name=file; filename=\"a.png", "file_missing"),
    ] {
        let response = post(&server, "/predict", form(parameters, &numbered_png(1), "\r\n")).await;
        refused(response, 400, code, "error").await;
    }
}

#[tokio::test]
async fn line_feeds_alone_are_named_as_the_reason() {
    let server = TestServer::start().await;
    for path in ["/predict", "/api/predict", "/api/predict/number"] {
        let body = form(b"name=\"file\"; filename=\"a.png\"", &numbered_png(1), "\n");
        let text = refused(post(&server, path, body).await, 400, "form_invalid", "error").await;
        assert!(text.contains("CRLF"), "{text}");
    }
    // A first line that arrives in two pieces.
    let pieces = [
        b"--B".as_slice(),
        b"\n",
        b"Content-Disposition: form-data; name=file\n\nx\n--B--\n",
    ];
    let pieces = futures_util::stream::iter(pieces.map(Ok::<_, std::io::Error>));
    let request = server.client.post(server.url("/predict")).bearer_auth(&server.token);
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=B");
    let response = request.body(reqwest::Body::wrap_stream(pieces)).send().await.unwrap();
    refused(response, 400, "form_invalid", "error").await;
}

#[tokio::test]
async fn line_feeds_elsewhere_change_nothing() {
    let server = TestServer::start().await;
    let body = b"--B\rContent-Disposition: form-data; name=file\n\n".to_vec();
    refused(post(&server, "/predict", body).await, 400, "file_missing", "error").await;
    let body = form(b"name=file; filename=a.png", b"\n\n\n", "\r\n");
    refused(post(&server, "/predict", body).await, 422, "image_unreadable", "error").await;
}
