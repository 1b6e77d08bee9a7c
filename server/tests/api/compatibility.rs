//! Tests that existed before this server, with their names and assertions: clients rely on these paths, fields and log
//! lines (docs/api.md).

use image::{GrayImage, ImageFormat, Luma};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{TestServer, log, pictures::encoded};

async fn register_user(server: &TestServer) -> u16 {
    let new = json!({ "username": "testuser", "email": "testuser@example.com", "password": "testpassword" });
    server.post("/register", &new).await.status().as_u16()
}

async fn login(server: &TestServer) -> Option<String> {
    let credentials = json!({ "username": "testuser", "password": "testpassword" });
    let response = server.post("/login", &credentials).await;
    let body: Value = response.json().await.unwrap();
    body["access_token"].as_str().map(ToOwned::to_owned)
}

#[tokio::test]
async fn test_logging_register() {
    let server = TestServer::start().await;
    assert_eq!(register_user(&server).await, 201);
    let registered = "Nuevo usuario registrado: 'testuser' con email 'testuser@example.com'.";
    assert!(log::text().contains(registered));
    // The worker may send it after the response.
    log::line_with("Email de confirmación enviado a 'testuser@example.com'.").await;
}

#[tokio::test]
async fn test_logging_login() {
    let server = TestServer::start().await;
    register_user(&server).await;
    assert!(login(&server).await.is_some());
    assert!(log::text().contains("Usuario 'testuser' inició sesión exitosamente."));
}

#[tokio::test]
async fn test_logging_predict() {
    let server = TestServer::shipped().await;
    register_user(&server).await;
    let token = login(&server).await.expect("a token");
    let blank = encoded(GrayImage::from_pixel(28, 28, Luma([255])), ImageFormat::Png);
    let form = Form::new().part("file", Part::bytes(blank).file_name("test.png"));
    let request = server.client.post(server.url("/predict")).bearer_auth(token);
    let response = request.multipart(form).send().await.unwrap();
    // The original test also accepts 500.
    assert_eq!(response.status(), 200);
    let answer: Value = response.json().await.unwrap();
    let (digit, probability) = (&answer["prediccion"], answer["probabilidad"].as_f64().unwrap());
    let line = format!("Predicción realizada: Dígito {digit} con probabilidad {probability:.2}.");
    assert!(log::text().contains(&line), "{line}");
}
