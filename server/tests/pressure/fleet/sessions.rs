//! A session that one server ends is refused by the others from the next request on.

use reqwest::Method;

use super::{Fleet, SERVERS};
use crate::{
    harness::{Row, short_or_long},
    support::{program::Program, server::PASSWORD},
};

async fn me(server: &Program, token: &str) -> u16 {
    let request = server.ask(Method::GET, "/api/me").bearer_auth(token);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_on_one_is_refused_by_the_others() {
    let mut row = Row::new("Signed out on one of three servers");
    let fleet = Fleet::start(&[]).await;
    let rounds = short_or_long(30, 1_000);
    for round in 0..rounds {
        let one = fleet.server(round % SERVERS);
        let token = one.sign_in("admin", PASSWORD).await;
        for number in 0..SERVERS {
            // Twice: the second request is answered from what the server remembers.
            for _ in 0..2 {
                assert_eq!(me(fleet.server(number), &token).await, 200);
            }
        }
        let logout = one.ask(Method::POST, "/api/logout").bearer_auth(&token);
        assert_eq!(logout.send().await.unwrap().status(), 200);
        for number in 0..SERVERS {
            assert_eq!(me(fleet.server(number), &token).await, 401, "round {round}");
        }
    }
    row.figure(format!(
        "{rounds} sessions, each refused by the others at the next request"
    ));
    row.finish();
}
