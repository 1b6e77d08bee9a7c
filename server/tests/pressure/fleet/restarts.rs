//! Servers that end under load: killed, and restarted in turn.

use reqwest::Method;

use super::{
    Fleet, SERVERS,
    load::{CLIENTS, Load},
};
use crate::{
    harness::{Row, assert_no_internal_error, short_or_long},
    support::{eventually, program::Program},
};

/// The proxy asks every 200 ms whether a server is ready.
const DELAY_SECONDS: &str = "3";

#[tokio::test(flavor = "multi_thread")]
async fn the_others_answer_when_one_is_killed() {
    let mut row = Row::new("One of three servers killed");
    let mut fleet = Fleet::start(&[]).await;
    let load = Load::start(&fleet).await;
    let kills = short_or_long(2, 100);
    for kill in 0..kills {
        load.goes_on().await;
        fleet.take(kill % SERVERS).kill();
        load.goes_on().await;
        fleet.start_again(kill % SERVERS).await;
    }
    load.goes_on().await;
    let seen = load.end(&fleet).await;
    // What it was answering when it was killed; the proxy doesn't know whether that may be sent again.
    assert!(seen.failed.len() <= kills * CLIENTS, "{:?}", seen.failed);
    row.figure(format!("{kills} kills"));
    row.figure(format!(
        "{} predictions and {} accounts answered, none lost",
        seen.predicted,
        seen.registered.len()
    ));
    row.figure(format!("{} requests cut by the kills", seen.failed.len()));
    row.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_fails_no_request() {
    let mut row = Row::new("Rolling restart of three servers");
    let mut fleet = Fleet::start(&[("SHUTDOWN_DELAY_SECONDS", DELAY_SECONDS)]).await;
    let load = Load::start(&fleet).await;
    let rounds = short_or_long(1, 20);
    for number in (0..rounds).flat_map(|_| 0..SERVERS) {
        load.goes_on().await;
        let server = fleet.take(number);
        server.signal("-TERM");
        falls_first(&server).await;
        assert_no_internal_error(&server.ended());
        fleet.start_again(number).await;
    }
    load.goes_on().await;
    let seen = load.end(&fleet).await;
    assert!(seen.failed.is_empty(), "{:?}", seen.failed);
    row.figure(format!("{} restarts", rounds * SERVERS));
    row.figure(format!(
        "{} predictions, {} accounts and {} pages answered, no request failed",
        seen.predicted,
        seen.registered.len(),
        seen.pages
    ));
    row.finish();
}

/// While it says that it isn't ready, it answers, and lets each client know that the connection ends.
async fn falls_first(server: &Program) {
    eventually("server that isn't ready", async || {
        let ready = server.ask(Method::GET, "/health/ready").send().await.unwrap();
        (ready.status() == 503).then_some(())
    })
    .await;
    let page = server.ask(Method::GET, "/").send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["connection"], "close");
}
