//! How often a client may ask: who they are, what they have left, and what they are told.
//!
//! Quotas are `governor`'s token buckets (GCRA). Several hold at once without one charging for what another refuses:
//! all are asked first, and spent only when all say yes (docs/adr/0008-limits.md).

mod store;

use std::{net::IpAddr, sync::Mutex, time::Duration};

use governor::{
    RateLimiter,
    clock::{Clock, QuantaClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
};

use store::{Bounded, Step};

use crate::domain::quota::{Quota, Quotas};

/// Whom a quota is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Who {
    /// An address on a route.
    Ip(String, IpAddr),
    /// An account.
    User(i64),
    /// An address trying to sign in to an account.
    SignIn(IpAddr, String),
}

/// What is left of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// So many in all.
    pub limit: u32,
    /// So many are left.
    pub remaining: u32,
    /// Until all are there again.
    pub reset: Duration,
}

/// Nothing is left for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The quota that refused.
    pub standing: Standing,
    /// After so long it gives one again.
    pub wait: Duration,
}

type Window = RateLimiter<Step, Bounded, QuantaClock, StateInformationMiddleware>;

/// One quota, and who has spent how much of it.
struct Kept {
    quota: Quota,
    window: Window,
    /// The window's own, which it gives no way to.
    spent: Bounded,
}

/// Several quotas that hold at once.
pub struct Limiter {
    windows: Vec<Kept>,
    /// One at a time between asking and spending: it takes less than a microsecond.
    turn: Mutex<()>,
}

impl Limiter {
    /// With these quotas; with none when not `enabled`.
    pub fn new(enabled: bool, quotas: &Quotas) -> Self {
        let window = |quota: &Quota| {
            // The period over the count is at least a nanosecond: the notation's reader has seen to it.
            let rate = governor::Quota::with_period(quota.period / quota.count.get())?.allow_burst(quota.count);
            let spent = Bounded::new(quota.period);
            let window = RateLimiter::<_, _, _>::new(rate, spent.clone(), QuantaClock::default());
            Some(Kept {
                quota: *quota,
                window: window.with_middleware(),
                spent,
            })
        };
        Self {
            windows: if enabled {
                quotas.0.iter().filter_map(window).collect()
            } else {
                Vec::new()
            },
            turn: Mutex::new(()),
        }
    }

    /// Spend one of every quota, or of none. `None`: no limit holds.
    ///
    /// # Errors
    ///
    /// [`Refused`] by the quota that makes wait longest.
    pub fn check(&self, who: &Who) -> Result<Option<Standing>, Refused> {
        let _turn = self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.ask(who)?;
        let standings = self.windows.iter().filter_map(|Kept { quota, window, .. }| {
            let taken = window.check_key(&Step::spend(who)).ok()?;
            Some(standing(quota, taken.remaining_burst_capacity()))
        });
        Ok(standings.min_by_key(|standing| standing.remaining))
    }

    /// Give back what [`Limiter::check`] has taken.
    pub fn give_back(&self, who: &Who) {
        for Kept { quota, spent, .. } in &self.windows {
            spent.give_back(who, quota.period / quota.count.get());
        }
    }

    /// What is left, nothing spent.
    ///
    /// # Errors
    ///
    /// [`Refused`] when nothing is.
    pub fn peek(&self, who: &Who) -> Result<Option<Standing>, Refused> {
        let left = self.ask(who)?;
        Ok(left.into_iter().min_by_key(|standing| standing.remaining))
    }

    /// What each quota has left before anything is spent.
    fn ask(&self, who: &Who) -> Result<Vec<Standing>, Refused> {
        let mut left = Vec::with_capacity(self.windows.len());
        let mut refused: Option<Refused> = None;
        for Kept { quota, window, .. } in &self.windows {
            match window.check_key(&Step::ask(who)) {
                Ok(snapshot) => left.push(standing(quota, remaining_before(&snapshot, quota.count.get()))),
                Err(until) => {
                    let wait = until.wait_time_from(window.clock().now());
                    if refused.is_none_or(|other| other.wait < wait) {
                        refused = Some(Refused {
                            standing: standing(quota, 0),
                            wait,
                        });
                    }
                }
            }
        }
        refused.map_or(Ok(left), Err)
    }

    /// Keys that are remembered, by the quota that remembers most: for the test that holds it bounded.
    pub fn remembered(&self) -> u64 {
        self.windows
            .iter()
            .map(|kept| kept.window.len() as u64)
            .max()
            .unwrap_or(0)
    }
}

/// A snapshot tells what is left after it: that one wasn't spent.
fn remaining_before(snapshot: &StateSnapshot, count: u32) -> u32 {
    snapshot.remaining_burst_capacity().saturating_add(1).min(count)
}

fn standing(quota: &Quota, remaining: u32) -> Standing {
    let limit = quota.count.get();
    let reset = quota.period / limit * limit.saturating_sub(remaining);
    Standing {
        limit,
        remaining,
        reset,
    }
}

impl Refused {
    /// Whole seconds to wait: one more rather than one less.
    pub fn retry_after(&self) -> u32 {
        let seconds = self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0);
        u32::try_from(seconds.max(1)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(quotas: &str) -> Limiter {
        Limiter::new(true, &quotas.parse().unwrap())
    }

    fn spend(limiter: &Limiter, who: &Who) -> usize {
        (0..1000).take_while(|_| limiter.check(who).is_ok()).count()
    }

    #[test]
    fn a_quota_gives_as_many_as_it_says() {
        let limiter = limiter("10 per hour");
        assert_eq!(spend(&limiter, &Who::User(1)), 10);
        assert_eq!(spend(&limiter, &Who::User(2)), 10);
        let refused = limiter.check(&Who::User(1)).unwrap_err();
        assert_eq!(refused.standing.limit, 10);
        assert!((355..=360).contains(&refused.retry_after()), "{refused:?}");
    }

    #[test]
    fn what_one_quota_refuses_costs_nothing_at_the_other() {
        let limiter = limiter("20 per day;3 per hour");
        let who = Who::User(1);
        assert_eq!(spend(&limiter, &who), 3);
        for _ in 0..100 {
            assert_eq!(limiter.check(&who).unwrap_err().standing.limit, 3);
        }
        // The day's quota has given three, and no more: asked alone it has 17 left.
        let Kept { quota, window, .. } = &limiter.windows[0];
        let left = window.check_key(&Step::ask(&who)).unwrap();
        assert_eq!(remaining_before(&left, quota.count.get()), 17);
    }

    #[test]
    fn looking_costs_nothing() {
        let limiter = limiter("5 per day");
        let who = Who::User(1);
        for _ in 0..100 {
            assert_eq!(limiter.peek(&who).unwrap().unwrap().remaining, 5);
        }
        let standing = limiter.check(&who).unwrap().unwrap();
        assert_eq!((standing.limit, standing.remaining), (5, 4));
        assert_eq!(limiter.peek(&who).unwrap().unwrap().remaining, 4);
    }

    #[test]
    fn what_is_given_back_can_be_spent_again_and_no_more() {
        let limiter = limiter("20 per day;3 per hour");
        let who = Who::User(1);
        for _ in 0..100 {
            limiter.check(&who).unwrap();
            limiter.give_back(&who);
        }
        // Nothing was taken: nothing is there to be given.
        limiter.give_back(&who);
        limiter.give_back(&Who::User(2));
        assert_eq!(spend(&limiter, &who), 3);
        assert_eq!(spend(&limiter, &Who::User(2)), 3);
    }

    #[test]
    fn lifted_limits_know_no_standing() {
        let limiter = Limiter::new(false, &"1 per day".parse().unwrap());
        assert!((0..100).all(|_| limiter.check(&Who::User(1)) == Ok(None)));
    }

    #[test]
    fn many_at_once_get_no_more_than_there_is() {
        let limiter = limiter("50 per hour;20 per minute");
        let given: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| spend(&limiter, &Who::User(1)))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(given, 20);
    }

    #[test]
    fn a_million_clients_are_not_remembered() {
        let limiter = limiter("50 per hour");
        for client in 0..1_000_000 {
            assert!(limiter.check(&Who::User(client)).is_ok());
        }
        assert!(limiter.remembered() <= store::MOST, "{}", limiter.remembered());
    }
}
