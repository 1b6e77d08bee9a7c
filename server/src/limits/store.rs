//! The state of quotas, bounded however many clients come.

use std::time::Duration;

use governor::{
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};
use moka::{ops::compute::Op, sync::Cache};

use super::Who;

/// Clients remembered by one quota, about 150 bytes each. Beyond, the one that asked longest ago is forgotten: whoever
/// can ask from so many addresses isn't held by a quota per address anyway.
pub(super) const MOST: u64 = 100_000;

/// What is asked of a quota: by whom, and whether it is spent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Step {
    who: Who,
    is_spent: bool,
}

impl Step {
    /// Would there be one?
    pub(super) fn ask(who: &Who) -> Self {
        let who = who.clone();
        Self { who, is_spent: false }
    }

    /// Take one.
    pub(super) fn spend(who: &Who) -> Self {
        let who = who.clone();
        Self { who, is_spent: true }
    }
}

/// `governor`'s state by client in a bounded cache; forgets who hasn't asked for the quota's period, when all is there
/// again.
#[derive(Debug, Clone)]
pub(super) struct Bounded(Cache<Who, Nanos>);

impl Bounded {
    pub(super) fn new(period: Duration) -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_idle(period).build())
    }

    /// Undo one step, which took `each`. The state is the time when all is there again, and one in the past is as good
    /// as none.
    pub(super) fn give_back(&self, who: &Who, each: Duration) {
        self.0.entry_by_ref(who).and_compute_with(|entry| match entry {
            Some(entry) => Op::Put(entry.into_value().saturating_sub(each.into())),
            None => Op::Nop,
        });
    }
}

impl StateStore for Bounded {
    type Key = Step;

    fn measure_and_replace<T, F, E>(&self, step: &Step, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        if !step.is_spent {
            return measure(self.0.get(&step.who)).map(|(outcome, _)| outcome);
        }
        let mut outcome = None;
        self.0.entry_by_ref(&step.who).and_compute_with(|entry| {
            let measured = measure(entry.map(moka::Entry::into_value));
            let (op, result) = match measured {
                Ok((taken, state)) => (Op::Put(state), Ok(taken)),
                Err(refused) => (Op::Nop, Err(refused)),
            };
            outcome = Some(result);
            op
        });
        match outcome {
            Some(outcome) => outcome,
            // The closure above has run by now.
            None => measure(None).map(|(outcome, _)| outcome),
        }
    }
}

impl ShrinkableKeyedStateStore<Step> for Bounded {
    fn retain_recent(&self, _drop_below: Nanos) {
        self.0.run_pending_tasks();
    }

    fn len(&self) -> usize {
        self.0.run_pending_tasks();
        usize::try_from(self.0.entry_count()).unwrap_or(usize::MAX)
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
