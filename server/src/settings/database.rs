//! Where accounts and predictions are kept.

use std::path::{Path, PathBuf};

use clap::{Args, builder::RangedU64ValueParser};

use super::Secret;

/// The database and the data folder.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct DatabaseSettings {
    /// The folder for the SQLite database, secrets made at the first start, and mail that isn't sent
    #[arg(long, env, default_value = "data")]
    pub data_dir: PathBuf,
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME [default: trazo.db in DATA_DIR]
    #[arg(long, env, hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// Connections to the database held at most
    #[arg(long, env, default_value = "10", value_parser = RangedU64ValueParser::<u32>::new().range(1..=1000))]
    pub database_connections: u32,
}

impl DatabaseSettings {
    /// The address of the database, the default's file included.
    pub fn url(&self) -> Secret {
        self.database_url.clone().unwrap_or_else(|| {
            let file = self.data_dir.join("trazo.db");
            Secret::new(format!("sqlite://{}", file.display()))
        })
    }

    /// The file of an SQLite database; none for one in memory, or for Postgres.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let url = self.url();
        let rest = url.expose().strip_prefix("sqlite:")?;
        let path = rest.trim_start_matches("//").split('?').next().unwrap_or_default();
        (!path.is_empty() && path != ":memory:").then(|| Path::new(path).to_owned())
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let url = self.url();
        let schemes = ["sqlite:", "postgres://", "postgresql://"];
        if schemes.iter().any(|scheme| url.expose().starts_with(scheme)) {
            Ok(())
        } else {
            Err("DATABASE_URL is neither sqlite://FILE nor postgres://USER:PASSWORD@HOST/NAME".to_owned())
        }
    }
}
