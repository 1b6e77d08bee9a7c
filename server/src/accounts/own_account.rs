//! What users change of their own account: the password, the address, and that it exists.

use std::net::IpAddr;

use api::{EmailChange, FullCheck, Locale, PasswordChange};

use super::{Accounts, CheckError, OwnAccountError};
use crate::{
    domain::{Email, MailPurpose, Password, User},
    limits::RateLimitKey,
    store::NewMail,
};

impl Accounts {
    /// Changes the password. Every session of the account but `session_id` ends.
    pub(crate) async fn change_password(
        &self,
        user: &User,
        session_id: &str,
        change: &PasswordChange,
        ip: IpAddr,
        request_id: &str,
    ) -> Result<(), OwnAccountError> {
        if change.current_password.is_empty() || change.password.is_empty() {
            return Err(CheckError::FieldMissing.into());
        }
        let password: Password = change.password.parse()?;
        let current = self.check_own(ip, user, &change.current_password, None).await?;
        let hash = self.0.hasher.hash(&password).await.map_err(CheckError::from)?;
        let notice = self.notice(MailPurpose::PasswordChanged, request_id);
        let changed = self.0.store.change_password(&current, &hash, session_id, notice);
        // Otherwise another request has changed it since it was checked.
        if !changed.await? {
            return Err(CheckError::PasswordWrong.into());
        }
        self.0.outbox.wake();
        Ok(())
    }

    /// Sends a link to the new address, which changes the account's when it is confirmed. Returns the new address.
    pub(crate) async fn request_email_change(
        &self,
        user: &User,
        change: &EmailChange,
        ip: IpAddr,
        locale: Locale,
        request_id: &str,
    ) -> Result<Email, OwnAccountError> {
        if change.email.is_empty() {
            return Err(CheckError::FieldMissing.into());
        }
        let email: Email = change.email.parse()?;
        if !self.0.outbox.can_send_to(&email) {
            return Err(OwnAccountError::EmailUndeliverable);
        }
        self.check_own(ip, user, &change.password, None).await?;
        // Before the answer that the address is taken, so that few addresses can be asked for.
        let limit = self.0.mail_limit.check(&RateLimitKey::User(user.id)).await;
        limit.map_err(OwnAccountError::TooManyEmails)?;
        let owner = self.0.store.user_by_email(email.as_str()).await?;
        // Users may write their own address in another way.
        if owner.is_some_and(|owner| owner.id != user.id) {
            return Err(OwnAccountError::EmailTaken);
        }
        let mail = NewMail {
            new_email: Some(email.as_str().to_owned()),
            ..self.new_mail(MailPurpose::ChangeEmail, locale, request_id)
        };
        self.0.store.add_email_change(user, mail).await?;
        self.0.outbox.wake();
        Ok(email)
    }

    /// Deletes the account with all that belongs to it.
    pub(crate) async fn delete(
        &self,
        user: &User,
        check: &FullCheck,
        ip: IpAddr,
        request_id: &str,
    ) -> Result<(), OwnAccountError> {
        self.check_own(ip, user, &check.password, Some(&check.code)).await?;
        let notice = self.notice(MailPurpose::AccountDeleted, request_id);
        self.0.store.delete_user(user.id, notice).await?;
        self.0.outbox.wake();
        Ok(())
    }
}
