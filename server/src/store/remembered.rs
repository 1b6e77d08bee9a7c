//! Sessions and API keys with their accounts, remembered in the process, so that most requests don't ask the database who
//! sends them.
//!
//! A change of a session, a key or an account makes the process forget it in the transaction's commit
//! ([`WriteTransaction::commit`]). On Postgres the other processes forget it too (`listen.rs`); SQLite has only one.
//!
//! [`WriteTransaction::commit`]: super::WriteTransaction::commit

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use moka::sync::Cache;

use super::{
    api_keys::StoredKey,
    sessions::{ActiveSession, StoredSession},
};
use crate::domain::User;

/// Sessions that are remembered, and keys; the least used are forgotten first.
const CAPACITY: u64 = 10_000;

/// What a transaction changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// The session with this identifier has ended.
    Session(String),
    /// The account with this number, or its sessions or keys, have changed.
    User(i64),
}

/// The remembered sessions and keys; cheap to clone.
#[derive(Clone)]
pub(super) struct Remembered(Arc<Inner>);

struct Inner {
    /// By identifier.
    sessions: Cache<String, Arc<StoredSession>>,
    /// Identifiers by the hash of a cookie's token. A token never names another session.
    tokens: Cache<Vec<u8>, String>,
    /// By the hash of the key.
    keys: Cache<Vec<u8>, Arc<StoredKey>>,
    state: Mutex<State>,
}

/// Held while a session or a key is remembered or forgotten.
struct State {
    /// Whether changes of other processes are heard of.
    enabled: bool,
    /// Incremented by each change: what was read from the database before it isn't remembered after it.
    generation: u64,
}

/// The state of the database's sessions and keys when a read began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Generation(u64);

impl Remembered {
    pub(super) fn new(enabled: bool) -> Self {
        Self(Arc::new(Inner {
            sessions: Cache::builder()
                .max_capacity(CAPACITY)
                .support_invalidation_closures()
                .build(),
            tokens: Cache::new(CAPACITY),
            keys: Cache::builder()
                .max_capacity(CAPACITY)
                .support_invalidation_closures()
                .build(),
            state: Mutex::new(State { enabled, generation: 0 }),
        }))
    }

    pub(super) fn session(&self, id: &str) -> Option<Arc<StoredSession>> {
        self.0.sessions.get(id)
    }

    pub(super) fn session_of_token(&self, token_hash: &[u8]) -> Option<Arc<StoredSession>> {
        self.session(&self.0.tokens.get(token_hash)?)
    }

    pub(super) fn key(&self, key_hash: &[u8]) -> Option<Arc<StoredKey>> {
        self.0.keys.get(key_hash)
    }

    /// To be called before a session or a key is read from the database.
    pub(super) fn generation(&self) -> Generation {
        Generation(self.state().generation)
    }

    /// Remembers a session that was read since `read_in` was taken.
    pub(super) fn remember(&self, session: StoredSession, read_in: Generation) {
        let state = self.state();
        let ActiveSession { id, user } = &session.active;
        if state.allows(read_in, user) {
            let id = id.clone();
            self.0.tokens.insert(session.token_hash.clone(), id.clone());
            self.0.sessions.insert(id, Arc::new(session));
        }
    }

    /// Remembers a key that was read since `read_in` was taken.
    pub(super) fn remember_key(&self, key: &Arc<StoredKey>, read_in: Generation) {
        let state = self.state();
        if state.allows(read_in, &key.active.user) {
            self.0.keys.insert(key.key_hash.clone(), Arc::clone(key));
        }
    }

    pub(super) fn forget(&self, changes: &[Change]) {
        let mut state = self.state();
        state.generation += 1;
        for change in changes {
            match change {
                Change::Session(id) => self.0.sessions.invalidate(id),
                Change::User(id) => {
                    let id = *id;
                    // An error would mean that the cache doesn't support closures.
                    let of_user = move |_: &String, session: &Arc<StoredSession>| session.active.user.id == id;
                    if self.0.sessions.invalidate_entries_if(of_user).is_err() {
                        self.0.sessions.invalidate_all();
                    }
                    let of_user = move |_: &Vec<u8>, key: &Arc<StoredKey>| key.active.user.id == id;
                    if self.0.keys.invalidate_entries_if(of_user).is_err() {
                        self.0.keys.invalidate_all();
                    }
                }
            }
        }
    }

    /// Forgets everything; remembers nothing until it is enabled.
    pub(super) fn set_enabled(&self, enabled: bool) {
        let mut state = self.state();
        state.generation += 1;
        state.enabled = enabled;
        self.0.sessions.invalidate_all();
        self.0.keys.invalidate_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether what names `user` and was read since `read_in` was taken may be remembered. Each prediction of an account
    /// whose address isn't confirmed changes what it may do.
    fn allows(&self, read_in: Generation, user: &User) -> bool {
        self.enabled && self.generation == read_in.0 && user.email_confirmed
    }
}
