//! `/api/me/data` and `DELETE /api/me/corrections`.

use api::{OwnData, Prediction};
use reqwest::Method;
use serde_json::{Value, json};

use super::post;
use crate::{
    admin::review::{corrected, decide},
    support::{TestServer, log::lines_of, pictures::numbered_png, server::refused},
};

const DATA: &str = "/api/me/data";
const CORRECTIONS: &str = "/api/me/corrections";

async fn download(server: &TestServer, token: &str) -> (OwnData, Value) {
    let response = server.by(token, Method::GET, DATA).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-disposition"],
        "attachment; filename=\"trazo-mis-datos.json\""
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    let text = response.text().await.unwrap();
    (
        serde_json::from_str(&text).unwrap(),
        serde_json::from_str(&text).unwrap(),
    )
}

#[tokio::test]
async fn it_has_the_account_the_history_and_what_became_of_the_corrections() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let (nothing, _) = download(&server, &token).await;
    assert_eq!(
        (nothing.account.username.as_str(), nothing.predictions.len()),
        ("ana", 0)
    );
    let agreed = corrected(&server, &token, "7-plain", "7").await;
    let waiting = corrected(&server, &token, "1-plain", "none").await;
    decide(&server, &json!({ "ids": [agreed], "action": "agree", "label": "1" })).await;
    let other = server.user("eva").await;
    corrected(&server, &other, "2-plain", "2").await;

    let (data, json) = download(&server, &token).await;
    assert_eq!(data.account.email, "ana@example.com");
    let history: Value = server
        .by(&token, Method::GET, "/api/predictions")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut rows = json["predictions"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 2);
    let reviews: Vec<_> = rows
        .iter()
        .map(|row| (row["id"].as_i64().unwrap(), row["review"].clone(), row["label"].clone()))
        .collect();
    assert_eq!(
        reviews,
        [
            (waiting, json!("waiting"), Value::Null),
            (agreed, json!("agreed"), json!("1"))
        ]
    );
    // The rest is what the history has.
    for row in &mut rows {
        let row = row.as_object_mut().unwrap();
        assert!(row.remove("corrected_at").unwrap().is_string());
        row.remove("review");
        row.remove("label");
    }
    assert_eq!(Value::from(rows), history["predictions"]);
}

#[tokio::test]
async fn it_is_complete_however_long_the_history_is() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    for number in 0..405 {
        let response = server.upload_by(&token, "a.png", numbered_png(number)).send().await;
        assert!(response.unwrap().json::<Prediction>().await.unwrap().id.is_some());
    }
    let (data, _) = download(&server, &token).await;
    let ids: Vec<_> = data.predictions.iter().map(|own| own.prediction.id).collect();
    assert!(
        ids.len() == 405 && ids.is_sorted_by(|one, next| one > next),
        "{}",
        ids.len()
    );
}

#[tokio::test]
async fn all_corrections_are_taken_back_with_the_decisions() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let agreed = corrected(&server, &token, "7-plain", "7").await;
    corrected(&server, &token, "1-plain", "1").await;
    let other = server.user("eva").await;
    let kept = corrected(&server, &other, "2-plain", "2").await;
    decide(&server, &json!({ "ids": [agreed], "action": "agree" })).await;
    for removed in [2, 0] {
        let response = server.by(&token, Method::DELETE, CORRECTIONS).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let line = format!("INFO - Usuario 'ana': {removed} correcciones retiradas.");
        assert_eq!(lines_of(&response), [line]);
    }
    let (data, _) = download(&server, &token).await;
    assert_eq!(data.predictions.len(), 2);
    assert!(
        data.predictions
            .iter()
            .all(|own| own.prediction.corrected().is_none() && own.review.is_none())
    );
    let queue = server.get_json("/api/admin/review").await;
    assert_eq!(queue["entries"][0]["id"], kept);
    assert_eq!(
        (&queue["counts"]["waiting"], &queue["counts"]["agreed"]),
        (&json!(1), &json!(0))
    );
}

#[tokio::test]
async fn the_history_is_deleted_with_its_corrections() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let agreed = corrected(&server, &token, "7-plain", "7").await;
    corrected(&server, &token, "1-plain", "1").await;
    decide(&server, &json!({ "ids": [agreed], "action": "agree" })).await;
    for number in 0..200 {
        let response = server.upload_by(&token, "a.png", numbered_png(number)).send().await;
        assert_eq!(response.unwrap().status(), 200);
    }
    let other = server.user("eva").await;
    let kept = corrected(&server, &other, "2-plain", "2").await;
    for removed in [202, 0] {
        let response = server.by(&token, Method::DELETE, DATA).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let line = format!("INFO - Usuario 'ana': historial borrado, {removed} predicciones.");
        assert_eq!(lines_of(&response), [line]);
        assert_eq!(download(&server, &token).await.0.predictions, []);
    }
    let queue = server.get_json("/api/admin/review").await;
    assert_eq!(queue["entries"].as_array().unwrap().len(), 1);
    assert_eq!(queue["entries"][0]["id"], kept);
    assert_eq!(queue["counts"]["agreed"], 0);
    // The account stays, and the number of its predictions.
    let next = corrected(&server, &token, "7-plain", "7").await;
    assert_eq!(download(&server, &token).await.0.predictions[0].prediction.id, next);
    let users = server.get_json("/api/admin/users?search=ana").await;
    assert_eq!(users["users"][0]["predictions"], 203);
}

#[tokio::test]
async fn they_are_for_who_is_signed_in() {
    let server = TestServer::start().await;
    for (method, path) in [
        (Method::GET, DATA),
        (Method::DELETE, DATA),
        (Method::DELETE, CORRECTIONS),
    ] {
        let response = server.client.request(method, server.url(path)).send().await.unwrap();
        refused(response, 401, "token_missing", "msg").await;
    }
    // Neither takes the place of the other.
    let response = post(&server, &server.token, DATA, &json!({})).await;
    refused(response, 405, "method_not_allowed", "msg").await;
}
