//! A mail server that is dead for an hour: all emails arrive once when it is back.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};
use server::{store::entities::outbox, util::Clock};

use crate::{
    harness::{Row, short_or_long},
    support::{
        TestServer, eventually,
        mail::{Sink, by_smtp, dead_port},
    },
};

/// The time between two attempts is at most this (server/src/mail/mod.rs).
const MAX_RETRY_DELAY: TimeDelta = TimeDelta::minutes(30);

#[tokio::test(flavor = "multi_thread")]
async fn emails_of_an_hour_without_mail_server_arrive_once() {
    let mut row = Row::new("SMTP dead for an hour");
    let port = dead_port();
    let clock = Clock::mock();
    let server = TestServer::with_clock(clock.clone(), |settings| by_smtp(settings, port)).await;
    let database = server.database().await;
    let count = short_or_long(6, 60);
    let names: Vec<_> = (0..count).map(|number| format!("user{number}")).collect();
    for name in &names {
        // Wakes the worker, which tries all that are due.
        assert_eq!(server.register(name).await.status(), 201);
        eventually("counted attempt", async || {
            let waiting = outbox::Entity::find().all(&database).await.unwrap();
            let own = waiting.iter().find(|mail| &mail.username == name);
            own.is_some_and(|mail| mail.attempts > 0 && mail.claimed_at.is_none())
                .then_some(())
        })
        .await;
        clock.advance(TimeDelta::hours(1) / count);
    }
    assert_eq!(
        outbox::Entity::find().count(&database).await.unwrap(),
        names.len() as u64
    );
    assert_eq!(server.get("/health/ready").await.status(), 200, "only emails wait");

    let mut sink = Sink::start_on(port).await;
    clock.advance(MAX_RETRY_DELAY);
    assert_eq!(server.register("last").await.status(), 201);
    server.all_mail_left().await;
    let mut mails = BTreeMap::<String, u32>::new();
    for _ in 0..=names.len() {
        *mails.entry(sink.next().await.to.concat()).or_default() += 1;
    }
    assert_eq!(mails.len(), names.len() + 1, "{mails:?}");
    assert!(sink.arrived().is_empty(), "each came once");
    row.figure(format!("{} emails waited, each arrived once", names.len()));
    row.finish();
}
