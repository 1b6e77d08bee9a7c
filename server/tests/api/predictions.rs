//! `GET /api/predictions` and `POST /api/predictions/{id}/correction`.

use api::{History, PastPrediction, Prediction};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use reqwest::{Method, Response};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter,
};
use serde_json::{Value, json};
use server::store::{Position, entities::prediction};

use crate::support::{
    TestServer,
    log::lines_of,
    pictures::{drawn, encoded, inverted, numbered_png},
    plans::assert_found_by_index,
    server::refused,
};

async fn history(server: &TestServer, token: &str, query: &str) -> History {
    let path = format!("/api/predictions{query}");
    let response = server.by(token, Method::GET, &path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{query}");
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.json().await.unwrap()
}

async fn correct(server: &TestServer, token: &str, id: &str, body: &Value) -> Response {
    let path = format!("/api/predictions/{id}/correction");
    let request = server.by(token, Method::POST, &path);
    request.json(body).send().await.unwrap()
}

/// Makes a prediction, and returns it with its id.
async fn predict(server: &TestServer, token: &str, picture: Vec<u8>) -> (Prediction, i64) {
    let response = server.upload_by(token, "a.png", picture).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let newest = history(server, token, "?per_page=1").await;
    (response.json().await.unwrap(), newest.predictions[0].id)
}

#[tokio::test]
async fn anonymous_requests_are_rejected() {
    let server = TestServer::start().await;
    predict(&server, &server.token, numbered_png(1)).await;
    refused(server.get("/api/predictions").await, 401, "token_missing", "msg").await;
    let response = server
        .post("/api/predictions/1/correction", &json!({ "digito": 3 }))
        .await;
    refused(response, 401, "token_missing", "msg").await;
}

#[tokio::test]
async fn an_image_that_is_damaged_in_the_database_is_blank() {
    let server = TestServer::start().await;
    let id = predict(&server, &server.token, numbered_png(1)).await.1;
    let image = async || history(&server, &server.token, "").await.predictions.remove(0).image;
    let whole = image().await;
    for picture in [vec![], vec![7; 180], vec![9; 785]] {
        let row = prediction::ActiveModel {
            id: Set(id),
            picture: Set(picture),
            ..Default::default()
        };
        row.update(&server.database().await).await.unwrap();
        let blank = image().await;
        assert!(blank.starts_with("data:image/png;base64,") && blank != whole, "{blank}");
    }
}

#[tokio::test]
async fn predictions_are_paged_newest_first() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let nothing = history(&server, &token, "").await;
    assert_eq!((nothing.total, nothing.predictions.len()), (Some(0), 0));
    let start = Utc::now();
    let mut made = Vec::new();
    for number in 0..25 {
        made.push(predict(&server, &token, numbered_png(number)).await.1);
    }
    made.reverse();
    assert!(made.is_sorted_by(|one, next| one > next), "{made:?}");
    let ids = |history: &History| history.predictions.iter().map(|past| past.id).collect::<Vec<_>>();
    for (query, page, per_page, expected) in [
        ("", 1, 20, &made[..20]),
        ("?page=&per_page=", 1, 20, &made[..20]),
        ("?page=2", 2, 20, &made[20..]),
        ("?page=3", 3, 20, &[]),
        ("?page=4294967295&per_page=100", 4_294_967_295, 100, &[]),
        ("?page=4&per_page=7", 4, 7, &made[21..]),
        ("?per_page=1&page=25", 25, 1, &made[24..]),
        ("?per_page=100", 1, 100, &made[..]),
        ("?unknown=1", 1, 20, &made[..20]),
    ] {
        let found = history(&server, &token, query).await;
        assert_eq!(
            (found.page, found.per_page, found.total),
            (Some(page), per_page, Some(25)),
            "{query}"
        );
        assert_eq!(ids(&found), expected, "{query}");
    }
    let all = history(&server, &token, "?per_page=100").await.predictions;
    let times: Vec<DateTime<Utc>> = all.iter().map(|past| past.created_at.parse().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one >= next), "{times:?}");
    // Timestamps have a resolution of a millisecond.
    assert!(times[24] >= start - chrono::Duration::milliseconds(1) && times[0] <= Utc::now());
    // Each user has a separate list.
    let other = server.user("eva").await;
    assert_eq!(history(&server, &other, "").await.total, Some(0));
    assert_eq!(
        history(&server, &server.token, "").await.total,
        Some(0),
        "nor the admin"
    );
}

/// Adds rows to the history of an account.
async fn add_rows(database: &DatabaseConnection, user_id: i64, count: i64) {
    let row = prediction::ActiveModel {
        user_id: Set(user_id),
        created_at: Set(Utc::now()),
        digit: Set(3),
        probability: Set(0.5),
        model: Set("test".to_owned()),
        picture: Set(vec![0; 784]),
        ..Default::default()
    };
    for _ in 0..count / 500 {
        let rows = prediction::Entity::insert_many((0..500).map(|_| row.clone()));
        rows.exec_without_returning(database).await.unwrap();
    }
}

#[tokio::test]
async fn cursors_lead_through_the_history_in_both_directions() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    for number in 0..11 {
        predict(&server, &token, numbered_png(number)).await;
    }
    let all = history(&server, &token, "").await;
    assert_eq!((all.previous, all.next), (None, None));
    let mut page = history(&server, &token, "?per_page=4").await;
    assert_eq!(
        (page.page, page.total, page.previous.as_ref()),
        (Some(1), Some(11), None)
    );
    let mut forwards = page.predictions.clone();
    while let Some(next) = &page.next {
        page = history(&server, &token, &format!("?per_page=4&cursor={next}")).await;
        assert_eq!((page.page, page.total), (None, None), "only counted once");
        forwards.extend(page.predictions.clone());
    }
    assert_eq!(forwards, all.predictions);
    let mut backwards = page.predictions.clone();
    while let Some(previous) = &page.previous {
        page = history(&server, &token, &format!("?per_page=4&cursor={previous}")).await;
        assert!(page.next.is_some());
        backwards.splice(0..0, page.predictions.clone());
    }
    assert_eq!(backwards, all.predictions);
    // A cursor is a place: another user's shows the own history beside it.
    let other = server.user("eva").await;
    let (_, own) = predict(&server, &other, numbered_png(1)).await;
    let newest = history(&server, &token, "?per_page=1").await.next.unwrap();
    let seen = history(&server, &other, &format!("?cursor={newest}")).await;
    assert!(seen.predictions.iter().all(|past| past.id == own));
}

#[tokio::test]
async fn each_prediction_is_seen_once_while_others_come_and_go() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let database = server.database().await;
    for number in 0..20 {
        predict(&server, &token, numbered_png(number)).await;
    }
    let all = history(&server, &token, "?per_page=100").await.predictions;
    let (mut seen, mut deleted) = (Vec::<i64>::new(), Vec::new());
    let mut cursor = String::new();
    for step in 0.. {
        let page = history(&server, &token, &format!("?per_page=3&cursor={cursor}")).await;
        seen.extend(page.predictions.iter().map(|past| past.id));
        let Some(next) = page.next else { break };
        cursor = next;
        predict(&server, &token, numbered_png(100 + step)).await;
        // The one that the cursor names, and one that follows.
        let last = seen[seen.len() - 1];
        deleted.extend([last, last - 2]);
        prediction::Entity::delete_many()
            .filter(prediction::Column::Id.is_in(deleted.clone()))
            .exec(&database)
            .await
            .unwrap();
    }
    assert!(seen.is_sorted_by(|one, next| one > next), "{seen:?}");
    for past in all {
        assert!(
            seen.contains(&past.id) || deleted.contains(&past.id),
            "{}: {seen:?}",
            past.id
        );
    }
}

#[tokio::test]
async fn a_page_of_a_long_history_is_found_by_an_index() {
    let server = TestServer::start().await;
    let (store, database) = (server.store().await, server.database().await);
    for name in ["ana", "eva"] {
        let id = server.add_user(name).await;
        add_rows(&database, id, 2_000).await;
    }
    let id = server.row("ana").await.id;
    if server.settings.database.sqlite_file().is_none() {
        database.execute_unprepared("ANALYZE").await.unwrap();
    }
    let middle = store.predictions(id, &Position::Page(50), 20).await.unwrap();
    for position in [
        Position::After(middle.next.unwrap()),
        Position::Before(middle.previous.unwrap()),
    ] {
        let statement = store.predictions_statement(id, &position, 20);
        assert_found_by_index(&database, statement, &format!("{position:?}")).await;
    }
}

#[tokio::test]
async fn page_parameters_are_validated() {
    let server = TestServer::start().await;
    for query in [
        "page=0",
        "page=-1",
        "page=x",
        "page=1.5",
        "page=4294967296",
        "page=1&page=2",
        "per_page=0",
        "per_page=101",
        "per_page=-1",
        "per_page=x",
        "per_page=18446744073709551616",
        "cursor=2",
        "cursor=%00",
        // {"after":"3"} and {"beside":3}
        "cursor=eyJhZnRlciI6IjMifQ",
        "cursor=eyJiZXNpZGUiOjN9",
        // {"after":3}
        "cursor=eyJhZnRlciI6M30&page=1",
    ] {
        let path = format!("/api/predictions?{query}");
        let response = server.by(&server.token, Method::GET, &path).send().await.unwrap();
        refused(response, 400, "request_invalid", "msg").await;
    }
}

/// The stored model input of a prediction, row by row.
fn pixels(past: &PastPrediction) -> Vec<u8> {
    let png = past.image.strip_prefix("data:image/png;base64,").expect("a data: URL");
    let image = image::load_from_memory(&BASE64_STANDARD.decode(png).unwrap()).unwrap();
    assert_eq!((image.width(), image.height()), (28, 28));
    image.into_luma8().into_raw()
}

#[tokio::test]
async fn a_prediction_is_stored_with_the_model_input() {
    let server = TestServer::shipped().await;
    let three = || encoded(drawn("3-round"), image::ImageFormat::Png);
    let (answer, id) = predict(&server, &server.token, three()).await;
    let past = history(&server, &server.token, "").await.predictions.remove(0);
    assert_eq!(
        (
            past.id,
            past.digit,
            past.probability,
            past.model.as_str(),
            past.correction
        ),
        (id, answer.digit, answer.probability, answer.model.as_str(), None)
    );
    // As in MNIST: bright ink in the centre, a margin of four dark pixels.
    let picture = pixels(&past);
    assert!(picture.iter().filter(|pixel| **pixel > 200).count() > 20);
    assert!(
        picture[..4 * 28]
            .iter()
            .chain(&picture[24 * 28..])
            .all(|pixel| *pixel == 0)
    );
    let row = prediction::Entity::find_by_id(id)
        .one(&server.database().await)
        .await
        .unwrap();
    let stored = row.unwrap().picture;
    assert!(stored.len() < picture.len());
    assert_eq!(lz4_flex::block::decompress(&stored, picture.len()).unwrap(), picture);
    // Rows from before compression have the bytes themselves.
    let before = prediction::ActiveModel {
        id: Set(id),
        picture: Set(picture.clone()),
        ..Default::default()
    };
    before.update(&server.database().await).await.unwrap();
    let past = history(&server, &server.token, "").await.predictions.remove(0);
    assert_eq!(pixels(&past), picture);
    // A cached prediction stores it as well; inverted colours give the same input, another digit a different one.
    let (cached, _) = predict(&server, &server.token, three()).await;
    assert!(cached.cached);
    for dark in [inverted(drawn("3-round")), drawn("7-plain")] {
        predict(&server, &server.token, encoded(dark, image::ImageFormat::Png)).await;
    }
    let kept: Vec<_> = history(&server, &server.token, "")
        .await
        .predictions
        .iter()
        .map(pixels)
        .collect();
    let [seven, dark, cached, first] = kept.as_slice() else {
        panic!("{}", kept.len())
    };
    assert_eq!((dark, cached, first), (&picture, &picture, &picture));
    assert_ne!(seven, &picture);
}

#[tokio::test]
async fn a_correction_is_stored_and_can_be_changed() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let (_, id) = predict(&server, &token, numbered_png(1)).await;
    let (_, other) = predict(&server, &token, numbered_png(2)).await;
    for digit in [8, 0, 9, 3] {
        let response = correct(&server, &token, &id.to_string(), &json!({ "digito": digit })).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            lines_of(&response),
            [format!("INFO - Predicción {id} corregida: Dígito {digit} en vez de 3.")]
        );
        let corrected: PastPrediction = response.json().await.unwrap();
        assert_eq!(
            (corrected.id, corrected.digit, corrected.correction),
            (id, 3, Some(digit))
        );
        let kept = history(&server, &token, "").await.predictions;
        assert_eq!(kept[1], corrected);
        assert_eq!((kept[0].id, kept[0].correction), (other, None));
    }
    // Also with the cookie of the same user.
    let browser = server.browser("ana").await;
    let request = browser.ask(Method::POST, &format!("/api/predictions/{other}/correction"));
    let response = request.json(&json!({ "digito": 5 })).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn what_is_no_digit_can_be_said_and_taken_back() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let (_, id) = predict(&server, &token, numbered_png(1)).await;
    let path = format!("/api/predictions/{id}/correction");
    let plain = history(&server, &token, "").await.predictions.remove(0);
    for body in [json!({ "no_es_un_digito": true }), json!({ "digito": 8 })] {
        let response = correct(&server, &token, &id.to_string(), &body).await;
        let line = match body["digito"].as_u64() {
            Some(digit) => format!("INFO - Predicción {id} corregida: Dígito {digit} en vez de 3."),
            None => format!("INFO - Predicción {id} corregida: No es un dígito, en vez de 3."),
        };
        assert_eq!(lines_of(&response), [line]);
        let answer: Value = response.json().await.unwrap();
        // Clients of before see no digit, and the fields that they know.
        assert_eq!(answer["correccion"], body["digito"]);
        assert_eq!(answer.get("no_es_un_digito"), body.get("no_es_un_digito"));
        let corrected: PastPrediction = serde_json::from_value(answer).unwrap();
        assert_eq!(history(&server, &token, "").await.predictions, [corrected]);
        for _ in 0..2 {
            let response = server.by(&token, Method::DELETE, &path).send().await.unwrap();
            assert_eq!(response.status(), 200);
            assert_eq!(
                lines_of(&response),
                [format!("INFO - Predicción {id}: corrección retirada.")]
            );
            assert_eq!(response.json::<PastPrediction>().await.unwrap(), plain);
            assert_eq!(
                history(&server, &token, "").await.predictions,
                std::slice::from_ref(&plain)
            );
        }
    }
}

#[tokio::test]
async fn an_answer_has_the_number_by_which_it_is_corrected() {
    let server = TestServer::start().await;
    // Written at once, or checked against the limit for unconfirmed addresses.
    server.add_user("ana").await;
    server.register("eva").await;
    for name in ["ana", "eva"] {
        let token = server.sign_in(name).await;
        for number in [1, 2, 1] {
            let (answer, id) = predict(&server, &token, numbered_png(number)).await;
            assert_eq!(answer.id, Some(id), "{name}");
        }
    }
}

/// Predictions that arrive together are written together.
#[tokio::test(flavor = "multi_thread")]
async fn answers_at_the_same_time_have_the_numbers_of_their_own_rows() {
    let server = TestServer::shipped().await;
    server.register("eva").await;
    let tokens = [
        server.user("ana").await,
        server.token.clone(),
        server.sign_in("eva").await,
    ];
    let pictures =
        ["0-round", "1-plain", "3-round", "7-plain"].map(|name| encoded(drawn(name), image::ImageFormat::Png));
    let asked = &server;
    let requests = (0..24).map(|number| {
        let picture = pictures[number % pictures.len()].clone();
        // An account whose address isn't confirmed has ten.
        let token = &tokens[if number < 9 { number % 3 } else { number % 2 }];
        async move {
            let response = asked.upload_by(token, "a.png", picture).send().await.unwrap();
            assert_eq!(response.status(), 200);
            (token, response.json::<Prediction>().await.unwrap())
        }
    });
    let answers = futures_util::future::join_all(requests).await;
    for token in &tokens {
        let past = history(&server, token, "?per_page=100").await.predictions;
        for (_, answer) in answers.iter().filter(|(by, _)| *by == token) {
            let row = past.iter().find(|past| Some(past.id) == answer.id);
            assert_eq!(row.map(|row| row.digit), Some(answer.digit), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn predictions_of_other_users_can_not_be_corrected() {
    let server = TestServer::start().await;
    let (ana, eva) = (server.user("ana").await, server.user("eva").await);
    let (_, id) = predict(&server, &ana, numbered_png(1)).await;
    let digit = json!({ "digito": 8 });
    let mut answers = Vec::new();
    // Not even by an administrator.
    for (token, id) in [(&eva, id), (&server.token, id), (&ana, id + 1), (&ana, 0), (&ana, -1)] {
        let response = correct(&server, token, &id.to_string(), &digit).await;
        answers.push(refused(response, 404, "not_found", "msg").await);
        let path = format!("/api/predictions/{id}/correction");
        let response = server.by(token, Method::DELETE, &path).send().await.unwrap();
        answers.push(refused(response, 404, "not_found", "msg").await);
    }
    for id in ["x", "1.5", "9223372036854775808", "%00", "1%20OR%201=1"] {
        let response = correct(&server, &ana, id, &digit).await;
        answers.push(refused(response, 404, "not_found", "msg").await);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(history(&server, &ana, "").await.predictions[0].correction, None);
}

#[tokio::test]
async fn only_a_digit_is_a_correction() {
    let server = TestServer::start().await;
    let (_, id) = predict(&server, &server.token, numbered_png(1)).await;
    let id = id.to_string();
    for digit in [
        json!(10),
        json!(-1),
        json!(256),
        json!(3.5),
        json!("3"),
        json!(null),
        json!([3]),
        json!(true),
    ] {
        let response = correct(&server, &server.token, &id, &json!({ "digito": digit })).await;
        refused(response, 400, "request_invalid", "msg").await;
    }
    for body in [
        json!({}),
        json!([3]),
        json!(3),
        json!({ "no_es_un_digito": false }),
        json!({ "no_es_un_digito": "true" }),
        json!({ "digito": 3, "no_es_un_digito": true }),
    ] {
        let response = correct(&server, &server.token, &id, &body).await;
        refused(response, 400, "request_invalid", "msg").await;
    }
    let path = format!("/api/predictions/{id}/correction");
    let request = server.by(&server.token, Method::POST, &path).body(r#"{"digito":3}"#);
    refused(request.send().await.unwrap(), 415, "request_invalid", "msg").await;
    let kept = history(&server, &server.token, "").await.predictions;
    assert_eq!(kept[0].correction, None);
}
