//! What is done besides serving: `server migrate`, `server admin create`.

use std::error::Error;

use tracing::info;

use crate::{
    accounts::create_admin,
    settings::{AdminCommand, Command, Settings},
    store::Store,
};

/// Do it, and end.
///
/// # Errors
///
/// When it can't be done.
pub async fn run(command: &Command, settings: &Settings) -> Result<(), Box<dyn Error>> {
    // Opening it brings it up to date.
    let store = Store::connect(&settings.database).await?;
    match command {
        Command::Migrate => info!("La base de datos está al día."),
        Command::Admin(AdminCommand::Create) => create_admin(&settings.accounts, &store).await?,
    }
    Ok(())
}
