//! The clock of the machine, set back by an hour and forward again.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::Value;
use server::util::Clock;

use crate::{
    harness::Row,
    support::{
        TestServer,
        mail::{Sink, by_smtp},
        pictures::numbered_png,
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn setting_the_clock_back_ends_no_session_and_loses_nothing() {
    let mut row = Row::new("Clock set back an hour");
    let mut sink = Sink::start().await;
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |settings| by_smtp(settings, sink.port)).await;
    let mut pictures = 0;
    for (step, hours) in [0, -1, 1].into_iter().enumerate() {
        clock.advance(TimeDelta::hours(hours));
        // The session, and that of a login now.
        let token = server.sign_in("admin").await;
        for token in [&server.token, &token] {
            assert_eq!(server.me(token).await.status(), 200, "step {step}");
        }
        for _ in 0..3 {
            pictures += 1;
            let response = server.upload_by(&token, "a.png", numbered_png(pictures)).send().await;
            assert_eq!(response.unwrap().status(), 200);
        }
        let list: Value = server.get_json("/api/predictions").await;
        assert_eq!(list["total"], pictures, "{list}");
        let name = format!("user{step}");
        assert_eq!(server.register(&name).await.status(), 201);
        let mail = sink.next().await;
        assert_eq!(mail.to, [format!("{name}@example.com")]);
        let confirm = format!("/api/confirm/{}", mail.token(&server, "confirm"));
        let confirmed = server.client.post(server.url(&confirm)).send().await.unwrap();
        assert_eq!(confirmed.status(), 200, "its link is valid");
        let logout = server.by(&token, Method::POST, "/api/logout").send().await.unwrap();
        assert!(logout.status().is_success());
        assert_eq!(server.me(&token).await.status(), 401);
        assert_eq!(server.get("/health/ready").await.status(), 200);
    }
    assert!(sink.arrived().is_empty(), "each email came once");
    row.figure("sessions, logins, predictions, emails and their links valid before, then and after");
    row.finish();
}
