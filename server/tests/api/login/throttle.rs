//! The login throttle.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::{behind_a_proxy_in, login_from};
use crate::{
    limits::storage::{Storage, in_each_storage},
    support::{
        log::lines_of,
        server::{PASSWORD, refused},
    },
};

in_each_storage!(
    guessing_is_throttled_by_address_and_name,
    distributed_guessing_delays_logins_up_to_a_maximum,
);

async fn guessing_is_throttled_by_address_and_name(storage: &Storage) {
    let server = behind_a_proxy_in(storage).await;
    server.add_user("ana").await;
    for _ in 0..5 {
        refused(
            login_from(&server, "203.0.113.66", "ana", "wrong password").await,
            401,
            "bad_credentials",
            "msg",
        )
        .await;
    }
    // Even the correct password is rejected from that address.
    for (name, password) in [("ana", "wrong password"), ("ANA", PASSWORD)] {
        let response = login_from(&server, "203.0.113.66", name, password).await;
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=180).contains(&wait), "{wait}");
        assert_eq!(
            lines_of(&response),
            ["WARNING - Límite de solicitudes superado en '/api/login'."]
        );
        refused(response, 429, "rate_limited", "msg").await;
    }
    // Other names are not affected, and the owner can log in from another address, with a delay.
    assert_eq!(
        login_from(&server, "203.0.113.66", "nobody", "wrong password")
            .await
            .status(),
        401
    );
    let start = Instant::now();
    assert_eq!(login_from(&server, "198.51.100.7", "ana", PASSWORD).await.status(), 200);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

async fn distributed_guessing_delays_logins_up_to_a_maximum(storage: &Storage) {
    let server = behind_a_proxy_in(storage).await;
    server.add_user("ana").await;
    let guess = async |number: usize| {
        let ip = format!("203.0.113.{number}");
        let start = Instant::now();
        assert_eq!(login_from(&server, &ip, "ana", "wrong password").await.status(), 401);
        start.elapsed()
    };
    join_all((0..10).map(&guess)).await;
    let slowed = guess(10).await;
    assert!(slowed >= Duration::from_secs(1), "{slowed:?}");
    join_all((11..40).map(&guess)).await;
    let start = Instant::now();
    assert_eq!(login_from(&server, "198.51.100.7", "ana", PASSWORD).await.status(), 200);
    let bounded = start.elapsed();
    assert!(
        (Duration::from_millis(1900)..Duration::from_secs(4)).contains(&bounded),
        "{bounded:?}"
    );
    // Other users are not delayed.
    let start = Instant::now();
    assert_eq!(
        login_from(&server, "198.51.100.7", "admin", PASSWORD).await.status(),
        200
    );
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
