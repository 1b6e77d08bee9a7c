//! Clients of the service, each of which waits for an answer before it asks again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::{Method, StatusCode};
use sea_orm::{ColumnTrait, Database, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use server::store::entities::{prediction, user};
use tokio::{task::JoinSet, time::sleep};

use super::{Fleet, balancer::Visitor};
use crate::support::{
    eventually,
    pictures::numbered_png,
    server::{PASSWORD, file},
};

pub(super) const CLIENTS: usize = 6;

/// What clients have seen.
#[derive(Default)]
pub(super) struct Seen {
    /// Predictions asked for, and those answered.
    pub(super) sent: u64,
    pub(super) predicted: u64,
    pub(super) registered: Vec<String>,
    pub(super) pages: usize,
    /// What was answered otherwise, or why nothing was.
    pub(super) failed: Vec<String>,
}

/// The running clients.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    clients: JoinSet<Seen>,
}

impl Load {
    /// Starts them, signed in as the administrator.
    pub(super) async fn start(fleet: &Fleet) -> Self {
        let credentials = json!({ "username": "admin", "password": PASSWORD });
        let visitor = fleet.balancer.visitor();
        let login = visitor
            .ask(Method::POST, "/login")
            .json(&credentials)
            .send()
            .await
            .unwrap();
        let token = login.json::<api::AccessToken>().await.unwrap().access_token;
        let mut load = Self {
            stop: Arc::default(),
            answered: Arc::default(),
            clients: JoinSet::new(),
        };
        for client in 0..CLIENTS {
            let (stop, answered) = (Arc::clone(&load.stop), Arc::clone(&load.answered));
            let (visitor, token) = (fleet.balancer.visitor(), token.clone());
            load.clients.spawn(async move {
                let mut seen = Seen::default();
                for round in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let number = u32::try_from(client * 1_000_000 + round).unwrap();
                    if ask(&visitor, &token, number, &mut seen).await {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    sleep(Duration::from_millis(10)).await;
                }
                seen
            });
        }
        load
    }

    /// Waits until each client has been answered some times more.
    pub(super) async fn goes_on(&self) {
        let before = self.answered.load(Ordering::Relaxed);
        eventually("answers to the clients", async || {
            (self.answered.load(Ordering::Relaxed) > before + 20 * CLIENTS).then_some(())
        })
        .await;
    }

    /// Ends them, and checks that the database has what they were answered.
    pub(super) async fn end(mut self, fleet: &Fleet) -> Seen {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Seen::default();
        while let Some(seen) = self.clients.join_next().await {
            let seen = seen.unwrap();
            all.sent += seen.sent;
            all.predicted += seen.predicted;
            all.registered.extend(seen.registered);
            all.pages += seen.pages;
            all.failed.extend(seen.failed);
        }
        assert!(all.predicted > 0 && all.pages > 0, "there was load");
        let database = Database::connect(&fleet.database).await.unwrap();
        let rows = prediction::Entity::find().count(&database).await.unwrap();
        assert!(
            (all.predicted..=all.sent).contains(&rows),
            "{rows} predictions kept of {} answered and {} sent",
            all.predicted,
            all.sent
        );
        let accounts = user::Entity::find().filter(user::Column::Username.is_in(&all.registered));
        let accounts = accounts.count(&database).await.unwrap();
        assert_eq!(accounts, all.registered.len() as u64, "accounts are kept");
        all
    }
}

/// Registers an account, opens a page, or uploads a picture; returns whether that was done.
async fn ask(visitor: &Visitor, token: &str, number: u32, seen: &mut Seen) -> bool {
    let (expected, request): (u16, _) = match number % 8 {
        0 => {
            let name = format!("user{number}");
            let new = json!({ "username": name, "email": format!("{name}@example.com"), "password": PASSWORD });
            (201, visitor.ask(Method::POST, "/register").json(&new))
        }
        1 | 2 => (200, visitor.ask(Method::GET, "/")),
        _ => {
            seen.sent += 1;
            let upload = visitor.ask(Method::POST, "/predict").bearer_auth(token);
            (200, upload.multipart(file("a.png", numbered_png(number))))
        }
    };
    // An answer counts when all of it has come.
    let answer = async {
        let response = request.send().await?;
        let status = response.status();
        response.bytes().await.map(|_| status)
    };
    let failure = match answer.await {
        Ok(status) if status == expected => {
            match number % 8 {
                0 => seen.registered.push(format!("user{number}")),
                1 | 2 => seen.pages += 1,
                _ => seen.predicted += 1,
            }
            return true;
        }
        Ok(status) => {
            // Those of the proxy, when a server doesn't answer.
            let is_expected = [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE].contains(&status);
            assert!(is_expected, "{status}");
            status.to_string()
        }
        Err(error) => error.to_string(),
    };
    seen.failed.push(failure);
    false
}
