//! API keys, which programs use in place of a password.

use std::net::IpAddr;

use api::{NewKey, validation};
use chrono::TimeDelta;

use super::{Accounts, CheckError, OwnAccountError};
use crate::{
    domain::{MailPurpose, User, api_key::hint},
    store::{ActiveKey, ListedKey, NewApiKey, UseKeyError},
    tokens::{api_key, token_hash},
};

impl Accounts {
    /// Makes a key, which is returned only here. Asks for the password, because a key outlives the session that makes it.
    pub(crate) async fn create_key(
        &self,
        user: &User,
        new: &NewKey,
        ip: IpAddr,
        request_id: &str,
    ) -> Result<(String, ListedKey), OwnAccountError> {
        let name = new.name.trim();
        if name.is_empty() || new.scopes.is_empty() || new.password.is_empty() {
            return Err(CheckError::FieldMissing.into());
        }
        let is_valid = |days| validation::KEY_DAYS.contains(&days);
        if !validation::is_key_name(name) || !new.expires_in_days.is_none_or(is_valid) {
            return Err(OwnAccountError::KeyInvalid);
        }
        let checked = self.check_own(ip, user, &new.password, None).await?;
        let mut scopes = new.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        let key = api_key();
        let row = NewApiKey {
            name: name.to_owned(),
            hint: hint(&key).unwrap_or_default().to_owned(),
            key_hash: token_hash(&key).to_vec(),
            scopes,
            lifetime: new.expires_in_days.map(|days| TimeDelta::days(days.into())),
        };
        let notice = self.notice(MailPurpose::KeyCreated, request_id);
        let added = self.0.store.add_key(&checked, row, notice).await?;
        self.0.outbox.wake();
        Ok((key, added))
    }

    /// The key that a request is sent with.
    pub(crate) async fn use_key(&self, key: &str) -> Result<ActiveKey, UseKeyError> {
        if hint(key).is_none() {
            return Err(UseKeyError::NotFound);
        }
        self.0.store.use_key(&token_hash(key)).await
    }
}
