//! Sign-ins.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr,
};

use super::{
    Store,
    entities::{session, user},
    now,
};

/// A sign-in to be kept.
pub struct NewSession {
    /// What a JWT names as `sid`.
    pub id: String,
    /// SHA-256 of the cookie's token.
    pub token_hash: Vec<u8>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// Begin a session, unless the account was switched off or its password was changed meanwhile.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn sign_in(&self, user: &user::Model, new: NewSession) -> Result<bool, DbErr> {
        let writing = self.write().await?;
        let still = user::Entity::update_many()
            .col_expr(user::Column::LastLoginAt, Expr::value(now()))
            .filter(user::Column::Id.eq(user.id))
            .filter(user::Column::Disabled.eq(false))
            .filter(user::Column::PasswordHash.eq(user.password_hash.as_str()))
            .exec(&writing.transaction)
            .await?;
        if still.rows_affected == 0 {
            return Ok(false);
        }
        let row = session::ActiveModel {
            id: Set(new.id),
            user_id: Set(user.id),
            token_hash: Set(new.token_hash),
            created_at: Set(now()),
            expires_at: Set(new.expires_at),
        };
        row.insert(&writing.transaction).await?;
        writing.commit().await?;
        Ok(true)
    }

    /// The session that a JWT names, and its user.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn session(&self, id: &str) -> Result<Option<(session::Model, user::Model)>, DbErr> {
        let found = session::Entity::find_by_id(id.to_owned());
        self.with_user(found.filter(session::Column::ExpiresAt.gt(now()))).await
    }

    /// The session that a cookie's token opens, and its user.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn session_of_token(&self, token_hash: &[u8]) -> Result<Option<(session::Model, user::Model)>, DbErr> {
        let found = session::Entity::find().filter(session::Column::TokenHash.eq(token_hash));
        self.with_user(found.filter(session::Column::ExpiresAt.gt(now()))).await
    }

    async fn with_user(
        &self,
        found: sea_orm::Select<session::Entity>,
    ) -> Result<Option<(session::Model, user::Model)>, DbErr> {
        let Some(session) = found.one(&self.db).await? else {
            return Ok(None);
        };
        let user = self.user(session.user_id).await?;
        Ok(user.filter(|user| !user.disabled).map(|user| (session, user)))
    }

    /// Sessions of a user that hold.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn sessions_of(&self, user_id: i64) -> Result<u64, DbErr> {
        session::Entity::find()
            .filter(session::Column::UserId.eq(user_id))
            .filter(session::Column::ExpiresAt.gt(now()))
            .count(&self.db)
            .await
    }

    /// End one session.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn end_session(&self, id: &str) -> Result<(), DbErr> {
        let writing = self.write().await?;
        session::Entity::delete_by_id(id.to_owned())
            .exec(&writing.transaction)
            .await?;
        writing.commit().await
    }

    /// End all sessions of a user.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn end_sessions(&self, user_id: i64) -> Result<(), DbErr> {
        let writing = self.write().await?;
        super::users::end_sessions(&writing, user_id).await?;
        writing.commit().await
    }
}
