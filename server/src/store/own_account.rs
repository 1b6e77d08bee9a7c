//! What users change of their own account: the password, the address, and that it exists.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    NewMail, Store, StoreError, StoredCredentials, UseTokenError, WriteTransaction, audit,
    entities::{user, user_word},
    mail_tokens::remove_tokens,
    outbox,
    registration::add_words,
    remembered::Change,
    sessions::end_sessions,
    user_changes::is_active_admin,
    user_counts::{active_admins, update_counters},
    users::lock_user,
};
use crate::domain::{MailPurpose, User, account_key};

/// Why an account can't be deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// It has been deleted already.
    #[error("no such account")]
    NotFound,
    /// No admin who can log in would be left.
    #[error("the last admin")]
    LastAdmin,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Replaces a password, unless it was changed after `old` was read; returns whether it was replaced. Ends the account's
    /// sessions except `kept`, invalidates the links that were sent to set a password or to change the address, and sends
    /// `notice`.
    pub async fn change_password(
        &self,
        old: &StoredCredentials,
        password_hash: &str,
        kept: &str,
        notice: NewMail,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let id = old.user.id;
        let changed = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
            .filter(user::Column::Id.eq(id))
            .filter(user::Column::PasswordHash.eq(old.password_hash.as_str()))
            .exec(&transaction.db)
            .await?;
        if changed.rows_affected == 0 {
            return Ok(false);
        }
        end_sessions(&mut transaction, id, Some(kept)).await?;
        remove_tokens(&transaction, id, &[MailPurpose::Reset, MailPurpose::ChangeEmail]).await?;
        outbox::add(&transaction, &old.user, notice, self.now()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Adds the mail whose link changes an account's address, in place of an earlier one, whose link becomes invalid.
    pub async fn add_email_change(&self, user: &User, mail: NewMail) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        // Locked, so that of two requests at the same time one link remains.
        if lock_user(&transaction, user.id).await?.is_none() {
            return Ok(());
        }
        remove_tokens(&transaction, user.id, &[MailPurpose::ChangeEmail]).await?;
        outbox::add(&transaction, user, mail, self.now()).await?;
        transaction.commit().await
    }

    /// Deletes an account with all that belongs to it, and sends `notice`. The record of what admins did stays, without what
    /// identifies the account.
    pub async fn delete_user(&self, id: i64, notice: NewMail) -> Result<(), DeleteUserError> {
        let mut transaction = self.write().await?;
        let Some(row) = lock_user(&transaction, id).await? else {
            return Err(DeleteUserError::NotFound);
        };
        if is_active_admin(&row) && active_admins(&transaction).await? <= 1 {
            return Err(DeleteUserError::LastAdmin);
        }
        audit::anonymize(&transaction, &row).await?;
        transaction.changes(Change::User(id));
        // The rows of other tables that refer to it are deleted by their foreign keys.
        user::Entity::delete_by_id(id)
            .exec(&transaction.db)
            .await
            .map_err(StoreError::from)?;
        update_counters(&transaction, Some(&row), None).await?;
        outbox::add(&transaction, &row.into(), notice, self.now()).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Gives an account another address, which counts as confirmed.
pub(super) async fn change_email(
    transaction: &mut WriteTransaction,
    old: &user::Model,
    email: String,
) -> Result<user::Model, UseTokenError> {
    transaction.changes(Change::User(old.id));
    let mut row = user::ActiveModel::from(old.clone());
    row.email_key = Set(account_key(&email));
    row.email = Set(email);
    row.email_confirmed = Set(true);
    let new = match row.update(&transaction.db).await.map_err(StoreError::from) {
        Err(error) if error.is_conflict() => return Err(UseTokenError::EmailTaken),
        result => result?,
    };
    user_word::Entity::delete_many()
        .filter(user_word::Column::UserId.eq(new.id))
        .exec(&transaction.db)
        .await
        .map_err(StoreError::from)?;
    add_words(transaction, &new).await?;
    update_counters(transaction, Some(old), Some(&new)).await?;
    Ok(new)
}
