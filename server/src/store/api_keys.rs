//! API keys.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use api::KeyScope;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, sea_query::Expr,
};
use tracing::warn;

use super::{
    NewMail, Store, StoreError, StoredCredentials, WriteTransaction, entities::api_key, outbox, remembered::Change,
    users::lock_user,
};
use crate::domain::User;

/// Keys of an account.
const MAX_KEYS: u64 = 20;

/// The last use of a key is written when the one before is at least as old as this: not a write for each request.
const USE_PRECISION: TimeDelta = TimeDelta::minutes(1);

/// A key to be added.
pub struct NewApiKey {
    /// What its owner calls it.
    pub name: String,
    /// The first characters of the key.
    pub hint: String,
    /// SHA-256 of the key.
    pub key_hash: Vec<u8>,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// After how long it expires.
    pub lifetime: Option<TimeDelta>,
}

/// A key of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// The number of the key.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The first characters of the key.
    pub hint: String,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A key that hasn't expired, of an account that isn't disabled.
#[derive(Debug, Clone)]
pub struct ActiveKey {
    /// The number of the key.
    pub id: i64,
    /// The first characters of the key.
    pub hint: String,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// The account.
    pub user: User,
}

/// A key as it is remembered.
pub(super) struct StoredKey {
    pub(super) active: ActiveKey,
    pub(super) key_hash: Vec<u8>,
    expires_at: Option<DateTime<Utc>>,
    /// The last use that is written or being written, in microseconds since 1970.
    noted_use: AtomicI64,
}

/// Why a key isn't added.
#[derive(Debug, thiserror::Error)]
pub enum AddKeyError {
    /// The account was disabled or deleted, or its password was changed, since it was checked.
    #[error("the account has changed")]
    Changed,
    /// The account has as many as it may have.
    #[error("too many keys")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum UseKeyError {
    /// There is no such key, or its account is disabled.
    #[error("no such key")]
    NotFound,
    /// It has expired.
    #[error("the key has expired")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds a key, unless the account was changed after `checked` was read, and sends `notice`.
    ///
    /// # Errors
    ///
    /// [`AddKeyError`].
    pub async fn add_key(
        &self,
        checked: &StoredCredentials,
        new: NewApiKey,
        notice: NewMail,
    ) -> Result<ListedKey, AddKeyError> {
        let transaction = self.write().await?;
        // Locked, so that requests at the same time don't exceed the number of keys.
        let row = lock_user(&transaction, checked.user.id).await?;
        let row = row.filter(|row| !row.disabled && row.password_hash == checked.password_hash);
        let owner: User = row.ok_or(AddKeyError::Changed)?.into();
        if keys_of(owner.id)
            .count(&transaction.db)
            .await
            .map_err(StoreError::from)?
            >= MAX_KEYS
        {
            return Err(AddKeyError::TooMany);
        }
        let now = self.now();
        let scopes: Vec<_> = new.scopes.iter().map(|scope| scope.tag()).collect();
        let row = api_key::ActiveModel {
            user_id: Set(owner.id),
            name: Set(new.name),
            hint: Set(new.hint),
            key_hash: Set(new.key_hash),
            scopes: Set(scopes.join(" ")),
            created_at: Set(now),
            expires_at: Set(new.lifetime.map(|lifetime| now + lifetime)),
            last_used_at: Set(None),
            ..Default::default()
        };
        let row = row.insert(&transaction.db).await.map_err(StoreError::from)?;
        outbox::add(&transaction, &owner, notice, now).await?;
        transaction.commit().await?;
        Ok(row.into())
    }

    /// An account's keys, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn keys(&self, user_id: i64) -> Result<Vec<ListedKey>, StoreError> {
        let rows = keys_of(user_id)
            .order_by_desc(api_key::Column::Id)
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(ListedKey::from).collect())
    }

    /// How many keys each of these accounts has; accounts without a key are missing.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn count_keys(&self, user_ids: &[i64]) -> Result<HashMap<i64, u64>, StoreError> {
        let counts = api_key::Entity::find()
            .select_only()
            .column(api_key::Column::UserId)
            .column_as(api_key::Column::Id.count(), "keys")
            .filter(api_key::Column::UserId.is_in(user_ids.iter().copied()))
            .group_by(api_key::Column::UserId);
        let counts: Vec<(i64, i64)> = counts.into_tuple().all(&self.db).await?;
        let counts = counts.into_iter().map(|(id, count)| (id, count.cast_unsigned()));
        Ok(counts.collect())
    }

    /// Revokes a key of an account; returns it, or `None` if the account has no such key.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn revoke_key(&self, user_id: i64, id: i64) -> Result<Option<ListedKey>, StoreError> {
        let mut transaction = self.write().await?;
        let found = keys_of(user_id).filter(api_key::Column::Id.eq(id));
        let Some(row) = found.one(&transaction.db).await? else {
            return Ok(None);
        };
        transaction.changes(Change::User(user_id));
        api_key::Entity::delete_by_id(id).exec(&transaction.db).await?;
        transaction.commit().await?;
        Ok(Some(row.into()))
    }

    /// The key with this hash, which is used now. The account's number of predictions and last login may be older than the
    /// rest.
    ///
    /// # Errors
    ///
    /// [`UseKeyError`].
    pub async fn use_key(&self, key_hash: &[u8]) -> Result<ActiveKey, UseKeyError> {
        let key = match self.remembered.key(key_hash) {
            Some(key) => key,
            None => self.read_key(key_hash).await?,
        };
        let now = self.now();
        if key.expires_at.is_some_and(|at| at <= now) {
            return Err(UseKeyError::Expired);
        }
        self.note_use(&key, now);
        Ok(key.active.clone())
    }

    async fn read_key(&self, key_hash: &[u8]) -> Result<Arc<StoredKey>, UseKeyError> {
        let generation = self.remembered.generation();
        let found = api_key::Entity::find().filter(api_key::Column::KeyHash.eq(key_hash));
        let row = found.one(&self.db).await.map_err(StoreError::from)?;
        let row = row.ok_or(UseKeyError::NotFound)?;
        let user = self.user(row.user_id).await?.filter(|user| !user.disabled);
        let key = Arc::new(StoredKey {
            active: ActiveKey {
                id: row.id,
                hint: row.hint,
                scopes: scopes(&row.scopes),
                user: user.ok_or(UseKeyError::NotFound)?,
            },
            key_hash: row.key_hash,
            expires_at: row.expires_at,
            noted_use: AtomicI64::new(row.last_used_at.map_or(i64::MIN, |at| at.timestamp_micros())),
        });
        self.remembered.remember_key(&key, generation);
        Ok(key)
    }

    /// Writes that a key is used, if the last use that was written isn't of this minute. The request doesn't wait for it, and
    /// doesn't fail with it.
    fn note_use(&self, key: &StoredKey, now: DateTime<Utc>) {
        let noted = key.noted_use.load(Ordering::Relaxed);
        let micros = now.timestamp_micros();
        if micros.saturating_sub(noted) < USE_PRECISION.num_microseconds().unwrap_or(i64::MAX)
            || key
                .noted_use
                .compare_exchange(noted, micros, Ordering::Relaxed, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        let (store, id) = (self.clone(), key.active.id);
        tokio::spawn(async move {
            if let Err(cause) = store.write_use(id, now).await {
                warn!("No se pudo anotar el uso de una clave de API: {cause}");
            }
        });
    }

    async fn write_use(&self, id: i64, at: DateTime<Utc>) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        api_key::Entity::update_many()
            .col_expr(api_key::Column::LastUsedAt, Expr::value(at))
            .filter(api_key::Column::Id.eq(id))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await
    }
}

/// Revokes all keys of an account.
pub(super) async fn revoke_keys(transaction: &mut WriteTransaction, user_id: i64) -> Result<(), StoreError> {
    transaction.changes(Change::User(user_id));
    api_key::Entity::delete_many()
        .filter(api_key::Column::UserId.eq(user_id))
        .exec(&transaction.db)
        .await?;
    Ok(())
}

fn keys_of(user_id: i64) -> Select<api_key::Entity> {
    api_key::Entity::find().filter(api_key::Column::UserId.eq(user_id))
}

/// The scopes of a row. A newer version of the server may have written others.
fn scopes(words: &str) -> Vec<KeyScope> {
    let scope = |word| KeyScope::ALL.into_iter().find(|scope| scope.tag() == word);
    words.split(' ').filter_map(scope).collect()
}

impl From<api_key::Model> for ListedKey {
    fn from(row: api_key::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            hint: row.hint,
            scopes: scopes(&row.scopes),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        }
    }
}
