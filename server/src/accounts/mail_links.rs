//! The links sent by email, which confirm an address or set a password.

use api::Locale;
use tracing::{Instrument, Span, error, warn};

use super::{Accounts, InternalError, MailTokenError};
use crate::{
    domain::{MailPurpose, Password, User},
    limits::RateLimitKey,
    store::{Confirmation, NewMail, NewToken, StoreError},
    tokens::{mail_token, token_hash},
    util::random,
};

impl Accounts {
    /// Confirms the address that a token was sent to. If it is the one that an account changes to, the account's sessions
    /// end, except the one with the identifier `kept`.
    pub(crate) async fn confirm(
        &self,
        token: &str,
        kept: Option<&str>,
        request_id: &str,
    ) -> Result<Confirmation, MailTokenError> {
        let notice = self.notice(MailPurpose::EmailChanged, request_id);
        let confirmation = self.0.store.confirm(&token_hash(token), kept, notice).await?;
        self.0.outbox.wake();
        Ok(confirmation)
    }

    /// Checks that a token could set a new password now. It stays valid.
    pub(crate) async fn check_reset(&self, token: &str) -> Result<(), MailTokenError> {
        Ok(self.0.store.check_token(&token_hash(token), MailPurpose::Reset).await?)
    }

    /// Sets a new password with the token that was sent to the account's address.
    pub(crate) async fn reset_password(
        &self,
        token: &str,
        password: &str,
        request_id: &str,
    ) -> Result<User, MailTokenError> {
        let password: Password = password.parse()?;
        let hash = self.0.hasher.hash(&password).await.map_err(InternalError::from)?;
        let notice = self.notice(MailPurpose::PasswordChanged, request_id);
        let user = self.0.store.reset_password(&token_hash(token), hash, notice).await?;
        self.0.outbox.wake();
        Ok(user)
    }

    /// Queues a mail to an address, if an account has it and needs the mail. This runs after the response, so neither the
    /// response nor its time reveals whether there is such an account.
    pub(crate) fn send_to(&self, email: String, purpose: MailPurpose, locale: Locale, request_id: String) {
        let accounts = self.clone();
        let send = async move {
            if let Err(cause) = accounts.try_send_to(&email, purpose, locale, &request_id).await {
                error!("No se pudo preparar un email: {cause}");
            }
        };
        tokio::spawn(send.instrument(Span::current()));
    }

    async fn try_send_to(
        &self,
        email: &str,
        purpose: MailPurpose,
        locale: Locale,
        request_id: &str,
    ) -> Result<(), StoreError> {
        let user = self.0.store.user_by_email(email).await?;
        let needs_mail = |user: &User| match purpose {
            MailPurpose::Reset => !user.disabled,
            _ => !user.email_confirmed,
        };
        let Some(user) = user.filter(needs_mail) else {
            return Ok(());
        };
        if self.0.mail_limit.check(&RateLimitKey::User(user.id)).await.is_err() {
            warn!("Límite de emails superado para el usuario '{}'.", user.username);
            return Ok(());
        }
        let mail = self.new_mail(purpose, locale, request_id);
        self.0.store.add_mail(&user, mail, None).await?;
        self.0.outbox.wake();
        Ok(())
    }

    /// Queues another confirmation mail on behalf of an admin.
    pub(crate) async fn resend(&self, user: &User, admin: &str, request_id: &str) -> Result<(), StoreError> {
        let mail = self.new_mail(MailPurpose::Confirm, user.locale, request_id);
        self.0.store.add_mail(user, mail, Some(admin)).await?;
        self.0.outbox.wake();
        Ok(())
    }

    pub(super) fn new_mail(&self, purpose: MailPurpose, locale: Locale, request_id: &str) -> NewMail {
        let seed = random::bytes();
        let token = mail_token::token(&self.0.keys, purpose, &seed);
        NewMail {
            locale: Some(locale),
            token: Some(NewToken {
                seed: seed.to_vec(),
                hash: token_hash(&token).to_vec(),
            }),
            ..self.notice(purpose, request_id)
        }
    }

    /// A mail without a link, in the account's language.
    pub(super) fn notice(&self, purpose: MailPurpose, request_id: &str) -> NewMail {
        NewMail::notice(purpose, self.0.clock.now() + self.0.mail_token_ttl, request_id)
    }
}
