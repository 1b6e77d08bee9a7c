//! What the server says of itself.

use std::{path::PathBuf, str::FromStr};

use clap::{
    ArgAction, Args, ValueEnum,
    builder::{BoolishValueParser, RangedU64ValueParser},
};
use tracing_subscriber::filter::Targets;

/// The log: the same lines on the console and in the folder's `app.log`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// Least level logged: trace, debug, info, warning, error or off; or one a target: info,server=debug,hyper=error
    #[arg(long, env, default_value = "info")]
    pub log_level: LogLevel,
    /// How a line is written: line, for people, or json, one object a line for log shippers
    #[arg(long, env, default_value = "line")]
    pub log_format: LogFormat,
    /// The folder of app.log and its backups, app.log.1 being the newest; made if it is missing
    #[arg(long, env, default_value = "logs")]
    pub log_dir: PathBuf,
    /// Bytes at which app.log becomes app.log.1 and a new one is begun
    #[arg(long, env, default_value = "1000000", value_parser = RangedU64ValueParser::<u64>::new().range(4096..=1 << 40))]
    pub log_max_bytes: u64,
    /// Backups kept; the oldest goes when another comes
    #[arg(long, env, default_value = "5", value_parser = RangedU64ValueParser::<u32>::new().range(0..=1000))]
    pub log_backups: u32,
    /// Whether email addresses are written as j***@example.com
    #[arg(long, env, default_value = "false", action = ArgAction::Set, value_parser = BoolishValueParser::new())]
    pub log_mask_pii: bool,
}

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// `2026-11-24 10:15:30,123 - target - LEVEL - message`.
    Line,
    /// One JSON object.
    Json,
}

/// Which events are logged.
#[derive(Debug, Clone)]
pub struct LogLevel(pub Targets);

/// Neither a level nor a list of them.
#[derive(Debug, thiserror::Error)]
#[error("use trace, debug, info, warning, error or off, or a list as info,server=debug")]
pub struct UnknownLevel;

const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

impl FromStr for LogLevel {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // "warning" is the seed's name of the level, and what the log itself prints.
        let text = text.to_lowercase().replace("warning", "warn");
        // `Targets` takes a word that is no level for a target: a misspelt level would silence the log.
        let is_level = |part: &str| LEVELS.contains(&part.rsplit('=').next().unwrap_or(part));
        if !text.split(',').all(is_level) {
            return Err(UnknownLevel);
        }
        text.parse().map(Self).map_err(|_| UnknownLevel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_lists_of_targets_are_taken() {
        for text in [
            "info",
            "WARNING",
            "warn",
            "off",
            "info,server=debug",
            "error,hyper=warning",
        ] {
            assert!(text.parse::<LogLevel>().is_ok(), "{text}");
        }
        for text in ["", "loud", "info,", "server", "server=loud"] {
            assert!(text.parse::<LogLevel>().is_err(), "{text}");
        }
    }
}
