//! Finding accounts, and replacing their password hashes.

use api::Locale;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select, sea_query::Expr};

use super::{Store, StoreError, WriteTransaction, entities::user};
use crate::domain::{User, account_key};

/// An account with its password hash, to log in.
pub struct StoredCredentials {
    /// The account.
    pub user: User,
    /// argon2id in PHC string format.
    pub password_hash: String,
}

impl Store {
    /// The account with this number.
    pub async fn user(&self, id: i64) -> Result<Option<User>, StoreError> {
        let row = user::Entity::find_by_id(id).one(&self.db).await?;
        Ok(row.map(User::from))
    }

    /// The account with this name, ignoring case.
    pub async fn user_by_name(&self, username: &str) -> Result<Option<User>, StoreError> {
        Ok(self.row_by(user::Column::UsernameKey, username).await?.map(User::from))
    }

    /// The account with this name or this address, ignoring case, and its password hash.
    pub async fn credentials(&self, name_or_address: &str) -> Result<Option<StoredCredentials>, StoreError> {
        // No name contains an `@`.
        let column = if name_or_address.contains('@') {
            user::Column::EmailKey
        } else {
            user::Column::UsernameKey
        };
        Ok(self.row_by(column, name_or_address).await?.map(StoredCredentials::from))
    }

    /// The account with this number, and its password hash.
    pub async fn credentials_of(&self, id: i64) -> Result<Option<StoredCredentials>, StoreError> {
        let row = user::Entity::find_by_id(id).one(&self.db).await?;
        Ok(row.map(StoredCredentials::from))
    }

    async fn row_by(&self, column: user::Column, text: &str) -> Result<Option<user::Model>, StoreError> {
        // No name or address contains NUL, and Postgres would refuse the statement.
        if text.contains('\0') {
            return Ok(None);
        }
        let found = user::Entity::find().filter(column.eq(account_key(text)));
        Ok(found.one(&self.db).await?)
    }

    /// The account with this address, ignoring case and the form of its domain.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        Ok(self.row_by(user::Column::EmailKey, email).await?.map(User::from))
    }

    /// Replaces a password's hash, unless the password was changed in the meantime.
    pub async fn rehash(&self, old: &StoredCredentials, password_hash: &str) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
            .filter(user::Column::Id.eq(old.user.id))
            .filter(user::Column::PasswordHash.eq(old.password_hash.as_str()))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await
    }
}

/// An account's row, locked on Postgres until the transaction ends. (SQLite has only one writer anyway.)
pub(super) async fn lock_user(transaction: &WriteTransaction, id: i64) -> Result<Option<user::Model>, StoreError> {
    let found: Select<user::Entity> = user::Entity::find_by_id(id);
    Ok(found.lock_exclusive().one(&transaction.db).await?)
}

impl From<user::Model> for StoredCredentials {
    fn from(mut row: user::Model) -> Self {
        Self {
            password_hash: std::mem::take(&mut row.password_hash),
            user: row.into(),
        }
    }
}

impl From<user::Model> for User {
    fn from(row: user::Model) -> Self {
        Self {
            id: row.id,
            username: row.username,
            email: row.email,
            role: row.role.into(),
            email_confirmed: row.email_confirmed,
            disabled: row.disabled,
            locale: Locale::from_tag(&row.language).unwrap_or_default(),
            predictions: row.predictions.cast_unsigned(),
            created_at: row.created_at,
            last_login_at: row.last_login_at,
        }
    }
}
