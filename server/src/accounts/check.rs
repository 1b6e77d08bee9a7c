//! Who asks: passwords and codes of second factors, checked within the limits on guessing.

use std::net::IpAddr;

use super::{Accounts, CheckError, login_throttle::ThrottledAccount};
use crate::{
    domain::User,
    store::StoredCredentials,
    tokens::{Totp, token_hash},
};

impl Accounts {
    /// Runs a check of a password or a code if the address may still guess at the account, and counts a wrong password.
    pub(super) async fn throttled<T>(
        &self,
        ip: IpAddr,
        account: &ThrottledAccount,
        check: impl Future<Output = Result<T, CheckError>>,
    ) -> Result<T, CheckError> {
        let throttle = &self.0.throttle;
        throttle.check(ip, account).await.map_err(CheckError::Throttled)?;
        let result = check.await;
        // Whatever the result is, so that the time doesn't reveal it.
        tokio::time::sleep(throttle.delay(account).await).await;
        if let Err(CheckError::PasswordWrong) = result {
            throttle.record_failure(ip, account).await;
        }
        result
    }

    /// Checks a password, and replaces a weaker hash of it.
    pub(super) async fn check_password(
        &self,
        stored: Option<StoredCredentials>,
        password: &str,
    ) -> Result<StoredCredentials, CheckError> {
        // Unknown users take as long as wrong passwords, so timing doesn't reveal which names exist.
        let hash = stored.as_ref().map(|stored| stored.password_hash.clone());
        let verified = self.0.hasher.verify(password, hash).await?;
        let Some(mut stored) = stored.filter(|_| verified.is_right) else {
            return Err(CheckError::PasswordWrong);
        };
        if let Some(hash) = verified.rehashed {
            self.0.store.rehash(&stored, &hash).await?;
            stored.password_hash = hash;
        }
        Ok(stored)
    }

    /// Checks the password of the signed-in user and, if `code` is given and the account has a second factor, the code.
    pub(super) async fn check_own(
        &self,
        ip: IpAddr,
        user: &User,
        password: &str,
        code: Option<&str>,
    ) -> Result<StoredCredentials, CheckError> {
        if password.is_empty() {
            return Err(CheckError::FieldMissing);
        }
        let account = ThrottledAccount::new(&user.username);
        let check = async {
            let stored = self.0.store.credentials_of(user.id).await?;
            let stored = self.check_password(stored, password).await?;
            if let Some(code) = code {
                self.check_code(ip, &account, user.id, code).await?;
            }
            Ok(stored)
        };
        self.throttled(ip, &account, check).await
    }

    /// Checks a code of an account's second factor, or a recovery code, and uses it up. Without an active second factor
    /// there is nothing to check.
    pub(super) async fn check_code(
        &self,
        ip: IpAddr,
        account: &ThrottledAccount,
        user_id: i64,
        code: &str,
    ) -> Result<(), CheckError> {
        let factor = self.0.store.second_factor(user_id).await?;
        let Some(factor) = factor.filter(|factor| factor.active) else {
            return Ok(());
        };
        let code = normalized(code);
        if code.is_empty() {
            return Err(CheckError::CodeRequired);
        }
        let use_up = async {
            let totp = Totp::of_seed(&self.0.keys, &factor.seed);
            let store = &self.0.store;
            let is_right = match totp.step_of(&code, self.0.clock.now()) {
                Some(step) => store.use_step(user_id, step).await?,
                None => store.use_recovery_code(user_id, &recovery_code_hash(&code)).await?,
            };
            if is_right { Ok(()) } else { Err(CheckError::CodeWrong) }
        };
        self.charged(ip, account, use_up).await
    }

    /// Runs a check of a code, which is counted unless it is right.
    pub(super) async fn charged<T>(
        &self,
        ip: IpAddr,
        account: &ThrottledAccount,
        check: impl Future<Output = Result<T, CheckError>>,
    ) -> Result<T, CheckError> {
        let throttle = &self.0.throttle;
        throttle.charge(ip, account).await.map_err(CheckError::Throttled)?;
        let result = check.await;
        if let Err(CheckError::CodeWrong) = result {
            throttle.record_charged(account).await;
        } else {
            throttle.refund(ip, account).await;
        }
        result
    }
}

/// A code as it is compared: without the spaces and hyphens that separate its groups, in upper case.
pub(super) fn normalized(code: &str) -> String {
    code.chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// What is stored of a recovery code in [`normalized`] form.
pub(super) fn recovery_code_hash(code: &str) -> [u8; 32] {
    token_hash(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_be_typed_in_groups() {
        assert_eq!(normalized(" 123 456\u{a0}"), "123456");
        assert_eq!(normalized("abcd-EFGH-2345"), "ABCDEFGH2345");
        assert_eq!(normalized(" - "), "");
    }
}
