//! The corrections that are shown, one group of near duplicates after the other, and what is decided about them.
//!
//! Decisions are shown at once and sent one after the other, so that they take effect in the order in which they were taken.

use std::collections::VecDeque;

use leptos::{prelude::*, task::spawn_local};

use super::{texts::ReviewTexts, url::QueueUrl};
use crate::{
    browser::fetch::{Fetch, FetchState, redirect_if_signed_out},
    client::{self, ClientError},
    i18n::Language,
};
use api::{Label, ReviewAction, ReviewCounts, ReviewDecision, ReviewEntry, ReviewPerson, ReviewQueue, ReviewState};

/// Decisions that can be undone.
const MAX_UNDOABLE: usize = 100;

/// Near duplicates of which the same is said; the first one is shown.
pub type Group = Vec<ReviewEntry>;

/// The state of the page; copies share it.
#[derive(Clone, Copy)]
pub struct Queue {
    pub url: QueueUrl,
    pub fetch: Fetch<ReviewQueue>,
    /// The first one is shown.
    pub groups: RwSignal<VecDeque<Group>>,
    pub more: RwSignal<bool>,
    pub counts: RwSignal<Option<ReviewCounts>>,
    pub people: RwSignal<Vec<ReviewPerson>>,
    /// Why the last decision failed.
    pub error: RwSignal<Option<ClientError>>,
    pub announcement: RwSignal<String>,
    /// Whether what is decided about many is being sent.
    pub busy: RwSignal<bool>,
    language: Language,
    /// What was decided, the last one at the end, as it was before.
    done: RwSignal<Vec<(Group, ReviewAction)>>,
    unsent: StoredValue<VecDeque<(ReviewDecision, Group)>>,
    is_sending: StoredValue<bool>,
    /// Whether an answer came while decisions were being sent.
    is_outdated: StoredValue<bool>,
}

impl Queue {
    pub fn new() -> Self {
        let url = QueueUrl::current();
        let fetch = Fetch::new(move || {
            let query = url.api_query();
            Box::pin(async move { client::review(&query).await })
        });
        let queue = Self {
            url,
            fetch,
            groups: RwSignal::default(),
            more: RwSignal::new(false),
            counts: RwSignal::new(None),
            people: RwSignal::default(),
            error: RwSignal::new(None),
            announcement: RwSignal::default(),
            busy: RwSignal::new(false),
            language: Language::shared(),
            done: RwSignal::default(),
            unsent: StoredValue::default(),
            is_sending: StoredValue::new(false),
            is_outdated: StoredValue::new(false),
        };
        // What another URL has shown isn't to be decided about.
        Effect::new(move |_| {
            url.query.track();
            queue.groups.update(VecDeque::clear);
        });
        Effect::new(move |_| {
            if let FetchState::Ready(answer) = fetch.state.get() {
                queue.show(answer);
            }
        });
        queue
    }

    fn show(self, answer: ReviewQueue) {
        // The answer may be from before what is being sent.
        if self.is_sending.get_value() {
            self.is_outdated.set_value(true);
            return;
        }
        let mut groups: VecDeque<Group> = VecDeque::new();
        for entry in answer.entries {
            match groups.back_mut() {
                Some(group) if group[0].group == entry.group => group.push(entry),
                _ => groups.push_back(vec![entry]),
            }
        }
        self.groups.set(groups);
        self.more.set(answer.more);
        self.counts.set(Some(answer.counts));
        self.people.set(answer.people);
    }

    pub fn can_undo(self) -> bool {
        self.done.with(|done| !done.is_empty())
    }

    /// Decides about the group that is shown, and shows the next one.
    pub fn decide(self, action: ReviewAction, label: Option<Label>) {
        let Some(group) = self.groups.try_update(VecDeque::pop_front).flatten() else {
            return;
        };
        self.error.set(None);
        let decision = ReviewDecision {
            ids: group.iter().map(|entry| entry.id).collect(),
            action,
            label,
        };
        self.count(&group, |entry| (entry.state, after(action)));
        self.done.update(|done| {
            if done.len() == MAX_UNDOABLE {
                done.remove(0);
            }
            done.push((group.clone(), action));
        });
        self.push(decision, group);
        self.announce();
    }

    /// Puts the group that was decided about last back, as it was.
    pub fn undo(self) {
        let Some((group, action)) = self.done.try_update(Vec::pop).flatten() else {
            return;
        };
        self.error.set(None);
        let mut left: Vec<&ReviewEntry> = group.iter().collect();
        while let Some(first) = left.first().copied() {
            let (same, others) = left
                .into_iter()
                .partition::<Vec<_>, _>(|entry| (entry.state, entry.label) == (first.state, first.label));
            let (action, label) = match first.state {
                ReviewState::Waiting => (ReviewAction::Reopen, None),
                ReviewState::Agreed => (ReviewAction::Agree, first.label),
                ReviewState::Dropped => (ReviewAction::Drop, None),
            };
            let decision = ReviewDecision {
                ids: same.iter().map(|entry| entry.id).collect(),
                action,
                label,
            };
            self.push(decision, Vec::new());
            left = others;
        }
        self.put_back(group, action);
        self.announce();
    }

    /// Agrees to all that wait and say what today's model reads.
    pub fn agree_to_plain(self) {
        let scope = self.url.scope();
        self.send_many(async move { client::agree_to_plain(&scope).await.map(|done| done.changed) });
    }

    /// Drops all of an account that waits.
    pub fn drop_person(self, id: i64) {
        self.send_many(async move { client::drop_person(id).await.map(|done| done.changed) });
    }

    fn send_many(self, request: impl Future<Output = Result<u64, ClientError>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = request.await;
            // The page may have been left.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(changed) => {
                    let texts = self.language.texts_untracked::<ReviewTexts>();
                    self.announcement.set((texts.changed)(changed));
                    self.fetch.refetch();
                }
                Err(cause) => self.fail(cause),
            }
        });
    }

    fn push(self, decision: ReviewDecision, group: Group) {
        self.unsent.update_value(|unsent| unsent.push_back((decision, group)));
        if !self.is_sending.get_value() {
            self.is_sending.set_value(true);
            spawn_local(self.send());
        }
    }

    /// Sends what is decided, one after the other. What is being sent is the first of them.
    async fn send(self) {
        while let Some(Some(decision)) = self
            .unsent
            .try_with_value(|unsent| unsent.front().map(|(decision, _)| decision.clone()))
        {
            let answer = client::decide(&decision).await;
            let Some(Some((_, group))) = self.unsent.try_update_value(VecDeque::pop_front) else {
                return;
            };
            if let Err(cause) = answer {
                // One that was undone meanwhile is shown already.
                let index = self
                    .done
                    .with_untracked(|done| done.iter().position(|(other, _)| *other == group));
                if let Some(index) = index {
                    self.done.update(|done| {
                        done.remove(index);
                    });
                    self.put_back(group, decision.action);
                }
                self.fail(cause);
            }
        }
        self.is_sending.try_set_value(false);
        let is_empty = self.groups.try_with_untracked(VecDeque::is_empty) == Some(true);
        let is_outdated =
            self.is_outdated.try_get_value() == Some(true) || self.fetch.busy.try_get_untracked() == Some(true);
        if is_empty || is_outdated {
            self.is_outdated.try_set_value(false);
            self.fetch.refetch();
        }
    }

    fn fail(self, cause: ClientError) {
        redirect_if_signed_out(&cause);
        self.error.set(Some(cause));
    }

    /// Shows a group again as it was before `action`.
    fn put_back(self, group: Group, action: ReviewAction) {
        self.count(&group, |entry| (after(action), entry.state));
        self.groups.update(|groups| groups.push_front(group));
    }

    /// Counts what goes from one state to another before the server has.
    fn count(self, group: &Group, change: impl Fn(&ReviewEntry) -> (ReviewState, ReviewState)) {
        self.counts.update(|counts| {
            let Some(counts) = counts else { return };
            for entry in group {
                let (from, to) = change(entry);
                let is_plain = entry.today == Some(entry.said);
                for left in of(counts, from, is_plain) {
                    *left = left.saturating_sub(1);
                }
                for more in of(counts, to, is_plain) {
                    *more += 1;
                }
            }
        });
    }

    /// Says what is shown now.
    fn announce(self) {
        let texts = self.language.texts_untracked::<ReviewTexts>();
        let text = self.groups.with_untracked(|groups| match groups.front() {
            Some(group) => (texts.aloud)(&group[0], groups.len()),
            None => texts.empty.to_owned(),
        });
        self.announcement.set(text);
    }
}

/// The state after a decision.
fn after(action: ReviewAction) -> ReviewState {
    match action {
        ReviewAction::Agree => ReviewState::Agreed,
        ReviewAction::Drop => ReviewState::Dropped,
        ReviewAction::Reopen => ReviewState::Waiting,
    }
}

/// The numbers that count a correction in a state; `is_plain`: it says what today's model reads.
fn of(counts: &mut ReviewCounts, state: ReviewState, is_plain: bool) -> Vec<&mut u64> {
    match state {
        ReviewState::Waiting if is_plain => vec![&mut counts.waiting, &mut counts.plain],
        ReviewState::Waiting => vec![&mut counts.waiting],
        ReviewState::Agreed => vec![&mut counts.agreed],
        ReviewState::Dropped => vec![&mut counts.dropped],
    }
}
