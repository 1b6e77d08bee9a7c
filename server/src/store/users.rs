//! Accounts: making, finding and changing them.

use api::{Role, UserAction, UserCounts, UserPatch};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect, SqlErr,
    sea_query::Expr,
};

use super::{
    NewMail, Purpose, Store, Writing, audit,
    entities::{mail_token, session, user, user_count, user_word},
    mail, now,
};
use crate::domain::words;

/// An account to be made.
pub struct NewUser<'a> {
    /// Its name.
    pub username: &'a str,
    /// Its address.
    pub email: &'a str,
    /// The hash of its password.
    pub password_hash: String,
    /// What it may do.
    pub role: Role,
    /// Whether its address needs no confirmation.
    pub email_confirmed: bool,
    /// The language of its mail.
    pub language: &'a str,
}

/// The account can't be made.
#[derive(Debug, thiserror::Error)]
pub enum AddUserError {
    /// Somebody has the name.
    #[error("the name is taken")]
    Username,
    /// Somebody has the address.
    #[error("the address is taken")]
    Email,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The account can't be changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is none.
    #[error("no such account")]
    Missing,
    /// There would be no admin left who can sign in.
    #[error("the last admin")]
    LastAdmin,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The token of a mail does nothing.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It was never made, or was used.
    #[error("no such token")]
    Missing,
    /// Its time is over.
    #[error("the token's time is over")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Store {
    /// Make an account and, in the same transaction, the mail that confirms its address.
    ///
    /// # Errors
    ///
    /// [`AddUserError`] when the name or the address is taken, or the database fails.
    pub async fn add_user(&self, new: NewUser<'_>, mail: Option<NewMail>) -> Result<user::Model, AddUserError> {
        let (username, email) = (new.username.to_owned(), new.email.to_owned());
        match self.try_add_user(new, mail).await {
            Err(AddUserError::Database(error))
                if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) =>
            {
                // Another request was quicker, since this one looked.
                self.taken(&username, &email).await?;
                Err(AddUserError::Database(error))
            }
            other => other,
        }
    }

    /// Whether the name or the address is taken.
    ///
    /// # Errors
    ///
    /// [`AddUserError`] when one is, or the database fails.
    pub async fn taken(&self, username: &str, email: &str) -> Result<(), AddUserError> {
        if self.user_by_name(username).await?.is_some() {
            return Err(AddUserError::Username);
        }
        match self.user_by_email(email).await? {
            Some(_) => Err(AddUserError::Email),
            None => Ok(()),
        }
    }

    async fn try_add_user(&self, new: NewUser<'_>, mail: Option<NewMail>) -> Result<user::Model, AddUserError> {
        let writing = self.write().await?;
        let row = user::ActiveModel {
            username: Set(new.username.to_owned()),
            username_key: Set(key(new.username)),
            email: Set(new.email.to_owned()),
            email_key: Set(key(new.email)),
            password_hash: Set(new.password_hash),
            role: Set(role_word(new.role).to_owned()),
            email_confirmed: Set(new.email_confirmed),
            disabled: Set(false),
            language: Set(new.language.to_owned()),
            predictions: Set(0),
            created_at: Set(now()),
            ..Default::default()
        };
        let user = row.insert(&writing.transaction).await?;
        let words = words::of_user(&user.username, &user.email)
            .into_iter()
            .map(|word| user_word::ActiveModel {
                word: Set(word),
                user_id: Set(user.id),
            });
        user_word::Entity::insert_many(words)
            .exec_without_returning(&writing.transaction)
            .await?;
        count(&writing, None, Some(&user)).await?;
        match mail {
            Some(new) => mail::add(&writing, &user, new).await?,
            None => audit::add(&writing, user.id, "", UserAction::Created).await?,
        }
        writing.commit().await?;
        Ok(user)
    }

    /// The account of that number.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user(&self, id: i64) -> Result<Option<user::Model>, DbErr> {
        user::Entity::find_by_id(id).one(&self.db).await
    }

    /// The account of that name, in any case.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user_by_name(&self, username: &str) -> Result<Option<user::Model>, DbErr> {
        // No name holds it, and Postgres fails on being asked. (Other texts are checked or hashed before they get here.)
        if username.contains('\0') {
            return Ok(None);
        }
        user::Entity::find()
            .filter(user::Column::UsernameKey.eq(key(username)))
            .one(&self.db)
            .await
    }

    /// The account of that address, in any case.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<user::Model>, DbErr> {
        user::Entity::find()
            .filter(user::Column::EmailKey.eq(key(email)))
            .one(&self.db)
            .await
    }

    /// Keep a hash made anew, unless the password was changed meanwhile.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn rehash(&self, user: &user::Model, password_hash: String) -> Result<(), DbErr> {
        let writing = self.write().await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
            .filter(user::Column::Id.eq(user.id))
            .filter(user::Column::PasswordHash.eq(user.password_hash.as_str()))
            .exec(&writing.transaction)
            .await?;
        writing.commit().await
    }

    /// Use up a confirmation's token: the account it confirmed.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when it doesn't hold, or the database fails.
    pub async fn confirm(&self, token_hash: &[u8]) -> Result<user::Model, TokenError> {
        let writing = self.write().await?;
        let user = use_token(&writing, token_hash, Purpose::Confirm).await?;
        let user = confirm_email(&writing, user).await?;
        writing.commit().await?;
        Ok(user)
    }

    /// Use up a reset's token: set the password, end every session, and take the address for confirmed, since the token
    /// came from there.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when it doesn't hold, or the database fails.
    pub async fn reset_password(&self, token_hash: &[u8], password_hash: String) -> Result<user::Model, TokenError> {
        let writing = self.write().await?;
        let user = use_token(&writing, token_hash, Purpose::Reset).await?;
        let user = confirm_email(&writing, user).await?;
        let mut row = user::ActiveModel::from(user);
        row.password_hash = Set(password_hash);
        let user = row.update(&writing.transaction).await?;
        end_sessions(&writing, user.id).await?;
        writing.commit().await?;
        Ok(user)
    }

    /// Change what an admin may change, and write down who did; what is so already changes nothing.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] when there is no such account, no admin would be left, or the database fails.
    pub async fn change_user(&self, id: i64, patch: UserPatch, actor: &str) -> Result<user::Model, ChangeError> {
        let writing = self.write().await?;
        let Some(old) = user_to_change(&writing, id).await? else {
            return Err(ChangeError::Missing);
        };
        let mut new = old.clone();
        if let Some(role) = patch.role {
            role_word(role).clone_into(&mut new.role);
        }
        if let Some(disabled) = patch.disabled {
            new.disabled = disabled;
        }
        if new == old {
            return Ok(old);
        }
        if is_active_admin(&old) && !is_active_admin(&new) && active_admins(&writing).await? <= 1 {
            return Err(ChangeError::LastAdmin);
        }
        user::ActiveModel {
            id: Set(id),
            role: Set(new.role.clone()),
            disabled: Set(new.disabled),
            ..Default::default()
        }
        .update(&writing.transaction)
        .await?;
        count(&writing, Some(&old), Some(&new)).await?;
        if old.role != new.role {
            let action = match role(&new) {
                Role::Admin => UserAction::Promoted,
                Role::User => UserAction::Demoted,
            };
            audit::add(&writing, id, actor, action).await?;
        }
        if old.disabled != new.disabled {
            let action = if new.disabled {
                UserAction::Disabled
            } else {
                UserAction::Enabled
            };
            audit::add(&writing, id, actor, action).await?;
        }
        if new.disabled {
            end_sessions(&writing, id).await?;
        }
        writing.commit().await?;
        Ok(new)
    }

    /// Users by whether their address was confirmed: the metric's two series, confirmed first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn registered(&self) -> Result<[u64; 2], DbErr> {
        let counts = self.user_counts().await?;
        Ok([counts.total - counts.unconfirmed, counts.unconfirmed])
    }

    /// How many accounts there are.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn user_counts(&self) -> Result<UserCounts, DbErr> {
        let kinds = self.user_kinds().await?;
        let sum = |fits: fn(&user_count::Model) -> bool| {
            kinds
                .iter()
                .filter(|kind| fits(kind))
                .map(|kind| kind.users.cast_unsigned())
                .sum()
        };
        Ok(UserCounts {
            total: sum(|_| true),
            admins: sum(|kind| kind.role == role_word(Role::Admin)),
            unconfirmed: sum(|kind| !kind.email_confirmed),
            disabled: sum(|kind| kind.disabled),
        })
    }

    pub(super) async fn user_kinds(&self) -> Result<Vec<user_count::Model>, DbErr> {
        user_count::Entity::find().all(&self.db).await
    }
}

/// What is the same name or address, whatever the case.
fn key(text: &str) -> String {
    text.to_lowercase()
}

/// A role as it is stored.
pub(super) fn role_word(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Admin => "admin",
    }
}

/// What an account may do; a word that isn't known grants nothing.
pub fn role(user: &user::Model) -> Role {
    if user.role == role_word(Role::Admin) {
        Role::Admin
    } else {
        Role::User
    }
}

fn is_active_admin(user: &user::Model) -> bool {
    role(user) == Role::Admin && !user.disabled
}

/// Move a user from one kind to another in `user_counts`.
///
/// In the order of the kinds, so that two transactions on Postgres never wait for each other.
async fn count(writing: &Writing, from: Option<&user::Model>, to: Option<&user::Model>) -> Result<(), DbErr> {
    let kind = |user: &user::Model| (user.role.clone(), user.email_confirmed, user.disabled);
    let mut steps: Vec<_> = from
        .map(|user| (kind(user), -1))
        .into_iter()
        .chain(to.map(|user| (kind(user), 1)))
        .collect();
    steps.sort_unstable();
    for ((role, confirmed, disabled), step) in steps {
        user_count::Entity::update_many()
            .col_expr(
                user_count::Column::Users,
                Expr::col(user_count::Column::Users).add(step),
            )
            .filter(user_count::Column::Role.eq(role))
            .filter(user_count::Column::EmailConfirmed.eq(confirmed))
            .filter(user_count::Column::Disabled.eq(disabled))
            .exec(&writing.transaction)
            .await?;
    }
    Ok(())
}

/// A user's row, locked on Postgres until the transaction ends. (SQLite's writer is alone anyway.)
async fn user_to_change(writing: &Writing, id: i64) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id)
        .lock_exclusive()
        .one(&writing.transaction)
        .await
}

/// Admins who can sign in. Locked: of two admins who switch each other off, one comes second.
async fn active_admins(writing: &Writing) -> Result<i64, DbErr> {
    let kinds = user_count::Entity::find()
        .filter(user_count::Column::Role.eq(role_word(Role::Admin)))
        .filter(user_count::Column::Disabled.eq(false))
        .lock_exclusive()
        .all(&writing.transaction)
        .await?;
    Ok(kinds.iter().map(|kind| kind.users).sum())
}

pub(super) async fn end_sessions(writing: &Writing, user_id: i64) -> Result<(), DbErr> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .exec(&writing.transaction)
        .await?;
    Ok(())
}

async fn confirm_email(writing: &Writing, old: user::Model) -> Result<user::Model, DbErr> {
    if old.email_confirmed {
        return Ok(old);
    }
    let mut row = user::ActiveModel::from(old.clone());
    row.email_confirmed = Set(true);
    let new = row.update(&writing.transaction).await?;
    count(writing, Some(&old), Some(&new)).await?;
    Ok(new)
}

/// Take a token out, and with it the others of the same user and purpose; its user, if it held.
async fn use_token(writing: &Writing, token_hash: &[u8], purpose: Purpose) -> Result<user::Model, TokenError> {
    let token = mail_token::Entity::find_by_id(token_hash.to_vec())
        .filter(mail_token::Column::Purpose.eq(purpose.word()))
        .one(&writing.transaction)
        .await?
        .ok_or(TokenError::Missing)?;
    if token.expires_at <= now() {
        return Err(TokenError::Expired);
    }
    let used = mail_token::Entity::delete_many()
        .filter(mail_token::Column::UserId.eq(token.user_id))
        .filter(mail_token::Column::Purpose.eq(purpose.word()))
        .exec(&writing.transaction)
        .await?;
    // On Postgres another request may have used it since it was found.
    if used.rows_affected == 0 {
        return Err(TokenError::Missing);
    }
    mail::forget(writing, token.user_id, purpose).await?;
    user_to_change(writing, token.user_id).await?.ok_or(TokenError::Missing)
}
