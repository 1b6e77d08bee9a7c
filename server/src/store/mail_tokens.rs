//! The tokens in emails: each is used once, to confirm an address or to set a password.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    Store, StoreError, WriteTransaction,
    entities::{column, mail_token, user},
    outbox,
    remembered::Change,
    sessions::end_sessions,
    user_counts::update_counters,
    users::lock_user,
};
use crate::domain::{MailPurpose, User};

/// Why a token can't be used.
#[derive(Debug, thiserror::Error)]
pub enum UseTokenError {
    /// Unknown or already used.
    #[error("no such token")]
    NotFound,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Uses a confirmation's token and returns the account it confirmed.
    ///
    /// # Errors
    ///
    /// [`UseTokenError`].
    pub async fn confirm(&self, token_hash: &[u8]) -> Result<User, UseTokenError> {
        let mut transaction = self.write().await?;
        let user = self.use_token(&transaction, token_hash, MailPurpose::Confirm).await?;
        let user = confirm_email(&mut transaction, user).await?;
        transaction.commit().await?;
        Ok(user.into())
    }

    /// Uses a reset's token: sets the password and ends every session. The address counts as confirmed, because the
    /// token was sent there.
    ///
    /// # Errors
    ///
    /// [`UseTokenError`].
    pub async fn reset_password(&self, token_hash: &[u8], password_hash: String) -> Result<User, UseTokenError> {
        let mut transaction = self.write().await?;
        let user = self.use_token(&transaction, token_hash, MailPurpose::Reset).await?;
        let user = confirm_email(&mut transaction, user).await?;
        let mut row = user::ActiveModel::from(user);
        row.password_hash = Set(password_hash);
        let user = row.update(&transaction.db).await.map_err(StoreError::from)?;
        end_sessions(&mut transaction, user.id).await?;
        transaction.commit().await?;
        Ok(user.into())
    }

    /// Checks that a token could be used now.
    ///
    /// # Errors
    ///
    /// [`UseTokenError`].
    pub async fn check_token(&self, token_hash: &[u8], purpose: MailPurpose) -> Result<(), UseTokenError> {
        self.valid_token(&self.db, token_hash, purpose).await.map(|_| ())
    }

    /// Removes a token, and with it the others of the same account and purpose; returns its account.
    async fn use_token(
        &self,
        transaction: &WriteTransaction,
        token_hash: &[u8],
        purpose: MailPurpose,
    ) -> Result<user::Model, UseTokenError> {
        let token = self.valid_token(&transaction.db, token_hash, purpose).await?;
        let deleted = mail_token::Entity::delete_many()
            .filter(mail_token::Column::UserId.eq(token.user_id))
            .filter(mail_token::Column::Purpose.eq(column::Purpose::from(purpose)))
            .exec(&transaction.db)
            .await
            .map_err(StoreError::from)?;
        // On Postgres another request may have used it after the query above.
        if deleted.rows_affected == 0 {
            return Err(UseTokenError::NotFound);
        }
        outbox::cancel_pending(transaction, token.user_id, purpose).await?;
        let user = lock_user(transaction, token.user_id).await?;
        user.ok_or(UseTokenError::NotFound)
    }

    async fn valid_token(
        &self,
        db: &impl ConnectionTrait,
        token_hash: &[u8],
        purpose: MailPurpose,
    ) -> Result<mail_token::Model, UseTokenError> {
        let token = mail_token::Entity::find_by_id(token_hash.to_vec())
            .filter(mail_token::Column::Purpose.eq(column::Purpose::from(purpose)))
            .one(db)
            .await
            .map_err(StoreError::from)?
            .ok_or(UseTokenError::NotFound)?;
        if token.expires_at <= self.now() {
            return Err(UseTokenError::Expired);
        }
        Ok(token)
    }
}

async fn confirm_email(transaction: &mut WriteTransaction, old: user::Model) -> Result<user::Model, StoreError> {
    if old.email_confirmed {
        return Ok(old);
    }
    transaction.changes(Change::User(old.id));
    let mut row = user::ActiveModel::from(old.clone());
    row.email_confirmed = Set(true);
    let new = row.update(&transaction.db).await?;
    update_counters(transaction, Some(&old), Some(&new)).await?;
    Ok(new)
}
