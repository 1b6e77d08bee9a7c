//! How many emails anyone can have sent to an account. The limits per client IP don't keep somebody with many addresses
//! from flooding a mailbox.

use std::time::Duration;

use crate::{
    domain::quota::Quotas,
    limits::{LimitStorage, Limiter},
};

/// Emails to one account in [`PERIOD`]; then one more every twelve minutes.
const MAX_MAILS: u32 = 5;
const PERIOD: Duration = Duration::from_hours(1);

/// The limit, by the id of the account. If not `enabled`, there is none.
pub(super) fn mail_limit(storage: &LimitStorage, enabled: bool) -> Limiter {
    Limiter::new(storage, "mail", enabled, &Quotas::one(MAX_MAILS, PERIOD))
}
