//! Settings of accounts, sessions and keys.

use std::time::Duration;

use clap::{Args, builder::RangedU64ValueParser};

use super::{Secret, parse};
use crate::domain::Password;

/// Minimum length of a key (RFC 2104: not shorter than the hash).
pub const SECRET_BYTES: usize = 32;

/// Accounts, sessions and their keys.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Accounts")]
pub struct AccountSettings {
    /// Key of the tokens in emails and of second factors, 32 bytes or more [default: generated at the first start, in DATA_DIR]
    #[arg(long, env, hide_env_values = true)]
    pub secret_key: Option<Secret>,
    /// Key that signs the access tokens, 32 bytes or more [default: generated at the first start, in DATA_DIR]
    #[arg(long, env, hide_env_values = true)]
    pub jwt_secret_key: Option<Secret>,
    /// In place of JWT_SECRET_KEY while it is replaced: keys separated by commas, of which the first signs and all are accepted
    #[arg(long, env, hide_env_values = true, value_delimiter = ',')]
    pub jwt_secret_keys: Vec<Secret>,
    /// Seconds for which an access token is valid
    #[arg(long, env, default_value = "900", value_parser = parse::seconds())]
    pub jwt_access_token_expires: Duration,
    /// Days a browser stays signed in
    #[arg(long, env, default_value = "30", value_parser = RangedU64ValueParser::<u32>::new().range(1..=366))]
    pub session_days: u32,
    /// Hours for which the link of a confirmation or a password reset is valid
    #[arg(long, env, default_value = "24", value_parser = RangedU64ValueParser::<u32>::new().range(1..=168))]
    pub mail_token_hours: u32,
    /// Predictions allowed before the email address is confirmed
    #[arg(long, env, default_value = "10", value_parser = RangedU64ValueParser::<u32>::new())]
    pub unconfirmed_predictions: u32,
    /// Passwords hashed at the same time, 19 MiB each; further ones wait [default: one per processor]
    #[arg(long, env, value_parser = parse::positive())]
    pub hashing_threads: Option<usize>,
    /// Name of the administrator created at the first start
    #[arg(long, env, default_value = "admin")]
    pub admin_username: String,
    /// Email address of the administrator created at the first start
    #[arg(long, env, default_value = "admin@example.com")]
    pub admin_email: String,
    /// Password of the administrator created at the first start [default: a random one, printed once on the console]
    #[arg(long, env, hide_env_values = true)]
    pub admin_password: Option<Secret>,
}

impl AccountSettings {
    pub(super) fn check(&self) -> Result<(), String> {
        let single = [
            ("SECRET_KEY", &self.secret_key),
            ("JWT_SECRET_KEY", &self.jwt_secret_key),
        ];
        let single = single.into_iter().filter_map(|(name, key)| Some((name, key.as_ref()?)));
        let listed = self.jwt_secret_keys.iter().map(|key| ("a key of JWT_SECRET_KEYS", key));
        for (name, key) in single.chain(listed) {
            if key.expose().len() < SECRET_BYTES {
                return Err(format!("{name} is shorter than {SECRET_BYTES} bytes"));
            }
        }
        if self.jwt_secret_key.is_some() && !self.jwt_secret_keys.is_empty() {
            return Err(
                "JWT_SECRET_KEY and JWT_SECRET_KEYS are both set: put all keys into JWT_SECRET_KEYS".to_owned(),
            );
        }
        if !api::validation::is_username(&self.admin_username) {
            return Err("ADMIN_USERNAME is not a valid name: 3 to 32 letters, digits, _ . -".to_owned());
        }
        if !api::validation::is_email(&self.admin_email) {
            return Err("ADMIN_EMAIL is not a valid address".to_owned());
        }
        let password = self.admin_password.as_ref().map(Secret::expose);
        if password.is_some_and(|password| password.parse::<Password>().is_err()) {
            return Err("ADMIN_PASSWORD has fewer than 8 or more than 128 characters, or is easy to guess".to_owned());
        }
        Ok(())
    }
}
