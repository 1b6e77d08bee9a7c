//! Value parsers shared by several settings.

use std::time::Duration;

use clap::builder::{RangedU64ValueParser, TypedValueParser};

/// A number of at least one.
pub(super) fn positive() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=1 << 40)
}

/// Whole seconds, from one second to one day.
pub(super) fn seconds() -> impl TypedValueParser<Value = Duration> {
    RangedU64ValueParser::<u64>::new()
        .range(1..=86_400)
        .map(Duration::from_secs)
}

/// Whole seconds, from zero to one day.
pub(super) fn seconds_or_none() -> impl TypedValueParser<Value = Duration> {
    RangedU64ValueParser::<u64>::new()
        .range(0..=86_400)
        .map(Duration::from_secs)
}
