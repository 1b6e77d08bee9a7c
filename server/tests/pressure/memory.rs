//! The memory that bursts take, and that it is given back.

#![cfg(target_os = "linux")]

use std::{fs, time::Duration};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tokio::time::sleep;

use crate::{
    harness::{Installation, Row, assert_no_internal_error, is_long, memory, short_or_long, tally, upload},
    support::{pictures::blocks_jpeg, program::Program, server::PASSWORD},
};

/// Passwords hashed at the same time.
const PERMITS: u32 = 2;

/// Megabytes that a program may have some seconds after any burst, and the seconds.
const AFTERWARDS: f64 = 100.0;
const WAIT: Duration = Duration::from_secs(10);

/// The largest that a program has been since [`forget_peak`], in megabytes.
fn peak(program: &Program) -> f64 {
    memory(program, "VmHWM")
}

fn forget_peak(program: &Program) {
    fs::write(format!("/proc/{}/clear_refs", program.id()), "5").unwrap();
}

/// Adds to the row what the program has after [`WAIT`], which only the long form waits for.
async fn afterwards(program: &Program, row: &mut Row) {
    if is_long() {
        sleep(WAIT).await;
        let left = memory(program, "VmRSS");
        row.bounded(format!("{left:.0} MB ten seconds later"), left < AFTERWARDS);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sign_ins_take_the_memory_of_the_permits() {
    let mut row = Row::new("200 sign-ins at once");
    let permits = PERMITS.to_string();
    let installation = Installation::new(&[("HASHING_THREADS", &permits)]);
    let program = installation.ready(&[]).await;
    // Opens connections and code paths.
    program.sign_in("admin", PASSWORD).await;
    let start = memory(&program, "VmRSS");
    forget_peak(&program);
    let count = short_or_long(60, 200);
    let sign_ins = (0..count).map(async |_| {
        let credentials = json!({ "username": "admin", "password": PASSWORD });
        let request = program.ask(Method::POST, "/login").json(&credentials);
        request.send().await.unwrap().status().as_u16()
    });
    let statuses = join_all(sign_ins).await;
    assert!(
        statuses.iter().all(|status| *status == 200),
        "{}",
        tally(statuses.into_iter())
    );
    let (peak, limit) = (peak(&program), start + f64::from(PERMITS) * 20.0 + 20.0);
    assert!(peak <= limit, "{peak:.0} MB of at most {limit:.0}");
    row.figure(format!(
        "{count} × 200, from {start:.0} MB to {peak:.0} of at most {limit:.0}"
    ));
    afterwards(&program, &mut row).await;
    assert_no_internal_error(&program.stop());
    row.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_of_large_pictures_is_given_back() {
    let mut row = Row::new("Large pictures at once");
    let installation = Installation::new(&[]);
    let program = installation.ready(&[]).await;
    let token = program.sign_in("admin", PASSWORD).await;
    let start = memory(&program, "VmRSS");
    forget_peak(&program);
    let (width, height) = short_or_long((2_000, 1_500), (8_000, 6_000));
    // A one, of the height of the middle half.
    let is_ink = |x: u32, y: u32| {
        let (x, y) = (x * 100 / u32::from(width), y * 100 / u32::from(height));
        (48..52).contains(&x) && (25..75).contains(&y)
    };
    let picture = blocks_jpeg(width, height, is_ink);
    let uploads = (0..8_u8).map(async |number| {
        // Bytes after its end make it another file with the same picture.
        let bytes = [picture.as_slice(), &[number]].concat();
        upload(&program, &token, bytes).await.unwrap().status().as_u16()
    });
    let statuses = join_all(uploads).await;
    assert!(
        statuses.iter().all(|status| *status == 200),
        "{}",
        tally(statuses.into_iter())
    );
    let megapixels = u32::from(width) * u32::from(height) / 1_000_000;
    row.figure(format!(
        "8 of {megapixels} megapixels, from {start:.0} MB to {:.0}",
        peak(&program)
    ));
    afterwards(&program, &mut row).await;
    assert_no_internal_error(&program.stop());
    row.finish();
}
