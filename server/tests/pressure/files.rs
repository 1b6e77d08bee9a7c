//! A process that has no file descriptors left.

use std::time::Duration;

use reqwest::{Method, Response};
use tokio::{net::TcpStream, time::timeout};

use crate::{
    harness::{
        Installation, Row, assert_no_internal_error, assert_unavailable, history, predict, short_or_long, tally,
    },
    support::{eventually, server::PASSWORD},
};

/// Few, and more connections than that.
const FILES: &str = "ulimit -n 64; exec \"$0\"";
const CONNECTIONS: usize = 100;

/// Sends a request on the connection that is open. When the previous response has just been read, the client may open a new
/// connection instead, which the server can't accept, so the request is sent again.
async fn on_open_connection(mut send: impl AsyncFnMut() -> reqwest::Result<Response>) -> Response {
    for _ in 0..3 {
        if let Ok(response) = timeout(Duration::from_secs(5), send()).await {
            return response.unwrap();
        }
    }
    panic!("no answer on the open connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_descriptors_it_answers_on_the_connections_it_has_and_recovers() {
    let mut row = Row::new("Files exhausted");
    let installation = Installation::new(&[]);
    let program = installation.ready(&["bash", "-c", FILES]).await;
    let token = program.sign_in("admin", PASSWORD).await;
    let mut statuses = Vec::new();
    let mut sent = 0;
    for _ in 0..short_or_long(1, 20) {
        let mut idle = Vec::new();
        for _ in 0..CONNECTIONS {
            idle.push(TcpStream::connect(program.address()).await.unwrap());
        }
        let no_more = || program.console().contains("No se pudo aceptar una conexión");
        eventually("refused connection", async || no_more().then_some(())).await;
        // On the connection that is open since the login.
        for _ in 0..10 {
            let response = on_open_connection(async || {
                sent += 1;
                predict(&program, &token, sent).await
            });
            let response = response.await;
            statuses.push(response.status().as_u16());
            // Read to its end, so that the connection is used again.
            if response.status() == 200 {
                response.bytes().await.unwrap();
            } else {
                assert_unavailable(response).await;
            }
            let live = on_open_connection(async || program.ask(Method::GET, "/health/live").send().await).await;
            assert_eq!(live.status(), 200);
            live.bytes().await.unwrap();
        }
        drop(idle);
        let again = TcpStream::connect(program.address()).await.unwrap();
        drop(again);
        eventually("prediction", async || {
            sent += 1;
            let response = predict(&program, &token, sent).await.unwrap();
            let status = response.status().as_u16();
            statuses.push(status);
            response.bytes().await.unwrap();
            (status == 200).then_some(())
        })
        .await;
    }
    let answered = statuses.iter().filter(|status| **status == 200).count() as u64;
    let rows = history(&program, &token).await;
    assert!((answered..=u64::from(sent)).contains(&rows), "{rows} of {answered}");
    row.figure(format!(
        "{} (predictions on an open connection), none lost",
        tally(statuses.into_iter())
    ));
    assert_no_internal_error(&program.stop());
    row.finish();
}
