//! What an admin may change of an account.

use api::{UserAction, UserPatch};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{
    Store, StoreError, audit,
    entities::{column, user},
    remembered::Change,
    sessions::end_sessions,
    user_counts::{active_admins, update_counters},
    users::lock_user,
};
use crate::domain::User;

/// Why an account can't be changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeUserError {
    /// There is no such account.
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
    /// Applies a patch, and records that `actor` did. Disabling an account ends its sessions.
    pub async fn change_user(&self, id: i64, patch: UserPatch, actor: &str) -> Result<User, ChangeUserError> {
        let mut transaction = self.write().await?;
        let Some(old) = lock_user(&transaction, id).await? else {
            return Err(ChangeUserError::NotFound);
        };
        let mut new = old.clone();
        new.role = patch.role.map_or(old.role, column::Role::from);
        new.disabled = patch.disabled.unwrap_or(old.disabled);
        if new == old {
            return Ok(old.into());
        }
        if is_active_admin(&old) && !is_active_admin(&new) && active_admins(&transaction).await? <= 1 {
            return Err(ChangeUserError::LastAdmin);
        }
        let row = user::ActiveModel {
            id: Set(id),
            role: Set(new.role),
            disabled: Set(new.disabled),
            ..Default::default()
        };
        row.update(&transaction.db).await.map_err(StoreError::from)?;
        update_counters(&transaction, Some(&old), Some(&new)).await?;
        for action in actions(&old, &new) {
            audit::add(&transaction, id, actor, action, self.now()).await?;
        }
        transaction.changes(Change::User(id));
        if new.disabled {
            end_sessions(&mut transaction, id, None).await?;
        }
        transaction.commit().await?;
        Ok(new.into())
    }
}

pub(super) fn is_active_admin(user: &user::Model) -> bool {
    user.role == column::Role::Admin && !user.disabled
}

fn actions(old: &user::Model, new: &user::Model) -> impl Iterator<Item = UserAction> {
    let role = (old.role != new.role).then_some(match new.role {
        column::Role::Admin => UserAction::Promoted,
        column::Role::User => UserAction::Demoted,
    });
    let disabled = (old.disabled != new.disabled).then_some(if new.disabled {
        UserAction::Disabled
    } else {
        UserAction::Enabled
    });
    role.into_iter().chain(disabled)
}
