//! `POST /predict`: more than the server holds is refused at once, and who leaves takes his work away.

use std::time::{Duration, Instant};


use crate::support::{TestServer, models, settings, pictures::numbered_png, server::refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_503_at_once() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.inference.queue_length = 2;
    settings.inference.batch_size = 1;
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let post = |number| tokio::spawn(server.upload("a.png", numbered_png(number)).send());
    // One is being read, two wait.
    let held: Vec<_> = (0..3).map(post).collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let start = Instant::now();
    let response = server.predict("a.png", numbered_png(9)).await;
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    assert_eq!(response.headers()["retry-after"], "1");
    refused(response, 503, "overloaded", "error").await;
    gate.open();
    for post in held {
        assert_eq!(post.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!(
        server.predict("a.png", numbered_png(9)).await.status(),
        200,
        "served again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_is_not_read() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.inference.queue_length = 2;
    settings.inference.batch_size = 1;
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let post = |number| tokio::spawn(server.upload("a.png", numbered_png(number)).send());
    let leaving: Vec<_> = (0..3).map(post).collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    for post in leaving {
        post.abort();
        assert!(post.await.unwrap_err().is_cancelled());
    }
    // A closed connection is noticed when its turn comes, not by the client's clock.
    tokio::time::sleep(Duration::from_millis(300)).await;
    gate.open();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(server.predict("a.png", numbered_png(9)).await.status(), 200);
    assert_eq!(gate.passed(), 2, "the one under way when all left, and the last");
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_beyond_their_memory_are_503() {
    let mut settings = settings();
    settings.upload.upload_memory_bytes = 100_000;
    settings.upload.max_upload_bytes = 100_000;
    let (model, gate) = models::gated();
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    // Half an upload that the client never finishes holds its memory.
    let start = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(start), Ok(vec![7; 60_000])]);
    let body = futures_util::StreamExt::chain(pieces, futures_util::stream::pending());
    let request = server
        .client
        .post(server.url("/predict"))
        .header("content-type", "multipart/form-data; boundary=x");
    let half = tokio::spawn(request.body(reqwest::Body::wrap_stream(body)).send());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let response = server.predict("a.png", vec![7; 60_000]).await;
    assert_eq!(response.headers()["retry-after"], "1");
    refused(response, 503, "overloaded", "error").await;
    half.abort();
    tokio::time::sleep(Duration::from_millis(300)).await;
    refused(
        server.predict("a.png", vec![7; 60_000]).await,
        422,
        "image_unreadable",
        "error",
    )
    .await;
    gate.open();
}

/// Far more than can be held, all at once: each is answered, by a digit or a refusal, and the server is well after.
#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_answered_to_the_last() {
    let mut settings = settings();
    settings.inference.queue_length = 8;
    settings.inference.batch_size = 4;
    settings.decode.decode_queue_length = 8;
    let server = TestServer::start_with(&settings, || Ok(models::slow(Duration::from_millis(20)))).await;
    let posts: Vec<_> = (0..300)
        .map(|number| tokio::spawn(server.upload("a.png", numbered_png(number)).send()))
        .collect();
    let mut statuses = Vec::new();
    for post in posts {
        statuses.push(post.await.unwrap().unwrap().status().as_u16());
    }
    let read = statuses.iter().filter(|&&status| status == 200).count();
    let refused = statuses.iter().filter(|&&status| status == 503).count();
    assert_eq!(read + refused, 300, "{statuses:?}");
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
    assert_eq!(server.predict("a.png", numbered_png(1_000)).await.status(), 200);
}
