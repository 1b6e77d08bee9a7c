//! The first admin, and further admins from the command line.

use std::io::{self, Write};

use api::{Locale, Role};
use tracing::info;

use super::{HashError, Hasher};
use crate::{
    domain::{Email, EmailError, Password, PasswordError, Username, UsernameError},
    settings::AccountSettings,
    store::{AddUserError, NewUser, Store, StoreError},
    util::random,
};

/// Characters of a generated password: 128 bits.
const GENERATED_LENGTH: usize = 32;

/// Why the admin can't be created.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The name breaks the rules.
    #[error("ADMIN_USERNAME: {0}")]
    UsernameInvalid(#[from] UsernameError),
    /// Not a valid address.
    #[error("ADMIN_EMAIL: {0}")]
    EmailInvalid(#[from] EmailError),
    /// The password is weak.
    #[error("ADMIN_PASSWORD: {0}")]
    PasswordWeak(#[from] PasswordError),
    /// Another account has the name.
    #[error("ADMIN_USERNAME: somebody has this name already")]
    UsernameTaken,
    /// Another account has the address.
    #[error("ADMIN_EMAIL: somebody has this address already")]
    EmailTaken,
    /// Hashing the password failed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    /// The generated password can't be shown.
    #[error("can't print the password: {0}")]
    Print(#[from] io::Error),
}

/// Creates an admin if there are no accounts.
pub(crate) async fn bootstrap_admin(settings: &AccountSettings, store: &Store) -> Result<(), AdminError> {
    if store.user_counts().await?.total > 0 {
        return Ok(());
    }
    match create_admin(settings, store).await {
        // Another server on the same database was faster.
        Err(AdminError::UsernameTaken | AdminError::EmailTaken) => Ok(()),
        result => result,
    }
}

/// Creates the admin that the settings describe. A generated password is printed once.
pub(crate) async fn create_admin(settings: &AccountSettings, store: &Store) -> Result<(), AdminError> {
    let username: Username = settings.admin_username.parse()?;
    let email: Email = settings.admin_email.parse()?;
    let password: Password = match &settings.admin_password {
        Some(password) => password.expose().parse()?,
        None => random::hex()
            .chars()
            .take(GENERATED_LENGTH)
            .collect::<String>()
            .parse()?,
    };
    let new = NewUser {
        username: &username,
        email: &email,
        password_hash: Hasher::new(Some(1)).hash(&password).await?,
        role: Role::Admin,
        email_confirmed: true,
        locale: Locale::Es,
    };
    store.add_user(new, None).await?;
    info!("Administrador creado: '{username}'.");
    if settings.admin_password.is_none() {
        // Only on the console: more people can read a log file.
        let mut console = io::stderr().lock();
        writeln!(
            console,
            "\n    Administrador '{username}', contraseña: {}\n    (se muestra solo esta vez)\n",
            password.expose()
        )?;
    }
    Ok(())
}

impl From<AddUserError> for AdminError {
    fn from(error: AddUserError) -> Self {
        match error {
            AddUserError::UsernameTaken => Self::UsernameTaken,
            AddUserError::EmailTaken => Self::EmailTaken,
            AddUserError::Store(error) => Self::Store(error),
        }
    }
}
