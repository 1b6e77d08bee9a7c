//! The tokens in emails: each is used once, to confirm an address, to change to it, or to set a password.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    NewMail, Store, StoreError, WriteTransaction,
    api_keys::revoke_keys,
    entities::{column, mail_token, user},
    outbox,
    own_account::change_email,
    remembered::Change,
    sessions::end_sessions,
    user_counts::update_counters,
    users::lock_user,
};
use crate::domain::{MailPurpose, User};

/// What a token has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// The address of this account.
    Address(User),
    /// This account's change of its address, which is the new one now.
    Change(User),
}

/// Why a token can't be used.
#[derive(Debug, thiserror::Error)]
pub enum UseTokenError {
    /// Unknown or already used.
    #[error("no such token")]
    NotFound,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// Another account has taken the address that it changes to.
    #[error("the address is taken")]
    EmailTaken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Uses a token that confirms an address. A change of the address ends the account's sessions except `kept`, invalidates
    /// all tokens that were sent before, and sends `notice` to the former address.
    pub async fn confirm(
        &self,
        token_hash: &[u8],
        kept: Option<&str>,
        notice: NewMail,
    ) -> Result<Confirmation, UseTokenError> {
        let mut transaction = self.write().await?;
        let purposes = [MailPurpose::Confirm, MailPurpose::ChangeEmail];
        let (token, old) = self.use_token(&transaction, token_hash, &purposes).await?;
        let Some(email) = token.email else {
            let user = confirm_email(&mut transaction, old).await?;
            transaction.commit().await?;
            return Ok(Confirmation::Address(user.into()));
        };
        let new = change_email(&mut transaction, &old, email).await?;
        end_sessions(&mut transaction, old.id, kept).await?;
        let links = [MailPurpose::Confirm, MailPurpose::Reset, MailPurpose::ChangeEmail];
        remove_tokens(&transaction, old.id, &links).await?;
        outbox::add(&transaction, &old.into(), notice, self.now()).await?;
        transaction.commit().await?;
        Ok(Confirmation::Change(new.into()))
    }

    /// Uses a reset's token: sets the password, ends every session, revokes every API key, and sends `notice`. The address
    /// counts as confirmed, because the token was sent there.
    pub async fn reset_password(
        &self,
        token_hash: &[u8],
        password_hash: String,
        notice: NewMail,
    ) -> Result<User, UseTokenError> {
        let mut transaction = self.write().await?;
        let (_, user) = self.use_token(&transaction, token_hash, &[MailPurpose::Reset]).await?;
        let user = confirm_email(&mut transaction, user).await?;
        let mut row = user::ActiveModel::from(user);
        row.password_hash = Set(password_hash);
        let user: User = row.update(&transaction.db).await.map_err(StoreError::from)?.into();
        end_sessions(&mut transaction, user.id, None).await?;
        revoke_keys(&mut transaction, user.id).await?;
        // A person who knew the old password may have requested the change of address.
        remove_tokens(&transaction, user.id, &[MailPurpose::ChangeEmail]).await?;
        outbox::add(&transaction, &user, notice, self.now()).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Checks that a token could be used now.
    pub async fn check_token(&self, token_hash: &[u8], purpose: MailPurpose) -> Result<(), UseTokenError> {
        self.valid_token(&self.db, token_hash, &[purpose]).await.map(|_| ())
    }

    /// Removes a token, and with it the others of the same account and purpose; returns it and its account.
    async fn use_token(
        &self,
        transaction: &WriteTransaction,
        token_hash: &[u8],
        purposes: &[MailPurpose],
    ) -> Result<(mail_token::Model, user::Model), UseTokenError> {
        let token = self.valid_token(&transaction.db, token_hash, purposes).await?;
        // Locked before what refers to it, as in every transaction: two never wait for each other.
        let user = lock_user(transaction, token.user_id).await?;
        let user = user.ok_or(UseTokenError::NotFound)?;
        let deleted = mail_token::Entity::delete_by_id(token_hash.to_vec())
            .exec(&transaction.db)
            .await
            .map_err(StoreError::from)?;
        // On Postgres another request may have used or replaced it after the query above.
        if deleted.rows_affected == 0 {
            return Err(UseTokenError::NotFound);
        }
        remove_tokens(transaction, user.id, &[token.purpose.into()]).await?;
        Ok((token, user))
    }

    async fn valid_token(
        &self,
        db: &impl ConnectionTrait,
        token_hash: &[u8],
        purposes: &[MailPurpose],
    ) -> Result<mail_token::Model, UseTokenError> {
        let token = mail_token::Entity::find_by_id(token_hash.to_vec())
            .filter(mail_token::Column::Purpose.is_in(stored(purposes)))
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

/// Removes an account's tokens of these purposes, and the mails with them that wait to be sent.
pub(super) async fn remove_tokens(
    transaction: &WriteTransaction,
    user_id: i64,
    purposes: &[MailPurpose],
) -> Result<(), StoreError> {
    mail_token::Entity::delete_many()
        .filter(mail_token::Column::UserId.eq(user_id))
        .filter(mail_token::Column::Purpose.is_in(stored(purposes)))
        .exec(&transaction.db)
        .await?;
    outbox::cancel_pending(transaction, user_id, purposes).await
}

fn stored(purposes: &[MailPurpose]) -> impl Iterator<Item = column::Purpose> {
    purposes.iter().copied().map(column::Purpose::from)
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
