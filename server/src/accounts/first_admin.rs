//! The first admin, and further ones from the command line.

use std::io::{self, Write};

use api::Role;
use sea_orm::DbErr;
use tracing::info;

use super::{HashError, Hasher};
use crate::tokens::random_hex;
use crate::{
    settings::{AccountSettings, Secret},
    store::{AddUserError, NewUser, Store},
};

/// The admin can't be made.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Somebody has the name.
    #[error("ADMIN_USERNAME: somebody has this name already")]
    Username,
    /// Somebody has the address.
    #[error("ADMIN_EMAIL: somebody has this address already")]
    Email,
    /// The hash failed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// The password can't be shown to anyone.
    #[error("can't print the password: {0}")]
    Print(#[from] io::Error),
}

/// Make an admin when there is no user at all.
///
/// # Errors
///
/// [`AdminError`].
pub async fn ensure_admin(settings: &AccountSettings, store: &Store) -> Result<(), AdminError> {
    if store.user_counts().await?.total > 0 {
        return Ok(());
    }
    match create_admin(settings, store).await {
        // Another server on the same database has just made it.
        Err(AdminError::Username | AdminError::Email) => Ok(()),
        made => made,
    }
}

/// Make an admin as the settings name it.
///
/// # Errors
///
/// [`AdminError`].
pub async fn create_admin(settings: &AccountSettings, store: &Store) -> Result<(), AdminError> {
    let username = &settings.admin_username;
    // 128 bits are enough to type.
    let random = || random_hex().chars().take(32).collect::<String>();
    let password = settings
        .admin_password
        .as_ref()
        .map_or_else(random, |password| password.expose().to_owned());
    let new = NewUser {
        username,
        email: &settings.admin_email,
        password_hash: Hasher::new(Some(1)).hash(&password).await?,
        role: Role::Admin,
        email_confirmed: true,
        language: "es",
    };
    store.add_user(new, None).await?;
    info!("Administrador creado: '{username}'.");
    if settings.admin_password.as_ref().map(Secret::expose).is_none() {
        // On the console and nowhere else: a log file is read by more people than one.
        let mut console = io::stderr().lock();
        writeln!(
            console,
            "\n    Administrador '{username}', contraseña: {password}\n    (se muestra solo esta vez)\n"
        )?;
    }
    Ok(())
}

impl From<AddUserError> for AdminError {
    fn from(error: AddUserError) -> Self {
        match error {
            AddUserError::Username => Self::Username,
            AddUserError::Email => Self::Email,
            AddUserError::Database(error) => Self::Database(error),
        }
    }
}
