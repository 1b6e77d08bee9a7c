//! Accounts: registration, login, sessions, API keys, the links sent by email, and what users change of their own account.

mod api_keys;
mod bootstrap_admin;
mod check;
mod error;
mod hasher;
mod login;
mod login_throttle;
mod mail_limit;
mod mail_links;
mod own_account;
mod register;
mod second_factor;
mod session;

use std::sync::Arc;

use chrono::Duration;

use crate::{
    limits::{LimitStorage, Limiter},
    mail::Outbox,
    settings::Settings,
    store::Store,
    tokens::Keys,
    util::Clock,
};

pub(crate) use bootstrap_admin::{AdminError, bootstrap_admin, create_admin};
pub(crate) use error::{CheckError, InternalError, LoginError, MailTokenError, OwnAccountError, RegisterError};
pub(crate) use hasher::{HashError, Hasher};
pub(crate) use login_throttle::LoginThrottle;
pub(crate) use second_factor::remove_second_factor;
pub(crate) use session::{IssuedSession, SessionError};

use session::Sessions;

/// Everything that requests about accounts need; cheap to clone.
#[derive(Clone)]
pub(crate) struct Accounts(Arc<Parts>);

struct Parts {
    store: Store,
    hasher: Hasher,
    sessions: Sessions,
    throttle: LoginThrottle,
    mail_limit: Limiter,
    keys: Keys,
    outbox: Outbox,
    clock: Clock,
    mail_token_ttl: Duration,
    unconfirmed_predictions: u32,
}

impl Accounts {
    /// With the limits of the settings, counted in `storage`.
    pub(crate) fn new(
        settings: &Settings,
        store: Store,
        keys: Keys,
        outbox: Outbox,
        clock: Clock,
        storage: &LimitStorage,
    ) -> Self {
        let accounts = &settings.accounts;
        let is_limited = settings.limits.ratelimit_enabled;
        Self(Arc::new(Parts {
            hasher: Hasher::new(accounts.hashing_threads),
            sessions: Sessions::new(accounts, &keys, clock.clone()),
            throttle: LoginThrottle::new(storage, is_limited),
            mail_limit: mail_limit::mail_limit(storage, is_limited),
            mail_token_ttl: Duration::hours(accounts.mail_token_hours.into()),
            unconfirmed_predictions: accounts.unconfirmed_predictions,
            store,
            keys,
            outbox,
            clock,
        }))
    }

    /// The database.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// The number of predictions an account has before its address must be confirmed.
    pub(crate) fn unconfirmed_predictions(&self) -> u32 {
        self.0.unconfirmed_predictions
    }
}
