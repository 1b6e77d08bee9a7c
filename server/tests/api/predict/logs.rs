//! The exact log lines.

use api::Prediction;
use reqwest::multipart::{Form, Part};

use crate::support::{
    TestServer,
    log::lines_of,
    models,
    pictures::{drawn, encoded, fixture},
    settings,
};

const MISSING: &str = "WARNING - Predicción fallida: No se encontró el archivo en la solicitud.";

#[tokio::test]
async fn a_prediction_and_one_from_the_cache() {
    let server = TestServer::shipped().await;
    let file = encoded(drawn("2-plain"), image::ImageFormat::Png);
    let response = server.predict("a.png", file.clone()).await;
    let lines = lines_of(&response);
    let answer: Prediction = response.json().await.unwrap();
    let (digit, probability) = (answer.digit, answer.probability);
    assert_eq!(
        lines,
        [format!(
            "INFO - Predicción realizada: Dígito {digit} con probabilidad {probability:.2}."
        )]
    );
    let response = server.predict("a.png", file).await;
    assert_eq!(lines_of(&response), ["INFO - Predicción obtenida desde la cache."]);
}

#[tokio::test]
async fn the_rejections() {
    let server = TestServer::start().await;
    let form = Form::new().text("other", "x");
    let response = server
        .client
        .post(server.url("/predict"))
        .bearer_auth(&server.token)
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(lines_of(&response), [MISSING]);
    let response = server
        .client
        .post(server.url("/predict"))
        .bearer_auth(&server.token)
        .body("no form")
        .send()
        .await
        .unwrap();
    assert_eq!(lines_of(&response), [MISSING]);
    let response = server.predict("", fixture("palette.png")).await;
    assert_eq!(
        lines_of(&response),
        ["WARNING - Predicción fallida: No se seleccionó ningún archivo."]
    );
    let response = server.predict("nota.txt", "hola").await;
    assert_eq!(
        lines_of(&response),
        ["WARNING - Predicción fallida: Tipo de archivo no permitido 'nota.txt'."]
    );
}

#[tokio::test]
async fn a_file_name_injects_no_line() {
    let server = TestServer::start().await;
    // The client library would encode these names.
    let post_as = async |name: &str| {
        let form = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; {name}\r\n\r\nx\r\n--x--\r\n");
        let request = server
            .client
            .post(server.url("/predict"))
            .bearer_auth(&server.token)
            .body(form);
        let response = request
            .header("content-type", "multipart/form-data; boundary=x")
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 400);
        lines_of(&response)
    };
    let post = async |name: &str| post_as(&format!("filename=\"{name}\"")).await;
    assert_eq!(
        post("a\u{85}b\u{202e}c\u{2028}\td.exe").await,
        [r"WARNING - Predicción fallida: Tipo de archivo no permitido 'a\u{85}b\u{202e}c\u{2028}\td.exe'."]
    );
    // These characters are not allowed in the header of a part, so the form is invalid.
    for name in ["a\rb.exe", "a\nb.exe", "a\u{1b}[2Jb.exe", "a\0b.exe"] {
        assert_eq!(post(name).await, [MISSING], "{name:?}");
    }
    // Encoded, they are.
    let name = r"a\r\n2026-11-24 - root - ERROR - b\u{1b}[2J\u{0}.exe";
    for encoded in [
        "filename*=UTF-8''a%0D%0A2026-11-24%20-%20root%20-%20ERROR%20-%20b%1B[2J%00.exe",
        "filename=\"=?UTF-8?Q?a=0D=0A2026-11-24_-_root_-_ERROR_-_b=1B[2J=00.exe?=\"",
        "filename=\"=?UTF-8?B?YQ0KMjAyNi0xMS0yNCAtIHJvb3QgLSBFUlJPUiAtIGIbWzJKAC5leGU=?=\"",
    ] {
        let line = format!("WARNING - Predicción fallida: Tipo de archivo no permitido '{name}'.");
        assert_eq!(post_as(encoded).await, [line], "{encoded}");
    }
}

#[tokio::test]
async fn an_internal_error_with_its_cause() {
    let server = TestServer::start_with(&settings(), || Ok(models::panicking())).await;
    let file = Part::bytes(fixture("palette.png")).file_name("a.png");
    let request = server
        .client
        .post(server.url("/predict"))
        .bearer_auth(&server.token)
        .multipart(Form::new().part("file", file));
    let lines = lines_of(&request.send().await.unwrap());
    assert_eq!(lines, ["ERROR - Error en el endpoint '/predict': the secret reason"]);
}
