//! Fingerprints of the keys that the servers of this database use.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, QuerySelect, sea_query::OnConflict,
};

use super::{Store, StoreError, entities::key_fingerprint};

/// How a server's keys compare with those of the server that started last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCheck {
    /// They have one in common, or there was no server before.
    Known,
    /// They have none in common. SQLite is for one server, so its keys count.
    Replaced,
    /// They have none in common, and other servers may use this database.
    Refused,
}

impl Store {
    /// Compares the keys with this name that a server accepts with those of the server that started last, and records them
    /// unless they are refused.
    pub async fn check_keys(&self, name: &str, fingerprints: &[String]) -> Result<KeyCheck, StoreError> {
        let own = fingerprints.join(" ");
        let recorded = || key_fingerprint::Entity::find_by_id(name.to_owned());
        // Most starts change nothing.
        if recorded()
            .one(&self.db)
            .await?
            .is_some_and(|row| row.fingerprints == own)
        {
            return Ok(KeyCheck::Known);
        }
        let transaction = self.write().await?;
        // Of several servers that start at the same time on a new database, the others wait here for the first.
        let first = key_fingerprint::ActiveModel {
            name: Set(name.to_owned()),
            fingerprints: Set(own.clone()),
        };
        let unless_recorded = OnConflict::column(key_fingerprint::Column::Name)
            .do_nothing()
            .to_owned();
        key_fingerprint::Entity::insert(first.clone())
            .on_conflict(unless_recorded)
            .exec_without_returning(&transaction.db)
            .await?;
        let theirs = recorded().lock_exclusive().one(&transaction.db).await?;
        let theirs = theirs.map(|row| row.fingerprints).unwrap_or_default();
        let is_known = theirs
            .split(' ')
            .any(|known| fingerprints.iter().any(|own| own == known));
        if !is_known && transaction.db.get_database_backend() == DbBackend::Postgres {
            return Ok(KeyCheck::Refused);
        }
        first.update(&transaction.db).await?;
        transaction.commit().await?;
        Ok(if is_known { KeyCheck::Known } else { KeyCheck::Replaced })
    }

    /// Forgets the keys of all servers, so that the next one that starts is not refused.
    pub async fn forget_keys(&self) -> Result<(), StoreError> {
        let transaction = self.write().await?;
        key_fingerprint::Entity::delete_many().exec(&transaction.db).await?;
        transaction.commit().await
    }
}
