//! Login by name or address, password, and a code where the account has a second factor.

use std::net::IpAddr;

use api::Credentials;

use super::{Accounts, CheckError, InternalError, IssuedSession, LoginError, login_throttle::ThrottledAccount};
use crate::{domain::User, store::StoredCredentials};

impl Accounts {
    /// Checks a name or an address, a password and a code, and starts a session. `client` is the browser with its system.
    pub(crate) async fn log_in(
        &self,
        given: &Credentials,
        ip: IpAddr,
        client: Option<String>,
    ) -> Result<(User, IssuedSession), LoginError> {
        if given.username.is_empty() || given.password.is_empty() {
            return Err(CheckError::FieldMissing.into());
        }
        let stored = self.0.store.credentials(&given.username).await;
        let stored = stored.map_err(CheckError::from)?;
        // The name and the address of an account count together.
        let account = stored.as_ref().map_or(&given.username, |stored| &stored.user.username);
        let account = ThrottledAccount::new(account);
        let check = async {
            let stored = self.check_password(stored, &given.password).await?;
            // A login to a disabled account must not use up a code.
            if !stored.user.disabled {
                self.check_code(ip, &account, stored.user.id, &given.code).await?;
            }
            Ok(stored)
        };
        let stored = self.throttled(ip, &account, check).await?;
        if stored.user.disabled {
            return Err(LoginError::Disabled);
        }
        self.start_session(stored, client).await
    }

    async fn start_session(
        &self,
        checked: StoredCredentials,
        client: Option<String>,
    ) -> Result<(User, IssuedSession), LoginError> {
        let issued = self.0.sessions.issue(checked.user.id, client);
        let (issued, row) = issued.map_err(|error| CheckError::from(InternalError::from(error)))?;
        let added = self.0.store.add_session(&checked, row).await;
        // The password or the account may have changed since it was checked.
        if !added.map_err(CheckError::from)? {
            return Err(CheckError::PasswordWrong.into());
        }
        Ok((checked.user, issued))
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, sync::Arc};

    use tempfile::TempDir;

    use super::*;
    use crate::{
        accounts::Hasher, limits::LimitStorage, mail::Outbox, settings::Settings, store::Store, tokens::Keys,
        util::Clock,
    };

    /// A hash is what takes the time of an answer, so without one the answer would tell that the name is unknown. Here it
    /// can't be made, which the answer shows.
    #[tokio::test]
    async fn a_password_is_hashed_for_an_unknown_name_too() {
        let folder = TempDir::new().unwrap();
        let mut settings = Settings::defaults();
        folder.path().clone_into(&mut settings.database.data_dir);
        let store = Store::connect(&settings.database).await.unwrap();
        let keys = Keys::load(&settings).unwrap();
        let (outbox, clock) = (Outbox::default(), Clock::system());
        let mut accounts = Accounts::new(&settings, store, keys, outbox, clock, &LimitStorage::in_process());
        Arc::get_mut(&mut accounts.0).unwrap().hasher = Hasher::failing();
        for name in ["nobody", "nobody@example.com"] {
            // One that is the same in every Unicode form, and one that isn't.
            for password in ["una frase larga", "una contrasen\u{303}a"] {
                let given = Credentials {
                    username: name.to_owned(),
                    password: password.to_owned(),
                    code: String::new(),
                };
                let answer = accounts.log_in(&given, Ipv4Addr::LOCALHOST.into(), None).await;
                let is_hashed = matches!(
                    answer,
                    Err(LoginError::Check(CheckError::Internal(InternalError::Hash(_))))
                );
                assert!(is_hashed, "{name}: {:?}", answer.err());
            }
        }
    }
}
