//! The second factor of an account: an authenticator app, and recovery codes for when it is lost.

use std::net::IpAddr;

use api::{FullCheck, TotpSecret};
use chrono::Duration;
use tracing::info;

use super::{
    Accounts, CheckError, OwnAccountError,
    check::{normalized, recovery_code_hash},
    login_throttle::ThrottledAccount,
};
use crate::{
    domain::{MailPurpose, User},
    settings::AccountSettings,
    store::{NewMail, Store, StoreError},
    tokens::{Totp, recovery_code},
    util::{Clock, random},
};

/// Recovery codes of an account.
const RECOVERY_CODES: usize = 10;

/// Why a second factor can't be removed on the command line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoveSecondFactorError {
    /// There is nothing to remove.
    #[error("'{0}' isn't an account with a second factor")]
    NotFound(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
}

impl Accounts {
    /// Whether the login asks for a code.
    pub(crate) async fn has_totp(&self, user: &User) -> Result<bool, StoreError> {
        let factor = self.0.store.second_factor(user.id).await?;
        Ok(factor.is_some_and(|factor| factor.active))
    }

    /// Makes a new secret, which isn't active yet.
    pub(crate) async fn start_totp(
        &self,
        user: &User,
        password: &str,
        ip: IpAddr,
    ) -> Result<TotpSecret, OwnAccountError> {
        self.check_own(ip, user, password, None).await?;
        let seed = random::bytes();
        if !self.0.store.add_second_factor(user.id, seed.to_vec()).await? {
            return Err(OwnAccountError::TotpActive);
        }
        let totp = Totp::of_seed(&self.0.keys, &seed);
        Ok(TotpSecret {
            secret: totp.base32(),
            uri: totp.uri(&user.username),
        })
    }

    /// Activates the secret with a code, which proves that an app has it. Returns the recovery codes.
    pub(crate) async fn activate_totp(
        &self,
        user: &User,
        code: &str,
        ip: IpAddr,
        request_id: &str,
    ) -> Result<Vec<String>, OwnAccountError> {
        let code = normalized(code);
        if code.is_empty() {
            return Err(CheckError::FieldMissing.into());
        }
        let factor = self.0.store.second_factor(user.id).await?;
        let factor = factor.ok_or(OwnAccountError::TotpMissing)?;
        if factor.active {
            return Err(OwnAccountError::TotpActive);
        }
        let account = ThrottledAccount::new(&user.username);
        let step = async {
            let totp = Totp::of_seed(&self.0.keys, &factor.seed);
            let step = totp.step_of(&code, self.0.clock.now());
            step.ok_or(CheckError::CodeWrong)
        };
        let step = self.throttled(ip, &account, self.charged(ip, &account, step)).await?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
        let hash = |code: &String| recovery_code_hash(&normalized(code)).to_vec();
        let hashes = codes.iter().map(hash).collect();
        let notice = self.notice(MailPurpose::SecondFactorActivated, request_id);
        let store = &self.0.store;
        let activated = store.activate_second_factor(user, &factor.seed, step, hashes, notice);
        // Otherwise another request has replaced or activated it meanwhile.
        if !activated.await? {
            return Err(OwnAccountError::TotpMissing);
        }
        self.0.outbox.wake();
        Ok(codes)
    }

    /// Removes the second factor.
    pub(crate) async fn remove_totp(
        &self,
        user: &User,
        check: &FullCheck,
        ip: IpAddr,
        request_id: &str,
    ) -> Result<(), OwnAccountError> {
        self.check_own(ip, user, &check.password, Some(&check.code)).await?;
        let notice = self.notice(MailPurpose::SecondFactorRemoved, request_id);
        if !self.0.store.remove_second_factor(user, notice).await? {
            return Err(OwnAccountError::TotpMissing);
        }
        self.0.outbox.wake();
        Ok(())
    }
}

/// Removes the second factor of the account with this name, for somebody who has lost app and recovery codes. The running
/// server sends the notice.
pub(crate) async fn remove_second_factor(
    settings: &AccountSettings,
    store: &Store,
    username: &str,
) -> Result<(), RemoveSecondFactorError> {
    let not_found = || RemoveSecondFactorError::NotFound(username.to_owned());
    let user = store.user_by_name(username).await?.ok_or_else(not_found)?;
    let expires_at = Clock::system().now() + Duration::hours(settings.mail_token_hours.into());
    let notice = NewMail::notice(MailPurpose::SecondFactorRemoved, expires_at, "");
    if !store.remove_second_factor(&user, notice).await? {
        return Err(not_found());
    }
    info!(
        "Segundo factor del usuario '{}' quitado desde la línea de comandos.",
        user.username
    );
    Ok(())
}
