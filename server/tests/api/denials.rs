//! Denied requests in the log.

use reqwest::{Method, Response};
use serde_json::json;
use server::settings::Secret;

use crate::{
    openapi::has_predict_key,
    support::{TestServer, log::lines_of, server::refused},
};

const TOKEN: &str = "a-metrics-token-of-32-bytes-or-so";

/// Asserts that a response was denied and logged with one line.
async fn denied(response: Response, status: u16, code: &str, line: &str) {
    assert_eq!(lines_of(&response), [line]);
    let is_predict = has_predict_key(response.url().path());
    refused(response, status, code, if is_predict { "error" } else { "msg" }).await;
}

#[tokio::test]
async fn who_is_not_known_is_logged_with_the_route() {
    let server = TestServer::start().await;
    for (method, path, route) in [
        (Method::GET, "/api/me", "/api/me"),
        (Method::POST, "/predict", "/predict"),
        (Method::POST, "/api/predict", "/api/predict"),
        (Method::POST, "/api/predict/batch", "/api/predict/batch"),
        (Method::POST, "/v2/models/digits/infer", "/v2/models/digits/infer"),
        (
            Method::POST,
            "/api/predictions/7/correction",
            "/api/predictions/{id}/correction",
        ),
        (Method::GET, "/api/admin/users", "/api/admin/users"),
        (Method::POST, "/api/logout", "/api/logout"),
    ] {
        let request = || server.client.request(method.clone(), server.url(path));
        let response = request().send().await.unwrap();
        let line = format!("INFO - Acceso denegado en '{route}': falta el token.");
        denied(response, 401, "token_missing", &line).await;
        for forged in [
            request().bearer_auth("forged"),
            request().header("cookie", "trazo_session=forged"),
        ] {
            let line = format!("WARNING - Acceso denegado en '{route}': el token no es válido.");
            denied(forged.send().await.unwrap(), 401, "token_invalid", &line).await;
        }
    }
    let browser = server.browser("admin").await;
    let request = browser.ask(Method::POST, "/api/logout");
    let response = request.header("sec-fetch-site", "cross-site").send().await.unwrap();
    let line = "WARNING - Acceso denegado en '/api/logout': la solicitud viene de otro origen.";
    denied(response, 403, "origin_forbidden", line).await;
}

#[tokio::test]
async fn what_is_not_for_a_user_is_logged_with_the_name() {
    let server = TestServer::with(|settings| settings.metrics.metrics_token = Some(Secret::new(TOKEN))).await;
    let token = server.user("ana").await;
    let browser = server.browser("ana").await;
    let line = |route: &str| format!("WARNING - Acceso denegado en '{route}': el usuario 'ana' no es administrador.");
    for (path, route) in [
        ("/api/admin/users", "/api/admin/users"),
        ("/api/admin/users.csv?search=x", "/api/admin/users.csv"),
        ("/api/admin/errors", "/api/admin/errors"),
    ] {
        let response = server.by(&token, Method::GET, path).send().await.unwrap();
        denied(response, 403, "admin_only", &line(route)).await;
    }
    // The page of an admin, and the metrics.
    let response = browser.get("/admin/users").await;
    assert_eq!(
        (response.status().as_u16(), lines_of(&response)),
        (403, vec![line("/admin/users")])
    );
    let response = browser.get("/metrics").await;
    denied(response, 401, "token_missing", &line("/metrics")).await;
    // A prediction that isn't the user's.
    let request = server.by(&token, Method::POST, "/api/predictions/999/correction");
    let response = request.json(&json!({ "digito": 3 })).send().await.unwrap();
    let line = "WARNING - Acceso denegado: la predicción 999 no existe o no es de 'ana'.";
    denied(response, 404, "not_found", line).await;
}
