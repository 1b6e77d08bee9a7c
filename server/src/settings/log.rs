//! Settings of the log.

use std::{path::PathBuf, str::FromStr};

use clap::{
    ArgAction, Args, ValueEnum,
    builder::{BoolishValueParser, RangedU64ValueParser},
};
use tracing_subscriber::filter::Targets;

/// The log: the same lines on the console and in `app.log`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// Minimum level: trace, debug, info, warning, error or off; or one per target: info,server=debug,hyper=error
    #[arg(long, env, default_value = "info")]
    pub log_level: LogLevel,
    /// Format: line, for people, or json, one object per line for log shippers
    #[arg(long, env, default_value = "line")]
    pub log_format: LogFormat,
    /// The folder of app.log and its backups, of which app.log.1 is the newest; created if missing
    #[arg(long, env, default_value = "logs")]
    pub log_dir: PathBuf,
    /// Size in bytes at which app.log becomes app.log.1 and a new file is started
    #[arg(long, env, default_value = "1000000", value_parser = RangedU64ValueParser::<u64>::new().range(4096..=1 << 40))]
    pub log_max_bytes: u64,
    /// Number of backups; the oldest is removed when another is added. 0 keeps none: a full app.log is removed
    #[arg(long, env, default_value = "5", value_parser = RangedU64ValueParser::<u32>::new().range(0..=1000))]
    pub log_backups: u32,
    /// Whether email addresses are written as j***@example.com
    #[arg(long, env, default_value = "false", action = ArgAction::Set, value_parser = BoolishValueParser::new())]
    pub log_mask_pii: bool,
}

/// The format of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// `2026-11-24 10:15:30,123 - target - LEVEL - message`.
    Line,
    /// One JSON object.
    Json,
}

/// Minimum levels by target.
#[derive(Debug, Clone)]
pub struct LogLevel(pub Targets);

/// Not a level and not a list of levels.
#[derive(Debug, thiserror::Error)]
#[error("use trace, debug, info, warning, error or off, or a list such as info,server=debug")]
pub struct UnknownLevelError;

const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

impl FromStr for LogLevel {
    type Err = UnknownLevelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // "warning" is the name in the log lines.
        let text = text.to_lowercase().replace("warning", "warn");
        // `Targets` parses an unknown word as a target, so a misspelt level would disable the log.
        let is_level = |part: &str| LEVELS.contains(&part.rsplit('=').next().unwrap_or(part));
        if !text.split(',').all(is_level) {
            return Err(UnknownLevelError);
        }
        text.parse().map(Self).map_err(|_| UnknownLevelError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_lists_of_targets_are_accepted() {
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
