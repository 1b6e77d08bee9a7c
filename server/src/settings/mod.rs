//! All settings: from the command line, the environment, `.env`, or a default, in this order.
//!
//! One file per concern. All values are validated at the start; an invalid one ends the program with exit code 2 and a
//! message that names the variable.

#![expect(clippy::doc_markdown, reason = "the comments are what `--help` prints")]

mod accounts;
mod cache;
mod connections;
mod database;
mod decode;
mod inference;
mod limits;
mod listen;
mod log;
mod mail;
mod metrics;
mod parse;
mod secret;
mod shutdown;
mod site;
mod upload;

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};
use leptos::config::LeptosOptions;

pub use accounts::{AccountSettings, SECRET_BYTES};
pub use cache::CacheSettings;
pub use connections::ConnectionSettings;
pub use database::DatabaseSettings;
pub use decode::DecodeSettings;
pub use inference::InferenceSettings;
pub use limits::LimitSettings;
pub use listen::ListenSettings;
pub use log::{LogFormat, LogSettings};
pub use mail::MailSettings;
pub use metrics::MetricsSettings;
pub use secret::Secret;
pub use shutdown::ShutdownSettings;
pub use site::SiteError;
pub(crate) use site::is_mismatched;
pub use upload::UploadSettings;

/// Trazo recognises handwritten digits. This program serves the page and the API.
///
/// Every option is also an environment variable, named in brackets, and may be set in a file `.env` in the working
/// directory. The command line takes precedence over the environment, and the environment over `.env`.
#[derive(Debug, Clone, Parser)]
#[command(name = "trazo", version, max_term_width = 120)]
pub struct Settings {
    /// The command; by default the server is started.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The address to listen on.
    #[command(flatten)]
    pub listen: ListenSettings,
    /// Connection limits and timeouts.
    #[command(flatten)]
    pub connections: ConnectionSettings,
    /// Limits on uploads.
    #[command(flatten)]
    pub upload: UploadSettings,
    /// Limits on decoding.
    #[command(flatten)]
    pub decode: DecodeSettings,
    /// Inference.
    #[command(flatten)]
    pub inference: InferenceSettings,
    /// The prediction cache.
    #[command(flatten)]
    pub cache: CacheSettings,
    /// The database.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Accounts and sessions.
    #[command(flatten)]
    pub accounts: AccountSettings,
    /// Emails.
    #[command(flatten)]
    pub mail: MailSettings,
    /// Rate limits.
    #[command(flatten)]
    pub limits: LimitSettings,
    /// Graceful shutdown.
    #[command(flatten)]
    pub shutdown: ShutdownSettings,
    /// The log.
    #[command(flatten)]
    pub log: LogSettings,
    /// Access to the metrics, and Prometheus.
    #[command(flatten)]
    pub metrics: MetricsSettings,
}

/// Commands other than starting the server.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Apply the database migrations and exit
    Migrate,
    /// Manage administrators
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Forget the keys of the servers of this database, after they are lost, and exit; those of the next one that starts count
    ForgetKeys,
    /// Copy the SQLite database to an empty database of Postgres, compare the two, and exit
    CopyDatabase {
        /// postgres://USER@HOST/NAME; the password can be in PGPASSWORD
        #[arg(long, value_name = "URL")]
        to: Secret,
    },
    /// Write the images that admins have agreed to into a folder, as IDX and as PNG, and exit
    ExportCorrections {
        /// The folder; files in it are not replaced
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
    },
}

/// Commands for administrators.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum AdminCommand {
    /// Create an administrator from ADMIN_USERNAME, ADMIN_EMAIL and ADMIN_PASSWORD (default: random, printed) and exit
    Create,
    /// Remove the second factor of an account whose owner has lost the app and the recovery codes, and exit
    RemoveSecondFactor {
        /// The name of the account
        username: String,
    },
}

impl Settings {
    /// Reads and validates the settings and the Leptos options. `--help`, `--version` and invalid values end the process.
    ///
    /// To be called before any thread is started, because it adds `.env` to the environment.
    pub fn load() -> (Self, LeptosOptions) {
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            // The library's message contains the line, which may be a secret.
            Err(_) => exit_with(".env can't be read: each line is NAME=value, a value with spaces in quotes"),
        }
        let settings = Self::parse();
        if let Err(message) = settings.check() {
            exit_with(&message);
        }
        match settings.site() {
            Ok(site) => (settings, site),
            Err(error) => exit_with(&error.to_string()),
        }
    }

    /// The defaults without the environment, for tests and benchmarks.
    pub fn defaults() -> Self {
        // Without environment variables the command only has defaults, which a test checks.
        let command = Self::command().mut_args(|argument| argument.env(None::<&str>));
        let matches = command.get_matches_from(["trazo"]);
        clap::FromArgMatches::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// The values that must not be logged.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let (accounts, mail) = (&self.accounts, &self.mail);
        [
            &accounts.secret_key,
            &accounts.jwt_secret_key,
            &accounts.admin_password,
            &mail.mail_password,
            &self.metrics.metrics_token,
        ]
        .into_iter()
        .flatten()
        .chain(&accounts.jwt_secret_keys)
        .map(Secret::expose)
    }

    /// Validates combinations of settings.
    fn check(&self) -> Result<(), String> {
        if self.upload.upload_memory_bytes < self.upload.max_upload_bytes {
            return Err("UPLOAD_MEMORY_BYTES is less than MAX_UPLOAD_BYTES: no upload would fit".to_owned());
        }
        if self.upload.upload_memory_bytes < self.upload.max_batch_bytes {
            return Err("UPLOAD_MEMORY_BYTES is less than MAX_BATCH_BYTES: no full batch would fit".to_owned());
        }
        if self.inference.batch_size > self.inference.queue_length {
            return Err("BATCH_SIZE is more than QUEUE_LENGTH: a batch could never fill".to_owned());
        }
        self.database.check()?;
        self.accounts.check()?;
        self.limits.check()?;
        self.mail.check()
    }
}

fn exit_with(message: &str) -> ! {
    Settings::command().error(ErrorKind::ValueValidation, message).exit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(Settings::defaults().check(), Ok(()));
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Settings::command().debug_assert();
    }

    #[test]
    fn every_setting_is_an_environment_variable_named_as_its_value() {
        for argument in Settings::command().get_arguments() {
            let variable = argument
                .get_env()
                .and_then(|name| name.to_str())
                .expect("an environment variable");
            let shown = argument.get_value_names().expect("a value name")[0].as_str();
            assert_eq!(
                variable, shown,
                "so that the error of an invalid value names the variable"
            );
            assert!(argument.get_help().is_some(), "{variable} is documented");
        }
    }

    #[test]
    fn the_example_file_lists_every_setting_as_the_help_does() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../.env.example");
        let text = std::fs::read_to_string(file).unwrap();
        let (_, listed) = text.split_once("\n\n").unwrap();
        let command = Settings::command();
        let mut sections: Vec<(&str, String)> = Vec::new();
        for argument in command.get_arguments() {
            let heading = argument.get_help_heading().expect("a heading");
            let name = argument.get_env().and_then(|name| name.to_str()).unwrap();
            let help = argument.get_help().unwrap();
            let default = argument.get_default_values().first().and_then(|value| value.to_str());
            let default = default.unwrap_or_default();
            let quote = if default.contains([' ', ';']) { "\"" } else { "" };
            let entry = format!("# {help}\n# {name}={quote}{default}{quote}\n");
            match sections.last_mut() {
                Some((last, entries)) if *last == heading => entries.push_str(&entry),
                _ => sections.push((heading, entry)),
            }
        }
        let sections = sections
            .iter()
            .map(|(heading, entries)| format!("# --- {heading} ---\n{entries}"));
        assert_eq!(listed, sections.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn an_invalid_value_is_reported_with_its_variable() {
        for (option, value, variable) in [
            ("--port", "70000", "PORT"),
            ("--host", "localhost!", "HOST"),
            ("--inference-device", "gpu", "INFERENCE_DEVICE"),
            ("--queue-length", "0", "QUEUE_LENGTH"),
            ("--history-queue-length", "0", "HISTORY_QUEUE_LENGTH"),
            ("--history-days", "ever", "HISTORY_DAYS"),
            ("--history-days", "36501", "HISTORY_DAYS"),
            ("--log-level", "loud", "LOG_LEVEL"),
            ("--log-format", "xml", "LOG_FORMAT"),
            ("--log-max-bytes", "100", "LOG_MAX_BYTES"),
            ("--log-mask-pii", "perhaps", "LOG_MASK_PII"),
            ("--metrics-token", "short", "METRICS_TOKEN"),
            ("--prometheus-url", "prometheus:9090", "PROMETHEUS_URL"),
            ("--header-timeout-seconds", "0", "HEADER_TIMEOUT_SECONDS"),
            ("--response-timeout-seconds", "0", "RESPONSE_TIMEOUT_SECONDS"),
            ("--ratelimit-default", "many per day", "RATELIMIT_DEFAULT"),
            (
                "--ratelimit-storage-timeout-milliseconds",
                "0",
                "RATELIMIT_STORAGE_TIMEOUT_MILLISECONDS",
            ),
            ("--trusted-proxies", "proxy", "TRUSTED_PROXIES"),
            ("--mail-default-sender", "nobody", "MAIL_DEFAULT_SENDER"),
        ] {
            let error = Settings::try_parse_from(["trazo", option, value]).expect_err(variable);
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(variable), "{error}");
        }
    }

    type Contradict = fn(&mut Settings, Option<Secret>);

    fn long() -> Secret {
        Secret::new("x".repeat(SECRET_BYTES))
    }

    #[test]
    fn contradicting_settings_are_rejected() {
        let mut settings = Settings::defaults();
        settings.inference.batch_size = settings.inference.queue_length + 1;
        assert!(settings.check().is_err_and(|message| message.contains("BATCH_SIZE")));
        let short = || Some(Secret::new("short"));
        let contradictions: [(&str, Contradict); 8] = [
            ("SECRET_KEY", |settings, short| settings.accounts.secret_key = short),
            ("JWT_SECRET_KEY", |settings, short| {
                settings.accounts.jwt_secret_key = short;
            }),
            ("JWT_SECRET_KEYS", |settings, short| {
                settings.accounts.jwt_secret_keys = [long(), long()].into_iter().chain(short).collect();
            }),
            ("JWT_SECRET_KEYS", |settings, _| {
                settings.accounts.jwt_secret_key = Some(long());
                settings.accounts.jwt_secret_keys = vec![long()];
            }),
            ("ADMIN_PASSWORD", |settings, short| {
                settings.accounts.admin_password = short;
            }),
            ("DATABASE_URL", |settings, short| settings.database.database_url = short),
            ("MAIL_PASSWORD", |settings, short| settings.mail.mail_password = short),
            ("RATELIMIT_STORAGE_URL", |settings, short| {
                settings.limits.ratelimit_storage_url = short.unwrap();
            }),
        ];
        for (variable, contradict) in contradictions {
            let mut settings = Settings::defaults();
            contradict(&mut settings, short());
            let message = settings.check().expect_err(variable);
            assert!(message.contains(variable) && !message.contains("short\""), "{message}");
        }
        let mut settings = Settings::defaults();
        for (memory, variable) in [(1, "MAX_UPLOAD_BYTES"), (8_388_608, "MAX_BATCH_BYTES")] {
            settings.upload.upload_memory_bytes = memory;
            let message = settings.check().expect_err(variable);
            assert!(
                message.contains("UPLOAD_MEMORY_BYTES") && message.contains(variable),
                "{message}"
            );
        }
    }
}
