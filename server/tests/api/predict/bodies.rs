//! Bodies that are longer, shorter or made of more parts than they should be.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::support::{TestServer, pictures::numbered_png};

/// The limit on bodies of [`small_server`].
const LIMIT: usize = 100_000;

/// The head of a part with a file, and the end of the form.
const FILE: &[u8] = b"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
const END: &[u8] = b"\r\n--B--\r\n";

async fn small_server() -> TestServer {
    TestServer::with(|settings| settings.upload.max_upload_bytes = LIMIT).await
}

/// A connection on which the head of a prediction request was sent, with `headers` about its body.
async fn connection(server: &TestServer, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /api/predict HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=B\r\n{headers}\r\n\r\n",
        server.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// What arrives, up to and including `text`.
async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    let reading = async {
        while !read.ends_with(text.as_bytes()) {
            read.push(stream.read_u8().await?);
        }
        std::io::Result::Ok(())
    };
    let ended = timeout(Duration::from_secs(10), reading).await;
    let read = String::from_utf8_lossy(&read).into_owned();
    assert!(matches!(ended, Ok(Ok(()))), "{ended:?} before {text:?}: {read}");
    read
}

/// What arrives until the server closes the connection.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let ended = timeout(Duration::from_secs(10), stream.read_to_end(&mut read)).await;
    // A reset closes the connection, too.
    assert!(ended.is_ok(), "the connection stays open: {}", read.escape_ascii());
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn an_announced_size_is_refused_before_the_body_arrives() {
    let server = small_server().await;
    let length = 3 * LIMIT;
    let mut stream = connection(&server, &format!("Content-Length: {length}")).await;
    let answer = read_until(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\"code\":\"file_too_large\""), "{answer}");
    // A client that sends it all the same can go on with the connection.
    stream.write_all(&vec![0; length]).await.unwrap();
    let next = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    stream.write_all(next).await.unwrap();
    read_until(&mut stream, "HTTP/1.1 200 ").await;
}

#[tokio::test]
async fn a_body_that_is_refused_unread_is_discarded() {
    let mut server = small_server().await;
    for token in [String::new(), "wrong".to_owned()] {
        server.token = token;
        let length = LIMIT / 2;
        let mut stream = connection(&server, &format!("Content-Length: {length}")).await;
        let answer = read_until(&mut stream, "}").await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        stream.write_all(&vec![0; length]).await.unwrap();
        let next = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        stream.write_all(next).await.unwrap();
        read_until(&mut stream, "HTTP/1.1 200 ").await;
    }
}

#[tokio::test]
async fn an_endless_body_is_refused_at_the_limit_and_its_connection_closed() {
    const CHUNK: usize = 4096;
    let server = small_server().await;
    let chunk = |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    let mut stream = connection(&server, "Transfer-Encoding: chunked").await;
    stream.write_all(&chunk(FILE)).await.unwrap();
    for _ in 0..=LIMIT / CHUNK {
        stream.write_all(&chunk(&[7; CHUNK])).await.unwrap();
    }
    // It comes before anything else is sent.
    let answer = read_until(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\"code\":\"file_too_large\""), "{answer}");
    let endless = async { while stream.write_all(&chunk(&[7; CHUNK])).await.is_ok() {} };
    timeout(Duration::from_secs(10), endless)
        .await
        .expect("the server doesn't read for ever");
}

#[tokio::test]
async fn a_body_shorter_than_announced_is_waited_for_until_the_timeout() {
    let timeout = Duration::from_millis(500);
    let server = TestServer::with(|settings| settings.connections.request_timeout_seconds = timeout).await;
    let half = [FILE, &numbered_png(1)[..50]].concat();
    let mut stream = connection(&server, &format!("Content-Length: {}", half.len() + 100)).await;
    stream.write_all(&half).await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
    // What follows a file doesn't count, so nothing is waited for once that is complete.
    let whole = [FILE, &numbered_png(2), END].concat();
    let mut stream = connection(&server, &format!("Content-Length: {}", whole.len() + 100)).await;
    stream.write_all(&whole).await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn a_body_longer_than_announced_is_cut_there() {
    let server = small_server().await;
    let whole = [FILE, &numbered_png(1), END].concat();
    for length in [10, FILE.len() - 1, FILE.len(), FILE.len() + 50, whole.len() - END.len()] {
        let mut stream = connection(&server, &format!("Content-Length: {length}")).await;
        stream.write_all(&whole).await.unwrap();
        let answers = read_to_end(&mut stream).await;
        assert!(answers.starts_with("HTTP/1.1 400 "), "{length}: {answers}");
        assert!(answers.contains("\"code\":\"file_missing\""), "{length}: {answers}");
        // The rest is no request.
        let mut statuses = answers.split("HTTP/1.1 ").skip(1);
        assert!(statuses.all(|answer| answer.starts_with("400 ")), "{length}: {answers}");
    }
}

#[tokio::test]
async fn a_length_that_is_no_number_is_refused() {
    let server = small_server().await;
    for headers in [
        "Content-Length: -1",
        "Content-Length: 1e3",
        "Content-Length: 99999999999999999999",
        "Content-Length: 10\r\nContent-Length: 11",
        "Transfer-Encoding: identity",
    ] {
        let mut stream = connection(&server, headers).await;
        let answer = read_to_end(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{headers}: {answer}");
    }
}

/// The status and code of the answer to a form.
async fn answer(server: &TestServer, form: Vec<u8>) -> (u16, Option<String>) {
    let request = server
        .client
        .post(server.url("/api/predict"))
        .bearer_auth(&server.token);
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=B");
    let response = request.body(form).send().await.unwrap();
    let status = response.status().as_u16();
    let body: serde_json::Value = response.json().await.unwrap();
    (status, body["code"].as_str().map(ToOwned::to_owned))
}

#[tokio::test]
async fn ten_thousand_parts() {
    let server = TestServer::start().await;
    let missing = (400, Some("file_missing".to_owned()));
    let text = b"--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ntext\r\n";
    let texts: &[u8] = &text.repeat(10_000);
    let form = [texts, b"--B--\r\n"].concat();
    assert_eq!(answer(&server, form).await, missing);
    let form = [texts, FILE, &numbered_png(1), END].concat();
    assert_eq!(answer(&server, form).await, (200, None));
    let form = [FILE, &numbered_png(2), b"\r\n", texts, b"--B--\r\n"].concat();
    assert_eq!(answer(&server, form).await, (200, None));
    // In one part: headers, and one that doesn't end.
    let headers = b"X-Other: 1\r\n".repeat(10_000);
    let form = [b"--B\r\n".as_slice(), &headers, &FILE[5..], &numbered_png(3), END].concat();
    assert_eq!(answer(&server, form).await, missing);
    let form = [b"--B\r\nX-Other: ".as_slice(), &vec![b'a'; 1 << 20]].concat();
    assert_eq!(answer(&server, form).await, missing);
}
