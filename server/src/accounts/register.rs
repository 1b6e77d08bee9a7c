//! Registration.

use api::{Locale, Registration, Role};

use super::{Accounts, InternalError, RegisterError};
use crate::{
    domain::{Email, MailPurpose, Password, User, Username},
    store::NewUser,
};

impl Accounts {
    /// Creates an account and queues the mail that confirms its address.
    pub(crate) async fn register(
        &self,
        new: &Registration,
        locale: Locale,
        request_id: &str,
    ) -> Result<User, RegisterError> {
        if new.username.is_empty() || new.email.is_empty() || new.password.is_empty() {
            return Err(RegisterError::FieldMissing);
        }
        let username: Username = new.username.parse()?;
        let email: Email = new.email.parse()?;
        if !self.0.outbox.can_send_to(&email) {
            return Err(RegisterError::EmailUndeliverable);
        }
        let password: Password = new.password.parse()?;
        // Checked before hashing, which takes a hundred times as long.
        self.0.store.ensure_available(&username, &email).await?;
        let password_hash = self.0.hasher.hash(&password).await.map_err(InternalError::from)?;
        let user = NewUser {
            username: &username,
            email: &email,
            password_hash,
            role: Role::User,
            email_confirmed: false,
            locale,
        };
        let mail = self.new_mail(MailPurpose::Confirm, locale, request_id);
        let user = self.0.store.add_user(user, Some(mail)).await?;
        self.0.outbox.wake();
        Ok(user)
    }
}
