//! Login by name and password.

use std::net::IpAddr;

use api::Credentials;

use super::{Accounts, InternalError, IssuedSession, LoginError};
use crate::{domain::User, store::StoredCredentials};

impl Accounts {
    /// Checks a name and a password, and starts a session.
    ///
    /// # Errors
    ///
    /// [`LoginError`].
    pub(crate) async fn log_in(&self, given: &Credentials, ip: IpAddr) -> Result<(User, IssuedSession), LoginError> {
        let throttle = &self.0.throttle;
        throttle.check(ip, &given.username).map_err(LoginError::Throttled)?;
        let result = self.check_password(given).await;
        // Whatever the result is, so that the time doesn't reveal it.
        tokio::time::sleep(throttle.delay(&given.username)).await;
        if let Err(LoginError::BadCredentials) = result {
            throttle.record_failure(ip, &given.username);
        }
        result
    }

    async fn check_password(&self, given: &Credentials) -> Result<(User, IssuedSession), LoginError> {
        if given.username.is_empty() || given.password.is_empty() {
            return Err(LoginError::FieldMissing);
        }
        let store = &self.0.store;
        let stored = store.credentials_by_name(&given.username).await;
        let stored = stored.map_err(InternalError::from)?;
        // Unknown users take as long as wrong passwords, so timing doesn't reveal which names exist.
        let hash = stored.as_ref().map(|stored| stored.password_hash.clone());
        let verified = self.0.hasher.verify(&given.password, hash).await;
        let verified = verified.map_err(InternalError::from)?;
        let Some(mut stored) = stored.filter(|_| verified.is_right) else {
            return Err(LoginError::BadCredentials);
        };
        if stored.user.disabled {
            return Err(LoginError::Disabled);
        }
        if let Some(hash) = verified.rehashed {
            store.rehash(&stored, &hash).await.map_err(InternalError::from)?;
            stored.password_hash = hash;
        }
        self.start_session(stored).await
    }

    async fn start_session(&self, checked: StoredCredentials) -> Result<(User, IssuedSession), LoginError> {
        let (issued, row) = self.0.sessions.issue(checked.user.id).map_err(InternalError::from)?;
        let added = self.0.store.add_session(&checked, row).await;
        // The password or the account may have changed since it was checked.
        if !added.map_err(InternalError::from)? {
            return Err(LoginError::BadCredentials);
        }
        Ok((checked.user, issued))
    }
}
