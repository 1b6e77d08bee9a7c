//! The commands other than serving: `server migrate`, `server admin create`, `server admin remove-second-factor`,
//! `server export-corrections`.

use std::error::Error;

use tracing::info;

use crate::{
    accounts::{create_admin, remove_second_factor},
    data_set,
    settings::{AdminCommand, Command, Settings},
    store::Store,
};

/// Runs a command.
pub async fn run(command: &Command, settings: &Settings) -> Result<(), Box<dyn Error>> {
    // Connecting applies the migrations.
    let store = Store::connect(&settings.database).await?;
    match command {
        Command::Migrate => info!("La base de datos está al día."),
        Command::Admin(AdminCommand::Create) => create_admin(&settings.accounts, &store).await?,
        Command::Admin(AdminCommand::RemoveSecondFactor { username }) => {
            remove_second_factor(&settings.accounts, &store, username).await?;
        }
        Command::ExportCorrections { to } => {
            let files = data_set::write_to(store, to).await?;
            info!("Correcciones exportadas a '{}': {files} ficheros.", to.display());
        }
    }
    Ok(())
}
