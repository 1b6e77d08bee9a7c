//! Sessions.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, sea_query::Expr,
};

use super::{
    Store, StoreError, StoredCredentials, WriteTransaction,
    entities::{session, user},
    remembered::Change,
};
use crate::domain::User;

/// Sessions of an account that are listed.
const MAX_LISTED: u64 = 100;

/// A session to be added.
pub struct NewSession {
    /// The identifier, `sid` in access tokens.
    pub id: String,
    /// SHA-256 of the cookie's token.
    pub token_hash: Vec<u8>,
    /// When the session expires.
    pub expires_at: DateTime<Utc>,
    /// The browser and its system, if they are known.
    pub client: Option<String>,
}

/// A session of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSession {
    /// The identifier, `sid` in access tokens.
    pub id: String,
    /// The time of the login.
    pub created_at: DateTime<Utc>,
    /// When the session expires.
    pub expires_at: DateTime<Utc>,
    /// The browser and its system at the login, if they are known.
    pub client: Option<String>,
}

/// A session that hasn't expired, of an account that isn't disabled.
#[derive(Debug, Clone)]
pub struct ActiveSession {
    /// The identifier, `sid` in access tokens.
    pub id: String,
    /// The account.
    pub user: User,
}

/// A session as it is remembered.
pub(super) struct StoredSession {
    pub(super) active: ActiveSession,
    pub(super) token_hash: Vec<u8>,
    expires_at: DateTime<Utc>,
}

impl StoredSession {
    fn active_at(&self, now: DateTime<Utc>) -> Option<ActiveSession> {
        (self.expires_at > now).then(|| self.active.clone())
    }
}

impl Store {
    /// Adds a session, unless the account was disabled or its password was changed after `checked` was read. Returns
    /// whether it was added.
    pub async fn add_session(&self, checked: &StoredCredentials, new: NewSession) -> Result<bool, StoreError> {
        let transaction = self.write().await?;
        let now = self.now();
        let user_id = checked.user.id;
        let unchanged = user::Entity::update_many()
            .col_expr(user::Column::LastLoginAt, Expr::value(now))
            .filter(user::Column::Id.eq(user_id))
            .filter(user::Column::Disabled.eq(false))
            .filter(user::Column::PasswordHash.eq(checked.password_hash.as_str()))
            .exec(&transaction.db)
            .await?;
        if unchanged.rows_affected == 0 {
            return Ok(false);
        }
        let row = session::ActiveModel {
            id: Set(new.id),
            user_id: Set(user_id),
            token_hash: Set(new.token_hash),
            created_at: Set(now),
            expires_at: Set(new.expires_at),
            client: Set(new.client),
        };
        row.insert(&transaction.db).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The session with this identifier. The account's number of predictions and last login may be older than the rest.
    pub async fn session(&self, id: &str) -> Result<Option<ActiveSession>, StoreError> {
        if let Some(session) = self.remembered.session(id) {
            return Ok(session.active_at(self.now()));
        }
        self.active(session::Entity::find_by_id(id.to_owned())).await
    }

    /// The session of a cookie's token, as [`Store::session`].
    pub async fn session_of_token(&self, token_hash: &[u8]) -> Result<Option<ActiveSession>, StoreError> {
        if let Some(session) = self.remembered.session_of_token(token_hash) {
            return Ok(session.active_at(self.now()));
        }
        let found = session::Entity::find().filter(session::Column::TokenHash.eq(token_hash));
        self.active(found).await
    }

    async fn active(&self, found: Select<session::Entity>) -> Result<Option<ActiveSession>, StoreError> {
        let generation = self.remembered.generation();
        let now = self.now();
        let unexpired = found.filter(session::Column::ExpiresAt.gt(now));
        let Some(session) = unexpired.one(&self.db).await? else {
            return Ok(None);
        };
        let user = self.user(session.user_id).await?;
        let Some(user) = user.filter(|user| !user.disabled) else {
            return Ok(None);
        };
        let stored = StoredSession {
            active: ActiveSession { id: session.id, user },
            token_hash: session.token_hash,
            expires_at: session.expires_at,
        };
        let active = stored.active_at(now);
        self.remembered.remember(stored, generation);
        Ok(active)
    }

    /// The number of an account's sessions that haven't expired.
    pub async fn count_sessions(&self, user_id: i64) -> Result<u64, StoreError> {
        let active = session::Entity::find()
            .filter(session::Column::UserId.eq(user_id))
            .filter(session::Column::ExpiresAt.gt(self.now()));
        Ok(active.count(&self.db).await?)
    }

    /// The newest hundred of an account's sessions that haven't expired, newest first.
    pub async fn sessions(&self, user_id: i64) -> Result<Vec<ListedSession>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::UserId.eq(user_id))
            .filter(session::Column::ExpiresAt.gt(self.now()))
            .order_by_desc(session::Column::CreatedAt)
            .order_by_asc(session::Column::Id)
            .limit(MAX_LISTED)
            .all(&self.db)
            .await?;
        let listed = |row: session::Model| ListedSession {
            id: row.id,
            created_at: row.created_at,
            expires_at: row.expires_at,
            client: row.client,
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// Ends one session.
    pub async fn end_session(&self, id: &str) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        transaction.changes(Change::Session(id.to_owned()));
        session::Entity::delete_by_id(id.to_owned())
            .exec(&transaction.db)
            .await?;
        transaction.commit().await
    }

    /// Ends one session of an account; returns whether it has such a session.
    pub async fn end_session_of(&self, user_id: i64, id: &str) -> Result<bool, StoreError> {
        // No identifier contains NUL, and Postgres would refuse the statement.
        if id.contains('\0') {
            return Ok(false);
        }
        let mut transaction = self.write().await?;
        let ended = session::Entity::delete_by_id(id.to_owned())
            .filter(session::Column::UserId.eq(user_id))
            .exec(&transaction.db)
            .await?;
        if ended.rows_affected == 0 {
            return Ok(false);
        }
        transaction.changes(Change::Session(id.to_owned()));
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends all sessions of an account.
    pub async fn end_sessions(&self, user_id: i64) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        end_sessions(&mut transaction, user_id, None).await?;
        transaction.commit().await
    }
}

/// Ends the sessions of an account, except the one with the identifier `kept`.
pub(super) async fn end_sessions(
    transaction: &mut WriteTransaction,
    user_id: i64,
    kept: Option<&str>,
) -> Result<(), StoreError> {
    transaction.changes(Change::User(user_id));
    let mut ended = session::Entity::delete_many().filter(session::Column::UserId.eq(user_id));
    if let Some(kept) = kept {
        ended = ended.filter(session::Column::Id.ne(kept));
    }
    ended.exec(&transaction.db).await?;
    Ok(())
}
