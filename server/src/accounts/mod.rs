//! From a form to an account: registering, confirming, signing in, and who is asking.

pub mod address;
mod attempts;
mod first_admin;
mod hasher;
pub mod session;

use std::sync::Arc;

use api::{Credentials, Registration, Role};
use chrono::{Duration, Utc};
use sea_orm::DbErr;
use tracing::error;

use crate::{
    domain,
    mail::Outbox,
    settings::Settings,
    store::{AddUserError, NewMail, NewUser, Purpose, Store, TokenError, entities::user},
    tokens::{Keys, mail_token},
};

pub use attempts::Attempts;
pub use first_admin::{AdminError, create_admin, ensure_admin};
pub use hasher::{HashError, Hasher};
pub use session::{Begun, Sessions};

/// All that accounts need, shared by every request.
#[derive(Clone)]
pub struct Accounts(Arc<Parts>);

struct Parts {
    store: Store,
    hasher: Hasher,
    sessions: Sessions,
    keys: Keys,
    outbox: Outbox,
    mail_token_life: Duration,
    unconfirmed_predictions: u32,
}

/// Why an account isn't made.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// A field is missing or empty.
    #[error("a field is missing")]
    FieldMissing,
    /// The name breaks the rules.
    #[error("the name breaks the rules")]
    UsernameInvalid,
    /// The address is none.
    #[error("the address is none")]
    EmailInvalid,
    /// The password is too short, too long or too common.
    #[error("the password is weak")]
    PasswordWeak,
    /// Somebody has the name.
    #[error("the name is taken")]
    UsernameTaken,
    /// Somebody has the address.
    #[error("the address is taken")]
    EmailTaken,
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Failed),
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// A field is missing or empty.
    #[error("a field is missing")]
    FieldMissing,
    /// No such user, or not their password.
    #[error("bad credentials")]
    BadCredentials,
    /// The account is switched off, and the password was right.
    #[error("the account is switched off")]
    Disabled,
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Failed),
}

/// Why a token of a mail does nothing.
#[derive(Debug, thiserror::Error)]
pub enum MailTokenError {
    /// It was never made, or was used.
    #[error("the token doesn't hold")]
    Invalid,
    /// Its time is over.
    #[error("the token's time is over")]
    Expired,
    /// The new password is weak.
    #[error("the password is weak")]
    PasswordWeak,
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Failed),
}

/// The server's own failure, whatever was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The database.
    #[error("la base de datos falló: {0}")]
    Database(#[from] DbErr),
    /// The hash.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The signature.
    #[error("no se pudo firmar el token: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

impl Accounts {
    /// With the settings' bounds and keys.
    pub fn new(settings: &Settings, store: Store, keys: Keys, outbox: Outbox, is_secure: bool) -> Self {
        let accounts = &settings.accounts;
        Self(Arc::new(Parts {
            hasher: Hasher::new(accounts.hashing_threads),
            sessions: Sessions::new(accounts, &keys, is_secure),
            mail_token_life: Duration::hours(accounts.mail_token_hours.into()),
            unconfirmed_predictions: accounts.unconfirmed_predictions,
            store,
            keys,
            outbox,
        }))
    }

    /// Where it is kept.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// How sign-ins are named and read.
    pub fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// Predictions an account has before it confirms its address.
    pub fn unconfirmed_predictions(&self) -> u32 {
        self.0.unconfirmed_predictions
    }

    /// Make an account, and let the mail that confirms its address go.
    ///
    /// # Errors
    ///
    /// [`RegisterError`].
    pub async fn register(
        &self,
        new: &Registration,
        language: &str,
        request_id: &str,
    ) -> Result<user::Model, RegisterError> {
        let Registration {
            username,
            email,
            password,
        } = new;
        if username.is_empty() || email.is_empty() || password.is_empty() {
            return Err(RegisterError::FieldMissing);
        }
        if !api::validation::is_username(username) {
            return Err(RegisterError::UsernameInvalid);
        }
        if !address::is_deliverable(email) {
            return Err(RegisterError::EmailInvalid);
        }
        if !domain::password::is_strong(password) {
            return Err(RegisterError::PasswordWeak);
        }
        // Before the hash, which costs a hundred times as much.
        self.0.store.taken(username, email).await?;
        let user = NewUser {
            username,
            email,
            password_hash: self.0.hasher.hash(password).await.map_err(Failed::from)?,
            role: Role::User,
            email_confirmed: false,
            language,
        };
        let mail = self.new_mail(Purpose::Confirm, language, request_id);
        let user = self.0.store.add_user(user, Some(mail)).await?;
        self.0.outbox.wake();
        Ok(user)
    }

    /// Check a name and a password, and begin a session. Whoever there isn't takes as long as a wrong password.
    ///
    /// # Errors
    ///
    /// [`SignInError`].
    pub async fn sign_in(&self, given: &Credentials) -> Result<(user::Model, Begun), SignInError> {
        if given.username.is_empty() || given.password.is_empty() {
            return Err(SignInError::FieldMissing);
        }
        let user = self.0.store.user_by_name(&given.username).await.map_err(Failed::from)?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let verified = self
            .0
            .hasher
            .verify(&given.password, hash)
            .await
            .map_err(Failed::from)?;
        let Some(mut user) = user.filter(|_| verified.is_right) else {
            return Err(SignInError::BadCredentials);
        };
        if user.disabled {
            return Err(SignInError::Disabled);
        }
        if let Some(hash) = verified.rehashed {
            self.0.store.rehash(&user, hash.clone()).await.map_err(Failed::from)?;
            user.password_hash = hash;
        }
        let (begun, row) = self.0.sessions.begin(&user).map_err(Failed::from)?;
        // Between the check and now the password or the account may have changed.
        if !self.0.store.sign_in(&user, row).await.map_err(Failed::from)? {
            return Err(SignInError::BadCredentials);
        }
        Ok((user, begun))
    }

    /// Confirm the address that a token was sent to.
    ///
    /// # Errors
    ///
    /// [`MailTokenError`].
    pub async fn confirm(&self, token: &str) -> Result<user::Model, MailTokenError> {
        let hash = mail_token::hash(token);
        Ok(self.0.store.confirm(&hash).await?)
    }

    /// Set another password by the token that was sent to the account's address.
    ///
    /// # Errors
    ///
    /// [`MailTokenError`].
    pub async fn reset_password(&self, token: &str, password: &str) -> Result<user::Model, MailTokenError> {
        if !domain::password::is_strong(password) {
            return Err(MailTokenError::PasswordWeak);
        }
        let hash = self.0.hasher.hash(password).await.map_err(Failed::from)?;
        let token_hash = mail_token::hash(token);
        Ok(self.0.store.reset_password(&token_hash, hash).await?)
    }

    /// Send a mail to an account's address, if there is such an account that needs it. The asker isn't told, nor can
    /// they tell by the time it takes: it is done after they have their answer.
    pub fn send_to(&self, email: String, purpose: Purpose, language: &'static str, request_id: String) {
        let accounts = self.clone();
        let span = tracing::Span::current();
        tokio::spawn(tracing::Instrument::instrument(
            async move {
                let sent = accounts.try_send_to(&email, purpose, language, &request_id).await;
                if let Err(cause) = sent {
                    error!("No se pudo preparar un email: {cause}");
                }
            },
            span,
        ));
    }

    async fn try_send_to(&self, email: &str, purpose: Purpose, language: &str, request_id: &str) -> Result<(), DbErr> {
        let user = self.0.store.user_by_email(email).await?;
        let wants = |user: &user::Model| match purpose {
            Purpose::Confirm => !user.email_confirmed,
            Purpose::Reset => !user.disabled,
        };
        if let Some(user) = user.filter(wants) {
            let mail = self.new_mail(purpose, language, request_id);
            self.0.store.add_mail(&user, mail, None).await?;
            self.0.outbox.wake();
        }
        Ok(())
    }

    /// Send the confirmation once more, as an admin asks.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn resend(&self, user: &user::Model, admin: &str, request_id: &str) -> Result<(), DbErr> {
        let mail = self.new_mail(Purpose::Confirm, &user.language, request_id);
        self.0.store.add_mail(user, mail, Some(admin)).await?;
        self.0.outbox.wake();
        Ok(())
    }

    fn new_mail(&self, purpose: Purpose, language: &str, request_id: &str) -> NewMail {
        let seed = mail_token::seed();
        let token = mail_token::token(&self.0.keys, purpose, &seed);
        NewMail {
            purpose,
            language: language.to_owned(),
            token_hash: mail_token::hash(&token),
            seed,
            expires_at: Utc::now() + self.0.mail_token_life,
            request_id: request_id.to_owned(),
        }
    }
}

impl From<AddUserError> for RegisterError {
    fn from(error: AddUserError) -> Self {
        match error {
            AddUserError::Username => Self::UsernameTaken,
            AddUserError::Email => Self::EmailTaken,
            AddUserError::Database(error) => Self::Failed(error.into()),
        }
    }
}

impl From<TokenError> for MailTokenError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Missing => Self::Invalid,
            TokenError::Expired => Self::Expired,
            TokenError::Database(error) => Self::Failed(error.into()),
        }
    }
}
