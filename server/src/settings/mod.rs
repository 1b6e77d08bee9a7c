//! Every setting: from the command line, else the environment, else `.env`, else a default for a laptop.
//!
//! One file a concern. Each value is checked here, once; a bad one ends the program with exit code 2 and a message
//! that names the variable.

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

/// Trazo reads handwritten digits: it serves the page and the API.
///
/// Every option is also an environment variable, named in brackets; a file `.env` in the working directory may hold
/// them. The command line wins over the environment, the environment over `.env`.
#[derive(Debug, Clone, Parser)]
#[command(name = "trazo", version, max_term_width = 120)]
pub struct Settings {
    /// What is to be done; to serve when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Where it listens.
    #[command(flatten)]
    pub listen: ListenSettings,
    /// What it bears from clients.
    #[command(flatten)]
    pub connections: ConnectionSettings,
    /// What may be posted.
    #[command(flatten)]
    pub upload: UploadSettings,
    /// What a picture may cost.
    #[command(flatten)]
    pub decode: DecodeSettings,
    /// How pictures are read.
    #[command(flatten)]
    pub inference: InferenceSettings,
    /// What is remembered.
    #[command(flatten)]
    pub cache: CacheSettings,
    /// Where accounts and predictions are kept.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Who may sign in, and for how long.
    #[command(flatten)]
    pub accounts: AccountSettings,
    /// How mail leaves.
    #[command(flatten)]
    pub mail: MailSettings,
    /// How often a client may ask.
    #[command(flatten)]
    pub limits: LimitSettings,
    /// How it ends.
    #[command(flatten)]
    pub shutdown: ShutdownSettings,
    /// What it says.
    #[command(flatten)]
    pub log: LogSettings,
    /// What it counts.
    #[command(flatten)]
    pub metrics: MetricsSettings,
}

/// What can be done besides serving.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Bring the database up to date, and end
    Migrate,
    /// Look after the admins
    #[command(subcommand)]
    Admin(AdminCommand),
}

/// What can be done about admins.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum AdminCommand {
    /// Make an admin by ADMIN_USERNAME, ADMIN_EMAIL and ADMIN_PASSWORD (a random one is printed), and end
    Create,
}

impl Settings {
    /// Read and check the settings of this process, and where its site is. `--help`, `--version` and a bad value end it
    /// here.
    ///
    /// To be called before any thread is started: `.env` is put into the environment.
    pub fn load() -> (Self, LeptosOptions) {
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            // The library's text would print the line, and with it perhaps a secret.
            Err(_) => refuse(".env can't be read: each line is NAME=value, a value with spaces in quotes"),
        }
        let settings = Self::parse();
        if let Err(message) = settings.check() {
            refuse(&message);
        }
        match settings.site() {
            Ok(site) => (settings, site),
            Err(error) => refuse(&error.to_string()),
        }
    }

    /// The defaults, whatever the environment says: where tests and benchmarks start from.
    pub fn defaults() -> Self {
        // Without its environment variables the command has only defaults, and a test holds those to be valid.
        let command = Self::command().mut_args(|argument| argument.env(None::<&str>));
        let matches = command.get_matches_from(["trazo"]);
        clap::FromArgMatches::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// What must never stand in the log.
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
        .map(Secret::expose)
    }

    /// What no single setting can check of itself.
    fn check(&self) -> Result<(), String> {
        if self.upload.upload_memory_bytes < self.upload.max_upload_bytes {
            return Err("UPLOAD_MEMORY_BYTES is less than MAX_UPLOAD_BYTES: no upload would fit".to_owned());
        }
        if self.inference.batch_size > self.inference.queue_length {
            return Err("BATCH_SIZE is more than QUEUE_LENGTH: a batch could never fill".to_owned());
        }
        self.database.check()?;
        self.accounts.check()?;
        self.mail.check()
    }
}

fn refuse(message: &str) -> ! {
    Settings::command().error(ErrorKind::ValueValidation, message).exit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_pass_their_own_check() {
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
            assert_eq!(variable, shown, "so that the error of a bad value names the variable");
            assert!(argument.get_help().is_some(), "{variable} says what it means");
        }
    }

    #[test]
    fn the_example_file_lists_every_setting_with_its_default() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../.env.example");
        let text = std::fs::read_to_string(file).unwrap();
        let listed = text.lines().filter_map(|line| line.strip_prefix("# ")?.split_once('='));
        let settings: Vec<_> = Settings::command()
            .get_arguments()
            .filter_map(|argument| {
                let default = argument.get_default_values().first().and_then(|value| value.to_str());
                let default = default.unwrap_or_default();
                let quote = if default.contains([' ', ';']) { "\"" } else { "" };
                Some((
                    argument.get_env()?.to_str()?.to_owned(),
                    format!("{quote}{default}{quote}"),
                ))
            })
            .collect();
        let listed: Vec<_> = listed
            .filter(|(name, _)| !name.contains(' '))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(listed, settings);
    }

    #[test]
    fn a_bad_value_is_refused_by_the_name_of_its_variable() {
        for (option, value, variable) in [
            ("--port", "70000", "PORT"),
            ("--host", "localhost!", "HOST"),
            ("--inference-device", "gpu", "INFERENCE_DEVICE"),
            ("--queue-length", "0", "QUEUE_LENGTH"),
            ("--log-level", "loud", "LOG_LEVEL"),
            ("--log-format", "xml", "LOG_FORMAT"),
            ("--log-max-bytes", "100", "LOG_MAX_BYTES"),
            ("--log-mask-pii", "perhaps", "LOG_MASK_PII"),
            ("--metrics-token", "short", "METRICS_TOKEN"),
            ("--header-timeout-seconds", "0", "HEADER_TIMEOUT_SECONDS"),
            ("--ratelimit-default", "many per day", "RATELIMIT_DEFAULT"),
            ("--trusted-proxies", "proxy", "TRUSTED_PROXIES"),
            ("--mail-default-sender", "nobody", "MAIL_DEFAULT_SENDER"),
        ] {
            let error = Settings::try_parse_from(["trazo", option, value]).expect_err(variable);
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(variable), "{error}");
        }
    }

    type Contradict = fn(&mut Settings, Option<Secret>);

    #[test]
    fn settings_that_contradict_each_other_are_refused() {
        let mut settings = Settings::defaults();
        settings.inference.batch_size = settings.inference.queue_length + 1;
        assert!(settings.check().is_err_and(|message| message.contains("BATCH_SIZE")));
        let short = || Some(Secret::new("short"));
        let contradictions: [(&str, Contradict); 5] = [
            ("SECRET_KEY", |settings, short| settings.accounts.secret_key = short),
            ("JWT_SECRET_KEY", |settings, short| {
                settings.accounts.jwt_secret_key = short;
            }),
            ("ADMIN_PASSWORD", |settings, short| {
                settings.accounts.admin_password = short;
            }),
            ("DATABASE_URL", |settings, short| settings.database.database_url = short),
            ("MAIL_PASSWORD", |settings, short| settings.mail.mail_password = short),
        ];
        for (variable, contradict) in contradictions {
            let mut settings = Settings::defaults();
            contradict(&mut settings, short());
            let message = settings.check().expect_err(variable);
            assert!(message.contains(variable) && !message.contains("short\""), "{message}");
        }
        let mut settings = Settings::defaults();
        settings.upload.upload_memory_bytes = 1;
        assert!(
            settings
                .check()
                .is_err_and(|message| message.contains("UPLOAD_MEMORY_BYTES"))
        );
    }
}
