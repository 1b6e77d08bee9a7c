//! Asks Prometheus, on behalf of admins, for the figures of the status page over all servers.
//!
//! A client chooses a range and a server, and nothing else: the queries are those of [`api::queries`].

mod client;
mod labels;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use api::{
    PrometheusState, ServiceMetrics, ServiceRange, ServiceSeries,
    queries::{COURSES, MOMENTS, asked},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use tracing::{info, warn};
use url::Url;

use crate::{settings::Secret, util::Clock};
use client::{AskError, Client, Found};
use labels::{any_of, equals};

/// For how long an answer is given again, also that there was none.
const REMEMBERED: Duration = Duration::from_secs(10);

/// The number of answers that are remembered: one for each range and server.
const MAX_REMEMBERED: usize = 12;

/// All questions for one answer. The page gives up later.
const MAX_WAIT: Duration = Duration::from_secs(8);

/// Questions at the same time.
const CONCURRENT: usize = 6;

/// Series of one figure, and servers.
const MAX_SERIES: usize = 500;

/// Prometheus, if `PROMETHEUS_URL` is set; cheap to clone.
#[derive(Clone)]
pub(crate) struct Prometheus(Option<Arc<Inner>>);

struct Inner {
    client: Client,
    clock: Clock,
    /// The oldest first. Locked while Prometheus is asked, so that the same isn't asked twice.
    answers: Mutex<VecDeque<(Instant, Question, Arc<ServiceMetrics>)>>,
    is_away: AtomicBool,
}

/// What a client can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) range: ServiceRange,
    /// All servers without one.
    pub(crate) instance: Option<String>,
}

/// Prometheus has no such server.
#[derive(Debug, thiserror::Error)]
#[error("no such instance")]
pub(crate) struct UnknownInstance;

/// The servers that Prometheus knows, and their jobs.
struct Servers {
    instances: BTreeSet<String>,
    jobs: BTreeSet<String>,
}

impl Prometheus {
    pub(crate) fn new(url: Option<&Secret>, clock: Clock) -> Result<Self, rustls::Error> {
        let Some(url) = url.and_then(|url| Url::parse(url.expose()).ok()) else {
            return Ok(Self(None));
        };
        Ok(Self(Some(Arc::new(Inner {
            client: Client::new(url)?,
            clock,
            answers: Mutex::default(),
            is_away: AtomicBool::new(false),
        }))))
    }

    /// Whether there is one to ask.
    pub(crate) fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// The figures; without an answer there are none, and it says why.
    pub(crate) async fn figures(&self, question: Question) -> Result<Arc<ServiceMetrics>, UnknownInstance> {
        match &self.0 {
            Some(inner) => inner.figures(question).await,
            None => Ok(Arc::new(without_figures(PrometheusState::Unset))),
        }
    }
}

impl Inner {
    async fn figures(&self, question: Question) -> Result<Arc<ServiceMetrics>, UnknownInstance> {
        let mut answers = self.answers.lock().await;
        answers.retain(|(asked, ..)| asked.elapsed() < REMEMBERED);
        let known = answers.iter().find_map(|(_, known, answer)| {
            // One that doesn't answer isn't asked anything else for a moment, either.
            (*known == question || answer.prometheus == PrometheusState::Away).then_some(answer)
        });
        if let Some(answer) = known {
            return Ok(Arc::clone(answer));
        }
        let answer = match timeout(MAX_WAIT, Box::pin(self.ask(&question))).await {
            Ok(Ok(answer)) => {
                if self.is_away.swap(false, Ordering::Relaxed) {
                    info!("Prometheus responde otra vez.");
                }
                answer?
            }
            Ok(Err(cause)) => self.away(&cause),
            Err(_) => self.away(&AskError::TooSlow),
        };
        let answer = Arc::new(answer);
        while answers.len() >= MAX_REMEMBERED {
            answers.pop_front();
        }
        answers.push_back((Instant::now(), question, Arc::clone(&answer)));
        Ok(answer)
    }

    fn away(&self, cause: &AskError) -> ServiceMetrics {
        if !self.is_away.swap(true, Ordering::Relaxed) {
            warn!("Prometheus no responde (PROMETHEUS_URL): {cause}");
        }
        without_figures(PrometheusState::Away)
    }

    async fn ask(&self, question: &Question) -> Result<Result<ServiceMetrics, UnknownInstance>, AskError> {
        let range = question.range;
        // A scrape of this moment may not be stored yet, and a figure isn't to change afterwards.
        let now = self.clock.now().timestamp() - 1;
        let servers = self.servers(now, range).await?;
        let Some(matchers) = servers.matchers(question.instance.as_deref()) else {
            return Ok(Err(UnknownInstance));
        };
        if servers.instances.is_empty() {
            return Ok(Ok(without_figures(PrometheusState::Empty)));
        }
        let step = i64::from(range.step());
        // At the same times for all, so that a line doesn't change from one answer to the next.
        let end = now - now.rem_euclid(step);
        let start = end - step * i64::from(range.points() - 1);
        let (client, matchers) = (&self.client, &matchers);
        let course = move |query: &'static str| async move {
            let text = asked(query, range, matchers);
            let found = client.query_range(&text, start, end, step).await?;
            let line = |found: Found| found.line(start, step, range.points());
            let series: Vec<_> = found.into_iter().take(MAX_SERIES).map(line).collect();
            Ok::<_, AskError>((query.to_owned(), series))
        };
        let moment = move |query: &'static str| async move {
            let text = asked(query, range, matchers);
            let found = client.query(&text, now).await?;
            let series: Vec<_> = found.into_iter().take(MAX_SERIES).map(Found::number).collect();
            Ok::<_, AskError>((query.to_owned(), series))
        };
        let courses = stream::iter(COURSES.map(course)).buffer_unordered(CONCURRENT);
        let mut figures: BTreeMap<String, Vec<ServiceSeries>> = courses.try_collect().await?;
        let moments = stream::iter(MOMENTS.map(moment)).buffer_unordered(CONCURRENT);
        figures.extend(Box::pin(moments.try_collect::<BTreeMap<_, _>>()).await?);
        Ok(Ok(ServiceMetrics {
            prometheus: PrometheusState::Answers,
            time: seconds(now),
            start: seconds(start),
            step: seconds(step),
            instances: servers.instances.into_iter().collect(),
            figures,
        }))
    }

    /// The servers of the range: whatever has said so itself. Other programs have metrics of the same names.
    async fn servers(&self, now: i64, range: ServiceRange) -> Result<Servers, AskError> {
        let query = asked(
            "group by (job, instance) (last_over_time(app_info[5m]))",
            range,
            "model!=\"\"",
        );
        let found = self.client.query(&query, now).await?;
        let labels = |name: &str| {
            let values = found.iter().filter_map(|found| found.metric.get(name).cloned());
            values.take(MAX_SERIES).collect()
        };
        Ok(Servers {
            instances: labels("instance"),
            jobs: labels("job"),
        })
    }
}

impl Servers {
    /// Label matchers for all servers or for one; `None` if there is no such server.
    fn matchers(&self, instance: Option<&str>) -> Option<String> {
        let jobs = any_of("job", self.jobs.iter());
        match instance {
            None => Some(jobs),
            Some(instance) if self.instances.contains(instance) => {
                Some(format!("{jobs},{}", equals("instance", instance)))
            }
            Some(_) => None,
        }
    }
}

fn without_figures(prometheus: PrometheusState) -> ServiceMetrics {
    ServiceMetrics {
        prometheus,
        time: 0.0,
        start: 0.0,
        step: 0.0,
        instances: Vec::new(),
        figures: BTreeMap::new(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "Unix times stay far below 2^53")]
fn seconds(seconds: i64) -> f64 {
    seconds as f64
}
