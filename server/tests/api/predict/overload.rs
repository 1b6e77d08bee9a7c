//! Overload: requests beyond the queues are rejected at once, and cancelled requests are not predicted.

use std::time::{Duration, Instant};

use reqwest::Response;
use sea_orm::{EntityTrait, PaginatorTrait, TransactionTrait, sea_query::Expr};
use server::store::entities::{prediction, user};
use tokio::task::{JoinHandle, JoinSet};

use crate::support::{
    TestServer, eventually, metrics::until, models, models::Gate, pictures::numbered_png, server::refused, settings,
};

type Post = JoinHandle<reqwest::Result<Response>>;

/// Sends one image, which stops at the closed gate, and then two that fill the queue. (Sent together, the third could
/// arrive before the first leaves the queue, and be refused.)
async fn fill_queue(server: &TestServer, gate: &Gate) -> Vec<Post> {
    let post = |number| tokio::spawn(server.upload("a.png", numbered_png(number)).send());
    let mut posts = vec![post(0)];
    eventually("image in the model", async || (gate.entered() == 1).then_some(())).await;
    posts.extend((1..3).map(post));
    until_queued(server, 2.0).await;
    posts
}

/// Waits until this many images are in the queue.
async fn until_queued(server: &TestServer, queued: f64) {
    until(server, |scrape| {
        scrape.get("prediction_queue_depth", &[]) == Some(queued)
    })
    .await;
}

/// Waits until this many requests are in progress at `path`.
async fn until_pending(server: &TestServer, path: &str, pending: f64) {
    let route = [("endpoint", path)];
    until(server, |scrape| {
        scrape.get("http_requests_pending", &route) == Some(pending)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_rejected_at_once() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.inference.queue_length = 2;
    settings.inference.batch_size = 1;
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let held = fill_queue(&server, &gate).await;
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

/// Another connection holds what the writer of the history needs. What waits is written afterwards; what doesn't fit
/// into the queue is refused at once, and not written.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_of_the_history_is_rejected_at_once_and_nothing_is_lost() {
    let server = TestServer::with(|settings| settings.database.history_queue_length = 2).await;
    assert_eq!(server.predict("a.png", numbered_png(0)).await.status(), 200);
    let database = server.database().await;
    let held = database.begin().await.unwrap();
    user::Entity::update_many()
        .col_expr(user::Column::Language, Expr::value("es"))
        .exec(&held)
        .await
        .unwrap();
    let mut posts = JoinSet::new();
    for number in 1..=12 {
        posts.spawn(server.upload("a.png", numbered_png(number)).send());
    }
    // The writer holds at most three: the one that woke it, and the two that waited then. Two more are in the queue.
    for _ in 0..7 {
        let refusal = posts.join_next().await.unwrap().unwrap().unwrap();
        assert_eq!(refusal.headers()["retry-after"], "1");
        refused(refusal, 503, "overloaded", "error").await;
    }
    held.commit().await.unwrap();
    let mut kept = 1;
    while let Some(response) = posts.join_next().await {
        let status = response.unwrap().unwrap().status();
        assert!(status == 200 || status == 503, "{status}");
        kept += u64::from(status == 200);
    }
    assert!((4..=6).contains(&kept), "{kept} kept");
    assert_eq!(prediction::Entity::find().count(&database).await.unwrap(), kept);
    assert_eq!(server.row("admin").await.predictions, i64::try_from(kept).unwrap());
    let response = server.predict("a.png", numbered_png(99)).await;
    assert_eq!(response.status(), 200, "served again");
    assert_eq!(prediction::Entity::find().count(&database).await.unwrap(), kept + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_requests_are_not_predicted() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.inference.queue_length = 2;
    settings.inference.batch_size = 1;
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let cancelled = fill_queue(&server, &gate).await;
    for post in cancelled {
        post.abort();
        assert!(post.await.unwrap_err().is_cancelled());
    }
    until_pending(&server, "/api/predict", 0.0).await;
    gate.open();
    // What was cancelled leaves the queue when the model gets to it.
    until_queued(&server, 0.0).await;
    assert_eq!(server.predict("a.png", numbered_png(9)).await.status(), 200);
    assert_eq!(
        gate.entered(),
        2,
        "the one in progress when all were cancelled, and the last"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_beyond_the_memory_limit_are_rejected() {
    let mut settings = settings();
    settings.upload.upload_memory_bytes = 100_000;
    settings.upload.max_upload_bytes = 100_000;
    let (model, gate) = models::gated();
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    // An upload that the client never finishes keeps its memory reserved.
    let start = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(start), Ok(vec![7; 60_000])]);
    let body = futures_util::StreamExt::chain(pieces, futures_util::stream::pending());
    let request = server
        .client
        .post(server.url("/predict"))
        .bearer_auth(&server.token)
        .header("content-type", "multipart/form-data; boundary=x");
    let half = tokio::spawn(request.body(reqwest::Body::wrap_stream(body)).send());
    until_pending(&server, "/predict", 1.0).await;
    // How much of the body the handler has read can't be observed. Until it has read it, another upload is accepted.
    let response = loop {
        let response = server.predict("a.png", vec![7; 60_000]).await;
        if response.status() != 422 {
            break response;
        }
    };
    assert_eq!(response.headers()["retry-after"], "1");
    refused(response, 503, "overloaded", "error").await;
    half.abort();
    until_pending(&server, "/predict", 0.0).await;
    refused(
        server.predict("a.png", vec![7; 60_000]).await,
        422,
        "image_unreadable",
        "error",
    )
    .await;
    gate.open();
}

/// Far more requests than the queues hold: each gets a prediction or a 503, and the server works afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn every_request_of_a_burst_gets_a_response() {
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
