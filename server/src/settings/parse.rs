//! Checks that several settings share.

use std::time::Duration;

use clap::builder::{RangedU64ValueParser, TypedValueParser};

/// A count of at least one.
pub(super) fn positive() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=1 << 40)
}

/// Whole seconds, at least one, at most a day.
pub(super) fn seconds() -> impl TypedValueParser<Value = Duration> {
    RangedU64ValueParser::<u64>::new()
        .range(1..=86_400)
        .map(Duration::from_secs)
}

/// Whole seconds, at most a day; none is allowed.
pub(super) fn seconds_or_none() -> impl TypedValueParser<Value = Duration> {
    RangedU64ValueParser::<u64>::new()
        .range(0..=86_400)
        .map(Duration::from_secs)
}
