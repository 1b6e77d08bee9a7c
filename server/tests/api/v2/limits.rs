//! Quotas and overload of `POST /v2/models/digits/infer`.

use futures_util::future::join_all;
use sea_orm::ActiveValue::Set;

use super::{INFER, inputs, post, request};
use crate::limits::{limit_refused, limited, standing};
use crate::support::{TestServer, eventually, models, pictures::numbered_png, server::refused, settings};

#[tokio::test]
async fn each_image_counts_and_all_are_predicted_or_none() {
    let server = limited(|settings| settings.limits.ratelimit_predict = "10 per day".parse().unwrap()).await;
    let token = server.user("ana").await;
    let infer = async |count| post(&server, &token, &request(&inputs(count))).await;
    let response = infer(6).await;
    assert_eq!((response.status().as_u16(), standing(&response)), (200, (10, 4)));
    for _ in 0..3 {
        let response = infer(5).await;
        assert_eq!(standing(&response), (10, 4));
        refused(response, 429, "rate_limited", "error").await;
    }
    // The quota is that of predict.
    let response = server.upload_by(&token, "a.png", numbered_png(1)).send().await.unwrap();
    assert_eq!(standing(&response), (10, 3));
    // A request that is no request of the model counts as one.
    let response = infer(0).await;
    assert_eq!((response.status().as_u16(), standing(&response)), (400, (10, 2)));
    let response = infer(2).await;
    assert_eq!((response.status().as_u16(), standing(&response)), (200, (10, 0)));
    limit_refused(infer(1).await, INFER, 10).await;
    assert_eq!(server.row("ana").await.predictions, 9);
}

#[tokio::test]
async fn what_the_server_fails_to_predict_is_given_back() {
    let mut settings = settings();
    settings.limits.ratelimit_enabled = true;
    settings.limits.ratelimit_predict = "10 per day".parse().unwrap();
    let server = TestServer::start_with(&settings, || Ok(models::panicking())).await;
    for _ in 0..3 {
        let response = post(&server, &server.token, &request(&inputs(10))).await;
        assert_eq!((response.status().as_u16(), standing(&response)), (500, (10, 10)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_account_has_ten_predictions() {
    let server = limited(|_| ()).await;
    assert_eq!(server.register("ana").await.status(), 201);
    let token = server.sign_in("ana").await;
    let infer = async |count| post(&server, &token, &request(&inputs(count))).await;
    let response = infer(11).await;
    assert_eq!(standing(&response), (100, 100));
    refused(response, 403, "email_unconfirmed", "error").await;
    // Of requests that arrive together, those are answered that fit as a whole.
    let answers = join_all((0..8).map(|_| infer(4))).await;
    let answered = answers.iter().filter(|answer| answer.status() == 200).count();
    assert_eq!(answered, 2);
    assert!(
        answers
            .iter()
            .all(|answer| answer.status() == 200 || answer.status() == 403)
    );
    assert_eq!(server.row("ana").await.predictions, 8);
    assert_eq!(infer(2).await.status(), 200);
    refused(infer(1).await, 403, "email_unconfirmed", "error").await;
    server.change_row("ana", |row| row.email_confirmed = Set(true)).await;
    assert_eq!(infer(64).await.status(), 200);
    assert_eq!(server.row("ana").await.predictions, 74);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_rejected_at_once() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.inference.queue_length = 1;
    settings.inference.batch_size = 1;
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let body = request(&inputs(2));
    let send = || {
        let request = server.by(&server.token, reqwest::Method::POST, INFER).json(&body);
        tokio::spawn(request.send())
    };
    let first = send();
    eventually("images in the model", async || (gate.entered() == 1).then_some(())).await;
    let second = send();
    crate::support::metrics::until(&server, |scrape| scrape.get("prediction_queue_depth", &[]) == Some(1.0)).await;
    let response = post(&server, &server.token, &body).await;
    assert_eq!(response.headers()["retry-after"], "1");
    refused(response, 503, "overloaded", "error").await;
    gate.open();
    for held in [first, second] {
        assert_eq!(held.await.unwrap().unwrap().status(), 200);
    }
}
