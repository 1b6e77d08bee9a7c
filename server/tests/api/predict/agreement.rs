//! What the page has read is compared with the server's answer.

#![expect(clippy::float_cmp, reason = "the metrics are counts")]

use reqwest::{Method, RequestBuilder, Response};

use crate::support::{
    TestServer,
    log::lines_of,
    metrics::scrape,
    pictures::{drawn, encoded, numbered_png},
    server::file,
};

const RESULTS: [&str; 3] = ["agreed", "disagreed", "outdated"];

/// How many readings were counted: agreed, disagreed, outdated.
async fn counted(server: &TestServer) -> [f64; 3] {
    let scrape = scrape(server).await;
    RESULTS.map(|result| scrape.get("page_agreement_total", &[("result", result)]).unwrap())
}

/// What the page sends if it has read `numeral` with the model of this server.
fn read(numeral: &str) -> String {
    format!("{} {numeral}", classifier::model_version())
}

async fn sent(request: RequestBuilder) -> Response {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    response
}

/// Lines of the log with a comparison in them.
fn compared(response: &Response) -> Vec<String> {
    let lines = lines_of(response).into_iter();
    lines.filter(|line| line.contains("no coinciden")).collect()
}

#[tokio::test]
async fn the_reading_of_the_page_is_counted_and_a_difference_is_logged() {
    // Its model reads a 3 everywhere.
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let post = async |reading: &str| {
        let request = browser.ask(Method::POST, "/api/predict");
        let form = file("a.png", numbered_png(1));
        sent(request.header("page-reading", reading).multipart(form)).await
    };
    let model = classifier::model_version();
    let line = |level: &str, reading: &str, of: &str| {
        let answer = format!("y el servidor '3' (modelo {model})");
        [format!(
            "{level} - La página y el servidor no coinciden: la página leyó {reading} (modelo {of}) {answer}."
        )]
    };

    assert!(compared(&post(&read("3")).await).is_empty());
    assert_eq!(counted(&server).await, [1.0, 0.0, 0.0]);
    // From the cache, too.
    let response = post(&read("7")).await;
    assert_eq!(compared(&response), line("WARNING", "'7'", model));
    let response = post(&read("-")).await;
    assert_eq!(compared(&response), line("WARNING", "nada", model));
    assert_eq!(counted(&server).await, [1.0, 2.0, 0.0]);
    // A page with another model is not compared, whatever it has read.
    let response = post("digits-0 7").await;
    assert_eq!(compared(&response), line("INFO", "'7'", "digits-0"));
    assert!(compared(&post("digits-0 3").await).is_empty());
    assert_eq!(counted(&server).await, [1.0, 2.0, 2.0]);
}

#[tokio::test]
async fn a_number_is_compared_as_a_whole_and_no_digit_with_none() {
    let server = TestServer::shipped().await;
    let browser = server.browser("admin").await;
    let two = encoded(drawn("2-plain"), image::ImageFormat::Png);
    let blank = encoded(
        image::GrayImage::from_pixel(40, 40, image::Luma([255])),
        image::ImageFormat::Png,
    );
    let post = async |path: &str, reading: &str, picture: &[u8]| {
        let request = browser.ask(Method::POST, path).header("page-reading", read(reading));
        sent(request.multipart(file("a.png", picture))).await;
        counted(&server).await
    };
    assert_eq!(post("/api/predict/number", "2", &two).await, [1.0, 0.0, 0.0]);
    assert_eq!(post("/api/predict/number", "22", &two).await, [1.0, 1.0, 0.0]);
    assert_eq!(post("/api/predict", "-", &blank).await, [2.0, 1.0, 0.0]);
    assert_eq!(post("/api/predict", "0", &blank).await, [2.0, 2.0, 0.0]);
}

#[tokio::test]
async fn what_the_page_would_not_send_is_ignored() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let post = |request: RequestBuilder| request.multipart(file("a.png", numbered_png(1)));
    let long = read(&"7".repeat(65));
    for reading in ["", "7", "x", " 7", "digits-0 x", "digits-0 7,8", &long] {
        let request = browser
            .ask(Method::POST, "/api/predict")
            .header("page-reading", reading);
        assert!(compared(&sent(post(request)).await).is_empty(), "{reading:?}");
    }
    // A program has no page, whatever it sends.
    let request = server.by(&server.token, Method::POST, "/api/predict");
    let request = request.header("page-reading", read("7"));
    assert!(compared(&sent(post(request)).await).is_empty());
    sent(post(browser.ask(Method::POST, "/api/predict"))).await;
    assert_eq!(counted(&server).await, [0.0; 3]);
}

#[tokio::test]
async fn a_reading_without_an_answer_is_not_counted() {
    let server = TestServer::start().await;
    let browser = server.browser("admin").await;
    let request = browser
        .ask(Method::POST, "/api/predict")
        .header("page-reading", read("7"));
    let response = request.multipart(file("a.txt", "hola")).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(counted(&server).await, [0.0; 3]);
}
