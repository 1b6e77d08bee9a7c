//! The outbox, and the tokens its mails carry.

use api::UserAction;
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Store, Writing, audit,
    entities::{mail_token, outbox, user},
    now,
};

/// A mail being sent for longer was being sent by a process that died.
const CLAIM: Duration = Duration::minutes(10);

/// How long it is remembered that a token's time is over, so that whoever follows its link is told so.
const REMEMBERED: Duration = Duration::days(30);

/// What a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm the address.
    Confirm,
    /// To set another password.
    Reset,
}

impl Purpose {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reset => "reset",
        }
    }

    /// Of a stored word; whatever isn't a reset's harms least as a confirmation.
    pub fn of(word: &str) -> Self {
        if word == Self::Reset.word() {
            Self::Reset
        } else {
            Self::Confirm
        }
    }
}

/// A mail to be written.
pub struct NewMail {
    /// What for.
    pub purpose: Purpose,
    /// `es` or `en`.
    pub language: String,
    /// With `SECRET_KEY` this makes the token.
    pub seed: Vec<u8>,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Until when the token holds.
    pub expires_at: DateTime<Utc>,
    /// The request that caused it.
    pub request_id: String,
}

/// A mail that is this process' to send.
pub type Due = outbox::Model;

/// Put a mail and its token into the transaction of what it is about.
pub(super) async fn add(writing: &Writing, user: &user::Model, new: NewMail) -> Result<(), DbErr> {
    let token = mail_token::ActiveModel {
        token_hash: Set(new.token_hash),
        user_id: Set(user.id),
        purpose: Set(new.purpose.word().to_owned()),
        expires_at: Set(new.expires_at),
    };
    token.insert(&writing.transaction).await?;
    let mail = outbox::ActiveModel {
        user_id: Set(user.id),
        purpose: Set(new.purpose.word().to_owned()),
        recipient: Set(user.email.clone()),
        username: Set(user.username.clone()),
        language: Set(new.language),
        seed: Set(new.seed),
        request_id: Set(new.request_id),
        created_at: Set(now()),
        expires_at: Set(new.expires_at),
        attempts: Set(0),
        next_attempt_at: Set(now()),
        claimed_at: Set(None),
        ..Default::default()
    };
    mail.insert(&writing.transaction).await?;
    Ok(())
}

/// Mail for what was done meanwhile isn't sent any more.
pub(super) async fn forget(writing: &Writing, user_id: i64, purpose: Purpose) -> Result<(), DbErr> {
    outbox::Entity::delete_many()
        .filter(outbox::Column::UserId.eq(user_id))
        .filter(outbox::Column::Purpose.eq(purpose.word()))
        .exec(&writing.transaction)
        .await?;
    Ok(())
}

impl Store {
    /// Write a further mail to a user, in place of one of the same purpose that still waits. `by` is the admin who asked
    /// for it, if one did.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn add_mail(&self, user: &user::Model, new: NewMail, by: Option<&str>) -> Result<(), DbErr> {
        let writing = self.write().await?;
        outbox::Entity::delete_many()
            .filter(outbox::Column::UserId.eq(user.id))
            .filter(outbox::Column::Purpose.eq(new.purpose.word()))
            .filter(outbox::Column::ClaimedAt.is_null())
            .exec(&writing.transaction)
            .await?;
        add(&writing, user, new).await?;
        if let Some(by) = by {
            audit::add(&writing, user.id, by, UserAction::ConfirmationResent).await?;
        }
        writing.commit().await
    }

    /// Take up to `most` mails that are due; nobody else sends them from now on.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn claim_mail(&self, most: u64) -> Result<Vec<Due>, DbErr> {
        // Hardly ever is anything due: looking must not take the writer's turn.
        if due(now()).limit(1).one(&self.db).await?.is_none() {
            return Ok(Vec::new());
        }
        let writing = self.write().await?;
        let mails = due(now())
            .order_by_asc(outbox::Column::NextAttemptAt)
            .limit(most)
            .lock_with_behavior(
                sea_orm::sea_query::LockType::Update,
                sea_orm::sea_query::LockBehavior::SkipLocked,
            )
            .all(&writing.transaction)
            .await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::ClaimedAt, Expr::value(now()))
            .filter(outbox::Column::Id.is_in(mails.iter().map(|mail| mail.id)))
            .exec(&writing.transaction)
            .await?;
        writing.commit().await?;
        Ok(mails)
    }

    /// A mail has left, or never will.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn mail_done(&self, id: i64) -> Result<(), DbErr> {
        let writing = self.write().await?;
        outbox::Entity::delete_by_id(id).exec(&writing.transaction).await?;
        writing.commit().await
    }

    /// Mails that were taken aren't sent after all: whoever takes them next does.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn release_mail(&self, ids: impl Iterator<Item = i64>) -> Result<(), DbErr> {
        let writing = self.write().await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::ClaimedAt, Expr::value(None::<DateTime<Utc>>))
            .filter(outbox::Column::Id.is_in(ids))
            .exec(&writing.transaction)
            .await?;
        writing.commit().await
    }

    /// A mail couldn't be sent, and is tried again at `next`.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn mail_failed(&self, id: i64, next: DateTime<Utc>) -> Result<(), DbErr> {
        let writing = self.write().await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
            .col_expr(outbox::Column::NextAttemptAt, Expr::value(next))
            .col_expr(outbox::Column::ClaimedAt, Expr::value(None::<DateTime<Utc>>))
            .filter(outbox::Column::Id.eq(id))
            .exec(&writing.transaction)
            .await?;
        writing.commit().await
    }

    /// Mails that wait.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn mail_pending(&self) -> Result<u64, DbErr> {
        outbox::Entity::find().count(&self.db).await
    }

    /// Remove tokens, sessions and mail whose time is over; the mails that were given up.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn remove_expired(&self) -> Result<Vec<Due>, DbErr> {
        use super::entities::session;
        let writing = self.write().await?;
        let given_up = outbox::Entity::find()
            .filter(outbox::Column::ExpiresAt.lte(now()))
            .all(&writing.transaction)
            .await?;
        outbox::Entity::delete_many()
            .filter(outbox::Column::Id.is_in(given_up.iter().map(|mail| mail.id)))
            .exec(&writing.transaction)
            .await?;
        mail_token::Entity::delete_many()
            .filter(mail_token::Column::ExpiresAt.lte(now() - REMEMBERED))
            .exec(&writing.transaction)
            .await?;
        session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(now()))
            .exec(&writing.transaction)
            .await?;
        writing.commit().await?;
        Ok(given_up)
    }
}

/// Mails to be sent now: due, not over, and nobody else's.
fn due(now: DateTime<Utc>) -> sea_orm::Select<outbox::Entity> {
    let free = Condition::any()
        .add(outbox::Column::ClaimedAt.is_null())
        .add(outbox::Column::ClaimedAt.lt(now - CLAIM));
    outbox::Entity::find()
        .filter(outbox::Column::NextAttemptAt.lte(now))
        .filter(outbox::Column::ExpiresAt.gt(now))
        .filter(free)
}
