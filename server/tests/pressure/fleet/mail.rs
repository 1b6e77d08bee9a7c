//! One outbox and three servers that send: each mail comes once, also where one of them is killed, or ends by itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use chrono::{TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, Database, DatabaseConnection, EntityTrait, PaginatorTrait, sea_query::Expr};
use server::store::entities::{column::Purpose, outbox};

use super::Fleet;
use crate::{
    harness::{Row, register},
    support::{eventually, mail::Sink, program::Program},
};

/// Mails that a server claims at a time (server/src/mail/mod.rs).
const BATCH: usize = 10;

/// The mail of a batch before whose recipient the mail server takes a second.
const SLOW: usize = 5;

fn recipient(number: usize) -> String {
    let name = if number % BATCH == SLOW { "slow" } else { "mail" };
    format!("{name}{number}@example.com")
}

/// The number of a mail by its recipient; `None` for one to a new account.
fn number(recipient: &str) -> Option<usize> {
    let (name, _) = recipient.split_once('@').unwrap();
    name.trim_start_matches(char::is_alphabetic).parse().ok()
}

/// Puts mails into the outbox, all due, in the order of their numbers.
async fn add(database: &DatabaseConnection, numbers: Range<usize>) {
    let now = Utc::now();
    let mails = numbers.map(|number| outbox::ActiveModel {
        user_id: Set(None),
        purpose: Set(Purpose::PasswordChanged),
        recipient: Set(recipient(number)),
        username: Set("ana".to_owned()),
        language: Set("es".to_owned()),
        seed: Set(Vec::new()),
        request_id: Set(format!("mail {number}")),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::days(1)),
        attempts: Set(0),
        next_attempt_at: Set(now - TimeDelta::hours(1) + TimeDelta::milliseconds(i64::try_from(number).unwrap())),
        claimed_at: Set(None),
        ..Default::default()
    });
    let mails = outbox::Entity::insert_many(mails);
    mails.exec_without_returning(database).await.unwrap();
}

/// Waits until a server waits for the slow mail of a batch with numbers from `first` on; returns the numbers of that batch.
async fn in_a_batch(server: &Program, first: usize) -> Range<usize> {
    let sent = eventually("half of a batch", async || {
        let console = server.console();
        let sent = console
            .lines()
            .filter_map(|line| line.split_once(" enviado a '")?.1.split_once('\''));
        let sent: Vec<_> = sent
            .filter_map(|(to, _)| number(to))
            .filter(|number| *number >= first)
            .collect();
        (sent.len() >= SLOW).then_some(sent)
    })
    .await;
    let start = sent.last().unwrap() / BATCH * BATCH;
    start..start + BATCH
}

/// The numbers of the mails in the outbox, and whether all are claimed.
async fn waiting(database: &DatabaseConnection) -> (BTreeSet<usize>, bool) {
    let rows = outbox::Entity::find().all(database).await.unwrap();
    let are_claimed = rows.iter().all(|row| row.claimed_at.is_some());
    (
        rows.iter().filter_map(|row| number(&row.recipient)).collect(),
        are_claimed,
    )
}

async fn until_empty(database: &DatabaseConnection) {
    eventually("empty outbox", async || {
        (outbox::Entity::find().count(database).await.unwrap() == 0).then_some(())
    })
    .await;
}

/// Counts the mails that have arrived; the last of them is that of a new account.
async fn arrived(sink: &mut Sink, server: &Program, name: &str, mails: &mut BTreeMap<usize, u32>) {
    assert_eq!(register(server, name).await.unwrap().status(), 201);
    loop {
        let to = sink.next().await.to.concat();
        if to.starts_with(name) {
            return;
        }
        if let Some(number) = number(&to) {
            *mails.entry(number).or_default() += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mail_comes_once_from_three_servers() {
    let mut row = Row::new("200 emails, three servers, one killed");
    let mut sink = Sink::start().await;
    let port = sink.port.to_string();
    let mut fleet = Fleet::start(&[
        ("MAIL_SERVER", "127.0.0.1"),
        ("MAIL_PORT", &port),
        ("MAIL_USE_TLS", "false"),
    ])
    .await;
    let database = Database::connect(&fleet.database).await.unwrap();
    let mut mails = BTreeMap::new();

    add(&database, 0..200).await;
    let batch = in_a_batch(fleet.server(0), 0).await;
    fleet.take(0).kill();
    // The others send all that it hadn't claimed.
    let (left, are_claimed) = eventually("mails of the killed server", async || {
        let (left, are_claimed) = waiting(&database).await;
        left.iter()
            .all(|number| batch.contains(number))
            .then_some((left, are_claimed))
    })
    .await;
    assert!(!left.is_empty() && are_claimed, "{left:?} of {batch:?}");
    arrived(&mut sink, fleet.server(1), "first", &mut mails).await;
    // Delivered at the moment of the kill, without a note of it.
    let in_flight: Vec<_> = left
        .iter()
        .copied()
        .filter(|number| mails.contains_key(number))
        .collect();
    assert!(in_flight.len() <= 1, "{in_flight:?}");
    // Ten minutes later.
    outbox::Entity::update_many()
        .col_expr(
            outbox::Column::ClaimedAt,
            Expr::value(Utc::now() - TimeDelta::minutes(11)),
        )
        .exec(&database)
        .await
        .unwrap();
    until_empty(&database).await;
    arrived(&mut sink, fleet.server(1), "second", &mut mails).await;
    for number in 0..200 {
        let most = 1 + u32::from(in_flight.contains(&number));
        let times = mails.remove(&number).unwrap_or_default();
        assert!((1..=most).contains(&times), "mail {number} came {times} times");
    }

    // One that ends by itself hands back what it has claimed.
    add(&database, 200..320).await;
    let batch = in_a_batch(fleet.server(1), 200).await;
    fleet.take(1).stop();
    until_empty(&database).await;
    arrived(&mut sink, fleet.server(2), "third", &mut mails).await;
    assert!(
        mails.len() == 120 && mails.values().all(|times| *times == 1),
        "{batch:?}: {mails:?}"
    );

    row.figure(format!(
        "200 emails came, {} of them left by the killed server",
        left.len()
    ));
    row.figure(format!("{} twice, in flight at the kill", in_flight.len()));
    row.figure("120 emails came once while a server was stopped");
    row.finish();
}
