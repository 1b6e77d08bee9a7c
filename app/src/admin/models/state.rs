//! The state of the page: the models, what is being done with one of them, and the comparison that is shown.

use leptos::{prelude::*, task::spawn_local};

use super::texts::ModelsTexts;
use crate::{
    browser::{
        document,
        fetch::{Fetch, FetchState, redirect_if_signed_out},
        sleep::sleep,
    },
    client::{self, ClientError},
    i18n::Language,
};
use api::{Evaluation, EvaluationState, Models};

/// The id of the version that answers, which has the focus after it has changed.
pub const LIVE_ID: &str = "live";

/// The id of the comparison's heading, which has the focus once the comparison is there.
pub const COMPARISON_ID: &str = "comparison-title";

/// The time between two requests for a running comparison, in seconds.
const POLL_INTERVAL: f64 = 1.0;

/// What an admin can do with a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelAction {
    Compare,
    PutLive,
    /// Put the one live that answered before.
    GoBack,
    Delete,
}

/// An action on the model of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub action: ModelAction,
    pub version: String,
}

impl Step {
    pub fn compare(version: String) -> Self {
        Self {
            action: ModelAction::Compare,
            version,
        }
    }

    /// The id of the button.
    pub fn id(&self) -> String {
        let Self { action, version } = self;
        format!("{action:?}-{version}")
    }

    /// Whether its button, and what comes of it, are beside the model in the list.
    pub fn is_in_list(&self) -> bool {
        self.action != ModelAction::GoBack
    }
}

/// The state of the page; copies share it.
#[derive(Clone, Copy)]
pub struct ModelsState {
    pub fetch: Fetch<Models>,
    /// From the last response, to whichever request.
    pub models: RwSignal<Option<Models>>,
    /// What waits for a confirmation.
    pub confirming: RwSignal<Option<Step>>,
    pub busy: RwSignal<bool>,
    /// What failed, and why.
    pub error: RwSignal<Option<(Step, ClientError)>>,
    pub announcement: RwSignal<String>,
    /// The comparison that is shown.
    pub comparison: RwSignal<Option<Evaluation>>,
    language: Language,
    /// Incremented with each comparison that is shown: only the last one is asked for again.
    shown: StoredValue<u32>,
}

impl ModelsState {
    pub fn new() -> Self {
        let fetch = Fetch::new(|| Box::pin(client::models()));
        let models = RwSignal::new(None);
        Effect::new(move |_| {
            if let FetchState::Ready(answer) = fetch.state.get() {
                models.set(Some(answer));
            }
        });
        Self {
            fetch,
            models,
            confirming: RwSignal::new(None),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            announcement: RwSignal::default(),
            comparison: RwSignal::new(None),
            language: Language::shared(),
            shown: StoredValue::new(0),
        }
    }

    /// Asks for a confirmation first.
    pub fn ask(self, step: Step) {
        self.error.set(None);
        self.confirming.set(Some(step));
    }

    pub fn cancel(self, step: &Step) {
        self.confirming.set(None);
        document::focus(&step.id());
    }

    /// Does what was confirmed.
    pub fn run(self, step: Step) {
        if !self.begin() {
            return;
        }
        spawn_local(async move {
            let answer = match step.action {
                ModelAction::Delete => client::delete_model(&step.version).await,
                _ => client::put_live(&step.version).await,
            };
            if !self.end() {
                return;
            }
            match answer {
                Ok(models) => {
                    self.confirming.set(None);
                    self.comparison.maybe_update(|found| {
                        let is_deleted =
                            |found: &Evaluation| models.models.iter().all(|model| model.version != found.version);
                        found.take_if(|found| is_deleted(found)).is_some()
                    });
                    self.models.set(Some(models));
                    self.announce(|texts| (texts.done)(step.action, &step.version));
                    document::focus(LIVE_ID);
                }
                Err(cause) => self.fail(step, cause),
            }
        });
    }

    /// Starts a comparison with the live model, or shows the last one.
    pub fn compare(self, version: String, is_new: bool) {
        if !self.begin() {
            return;
        }
        self.confirming.set(None);
        spawn_local(async move {
            let answer = if is_new {
                client::evaluate(&version).await
            } else {
                client::evaluation(&version).await
            };
            if !self.end() {
                return;
            }
            match answer {
                Ok(found) => {
                    self.shown.update_value(|number| *number += 1);
                    self.show(found);
                    document::focus(COMPARISON_ID);
                    self.follow(version).await;
                }
                Err(cause) => self.fail(Step::compare(version), cause),
            }
        });
    }

    /// Asks for the comparison until it has ended, another one is shown, or the page was left.
    async fn follow(self, version: String) {
        let number = self.shown.try_get_value();
        let is_running = || {
            let of = |found: &Option<Evaluation>| {
                found
                    .as_ref()
                    .is_some_and(|found| found.summary.state == EvaluationState::Running)
            };
            self.comparison.try_with_untracked(of) == Some(true)
        };
        while is_running() {
            sleep(POLL_INTERVAL).await;
            let answer = client::evaluation(&version).await;
            if self.shown.try_get_value() != number {
                return;
            }
            match answer {
                Ok(found) => {
                    let has_ended = found.summary.state != EvaluationState::Running;
                    self.show(found);
                    if has_ended {
                        // The list has its figures, too.
                        self.fetch.refetch();
                    }
                }
                Err(cause) => return self.fail(Step::compare(version), cause),
            }
        }
    }

    fn show(self, found: Evaluation) {
        self.announce(|texts| (texts.comparison_aloud)(&found.summary));
        self.comparison.set(Some(found));
    }

    /// Returns whether nothing else is being done.
    fn begin(self) -> bool {
        let is_free = !self.busy.get_untracked();
        if is_free {
            self.busy.set(true);
            self.error.set(None);
        }
        is_free
    }

    /// Returns whether the page is still there.
    fn end(self) -> bool {
        self.busy.try_set(false).is_none()
    }

    fn fail(self, step: Step, cause: ClientError) {
        redirect_if_signed_out(&cause);
        self.error.set(Some((step, cause)));
    }

    pub fn announce(self, text: impl FnOnce(&ModelsTexts) -> String) {
        self.announcement.set(text(self.language.texts_untracked()));
    }
}
