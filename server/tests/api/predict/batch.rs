//! `POST /api/predict/batch`.

use api::{BatchLine, ErrorCode, FileAnswer, FileRejection, History, Prediction};
use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use sea_orm::ActiveValue::Set;
use server::settings::Settings;

use crate::limits::{limit_refused, limited, standing};
use crate::support::{
    TestServer, eventually,
    log::lines_of,
    metrics::{scrape, until},
    models,
    pictures::numbered_png,
    server::refused,
    settings,
};

const PATH: &str = "/api/predict/batch";

type File = (&'static str, Vec<u8>);

/// The given number of different images.
fn images(count: u32) -> Vec<File> {
    (0..count).map(|number| ("a.png", numbered_png(number))).collect()
}

async fn post(server: &TestServer, token: &str, files: Vec<File>) -> Response {
    let mut form = Form::new().text("comment", "what isn't a file is ignored");
    for (name, bytes) in files {
        form = form.part("file", Part::bytes(bytes).file_name(name));
    }
    let request = server.by(token, Method::POST, PATH).multipart(form);
    request.send().await.unwrap()
}

fn parsed(text: &str) -> Vec<BatchLine> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The lines of a response with status 200.
async fn lines(response: Response) -> Vec<BatchLine> {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/x-ndjson");
    let text = response.text().await.unwrap();
    assert!(text.ends_with('\n'), "{text}");
    parsed(&text)
}

fn predicted(line: &BatchLine) -> &Prediction {
    match &line.answer {
        FileAnswer::Prediction(prediction) => prediction,
        FileAnswer::Rejection(rejection) => panic!("{rejection:?}"),
    }
}

fn rejected(line: &BatchLine) -> (u16, ErrorCode) {
    match &line.answer {
        FileAnswer::Rejection(FileRejection { status, error }) => (*status, error.code),
        FileAnswer::Prediction(prediction) => panic!("{prediction:?}"),
    }
}

async fn history(server: &TestServer, token: &str) -> u64 {
    let response = server.by(token, Method::GET, "/api/predictions").send().await.unwrap();
    response.json::<History>().await.unwrap().total.unwrap()
}

#[tokio::test]
async fn each_line_is_the_answer_of_predict_in_the_order_of_the_files() {
    let server = TestServer::shipped().await;
    let files = vec![
        ("three.png", numbered_png(1)),
        ("b.gif", b"no image".to_vec()),
        ("c.txt", b"text".to_vec()),
        ("", numbered_png(2)),
        ("dígito \"4\".PNG", numbered_png(3)),
    ];
    let found = lines(post(&server, &server.token, files.clone()).await).await;
    let places: Vec<_> = found.iter().map(|line| line.index).collect();
    assert_eq!(places, [0, 1, 2, 3, 4]);
    for ((name, bytes), line) in files.into_iter().zip(&found) {
        assert_eq!(line.file_name, name);
        let alone = server.predict(name, bytes).await;
        match &line.answer {
            FileAnswer::Prediction(prediction) => {
                assert!(!prediction.cached);
                let alone: Prediction = alone.json().await.unwrap();
                let id = prediction.id;
                assert!(id < alone.id);
                assert_eq!(
                    Prediction {
                        cached: false,
                        id,
                        ..alone
                    },
                    *prediction
                );
            }
            FileAnswer::Rejection(rejection) => {
                assert_eq!(alone.status(), rejection.status);
                assert_eq!(
                    alone.json::<api::PredictErrorBody>().await.unwrap(),
                    rejection.error.clone()
                );
            }
        }
    }
    assert_eq!(predicted(&found[4]).digit, 3);
    assert_eq!(rejected(&found[1]), (422, ErrorCode::ImageUnreadable));
    assert_eq!(rejected(&found[2]), (400, ErrorCode::FileType));
    assert_eq!(rejected(&found[3]), (400, ErrorCode::FileNotSelected));
}

#[tokio::test]
async fn a_long_file_name_is_cut() {
    let server = TestServer::start().await;
    let name: &'static str = Box::leak(format!("{}.png", "ñ".repeat(300)).into_boxed_str());
    let found = lines(post(&server, &server.token, vec![(name, numbered_png(1))]).await).await;
    assert_eq!(found[0].file_name, "ñ".repeat(255));
    assert_eq!(predicted(&found[0]).digit, 3);
}

#[tokio::test]
async fn predictions_are_cached_logged_counted_and_kept() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let response = post(&server, &token, images(3)).await;
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(lines(response).await.len(), 3);
    let response = post(&server, &token, [images(2), vec![("a.txt", vec![0])]].concat()).await;
    let found = lines(response).await;
    assert!(predicted(&found[0]).cached && predicted(&found[1]).cached);
    assert_eq!(history(&server, &token).await, 5);
    assert_eq!(server.row("ana").await.predictions, 5);
    let logged = crate::support::log::text();
    let of_first = logged
        .lines()
        .filter(|line| line.ends_with(&format!(" request_id={id}")));
    let of_first: Vec<_> = of_first.collect();
    assert_eq!(of_first.len(), 3, "{of_first:?}");
    for line in of_first {
        assert!(
            line.contains("INFO - Predicción realizada: Dígito 3 con probabilidad 1.00."),
            "{line}"
        );
    }
    let scrape = scrape(&server).await;
    for (source, count) in [("model", 3.0), ("cache", 2.0)] {
        let labels = [("digit", "3"), ("source", source)];
        assert_eq!(scrape.get("predictions_total", &labels), Some(count), "{source}");
    }
    let labels = [("endpoint", PATH), ("status", "200")];
    assert_eq!(scrape.get("http_requests_total", &labels), Some(2.0));
}

/// The second answer isn't known before the gate is opened, and the first doesn't wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_sent_as_they_come() {
    let (model, gate) = models::gated();
    let server = TestServer::start_with(&settings(), || Ok(model)).await;
    let files = [vec![("a.txt", vec![0])], images(2)].concat();
    let mut response = post(&server, &server.token, files).await;
    let mut received = response.chunk().await.unwrap().unwrap().to_vec();
    let first = parsed(std::str::from_utf8(&received).unwrap());
    assert_eq!(first.len(), 1);
    assert_eq!(rejected(&first[0]), (400, ErrorCode::FileType));
    gate.open();
    while let Some(chunk) = response.chunk().await.unwrap() {
        received.extend(chunk);
    }
    assert_eq!(parsed(std::str::from_utf8(&received).unwrap()).len(), 3);
}

#[tokio::test]
async fn the_quota_has_room_for_all_files_or_none_is_predicted() {
    let server = limited(|settings| settings.limits.ratelimit_predict = "5 per day".parse().unwrap()).await;
    let token = server.user("ana").await;
    for _ in 0..3 {
        let response = post(&server, &token, images(6)).await;
        assert_eq!(standing(&response), (5, 5));
        let line = format!("WARNING - Límite de solicitudes superado en '{PATH}'.");
        assert_eq!(lines_of(&response), [line]);
        assert!(response.headers().contains_key("retry-after"));
        refused(response, 429, "rate_limited", "error").await;
    }
    assert_eq!(server.row("ana").await.predictions, 0);
    // A file that is refused takes work as well.
    let response = post(&server, &token, [images(2), vec![("a.txt", vec![0])]].concat()).await;
    assert_eq!(standing(&response), (5, 2));
    assert_eq!(lines(response).await.len(), 3);
    let response = post(&server, &token, images(3)).await;
    assert_eq!(standing(&response), (5, 2));
    refused(response, 429, "rate_limited", "error").await;
    let response = post(&server, &token, images(2)).await;
    assert_eq!(standing(&response), (5, 0));
    assert_eq!(lines(response).await.len(), 2);
    limit_refused(post(&server, &token, images(1)).await, PATH, 5).await;
    let alone = server.upload_by(&token, "a.png", numbered_png(0)).send().await.unwrap();
    limit_refused(alone, "/api/predict", 5).await;
    assert_eq!(server.row("ana").await.predictions, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_batches_do_not_exceed_the_quota() {
    let server = limited(|settings| settings.limits.ratelimit_predict = "10 per day".parse().unwrap()).await;
    let posts = (0..6).map(|_| post(&server, &server.token, images(4)));
    let answers = futures_util::future::join_all(posts).await;
    let mut predictions = 0;
    for answer in answers {
        if answer.status() == 200 {
            predictions += lines(answer).await.len();
        } else {
            refused(answer, 429, "rate_limited", "error").await;
        }
    }
    assert!(predictions <= 8, "{predictions}");
    assert_eq!(
        server.row("admin").await.predictions,
        i64::try_from(predictions).unwrap()
    );
}

#[tokio::test]
async fn what_the_server_fails_to_predict_is_given_back() {
    let mut settings = settings();
    settings.limits.ratelimit_enabled = true;
    settings.limits.ratelimit_predict = "5 per day".parse().unwrap();
    let server = TestServer::start_with(&settings, || Ok(models::panicking())).await;
    for _ in 0..2 {
        let files = [images(3), vec![("a.txt", vec![0])]].concat();
        let found = lines(post(&server, &server.token, files).await).await;
        assert!(
            found[..3]
                .iter()
                .all(|line| rejected(line) == (500, ErrorCode::Internal)),
            "{found:?}"
        );
    }
    let quota = server.get_json("/api/me").await["quota"].clone();
    assert_eq!(quota["remaining"], 3, "the text files are counted");
}

#[tokio::test]
async fn an_unconfirmed_account_has_predictions_for_all_files_or_none_is_predicted() {
    let server = limited(|_| ()).await;
    assert_eq!(server.register("ana").await.status(), 201);
    let token = server.sign_in("ana").await;
    let response = post(&server, &token, images(11)).await;
    assert_eq!(standing(&response), (100, 100));
    refused(response, 403, "email_unconfirmed", "error").await;
    assert_eq!(history(&server, &token).await, 0);
    assert_eq!(lines(post(&server, &token, images(10)).await).await.len(), 10);
    let response = post(&server, &token, images(1)).await;
    refused(response, 403, "email_unconfirmed", "error").await;
    server.change_row("ana", |row| row.email_confirmed = Set(true)).await;
    assert_eq!(lines(post(&server, &token, images(11)).await).await.len(), 11);
}

#[tokio::test]
async fn a_request_needs_a_user_and_has_from_1_to_100_files() {
    let server = TestServer::start().await;
    refused(
        post(&server, "nonsense", images(1)).await,
        401,
        "token_invalid",
        "error",
    )
    .await;
    refused(
        post(&server, &server.token, Vec::new()).await,
        400,
        "file_missing",
        "error",
    )
    .await;
    let no_form = server.by(&server.token, Method::POST, PATH).send().await.unwrap();
    refused(no_form, 400, "file_missing", "error").await;
    let response = post(&server, &server.token, images(101)).await;
    refused(response, 413, "batch_too_large", "error").await;
    assert_eq!(server.row("admin").await.predictions, 0);
    let found = lines(post(&server, &server.token, images(100)).await).await;
    assert!(found.iter().map(predicted).all(|prediction| prediction.digit == 3));
    assert_eq!(server.row("admin").await.predictions, 100);
}

fn small(settings: &mut Settings) {
    settings.upload.max_upload_bytes = 10_000;
    settings.upload.max_batch_bytes = 50_000;
    settings.upload.upload_memory_bytes = 60_000;
}

#[tokio::test]
async fn a_request_and_each_of_its_files_have_a_limit() {
    let server = TestServer::with(small).await;
    let response = post(&server, &server.token, vec![("a.png", vec![0; 50_000])]).await;
    refused(response, 413, "file_too_large", "error").await;
    let files = vec![
        ("a.png", numbered_png(1)),
        ("b.png", vec![0; 10_001]),
        ("c.png", numbered_png(2)),
    ];
    let found = lines(post(&server, &server.token, files).await).await;
    assert_eq!(rejected(&found[1]), (413, ErrorCode::FileTooLarge));
    assert_eq!((predicted(&found[0]).digit, predicted(&found[2]).digit), (3, 3));
    // The other routes keep their limit.
    let alone = server.predict("a.png", vec![0; 10_001]).await;
    refused(alone, 413, "file_too_large", "error").await;
}

/// The memory of each file is released when it was predicted, even if the client doesn't read the answers.
#[tokio::test(flavor = "multi_thread")]
async fn an_unread_response_holds_no_files() {
    let server = TestServer::with(small).await;
    let files = || vec![("a.png", vec![7; 9_000]); 5];
    let unread = post(&server, &server.token, files()).await;
    assert_eq!(unread.status(), 200);
    eventually("memory", async || {
        let response = post(&server, &server.token, files()).await;
        (response.status() == 200).then_some(())
    })
    .await;
    drop(unread);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_ends_the_work() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.inference.batch_size = 1;
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let token = server.user("ana").await;
    let response = post(&server, &token, images(50)).await;
    assert_eq!(response.status(), 200);
    eventually("image in the model", async || (gate.entered() == 1).then_some(())).await;
    drop(response);
    // The other images of those in progress are skipped when the model gets to them, and the rest never gets there.
    until(&server, |scrape| {
        scrape.get("http_requests_pending", &[("endpoint", PATH)]) == Some(0.0)
    })
    .await;
    gate.open();
    until(&server, |scrape| scrape.get("prediction_queue_depth", &[]) == Some(0.0)).await;
    assert_eq!(
        server.upload("a.png", numbered_png(99)).send().await.unwrap().status(),
        200
    );
    assert!(gate.entered() < 25, "{} images in the model", gate.entered());
    assert!(server.row("ana").await.predictions < 25);
}
