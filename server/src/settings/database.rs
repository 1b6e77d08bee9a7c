//! Settings of the database and the data folder.

use std::path::{Path, PathBuf};

use clap::{Args, builder::RangedU64ValueParser};

use super::{Secret, parse};

/// The database and the data folder.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct DatabaseSettings {
    /// The folder for the SQLite database, generated secrets, and emails when no mail server is set
    #[arg(long, env, default_value = "data")]
    pub data_dir: PathBuf,
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME [default: trazo.db in DATA_DIR]
    #[arg(long, env, hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// Maximum number of database connections
    #[arg(long, env, default_value = "10", value_parser = RangedU64ValueParser::<u32>::new().range(1..=1000))]
    pub database_connections: u32,
    /// Predictions that may wait to be written to the history; further ones are rejected with 503
    #[arg(long, env, default_value = "1024", value_parser = parse::positive())]
    pub history_queue_length: usize,
    /// Days for which predictions and their corrections are kept; 0 keeps them forever
    #[arg(long, env, default_value = "365", value_parser = RangedU64ValueParser::<u32>::new().range(0..=36_500))]
    pub history_days: u32,
}

impl DatabaseSettings {
    /// The URL of the database, or that of the default file.
    pub fn url(&self) -> Secret {
        self.database_url.clone().unwrap_or_else(|| {
            let file = self.data_dir.join("trazo.db");
            Secret::new(format!("sqlite://{}", file.display()))
        })
    }

    /// The file of an SQLite database; `None` for one in memory and for Postgres.
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
