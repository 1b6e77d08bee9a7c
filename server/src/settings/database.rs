//! Settings of the database and the data folder.

use std::path::{Path, PathBuf};

use clap::{Args, builder::RangedU64ValueParser};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Secret, parse};

/// What a path in a URL is escaped in.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b'~');

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
    /// Predictions, and requests of the Open Inference Protocol, that may wait to be written to the history; further ones are rejected with 503
    #[arg(long, env, default_value = "1024", value_parser = parse::positive())]
    pub history_queue_length: usize,
    /// Days for which predictions and their corrections are kept; 0 keeps them forever
    #[arg(long, env, default_value = "365", value_parser = RangedU64ValueParser::<u32>::new().range(0..=36_500))]
    pub history_days: u32,
}

impl DatabaseSettings {
    /// The URL of the database, or that of the default file. The path of a file is escaped as a URL requires.
    pub fn url(&self) -> Secret {
        let given = self.database_url.as_ref().map_or("", Secret::expose);
        let Some(file) = self.sqlite_file() else {
            return Secret::new(given);
        };
        // In a URL the first folder of a relative path would be the host, and SQLite takes "file:…" for a URI.
        let file: PathBuf = Path::new(".").join(file).components().collect();
        let path = file.to_string_lossy();
        let path = utf8_percent_encode(&path, ESCAPED);
        let parameters = given.find('?').map_or("", |at| &given[at..]);
        Secret::new(format!("sqlite://{path}{parameters}"))
    }

    /// The file of an SQLite database; `None` for one in memory and for Postgres.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let Some(url) = &self.database_url else {
            return Some(self.data_dir.join("trazo.db"));
        };
        let rest = url.expose().strip_prefix("sqlite:")?;
        let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
        let path = percent_decode_str(path).decode_utf8_lossy();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path.into_owned()))
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let is_replaced = |file: &Path| file.to_string_lossy().contains(char::REPLACEMENT_CHARACTER);
        if self.sqlite_file().as_deref().is_some_and(is_replaced) {
            return Err("the path of an SQLite database has to be valid UTF-8 (DATA_DIR, DATABASE_URL)".to_owned());
        }
        let url = self.url();
        let schemes = ["sqlite:", "postgres://", "postgresql://"];
        if schemes.iter().any(|scheme| url.expose().starts_with(scheme)) {
            Ok(())
        } else {
            Err("DATABASE_URL is neither sqlite://FILE nor postgres://USER:PASSWORD@HOST/NAME".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Settings, *};

    #[test]
    fn any_path_is_escaped_in_the_url_and_read_from_it() {
        let mut settings = Settings::defaults().database;
        for (folder, url) in [
            ("data", "sqlite://./data/trazo.db"),
            ("/var/lib/trazo", "sqlite:///var/lib/trazo/trazo.db"),
            ("100 %", "sqlite://./100%20%25/trazo.db"),
            ("/a?b#c/%41", "sqlite:///a%3Fb%23c/%2541/trazo.db"),
            ("file:x@y:z", "sqlite://./file%3Ax%40y%3Az/trazo.db"),
            ("día", "sqlite://./d%C3%ADa/trazo.db"),
        ] {
            settings.database_url = None;
            settings.data_dir = folder.into();
            assert_eq!(settings.url().expose(), url);
            let file = settings.sqlite_file();
            assert_eq!(file, Some(Path::new(folder).join("trazo.db")));
            settings.database_url = Some(Secret::new(url));
            assert_eq!(settings.url().expose(), url);
            assert_eq!(settings.sqlite_file(), file.map(|file| Path::new(".").join(file)));
        }
    }

    #[test]
    fn other_urls_and_parameters_stay_as_they_are() {
        let mut settings = Settings::defaults().database;
        for (given, url) in [
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://a:b%2F@c/d?e=f", "postgres://a:b%2F@c/d?e=f"),
            ("sqlite:a b.db?mode=ro", "sqlite://./a%20b.db?mode=ro"),
        ] {
            settings.database_url = Some(Secret::new(given));
            assert_eq!(settings.url().expose(), url);
        }
    }
}
