//! What the server says of itself.

use std::str::FromStr;

use clap::Args;
use tracing_subscriber::filter::Targets;

/// The log.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// Least level logged: trace, debug, info, warning, error or off; or one a target: info,server=debug,hyper=error
    #[arg(long, env, default_value = "info")]
    pub log_level: LogLevel,
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
