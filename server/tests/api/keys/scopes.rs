//! What keys are good for: the routes of their scopes and no others.

use reqwest::Method;
use serde_json::{Value, json};

use super::{FORGED, make, status};
use crate::{
    openapi::{description, filled, has_predict_key, is_public, operations},
    support::{
        TestServer,
        accounts::Browser,
        pictures::numbered_png,
        server::{file, refused},
    },
    v2::{INFER, inputs, request},
};

#[tokio::test]
async fn a_key_works_on_each_route_of_its_scopes() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let predict = make(&server, &token, &["predict"]).await.key;
    for (path, number) in [
        ("/predict", 1),
        ("/api/predict", 2),
        ("/api/predict/number", 3),
        ("/api/predict/batch", 4),
    ] {
        let request = server.by(&predict, Method::POST, path);
        let response = request.multipart(file("a.png", numbered_png(number))).send().await;
        let response = response.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        // Read to its end, because a batch is predicted as its response is read.
        response.bytes().await.unwrap();
    }
    let version = classifier::model_version();
    for path in [INFER, &format!("/v2/models/digits/versions/{version}/infer")] {
        let images = server.by(&predict, Method::POST, path).json(&request(&inputs(1)));
        assert_eq!(images.send().await.unwrap().status(), 200, "{path}");
    }
    // The history is that of the account, for its keys and its sessions alike.
    let history = make(&server, &token, &["history"]).await.key;
    let response = server.by(&history, Method::GET, "/api/predictions").send().await;
    let found: Value = response.unwrap().json().await.unwrap();
    assert_eq!(found["total"], 6, "{found}");
    let id = &found["predictions"][0]["id"];
    let correct = server.by(&history, Method::POST, &format!("/api/predictions/{id}/correction"));
    let response = correct.json(&json!({ "digito": 3 })).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_key_is_refused_on_every_other_route() {
    let server = TestServer::start().await;
    // Of an admin with a session beside it, so that nothing else refuses the request.
    let browser = server.browser("admin").await;
    let keys = [
        ("predict", make(&server, &server.token, &["predict"]).await),
        ("history", make(&server, &server.token, &["history"]).await),
    ];
    let (mut refusals, mut allowed) = (0, 0);
    for (name, operation) in operations(&description(&server).await) {
        if is_public(&operation) {
            continue;
        }
        let (method, path) = name.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let ways = operation["security"].as_array();
        for (scope, key) in &keys {
            let request = browser.ask(method.clone(), &filled(path)).bearer_auth(&key.key);
            let response = request.send().await.unwrap();
            if ways.is_some_and(|ways| ways.contains(&json!({ "key": [scope] }))) {
                allowed += 1;
                // For want of a body or a prediction.
                assert!(
                    [200, 400, 404, 415].contains(&response.status().as_u16()),
                    "{name}: {response:?}"
                );
                continue;
            }
            refusals += 1;
            let text = if has_predict_key(path) { "error" } else { "msg" };
            let said = refused(response, 403, "key_forbidden", text).await;
            let is_of_another_scope = ways.is_some_and(|ways| ways.iter().any(|way| way.get("key").is_some()));
            assert_eq!(said.contains("permiso"), is_of_another_scope, "{name}: {said}");
        }
    }
    assert_eq!(allowed, 9);
    assert!(refusals > 40, "{refusals}");
    assert_eq!(browser.me().await, 200, "the session hasn't ended");
    assert_eq!(server.me(&server.token).await.status(), 200);
}

#[tokio::test]
async fn a_key_is_no_session() {
    let server = TestServer::start().await;
    let key = make(&server, &server.token, &["predict", "history"]).await.key;
    for path in ["/account", "/admin/users", "/admin/status"] {
        let response = server.by(&key, Method::GET, path).send().await.unwrap();
        assert_eq!(response.url().path(), "/login", "{path}");
    }
    let page = server.by(&key, Method::GET, "/").send().await.unwrap();
    assert!(!page.text().await.unwrap().contains("user-name"));
    let digits = key.strip_prefix("trazo_").unwrap();
    for cookie in [key.as_str(), digits] {
        let browser = Browser::with_cookie(&server, &format!("trazo_session={cookie}"));
        assert_eq!(browser.me().await, 401);
    }
    // Nor is it a token of another kind.
    for token in [digits, &key.to_uppercase()] {
        refused(server.me(token).await, 401, "token_invalid", "msg").await;
    }
}

#[tokio::test]
async fn what_is_not_a_key_is_refused() {
    let server = TestServer::start().await;
    let key = make(&server, &server.token, &["history"]).await.key;
    for wrong in [
        FORGED,
        "trazo_",
        "trazo_x",
        &key[..key.len() - 1],
        &format!("{key}0"),
        &key[..14],
        &key.replace("trazo_", "trazo_trazo_"),
    ] {
        let response = super::history(&server, wrong).await;
        let line = "WARNING - Acceso denegado en '/api/predictions': la clave de API no es válida.";
        assert_eq!(crate::support::log::lines_of(&response), [line]);
        refused(response, 401, "token_invalid", "msg").await;
    }
    // The scheme has any case; a key before a session's cookie counts, also if it is wrong.
    let request = server.client.get(server.url("/api/predictions"));
    let response = request.header("authorization", format!("bEARER  {key} ")).send().await;
    assert_eq!(response.unwrap().status(), 200);
    let browser = server.browser("admin").await;
    let request = browser.ask(Method::GET, "/api/predictions").bearer_auth(FORGED);
    refused(request.send().await.unwrap(), 401, "token_invalid", "msg").await;
    assert_eq!(status(&server, &key).await, 200);
}

#[tokio::test]
async fn a_page_of_another_origin_may_send_a_key() {
    let server = TestServer::start().await;
    let key = make(&server, &server.token, &["history"]).await.key;
    // Browsers don't send keys by themselves.
    let request = server.by(&key, Method::POST, "/api/predictions/999/correction");
    let request = request
        .header("sec-fetch-site", "cross-site")
        .json(&json!({ "digito": 3 }));
    refused(request.send().await.unwrap(), 404, "not_found", "msg").await;
}

/// The history of others is out of reach, as with a session.
#[tokio::test]
async fn a_key_reaches_only_what_is_its_owners() {
    let server = TestServer::start().await;
    server.predict("a.png", numbered_png(1)).await;
    let admins = server.get_json("/api/predictions").await;
    let (_, key) = super::user_with_key(&server, "ana").await;
    let own: Value = super::history(&server, &key.key).await.json().await.unwrap();
    assert_eq!(own["total"], 0);
    let path = format!("/api/predictions/{}/correction", admins["predictions"][0]["id"]);
    let request = server.by(&key.key, Method::POST, &path).json(&json!({ "digito": 3 }));
    refused(request.send().await.unwrap(), 404, "not_found", "msg").await;
}

#[tokio::test]
async fn a_key_uses_the_quota_of_its_account() {
    let server = TestServer::with(|settings| {
        settings.limits.ratelimit_enabled = true;
        settings.limits.ratelimit_predict = "3 per day".parse().unwrap();
    })
    .await;
    let token = server.user("ana").await;
    let [one, other] = [
        make(&server, &token, &["predict"]).await.key,
        make(&server, &token, &["predict", "history"]).await.key,
    ];
    for (by, left) in [(&one, 2_u64), (&token, 1), (&other, 0)] {
        let response = server.upload_by(by, "a.png", numbered_png(1)).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), crate::limits::standing(&response)),
            (200, (3, left))
        );
    }
    for by in [&one, &other, &token] {
        let response = server.upload_by(by, "a.png", numbered_png(1)).send().await.unwrap();
        refused(response, 429, "rate_limited", "error").await;
    }
    // What the key isn't for costs nothing.
    let history = make(&server, &server.token, &["history"]).await.key;
    let response = server
        .upload_by(&history, "a.png", numbered_png(1))
        .send()
        .await
        .unwrap();
    refused(response, 403, "key_forbidden", "error").await;
    let response = server.predict("a.png", numbered_png(1)).await;
    assert_eq!(crate::limits::standing(&response), (3, 2));
}

#[tokio::test]
async fn a_key_of_an_unconfirmed_account_has_its_predictions() {
    let server = TestServer::with(|settings| settings.accounts.unconfirmed_predictions = 2).await;
    server.register("ana").await;
    let token = server.sign_in("ana").await;
    let key = make(&server, &token, &["predict"]).await.key;
    for (by, code) in [(&key, 200), (&token, 200), (&key, 403), (&token, 403)] {
        let response = server.upload_by(by, "a.png", numbered_png(1)).send().await.unwrap();
        assert_eq!(response.status(), code);
        if code == 403 {
            refused(response, 403, "email_unconfirmed", "error").await;
        }
    }
}
