//! Login by name or address, and password.

use std::net::IpAddr;

use api::Credentials;

use super::{Accounts, InternalError, IssuedSession, LoginError, login_throttle::ThrottledAccount};
use crate::{domain::User, store::StoredCredentials};

impl Accounts {
    /// Checks a name or an address and a password, and starts a session.
    ///
    /// # Errors
    ///
    /// [`LoginError`].
    pub(crate) async fn log_in(&self, given: &Credentials, ip: IpAddr) -> Result<(User, IssuedSession), LoginError> {
        if given.username.is_empty() || given.password.is_empty() {
            return Err(LoginError::FieldMissing);
        }
        let stored = self.0.store.credentials(&given.username).await;
        let stored = stored.map_err(InternalError::from)?;
        let throttle = &self.0.throttle;
        // The name and the address of an account count together.
        let account = stored.as_ref().map_or(&given.username, |stored| &stored.user.username);
        let account = ThrottledAccount::new(account);
        throttle.check(ip, &account).map_err(LoginError::Throttled)?;
        let result = self.check_password(stored, &given.password).await;
        // Whatever the result is, so that the time doesn't reveal it.
        tokio::time::sleep(throttle.delay(&account)).await;
        if let Err(LoginError::BadCredentials) = result {
            throttle.record_failure(ip, &account);
        }
        result
    }

    async fn check_password(
        &self,
        stored: Option<StoredCredentials>,
        password: &str,
    ) -> Result<(User, IssuedSession), LoginError> {
        // Unknown users take as long as wrong passwords, so timing doesn't reveal which names exist.
        let hash = stored.as_ref().map(|stored| stored.password_hash.clone());
        let verified = self.0.hasher.verify(password, hash).await;
        let verified = verified.map_err(InternalError::from)?;
        let Some(mut stored) = stored.filter(|_| verified.is_right) else {
            return Err(LoginError::BadCredentials);
        };
        if stored.user.disabled {
            return Err(LoginError::Disabled);
        }
        if let Some(hash) = verified.rehashed {
            let replaced = self.0.store.rehash(&stored, &hash).await;
            replaced.map_err(InternalError::from)?;
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
