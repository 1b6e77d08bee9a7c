//! A day of light load, one request a second, as fast as it goes: the memory doesn't grow.

#![cfg(target_os = "linux")]

use reqwest::Method;

use crate::{
    harness::{Installation, Row, assert_no_internal_error, memory, predict, short_or_long},
    support::server::PASSWORD,
};

const SECONDS_PER_DAY: u32 = 86_400;

/// What the second half of the day may add, in megabytes: less than a leak of 250 bytes a request.
const GROWTH: f64 = 10.0;

/// Requests after which the access token is replaced, as a client does.
const REQUESTS_PER_TOKEN: u32 = 900;

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_does_not_grow_in_a_day() {
    let mut row = Row::new("A day of light load");
    // Full after a part of the day, so that it doesn't grow in the rest.
    let installation = Installation::new(&[("CACHE_ENTRIES", "1000")]);
    let program = installation.ready(&[]).await;
    let requests = short_or_long(800, SECONDS_PER_DAY);
    let mut token = String::new();
    let mut half = 0.0;
    for number in 0..requests {
        if number % REQUESTS_PER_TOKEN == 0 {
            token = program.sign_in("admin", PASSWORD).await;
        }
        if number == requests / 2 {
            half = memory(&program, "VmRSS");
        }
        let ask = |path| program.ask(Method::GET, path).bearer_auth(&token).send();
        let response = match number % 8 {
            0 => ask("/").await,
            1 => ask("/metrics").await,
            2 => ask("/api/predictions").await,
            3 => ask("/api/admin/users").await,
            4 => ask("/health/ready").await,
            _ => predict(&program, &token, number).await,
        };
        assert_eq!(response.unwrap().status(), 200);
    }
    let end = memory(&program, "VmRSS");
    row.figure(format!("{requests} requests"));
    row.bounded(
        format!("{half:.0} MB after half of them, {end:.0} MB after all"),
        end - half < GROWTH,
    );
    assert_no_internal_error(&program.stop());
    row.finish();
}
