//! Adding accounts.

use api::{Locale, Role, UserAction};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{
    NewMail, Store, StoreError, WriteTransaction, audit,
    entities::{user, user_word},
    outbox,
    user_counts::update_counters,
};
use crate::domain::{Email, User, Username, account_key, words};

/// An account to be added.
pub struct NewUser<'a> {
    /// The name.
    pub username: &'a Username,
    /// The address.
    pub email: &'a Email,
    /// The password's hash, argon2id in PHC string format.
    pub password_hash: String,
    /// What the account may do.
    pub role: Role,
    /// Whether the address needs no confirmation.
    pub email_confirmed: bool,
    /// The language of the account's mail.
    pub locale: Locale,
}

/// Why an account can't be added.
#[derive(Debug, thiserror::Error)]
pub enum AddUserError {
    /// Another account has the name.
    #[error("the name is taken")]
    UsernameTaken,
    /// Another account has the address.
    #[error("the address is taken")]
    EmailTaken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds an account and, in the same transaction, the mail that confirms its address. An account without such a mail
    /// was made by an admin, which is recorded.
    pub async fn add_user(&self, new: NewUser<'_>, mail: Option<NewMail>) -> Result<User, AddUserError> {
        let (username, email) = (new.username, new.email);
        match self.try_add_user(new, mail).await {
            Err(error) if error.is_conflict() => {
                // Another request has taken the name or the address since this one checked.
                self.ensure_available(username, email).await?;
                Err(error.into())
            }
            result => Ok(result?),
        }
    }

    /// Checks that neither the name nor the address is taken.
    ///
    /// # Errors
    ///
    /// [`AddUserError`]; the name is checked first.
    pub async fn ensure_available(&self, username: &Username, email: &Email) -> Result<(), AddUserError> {
        if self.user_by_name(username.as_str()).await?.is_some() {
            return Err(AddUserError::UsernameTaken);
        }
        match self.user_by_email(email.as_str()).await? {
            Some(_) => Err(AddUserError::EmailTaken),
            None => Ok(()),
        }
    }

    async fn try_add_user(&self, new: NewUser<'_>, mail: Option<NewMail>) -> Result<User, StoreError> {
        let transaction = self.write().await?;
        let now = self.now();
        let row = user::ActiveModel {
            username: Set(new.username.as_str().to_owned()),
            username_key: Set(account_key(new.username.as_str())),
            email: Set(new.email.as_str().to_owned()),
            email_key: Set(account_key(new.email.as_str())),
            password_hash: Set(new.password_hash),
            role: Set(new.role.into()),
            email_confirmed: Set(new.email_confirmed),
            disabled: Set(false),
            language: Set(new.locale.tag().to_owned()),
            predictions: Set(0),
            created_at: Set(now),
            ..Default::default()
        };
        let row = row.insert(&transaction.db).await?;
        add_words(&transaction, &row).await?;
        update_counters(&transaction, None, Some(&row)).await?;
        let user = User::from(row);
        match mail {
            Some(new) => outbox::add(&transaction, &user, new, now).await?,
            None => audit::add(&transaction, user.id, "", UserAction::Created, now).await?,
        }
        transaction.commit().await?;
        Ok(user)
    }
}

/// Adds the words that the search finds an account by.
pub(super) async fn add_words(transaction: &WriteTransaction, user: &user::Model) -> Result<(), StoreError> {
    let words = words::of_user(&user.username, &user.email)
        .into_iter()
        .map(|word| user_word::ActiveModel {
            word: Set(word),
            user_id: Set(user.id),
        });
    user_word::Entity::insert_many(words)
        .exec_without_returning(&transaction.db)
        .await?;
    Ok(())
}
