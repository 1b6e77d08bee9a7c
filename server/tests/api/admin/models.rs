//! `/api/admin/models…` and `/api/models/…`: models that change while the server runs.

use std::collections::BTreeSet;

use api::{Evaluation, EvaluationState, History, Label, LiveModel, Models, Prediction, ReviewQueue};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::future::join_all;
use image::ImageFormat;
use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use sea_orm::{EntityTrait, QueryOrder, sea_query::Expr};
use serde_json::{Value, json};
use server::store::entities::{column::ModelAction, model, model_change};
use sha2::{Digest, Sha256};

use super::review::corrected;
use crate::support::{
    TestServer, eventually,
    log::line_with,
    metrics::scrape,
    models::{other_weights, version_of},
    pictures::{drawn, encoded, numbered_png},
    server::{file, refused},
};

/// Uploads weights, with a card if that isn't `None`.
async fn upload(server: &TestServer, weights: Vec<u8>, card: Option<String>) -> Response {
    let mut form = Form::new().part("file", Part::bytes(weights).file_name("digits.bpk"));
    if let Some(card) = card {
        form = form.part("card", Part::text(card).file_name("model_card.json"));
    }
    let request = server.by(&server.token, Method::POST, "/api/admin/models");
    request.multipart(form).send().await.unwrap()
}

/// Uploads another model and returns its version.
pub(crate) async fn uploaded(server: &TestServer, place: usize) -> String {
    let weights = other_weights(place);
    let version = version_of(&weights);
    assert_eq!(upload(server, weights, None).await.status(), 201);
    version
}

async fn list(server: &TestServer) -> Models {
    serde_json::from_value(server.get_json("/api/admin/models").await).unwrap()
}

async fn change(server: &TestServer, method: Method, path: &str) -> Response {
    let path = format!("/api/admin/models/{path}");
    server.by(&server.token, method, &path).send().await.unwrap()
}

async fn put_live(server: &TestServer, version: &str) -> Models {
    let response = change(server, Method::POST, &format!("{version}/live")).await;
    assert_eq!(response.status(), 200, "{version}");
    response.json().await.unwrap()
}

async fn live(server: &TestServer) -> LiveModel {
    server.get("/api/models/live").await.json().await.unwrap()
}

/// The answer to a picture, whose header has to name the same model.
async fn answer(server: &TestServer, picture: Vec<u8>) -> Prediction {
    let response = server.predict("a.png", picture).await;
    assert_eq!(response.status(), 200);
    let header = response.headers()["x-model-version"].to_str().unwrap().to_owned();
    let answer: Prediction = response.json().await.unwrap();
    assert_eq!(answer.model, header);
    answer
}

fn seven() -> Vec<u8> {
    encoded(drawn("7-plain"), ImageFormat::Png)
}

/// What the page's HTML says of the live model.
async fn of_page(server: &TestServer) -> Option<(String, String)> {
    let html = server.get("/").await.text().await.unwrap();
    let tag = html.split_once("<html")?.1.split_once('>')?.0;
    let value = |name: &str| {
        let value = tag.split_once(&format!(" {name}=\""))?.1;
        Some(value.split_once('"')?.0.to_owned())
    };
    Some((value("data-model")?, value("data-model-integrity")?))
}

#[tokio::test]
async fn a_model_goes_live_and_back_without_a_restart() {
    let server = TestServer::shipped().await;
    let shipped = classifier::model_version();
    let first = list(&server).await;
    assert_eq!(
        (first.live.as_str(), &first.previous, first.models.len()),
        (shipped, &None, 1)
    );
    let model = &first.models[0];
    assert!(model.shipped && model.live_since.is_none() && model.uploaded_at.is_none() && model.card.is_some());
    assert_eq!(
        (model.bytes as usize, model.version.as_str()),
        (classifier::shipped_weights().len(), shipped)
    );
    assert_eq!(of_page(&server).await, None);
    for cached in [false, true] {
        let answer = answer(&server, seven()).await;
        assert_eq!(
            (answer.digit, answer.model.as_str(), answer.cached),
            (7, shipped, cached)
        );
    }

    let other = uploaded(&server, 7).await;
    let stored = list(&server).await;
    assert_eq!((stored.live.as_str(), stored.models.len()), (shipped, 2));
    let model = &stored.models[1];
    assert_eq!(
        (&model.version, model.shipped, model.live_since.is_some()),
        (&other, false, false)
    );
    assert_eq!(model.uploaded_by.as_deref(), Some("admin"));
    // Once more it changes nothing, and neither does the shipped one.
    for weights in [other_weights(7), classifier::shipped_weights()] {
        assert_eq!(upload(&server, weights, None).await.status(), 200);
    }
    assert_eq!(list(&server).await, stored);
    assert!(answer(&server, seven()).await.cached);

    let changed = put_live(&server, &other).await;
    assert_eq!((&changed.live, changed.previous.as_deref()), (&other, Some(shipped)));
    let model = &changed.models[0];
    assert_eq!((&model.version, model.live_by.as_deref()), (&other, Some("admin")));
    assert!(model.live_since.is_some());
    assert_eq!(put_live(&server, &other).await, changed, "it is live already");
    for cached in [false, true] {
        let answer = answer(&server, seven()).await;
        assert_eq!((answer.digit, &answer.model, answer.cached), (7, &other, cached));
    }
    line_with(&format!("INFO - Administrador 'admin' puso en vivo el modelo {other}.")).await;

    let back = put_live(&server, &changed.previous.unwrap()).await;
    assert_eq!((back.live.as_str(), &back.previous), (shipped, &Some(other.clone())));
    assert!(back.models[0].shipped && back.models[0].live_since.is_some());
    let answer = answer(&server, seven()).await;
    assert_eq!(
        (answer.model.as_str(), answer.cached),
        (shipped, true),
        "of its own entries"
    );

    let rows = model_change::Entity::find().order_by_asc(model_change::Column::Id);
    let rows = rows.all(&server.database().await).await.unwrap();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| (row.action, row.version, row.actor))
        .collect();
    let admin = || "admin".to_owned();
    let expected = [
        (ModelAction::Uploaded, Some(other.clone()), admin()),
        (ModelAction::Live, Some(other), admin()),
        (ModelAction::Live, None, admin()),
    ];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn everything_that_names_a_model_names_the_live_one() {
    let server = TestServer::shipped().await;
    let shipped = classifier::model_version();
    answer(&server, seven()).await;
    let other = uploaded(&server, 3).await;
    put_live(&server, &other).await;
    answer(&server, seven()).await;

    let number = server.by(&server.token, Method::POST, "/api/predict/number");
    let number: Value = number
        .multipart(file("a.png", seven()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(number["modelo"], other);
    let batch = server.by(&server.token, Method::POST, "/api/predict/batch");
    let batch = batch.multipart(file("a.png", numbered_png(1))).send().await.unwrap();
    assert_eq!(batch.headers()["x-model-version"], other);
    let line: Value = serde_json::from_str(batch.text().await.unwrap().trim()).unwrap();
    assert_eq!(line["modelo"], other);
    // A vertical stroke.
    let ink = |place: usize| {
        if (13..16).contains(&(place % 28)) && (4..24).contains(&(place / 28)) {
            255
        } else {
            0
        }
    };
    let data: Vec<u8> = (0..784).map(ink).collect();
    let tensor = json!({ "inputs": [{ "name": "image", "datatype": "UINT8", "shape": [1, 1, 28, 28], "data": data }] });
    let infer = async |path: &str| {
        let request = server.by(&server.token, Method::POST, path).json(&tensor);
        request.send().await.unwrap()
    };
    for path in [
        "/v2/models/digits/infer".to_owned(),
        format!("/v2/models/digits/versions/{other}/infer"),
    ] {
        let answer: Value = infer(&path).await.json().await.unwrap();
        assert_eq!(answer["model_version"], other);
    }
    refused(
        infer(&format!("/v2/models/digits/versions/{shipped}/infer")).await,
        404,
        "not_found",
        "error",
    )
    .await;
    let described: Value = server.get("/v2/models/digits").await.json().await.unwrap();
    assert_eq!(described["versions"], json!([other]));
    let history: History = serde_json::from_value(server.get_json("/api/predictions").await).unwrap();
    let models: Vec<&str> = history.predictions.iter().map(|past| past.model.as_str()).collect();
    let other_ones = [other.as_str(); 5];
    assert_eq!(models, [other_ones.as_slice(), &[shipped]].concat());

    let scrape = scrape(&server).await;
    assert_eq!(scrape.get("app_info", &[("model", &other)]), Some(1.0));
    assert_eq!(scrape.get("app_info", &[]), Some(1.0), "of one model only");
    assert_eq!(scrape.get("model_fallback", &[]), Some(0.0));
    let counted = |model: &str, digit: &str| scrape.get("predictions_total", &[("model", model), ("digit", digit)]);
    assert_eq!((counted(shipped, "7"), counted(&other, "7")), (Some(1.0), Some(2.0)));
    let read = |model: &str| scrape.get("prediction_confidence_count", &[("model", model)]);
    assert_eq!((read(shipped), read(&other)), (Some(1.0), Some(5.0)));
    // The card goes with the model: this one has none.
    refused(server.get("/api/model").await, 404, "not_found", "msg").await;
}

#[tokio::test]
async fn the_page_gets_the_weights_with_their_digest() {
    let server = TestServer::shipped().await;
    let shipped = classifier::model_version();
    let integrity = |weights: &[u8]| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(weights)));
    let weights = async |version: &str| server.get(&format!("/api/models/{version}/weights")).await;
    let at_first = live(&server).await;
    assert_eq!(
        (at_first.version.as_str(), at_first.integrity),
        (shipped, integrity(&classifier::shipped_weights()))
    );
    let [one, two, three] = [1, 2, 3].map(other_weights);
    for weights in [&one, &two, &three] {
        assert_eq!(upload(&server, weights.clone(), None).await.status(), 201);
    }
    refused(weights(&version_of(&one)).await, 404, "not_found", "msg").await;
    put_live(&server, &version_of(&one)).await;
    put_live(&server, &version_of(&two)).await;
    let now = live(&server).await;
    assert_eq!((&now.version, &now.integrity), (&version_of(&two), &integrity(&two)));
    assert_eq!(of_page(&server).await, Some((now.version, now.integrity)));
    for (version, bytes) in [
        (version_of(&two), two),
        (version_of(&one), one),
        (shipped.to_owned(), classifier::shipped_weights()),
    ] {
        let response = weights(&version).await;
        assert_eq!(response.status(), 200, "{version}");
        assert_eq!(
            response.headers()["cache-control"],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(response.headers()["content-type"], "application/octet-stream");
        assert!(response.bytes().await.unwrap() == bytes, "{version}");
    }
    for version in [version_of(&three).as_str(), "x", "live", "%00", "%ff"] {
        refused(weights(version).await, 404, "not_found", "msg").await;
    }
}

#[tokio::test]
async fn a_card_goes_with_its_model() {
    let server = TestServer::shipped().await;
    let weights = other_weights(9);
    let version = version_of(&weights);
    let mut card: Value = serde_json::from_str(classifier::model_card()).unwrap();
    for (wrong, code) in [
        (card.to_string(), "card_invalid"),
        ("{".to_owned(), "card_invalid"),
        (json!({ "model": version }).to_string(), "card_invalid"),
    ] {
        refused(upload(&server, weights.clone(), Some(wrong)).await, 422, code, "msg").await;
    }
    card["model"] = version.clone().into();
    card["date"] = "2026-11-30".into();
    card["retraining"] = json!({ "corrections": 12 });
    card["fingerprint"] = json!(vec![0; 50]);
    let wrong = upload(&server, weights.clone(), Some(card.to_string())).await;
    refused(wrong, 422, "model_fails_check", "msg").await;
    card.as_object_mut().unwrap().remove("fingerprint");
    assert_eq!(list(&server).await.models.len(), 1, "nothing was stored");
    assert_eq!(upload(&server, weights, Some(card.to_string())).await.status(), 201);
    let listed = put_live(&server, &version).await;
    let summary = listed.models[0].card.clone().unwrap();
    assert_eq!((summary.date.as_str(), summary.corrections), ("2026-11-30", Some(12)));
    let shown: Value = server.get("/api/model").await.json().await.unwrap();
    assert_eq!(shown, card);
}

/// Three files of each kind, and the code with which they are refused.
fn bad_files() -> Vec<(&'static str, Vec<u8>, u16, &'static str)> {
    let shipped = classifier::shipped_weights();
    let cut = |length: usize| shipped[..length].to_vec();
    let longer = |more: usize| [shipped.clone(), vec![0; more]].concat();
    let with = |number: u16| {
        let mut weights = shipped.clone();
        let end = weights.len();
        weights[end - 2..].copy_from_slice(&number.to_le_bytes());
        weights
    };
    let blind = |value: u8| {
        let mut weights = shipped.clone();
        weights[1024..].fill(value);
        weights
    };
    let mut other_format = shipped.clone();
    other_format[4] = 9;
    vec![
        ("truncated", cut(shipped.len() - 1), 422, "model_unreadable"),
        ("truncated", cut(shipped.len() / 2), 422, "model_unreadable"),
        ("truncated", cut(1024), 422, "model_unreadable"),
        ("other shapes", longer(2), 422, "model_shapes"),
        ("other shapes", longer(256), 422, "model_shapes"),
        ("other shapes", longer(100_000), 422, "model_shapes"),
        ("infinite", with(0x7c00), 422, "model_not_finite"),
        ("not a number", with(0x7e00), 422, "model_not_finite"),
        ("huge", with(0x7bff), 422, "model_not_finite"),
        ("oversized", longer(1024 * 1024), 413, "file_too_large"),
        ("oversized", vec![0; 1024 * 1024 + 1], 413, "file_too_large"),
        ("oversized", vec![0; 9 * 1024 * 1024], 413, "file_too_large"),
        ("not ours", numbered_png(1), 422, "model_unreadable"),
        ("not ours", Vec::new(), 422, "model_unreadable"),
        ("not ours", other_format, 422, "model_unreadable"),
        ("reads nothing", blind(0), 422, "model_fails_check"),
        ("reads nothing", blind(0x11), 422, "model_fails_check"),
        ("reads nothing", blind(0x91), 422, "model_fails_check"),
    ]
}

#[tokio::test]
async fn bad_files_are_refused_with_their_reason_and_change_nothing() {
    let server = TestServer::shipped().await;
    let before = list(&server).await;
    for (kind, weights, status, code) in bad_files() {
        let bytes = weights.len();
        let response = upload(&server, weights, None).await;
        assert_eq!(response.status(), status, "{kind}, {bytes} bytes");
        refused(response, status, code, "msg").await;
    }
    let request = server.by(&server.token, Method::POST, "/api/admin/models");
    let empty = request.multipart(Form::new().text("card", "{}")).send().await.unwrap();
    refused(empty, 400, "file_missing", "msg").await;
    assert_eq!(list(&server).await, before);
    assert_eq!(answer(&server, seven()).await.model, classifier::model_version());
    line_with("WARNING - Modelo rechazado").await;
}

#[tokio::test]
async fn models_can_be_deleted_unless_they_are_live_or_shipped_and_only_so_many_are_kept() {
    let server = TestServer::shipped().await;
    let [one, two] = [uploaded(&server, 0).await, uploaded(&server, 1).await];
    put_live(&server, &one).await;
    put_live(&server, &two).await;
    for (version, status, code) in [
        (two.as_str(), 409, "model_in_use"),
        (classifier::model_version(), 409, "model_in_use"),
        ("digits-00000000", 404, "not_found"),
    ] {
        refused(change(&server, Method::DELETE, version).await, status, code, "msg").await;
    }
    refused(
        change(&server, Method::POST, "digits-00000000/live").await,
        404,
        "not_found",
        "msg",
    )
    .await;
    let deleted: Models = change(&server, Method::DELETE, &one).await.json().await.unwrap();
    assert_eq!(deleted.models.len(), 2);
    // The one before that still exists.
    assert_eq!(deleted.previous.as_deref(), Some(classifier::model_version()));
    refused(
        change(&server, Method::POST, &format!("{one}/live")).await,
        404,
        "not_found",
        "msg",
    )
    .await;
    for place in 2..21 {
        uploaded(&server, place).await;
    }
    let full = list(&server).await;
    assert_eq!((full.models.len(), full.max_models), (21, 20));
    refused(
        upload(&server, other_weights(21), None).await,
        409,
        "too_many_models",
        "msg",
    )
    .await;
    assert_eq!(
        change(&server, Method::DELETE, &full.models[3].version).await.status(),
        200
    );
    uploaded(&server, 21).await;
}

#[tokio::test]
async fn a_restart_keeps_the_live_model_and_the_shipped_one_answers_if_that_is_damaged() {
    let server = TestServer::shipped().await;
    let other = uploaded(&server, 5).await;
    put_live(&server, &other).await;
    let next = TestServer::shipped_with(&server.settings).await;
    assert_eq!(answer(&next, seven()).await.model, other);
    assert_eq!(list(&next).await.previous.as_deref(), Some(classifier::model_version()));
    assert_eq!(live(&next).await.version, other);
    drop(next);

    model::Entity::update_many()
        .col_expr(model::Column::Weights, Expr::value(vec![1_u8, 2, 3]))
        .exec(&server.database().await)
        .await
        .unwrap();
    let next = TestServer::shipped_with(&server.settings).await;
    line_with("ERROR - No se pudo cargar el modelo en vivo").await;
    assert_eq!(answer(&next, seven()).await.model, classifier::model_version());
    assert_eq!(scrape(&next).await.get("model_fallback", &[]), Some(1.0));
    assert_eq!(of_page(&next).await, None);
    // The way out: another one, or the shipped one for good.
    refused(
        change(&next, Method::POST, &format!("{other}/live")).await,
        422,
        "model_unreadable",
        "msg",
    )
    .await;
    assert_eq!(
        put_live(&next, classifier::model_version()).await.live,
        classifier::model_version()
    );
    assert_eq!(scrape(&next).await.get("model_fallback", &[]), Some(0.0));
}

#[tokio::test]
async fn servers_on_one_database_follow_each_other() {
    let one = TestServer::shipped().await;
    let two = TestServer::shipped_with(&one.settings).await;
    let other = uploaded(&one, 11).await;
    for (changing, following, version) in [
        (&one, &two, other.as_str()),
        (&two, &one, classifier::model_version()),
        (&two, &one, other.as_str()),
    ] {
        put_live(changing, version).await;
        let follows = async || (live(following).await.version == version).then_some(());
        eventually("the other server follows", follows).await;
        assert_eq!(answer(following, seven()).await.model, version);
        assert_eq!(list(following).await, list(changing).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_lost_while_models_change_and_each_answer_is_of_one_of_them() {
    const CLIENTS: u32 = 8;
    const REQUESTS: u32 = 150;
    let server = TestServer::shipped().await;
    let other = uploaded(&server, 13).await;
    let both = [classifier::model_version().to_owned(), other.clone()];
    let (server, both) = (&server, &both);
    let client = async |client: u32| {
        let mut seen = BTreeSet::new();
        for number in 0..REQUESTS {
            // Every third is in the cache, of one of the models.
            let number = if number % 3 == 0 { 0 } else { client * REQUESTS + number };
            let response = server.predict("a.png", numbered_png(number)).await;
            assert_eq!(response.status(), 200);
            let answer: Prediction = response.json().await.unwrap();
            assert_eq!(answer.digit, 3);
            assert!(both.contains(&answer.model), "{}", answer.model);
            seen.insert(answer.model);
        }
        seen
    };
    let changes = async {
        for version in [&other, &both[0]].into_iter().cycle().take(20) {
            assert_eq!(&put_live(server, version).await.live, version);
        }
    };
    let (seen, ()) = futures_util::future::join(join_all((0..CLIENTS).map(client)), changes).await;
    let seen: BTreeSet<String> = seen.into_iter().flatten().collect();
    assert_eq!(seen, both.iter().cloned().collect());
    let counted = scrape(server).await.get("predictions_total", &[]);
    assert_eq!(counted, Some(f64::from(CLIENTS * REQUESTS)));
}

async fn evaluated(server: &TestServer, version: &str) -> Evaluation {
    let path = format!("/api/admin/models/{version}/evaluation");
    let ended = async || {
        let found: Evaluation = serde_json::from_value(server.get_json(&path).await).unwrap();
        (found.summary.state != EvaluationState::Running).then_some(found)
    };
    eventually("end of the evaluation", ended).await
}

#[tokio::test]
async fn before_it_goes_live_a_model_reads_corrections_and_pictures_beside_the_live_one() {
    // The live one reads a 3 in every picture, the other one what is there.
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let right = corrected(&server, &token, "7-plain", "7").await;
    let wrong = corrected(&server, &token, "7-plain", "3").await;
    let dropped = corrected(&server, &token, "1-plain", "1").await;
    super::review::decide(&server, &json!({ "ids": [dropped], "action": "drop" })).await;
    let none = corrected(&server, &token, "0-round", "3").await;
    super::review::decide(&server, &json!({ "ids": [none], "action": "agree", "label": "0" })).await;
    let plain = answer(&server, numbered_png(1)).await.id.unwrap();
    let four = answer(&server, encoded(drawn("4-open"), ImageFormat::Png))
        .await
        .id
        .unwrap();
    let number = server.by(&server.token, Method::POST, "/api/predict/number");
    assert_eq!(
        number.multipart(file("a.png", seven())).send().await.unwrap().status(),
        200
    );

    let version = uploaded(&server, 17).await;
    let path = format!("{version}/evaluation");
    refused(change(&server, Method::GET, &path).await, 404, "not_found", "msg").await;
    let begun = change(&server, Method::POST, &path).await;
    assert_eq!(begun.status(), 202);
    let begun: Evaluation = begun.json().await.unwrap();
    assert_eq!(
        (begun.version.as_str(), begun.summary.state),
        (version.as_str(), EvaluationState::Running)
    );
    let found = evaluated(&server, &version).await;
    let summary = &found.summary;
    assert_eq!((summary.state, summary.progress), (EvaluationState::Done, 1.0));
    assert_eq!(summary.against, classifier::model_version());
    // Dropped corrections don't count, and numbers aren't read.
    assert_eq!((summary.corrections, summary.right, summary.right_live), (3, 2, 1));
    assert_eq!((summary.pictures, summary.disagreements), (6, 5));
    let ids: Vec<i64> = found.examples.iter().map(|example| example.id).collect();
    assert_eq!(ids, [four, none, dropped, wrong, right]);
    assert!(!ids.contains(&plain), "both read a 3");
    let example = &found.examples[4];
    assert_eq!((example.reading, example.reading_live), (Label::Seven, Label::Three));
    assert_eq!(example.said, Some(Label::Seven));
    assert_eq!(
        (found.examples[1].said, found.examples[2].said),
        (Some(Label::Zero), None)
    );
    assert!(example.image.starts_with("data:image/png;base64,") && example.confidence > 0.5);
    let listed = list(&server).await;
    let model = listed.models.iter().find(|model| model.version == version).unwrap();
    assert_eq!(model.evaluation.as_ref(), Some(summary));
    // Nothing of it counts as a prediction.
    assert_eq!(scrape(&server).await.get("predictions_total", &[]), Some(7.0));
    assert_eq!(
        answer(&server, numbered_png(2)).await.model,
        classifier::model_version()
    );
    for path in [
        "digits-00000000/evaluation",
        &format!("{}/evaluation", classifier::model_version()),
    ] {
        refused(change(&server, Method::POST, path).await, 404, "not_found", "msg").await;
    }
}

#[tokio::test]
async fn one_evaluation_runs_at_a_time_and_one_that_stopped_with_its_server_has_failed() {
    let server = TestServer::start().await;
    let [one, two] = [uploaded(&server, 1).await, uploaded(&server, 2).await];
    let started = |stored_at: i64| {
        let summary = json!({
            "state": "running", "started_at": "2026-11-27T00:00:00.000Z", "progress": 0.1, "against": "digits-00000000",
            "corrections": 0, "right": 0, "right_live": 0, "pictures": 0, "disagreements": 0,
        });
        json!({ "summary": summary, "stored_at": stored_at, "examples": [] }).to_string()
    };
    let store = server.store().await;
    let now = chrono::Utc::now().timestamp();
    store.save_evaluation(&one, &started(now)).await.unwrap();
    refused(
        change(&server, Method::POST, &format!("{two}/evaluation")).await,
        409,
        "evaluation_running",
        "msg",
    )
    .await;
    store.save_evaluation(&one, &started(now - 60)).await.unwrap();
    assert_eq!(evaluated(&server, &one).await.summary.state, EvaluationState::Failed);
    assert_eq!(
        change(&server, Method::POST, &format!("{two}/evaluation"))
            .await
            .status(),
        202
    );
    assert_eq!(evaluated(&server, &two).await.summary.state, EvaluationState::Done);
}

#[tokio::test]
async fn corrections_that_wait_are_read_by_the_model_that_is_live() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    corrected(&server, &token, "7-plain", "7").await;
    let queue = async || -> ReviewQueue { serde_json::from_value(server.get_json("/api/admin/review").await).unwrap() };
    let before = queue().await;
    assert_eq!((before.entries[0].today, before.counts.plain), (Some(Label::Three), 0));
    let version = uploaded(&server, 19).await;
    put_live(&server, &version).await;
    let after = queue().await;
    assert_eq!((after.entries[0].today, after.counts.plain), (Some(Label::Seven), 1));
    assert_eq!(
        after.entries[0].model,
        classifier::model_version(),
        "what was answered then"
    );
}

#[tokio::test]
async fn a_deleted_admin_is_not_named() {
    let server = TestServer::shipped().await;
    let id = server.add_admin("eva").await;
    let token = server.sign_in("eva").await;
    let weights = other_weights(23);
    let version = version_of(&weights);
    let form = Form::new().part("file", Part::bytes(weights).file_name("digits.bpk"));
    let request = server.by(&token, Method::POST, "/api/admin/models").multipart(form);
    assert_eq!(request.send().await.unwrap().status(), 201);
    let live = server.by(&token, Method::POST, &format!("/api/admin/models/{version}/live"));
    assert_eq!(live.send().await.unwrap().status(), 200);
    let delete = server.by(&token, Method::POST, "/api/me/delete");
    let delete = delete.json(&json!({ "password": crate::support::server::PASSWORD }));
    assert!(delete.send().await.unwrap().status().is_success(), "{id}");
    let model = &list(&server).await.models[0];
    assert_eq!(
        (model.uploaded_by.as_deref(), model.live_by.as_deref()),
        (Some("-"), Some("-"))
    );
}
