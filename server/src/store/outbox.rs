//! The outbox: mail that waits to be sent.

use std::time::Duration;

use api::{Locale, UserAction};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveEnum, ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LockBehavior, LockType},
};

use super::{
    Store, StoreError, WriteTransaction, audit,
    entities::{column, mail_token, outbox, session},
    users::lock_user,
};
use crate::domain::{MailPurpose, User};

/// A mail claimed for longer was claimed by a process that has died.
const CLAIM_TIMEOUT: TimeDelta = TimeDelta::minutes(10);

/// How long an expired token is kept, so that its link is answered with "expired" and not with "unknown".
const EXPIRED_TOKEN_RETENTION: TimeDelta = TimeDelta::days(30);

/// A mail to be added.
pub struct NewMail {
    /// Why it is sent.
    pub purpose: MailPurpose,
    /// Its language; `None` for the account's.
    pub locale: Option<Locale>,
    /// The address it goes to and that its link changes the account's to; `None` for the account's address.
    pub new_email: Option<String>,
    /// The token of its link; `None` for a notice, which has none.
    pub token: Option<NewToken>,
    /// When it is given up, and its token expires.
    pub expires_at: DateTime<Utc>,
    /// The identifier of the request that caused it.
    pub request_id: String,
}

impl NewMail {
    /// A mail without a link, in the account's language and to its address.
    pub fn notice(purpose: MailPurpose, expires_at: DateTime<Utc>, request_id: &str) -> Self {
        Self {
            purpose,
            locale: None,
            new_email: None,
            token: None,
            expires_at,
            request_id: request_id.to_owned(),
        }
    }
}

/// The token of a link to be added.
pub struct NewToken {
    /// The token is derived from this and `SECRET_KEY`.
    pub seed: Vec<u8>,
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
}

/// A mail that this process has claimed, or that has expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingEmail {
    /// The mail's number.
    pub id: i64,
    /// Why it is sent.
    pub purpose: MailPurpose,
    /// The address it goes to.
    pub recipient: String,
    /// The name of the account.
    pub username: String,
    /// Its language.
    pub locale: Locale,
    /// The token is derived from this and `SECRET_KEY`; empty for a notice.
    pub seed: Vec<u8>,
    /// The identifier of the request that caused it.
    pub request_id: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it is given up, and its token expires.
    pub expires_at: DateTime<Utc>,
    /// The number of failed attempts to send it.
    pub attempts: i32,
}

/// Adds a mail and its token in the transaction of what it is about.
pub(super) async fn add(
    transaction: &WriteTransaction,
    user: &User,
    new: NewMail,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let purpose = column::Purpose::from(new.purpose);
    let mut seed = Vec::new();
    if let Some(token) = new.token {
        seed = token.seed;
        let token = mail_token::ActiveModel {
            token_hash: Set(token.hash),
            user_id: Set(user.id),
            purpose: Set(purpose),
            expires_at: Set(new.expires_at),
            email: Set(new.new_email.clone()),
        };
        token.insert(&transaction.db).await?;
    }
    let mail = outbox::ActiveModel {
        // With the account, everything that refers to it is deleted.
        user_id: Set((new.purpose != MailPurpose::AccountDeleted).then_some(user.id)),
        purpose: Set(purpose),
        recipient: Set(new.new_email.unwrap_or_else(|| user.email.clone())),
        username: Set(user.username.clone()),
        language: Set(new.locale.unwrap_or(user.locale).tag().to_owned()),
        seed: Set(seed),
        request_id: Set(new.request_id),
        created_at: Set(now),
        expires_at: Set(new.expires_at),
        attempts: Set(0),
        next_attempt_at: Set(now),
        claimed_at: Set(None),
        ..Default::default()
    };
    mail.insert(&transaction.db).await?;
    Ok(())
}

/// Removes an account's mails of these purposes, because they are fulfilled or invalid.
pub(super) async fn cancel_pending(
    transaction: &WriteTransaction,
    user_id: i64,
    purposes: &[MailPurpose],
) -> Result<(), StoreError> {
    outbox::Entity::delete_many()
        .filter(outbox::Column::UserId.eq(user_id))
        .filter(outbox::Column::Purpose.is_in(purposes.iter().copied().map(column::Purpose::from)))
        .exec(&transaction.db)
        .await?;
    Ok(())
}

impl Store {
    /// Adds a mail, in place of a waiting one of the same account and purpose, unless the account has been deleted. `admin`
    /// is the name of the admin who asked for it, if one did.
    pub async fn add_mail(&self, user: &User, new: NewMail, admin: Option<&str>) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        if lock_user(&transaction, user.id).await?.is_none() {
            return Ok(());
        }
        let now = self.now();
        outbox::Entity::delete_many()
            .filter(outbox::Column::UserId.eq(user.id))
            .filter(outbox::Column::Purpose.eq(column::Purpose::from(new.purpose)))
            .filter(outbox::Column::ClaimedAt.is_null())
            .exec(&transaction.db)
            .await?;
        add(&transaction, user, new, now).await?;
        if let Some(admin) = admin {
            audit::add(&transaction, user.id, admin, UserAction::ConfirmationResent, now).await?;
        }
        transaction.commit().await
    }

    /// Claims up to `limit` mails that are due; no other process sends them from now on.
    pub async fn claim_mail(&self, limit: u64) -> Result<Vec<PendingEmail>, StoreError> {
        let now = self.now();
        // Most of the time nothing is due, and then no write transaction is needed.
        if due(now).limit(1).one(&self.db).await?.is_none() {
            return Ok(Vec::new());
        }
        let transaction = self.write().await?;
        let mails = due(now)
            .order_by_asc(outbox::Column::NextAttemptAt)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&transaction.db)
            .await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::ClaimedAt, Expr::value(now))
            .filter(outbox::Column::Id.is_in(mails.iter().map(|mail| mail.id)))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await?;
        Ok(mails.into_iter().map(PendingEmail::from).collect())
    }

    /// Removes a mail that was sent, or that never can be.
    pub async fn remove_mail(&self, id: i64) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        outbox::Entity::delete_by_id(id).exec(&transaction.db).await?;
        transaction.commit().await
    }

    /// Gives back mails that were claimed and not sent.
    pub async fn release_mail(&self, ids: impl Iterator<Item = i64>) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::ClaimedAt, Expr::value(None::<DateTime<Utc>>))
            .filter(outbox::Column::Id.is_in(ids))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await
    }

    /// Counts a failed attempt; the next one is due after `pause`.
    pub async fn retry_mail(&self, id: i64, pause: Duration) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
            .col_expr(outbox::Column::NextAttemptAt, Expr::value(self.now() + pause))
            .col_expr(outbox::Column::ClaimedAt, Expr::value(None::<DateTime<Utc>>))
            .filter(outbox::Column::Id.eq(id))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await
    }

    /// The number of mails in the outbox.
    pub async fn mail_pending(&self) -> Result<u64, StoreError> {
        Ok(outbox::Entity::find().count(&self.db).await?)
    }

    /// Removes expired tokens, sessions and mails; returns the mails.
    pub async fn remove_expired(&self) -> Result<Vec<PendingEmail>, StoreError> {
        let transaction = self.write().await?;
        let now = self.now();
        let expired = outbox::Entity::find()
            .filter(outbox::Column::ExpiresAt.lte(now))
            .filter(is_known())
            .all(&transaction.db)
            .await?;
        outbox::Entity::delete_many()
            .filter(outbox::Column::Id.is_in(expired.iter().map(|mail| mail.id)))
            .exec(&transaction.db)
            .await?;
        mail_token::Entity::delete_many()
            .filter(mail_token::Column::ExpiresAt.lte(now - EXPIRED_TOKEN_RETENTION))
            .exec(&transaction.db)
            .await?;
        session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(now))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await?;
        Ok(expired.into_iter().map(PendingEmail::from).collect())
    }
}

/// Mails to be sent now: due, not expired, and not claimed by another process.
fn due(now: DateTime<Utc>) -> Select<outbox::Entity> {
    let unclaimed = Condition::any()
        .add(outbox::Column::ClaimedAt.is_null())
        .add(outbox::Column::ClaimedAt.lt(now - CLAIM_TIMEOUT));
    outbox::Entity::find()
        .filter(outbox::Column::NextAttemptAt.lte(now))
        .filter(outbox::Column::ExpiresAt.gt(now))
        .filter(is_known())
        .filter(unclaimed)
}

/// Mails that this version can compose. A newer one beside it may have added others, and sends them itself.
fn is_known() -> Expr {
    outbox::Column::Purpose.is_in(column::Purpose::values())
}

impl From<outbox::Model> for PendingEmail {
    fn from(row: outbox::Model) -> Self {
        Self {
            id: row.id,
            purpose: row.purpose.into(),
            recipient: row.recipient,
            username: row.username,
            locale: Locale::from_tag(&row.language).unwrap_or_default(),
            seed: row.seed,
            request_id: row.request_id,
            created_at: row.created_at,
            expires_at: row.expires_at,
            attempts: row.attempts,
        }
    }
}
