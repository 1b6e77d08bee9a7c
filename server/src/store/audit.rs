//! What admins have done to accounts.

use api::UserAction;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::{Store, Writing, entities::audit, now};

/// Changes shown of one account.
const SHOWN: usize = 10;

/// Write down what `actor` did, in the transaction that does it.
pub(super) async fn add(writing: &Writing, user_id: i64, actor: &str, action: UserAction) -> Result<(), DbErr> {
    let row = audit::ActiveModel {
        user_id: Set(user_id),
        actor: Set(actor.to_owned()),
        action: Set(word(action)),
        created_at: Set(now()),
        ..Default::default()
    };
    row.insert(&writing.transaction).await?;
    Ok(())
}

impl Store {
    /// What was done to these accounts: of each the newest ten, newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn changes(&self, user_ids: &[i64]) -> Result<Vec<audit::Model>, DbErr> {
        let mut rows = audit::Entity::find()
            .filter(audit::Column::UserId.is_in(user_ids.iter().copied()))
            .order_by_asc(audit::Column::UserId)
            .order_by_desc(audit::Column::Id)
            .all(&self.db)
            .await?;
        let mut seen = (0, 0);
        rows.retain(|row| {
            seen = if row.user_id == seen.0 {
                (seen.0, seen.1 + 1)
            } else {
                (row.user_id, 1)
            };
            seen.1 <= SHOWN
        });
        Ok(rows)
    }
}

/// An action by its word on the wire.
fn word(action: UserAction) -> String {
    // A unit variant is always a string.
    serde_json::to_value(action)
        .ok()
        .and_then(|value| value.as_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}

/// The action of a stored word; none for one that an older or a newer version wrote.
pub fn action(row: &audit::Model) -> Option<UserAction> {
    serde_json::from_value(row.action.as_str().into()).ok()
}
