//! Second factors: the seed of the secret, the last step that was used, and recovery codes.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    NewMail, Store, StoreError,
    entities::{recovery_code, second_factor},
    outbox,
    users::lock_user,
};
use crate::domain::User;

/// The second factor of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The secret is derived from this and `SECRET_KEY`.
    pub seed: Vec<u8>,
    /// Whether the login asks for it.
    pub active: bool,
}

impl Store {
    /// The second factor of an account, if it has one.
    pub async fn second_factor(&self, user_id: i64) -> Result<Option<SecondFactor>, StoreError> {
        let row = second_factor::Entity::find_by_id(user_id).one(&self.db).await?;
        Ok(row.map(|row| SecondFactor {
            seed: row.seed,
            active: row.active,
        }))
    }

    /// Adds a second factor that isn't active yet, in place of an earlier one that isn't. Returns `false`, and adds nothing,
    /// if the account has an active one.
    pub async fn add_second_factor(&self, user_id: i64, seed: Vec<u8>) -> Result<bool, StoreError> {
        let transaction = self.write().await?;
        // Two requests at the same time would both find none.
        lock_user(&transaction, user_id).await?;
        second_factor::Entity::delete_by_id(user_id)
            .filter(second_factor::Column::Active.eq(false))
            .exec(&transaction.db)
            .await?;
        let active = second_factor::Entity::find_by_id(user_id).one(&transaction.db).await?;
        if active.is_some() {
            return Ok(false);
        }
        let row = second_factor::ActiveModel {
            user_id: Set(user_id),
            seed: Set(seed),
            active: Set(false),
            last_step: Set(0),
        };
        row.insert(&transaction.db).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Activates the second factor with this seed by a code of `step`, adds the hashes of its recovery codes, and sends
    /// `notice`. Returns `false`, and changes nothing, if there is no such second factor that isn't active yet.
    pub async fn activate_second_factor(
        &self,
        user: &User,
        seed: &[u8],
        step: i64,
        recovery_code_hashes: Vec<Vec<u8>>,
        notice: NewMail,
    ) -> Result<bool, StoreError> {
        let transaction = self.write().await?;
        if lock_user(&transaction, user.id).await?.is_none() {
            return Ok(false);
        }
        let activated = second_factor::Entity::update_many()
            .col_expr(second_factor::Column::Active, Expr::value(true))
            .col_expr(second_factor::Column::LastStep, Expr::value(step))
            .filter(second_factor::Column::UserId.eq(user.id))
            .filter(second_factor::Column::Seed.eq(seed))
            .filter(second_factor::Column::Active.eq(false))
            .exec(&transaction.db)
            .await?;
        if activated.rows_affected == 0 {
            return Ok(false);
        }
        let codes = recovery_code_hashes
            .into_iter()
            .map(|code_hash| recovery_code::ActiveModel {
                user_id: Set(user.id),
                code_hash: Set(code_hash),
            });
        recovery_code::Entity::insert_many(codes)
            .exec_without_returning(&transaction.db)
            .await?;
        outbox::add(&transaction, user, notice, self.now()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Uses the code of a step. Returns `false` if it, or the code of a later step, was used before.
    pub async fn use_step(&self, user_id: i64, step: i64) -> Result<bool, StoreError> {
        let transaction = self.write().await?;
        let used = second_factor::Entity::update_many()
            .col_expr(second_factor::Column::LastStep, Expr::value(step))
            .filter(second_factor::Column::UserId.eq(user_id))
            .filter(second_factor::Column::LastStep.lt(step))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await?;
        Ok(used.rows_affected > 0)
    }

    /// Uses a recovery code. Returns `false` if the account has no such code any more.
    pub async fn use_recovery_code(&self, user_id: i64, code_hash: &[u8]) -> Result<bool, StoreError> {
        let transaction = self.write().await?;
        let used = recovery_code::Entity::delete_by_id((user_id, code_hash.to_vec()))
            .exec(&transaction.db)
            .await?;
        transaction.commit().await?;
        Ok(used.rows_affected > 0)
    }

    /// Removes the second factor of an account with its recovery codes, and sends `notice` if it was active. Returns whether
    /// there was one.
    pub async fn remove_second_factor(&self, user: &User, notice: NewMail) -> Result<bool, StoreError> {
        let transaction = self.write().await?;
        // Of two requests at the same time one sends the notice.
        lock_user(&transaction, user.id).await?;
        let factor = second_factor::Entity::find_by_id(user.id).one(&transaction.db).await?;
        let Some(factor) = factor else { return Ok(false) };
        second_factor::Entity::delete_by_id(user.id)
            .exec(&transaction.db)
            .await?;
        recovery_code::Entity::delete_many()
            .filter(recovery_code::Column::UserId.eq(user.id))
            .exec(&transaction.db)
            .await?;
        if factor.active {
            outbox::add(&transaction, user, notice, self.now()).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}
