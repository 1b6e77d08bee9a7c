//! The commands other than serving: `server migrate`, `server admin create`, `server admin remove-second-factor`,
//! `server forget-keys`, `server copy-database`, `server export-corrections`.

use std::error::Error;

use tracing::info;

use crate::{
    accounts::{create_admin, remove_second_factor},
    data_set,
    settings::{AdminCommand, Command, Settings},
    store::Store,
    telemetry,
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
        Command::ForgetKeys => {
            store.forget_keys().await?;
            info!("Claves olvidadas: valen las del próximo servidor que arranque.");
        }
        Command::CopyDatabase { to } => {
            telemetry::redact_url_password(to.expose());
            let copied = store.copy_to(to).await?;
            for table in &copied {
                info!("Copiado y comprobado: {}, {} filas.", table.name, table.rows);
            }
            info!("Base de datos copiada: {} tablas.", copied.len());
        }
        Command::ExportCorrections { to } => {
            let files = data_set::write_to(store, to).await?;
            info!("Correcciones exportadas a '{}': {files} ficheros.", to.display());
        }
    }
    Ok(())
}
