//! What admins have done to accounts.

use api::UserAction;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{
    Store, StoreError, WriteTransaction,
    entities::{audit, column, user},
    models, review,
};

/// Entries returned for one account.
const MAX_ENTRIES: usize = 10;

/// The name of an admin whose account was deleted. No account can have it.
const DELETED: &str = "-";

/// One change to one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The changed account.
    pub user_id: i64,
    /// The admin's name at that time; empty for the command line, `-` if that account was deleted.
    pub actor: String,
    /// What was done.
    pub action: UserAction,
    /// When it was done.
    pub created_at: DateTime<Utc>,
}

/// Records what `actor` did, in the transaction that does it.
pub(super) async fn add(
    transaction: &WriteTransaction,
    user_id: i64,
    actor: &str,
    action: UserAction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = audit::ActiveModel {
        user_id: Set(Some(user_id)),
        actor: Set(actor.to_owned()),
        action: Set(action.into()),
        created_at: Set(now),
        ..Default::default()
    };
    row.insert(&transaction.db).await?;
    Ok(())
}

/// Removes what identifies an account that is deleted from the entries about it and from those of what it did. The entries
/// stay.
pub(super) async fn anonymize(transaction: &WriteTransaction, user: &user::Model) -> Result<(), StoreError> {
    audit::Entity::update_many()
        .col_expr(audit::Column::UserId, Expr::value(None::<i64>))
        .filter(audit::Column::UserId.eq(user.id))
        .exec(&transaction.db)
        .await?;
    audit::Entity::update_many()
        .col_expr(audit::Column::Actor, Expr::value(DELETED))
        .filter(audit::Column::Actor.eq(user.username.as_str()))
        .exec(&transaction.db)
        .await?;
    models::anonymize(transaction, &user.username, DELETED).await?;
    review::anonymize(transaction, &user.username, DELETED).await
}

impl Store {
    /// The newest ten entries of each of these accounts, newest first.
    pub async fn audit_entries(&self, user_ids: &[i64]) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = audit::Entity::find()
            .filter(audit::Column::UserId.is_in(user_ids.iter().copied()))
            // A newer version of the server may have written other actions.
            .filter(audit::Column::Action.is_in(column::Action::values()))
            .order_by_asc(audit::Column::UserId)
            .order_by_desc(audit::Column::Id)
            .all(&self.db)
            .await?;
        let mut entries: Vec<AuditEntry> = rows.into_iter().filter_map(entry).collect();
        let (mut user_id, mut count) = (None, 0);
        entries.retain(|entry| {
            count = if user_id == Some(entry.user_id) { count + 1 } else { 1 };
            user_id = Some(entry.user_id);
            count <= MAX_ENTRIES
        });
        Ok(entries)
    }
}

/// `None` if the account was deleted.
fn entry(row: audit::Model) -> Option<AuditEntry> {
    Some(AuditEntry {
        user_id: row.user_id?,
        actor: row.actor,
        action: row.action.into(),
        created_at: row.created_at,
    })
}
