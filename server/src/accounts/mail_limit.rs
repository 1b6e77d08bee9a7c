//! How many emails anyone can have sent to an account. The limits per client IP don't keep somebody with many addresses
//! from flooding a mailbox.

use std::{num::NonZeroU32, time::Duration};

use crate::{
    domain::quota::{Quota, Quotas},
    limits::Limiter,
};

/// Emails to one account in [`PERIOD`]; then one more every twelve minutes.
const MAX_MAILS: u32 = 5;
const PERIOD: Duration = Duration::from_hours(1);

/// The limit, by the id of the account. If not `enabled`, there is none.
pub(super) fn mail_limit(enabled: bool) -> Limiter {
    let count = NonZeroU32::new(MAX_MAILS).unwrap_or(NonZeroU32::MIN);
    Limiter::new(enabled, &Quotas(vec![Quota { count, period: PERIOD }]))
}
