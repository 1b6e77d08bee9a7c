//! When a key was last used.

use chrono::{DateTime, TimeDelta, Utc};
use server::util::Clock;

use super::{list, make, status};
use crate::support::{TestServer, eventually};

async fn last_use(server: &TestServer, token: &str) -> Option<DateTime<Utc>> {
    let keys = list(server, token).await;
    keys[0]["last_used_at"].as_str().map(|time| time.parse().unwrap())
}

/// Also for an account that isn't remembered.
#[tokio::test]
async fn the_last_use_is_written_at_most_once_a_minute() {
    for is_confirmed in [true, false] {
        let clock = Clock::mock();
        let server = TestServer::with_clock(clock.clone(), |_| ()).await;
        if is_confirmed {
            server.add_user("ana").await;
        } else {
            server.register("ana").await;
        }
        let token = server.sign_in("ana").await;
        let key = make(&server, &token, &["history"]).await.key;
        assert_eq!(last_use(&server, &token).await, None);
        let start = clock.now();
        assert_eq!(status(&server, &key).await, 200);
        let first = eventually("a first use", async || last_use(&server, &token).await).await;
        assert!((first - start).abs() < TimeDelta::seconds(30), "{first}");

        clock.advance(TimeDelta::seconds(20));
        assert_eq!(status(&server, &key).await, 200);
        clock.advance(TimeDelta::seconds(50));
        assert_eq!(status(&server, &key).await, 200);
        let later = async || last_use(&server, &token).await.filter(|used| *used != first);
        let second = eventually("a later use", later).await;
        // That of the third request: the second one was not written.
        let passed = second - first;
        assert!(
            passed >= TimeDelta::seconds(70) && passed < TimeDelta::seconds(100),
            "{passed}"
        );
    }
}

/// The owner sees that a program tries.
#[tokio::test]
async fn what_a_key_is_not_allowed_is_a_use() {
    let server = TestServer::start().await;
    let key = make(&server, &server.token, &["predict"]).await.key;
    assert_eq!(status(&server, &key).await, 403);
    eventually("a use", async || last_use(&server, &server.token).await).await;
}
