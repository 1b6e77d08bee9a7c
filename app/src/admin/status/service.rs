//! The figures of the whole service, as Prometheus has answered the panels' queries.

use std::collections::{BTreeMap, VecDeque};

use super::{
    Point,
    alerts::{ActiveAlert, sort},
    endpoints::Endpoint,
    predictions::{DIGITS, Predictions, STAGES, StageDuration, batches},
    process::Process,
    queries,
};
use crate::prometheus::Bucket;
use api::{ServiceMetrics, ServiceSeries, alerts::Alert};

/// What the panels show of all servers or of one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceFigures {
    /// The points of the charts, oldest first. The last one has the totals.
    pub points: VecDeque<Point>,
    /// The change of requests, errors and users in the range.
    pub changes: [Option<f64>; 3],
    /// The range, in seconds.
    pub seconds: f64,
    /// The endpoints, by route.
    pub endpoints: Vec<Endpoint>,
    /// The predictions.
    pub predictions: Predictions,
    /// The processes, added up.
    pub process: Process,
    /// What Prometheus says is wrong.
    pub alerts: Vec<ActiveAlert>,
}

impl ServiceFigures {
    /// The figures of an answer.
    pub fn of(answer: &ServiceMetrics) -> Self {
        let points = points(answer);
        let process = process(answer, points.back());
        let seconds = points
            .front()
            .zip(points.back())
            .map_or(0.0, |(first, last)| last.time - first.time);
        Self {
            points,
            changes: [queries::REQUESTS_CHANGE, queries::ERRORS_CHANGE, queries::USERS_CHANGE]
                .map(|query| number(answer, query)),
            seconds,
            endpoints: endpoints(answer),
            predictions: predictions(answer),
            process,
            alerts: alerts(answer),
        }
    }
}

fn series<'a>(answer: &'a ServiceMetrics, query: &str) -> &'a [ServiceSeries] {
    answer.figures.get(query).map_or(&[], Vec::as_slice)
}

fn only(series: &ServiceSeries) -> Option<f64> {
    series.values.first().copied().flatten()
}

fn label<'a>(series: &'a ServiceSeries, name: &str) -> &'a str {
    series.labels.get(name).map_or("", String::as_str)
}

/// The answer to a query with one number.
fn number(answer: &ServiceMetrics, query: &str) -> Option<f64> {
    series(answer, query).first().and_then(only)
}

/// The answer to a query with a number for each value of a label.
fn numbers<'a>(answer: &'a ServiceMetrics, query: &str, name: &str) -> BTreeMap<&'a str, f64> {
    let pair = |series: &'a ServiceSeries| Some((label(series, name), only(series)?));
    series(answer, query).iter().filter_map(pair).collect()
}

fn points(answer: &ServiceMetrics) -> VecDeque<Point> {
    let line = |query: &str| {
        series(answer, query)
            .first()
            .map_or(&[][..], |series| series.values.as_slice())
    };
    let [
        rate,
        client_errors,
        server_errors,
        p50,
        p95,
        p99,
        cpu,
        memory,
        queue,
        users,
    ] = queries::COURSES.map(line);
    let length = queries::COURSES.into_iter().map(|query| line(query).len()).max();
    let mut points: VecDeque<Point> = VecDeque::new();
    let mut time = answer.start;
    for at in 0..length.unwrap_or(0) {
        let value = |line: &[Option<f64>]| line.get(at).copied().flatten();
        points.push_back(Point {
            time,
            is_joined: at > 0,
            requests: None,
            errors: None,
            users: value(users),
            rate: value(rate),
            // Prometheus says zero also while there is no server.
            client_errors: value(client_errors).filter(|_| value(rate).is_some()),
            server_errors: value(server_errors).filter(|_| value(rate).is_some()),
            p50: value(p50),
            p95: value(p95),
            p99: value(p99),
            cpu: value(cpu),
            memory: value(memory),
            queue: value(queue),
        });
        time += answer.step;
    }
    if let Some(last) = points.back_mut() {
        last.requests = number(answer, queries::REQUESTS);
        last.errors = number(answer, queries::ERRORS);
    }
    points
}

fn endpoints(answer: &ServiceMetrics) -> Vec<Endpoint> {
    let mut rows: BTreeMap<(&str, &str), Endpoint> = BTreeMap::new();
    for found in series(answer, queries::ENDPOINT_REQUESTS) {
        let (route, method) = (label(found, "endpoint"), label(found, "method"));
        let row = Endpoint {
            method: method.to_owned(),
            route: route.to_owned(),
            requests: only(found).unwrap_or(0.0),
            // Without an error there is no series either.
            client_errors: Some(0.0),
            server_errors: Some(0.0),
            ..Endpoint::default()
        };
        rows.insert((route, method), row);
    }
    let mut set = |query: &str, put: fn(&mut Endpoint, Option<f64>)| {
        for found in series(answer, query) {
            if let Some(row) = rows.get_mut(&(label(found, "endpoint"), label(found, "method"))) {
                put(row, only(found));
            }
        }
    };
    set(queries::ENDPOINT_RATE, |row, value| row.rate = value);
    set(queries::ENDPOINT_CLIENT_ERRORS, |row, value| row.client_errors = value);
    set(queries::ENDPOINT_SERVER_ERRORS, |row, value| row.server_errors = value);
    set(queries::ENDPOINT_P50, |row, value| row.p50 = value);
    set(queries::ENDPOINT_P95, |row, value| row.p95 = value);
    set(queries::ENDPOINT_P99, |row, value| row.p99 = value);
    rows.into_values().collect()
}

fn predictions(answer: &ServiceMetrics) -> Predictions {
    let by_digit = numbers(answer, queries::DIGITS, "digit");
    let digits = DIGITS.map(|digit| by_digit.get(digit).copied().unwrap_or(0.0));
    let means = numbers(answer, queries::STAGE_MEAN, "stage");
    let tails = numbers(answer, queries::STAGE_P95, "stage");
    let buckets = numbers(answer, queries::BATCHES, "le");
    let bucket = |(upper, count): (&str, f64)| {
        let upper = upper.parse().ok()?;
        Some(Bucket { upper, count })
    };
    Predictions {
        digits,
        total: digits.iter().sum(),
        cached: number(answer, queries::CACHED),
        stages: STAGES.map(|stage| StageDuration {
            mean: means.get(stage).copied(),
            p95: tails.get(stage).copied(),
        }),
        batches: batches(buckets.into_iter().filter_map(bucket).collect()),
        batch_mean: number(answer, queries::BATCH_MEAN),
    }
}

fn process(answer: &ServiceMetrics, last: Option<&Point>) -> Process {
    // Servers of two versions run side by side during an update.
    let words = |name: &str| {
        let found = series(answer, queries::INFO).iter().map(|info| label(info, name));
        let mut words: Vec<&str> = found.filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        (!words.is_empty()).then(|| words.join(", "))
    };
    let number = |query| number(answer, query);
    Process {
        version: words("version"),
        model: words("model"),
        backend: words("backend"),
        uptime: number(queries::UPTIME),
        restarts: number(queries::RESTARTS),
        cpu: last.and_then(|point| point.cpu),
        memory: last.and_then(|point| point.memory),
        files: number(queries::FILES),
        threads: number(queries::THREADS),
        pending: number(queries::PENDING),
        queue: last.and_then(|point| point.queue),
        database: number(queries::DATABASE),
        mails: number(queries::MAILS),
        disk_free: number(queries::DISK_FREE),
        ..Process::default()
    }
}

fn alerts(answer: &ServiceMetrics) -> Vec<ActiveAlert> {
    let since = numbers(answer, queries::ALERTS, "alertname");
    let active = |alert: Alert| {
        let since = *since.get(alert.name())?;
        Some(ActiveAlert::new(alert, since, answer.time, None))
    };
    let mut active: Vec<_> = Alert::ALL.into_iter().filter_map(active).collect();
    sort(&mut active);
    active
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::PrometheusState;

    fn found(labels: &[(&str, &str)], values: &[Option<f64>]) -> ServiceSeries {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        ServiceSeries {
            labels: labels.iter().map(pair).collect(),
            values: values.to_vec(),
        }
    }

    fn answer(figures: &[(&str, Vec<ServiceSeries>)]) -> ServiceMetrics {
        ServiceMetrics {
            prometheus: PrometheusState::Answers,
            time: 1_035.0,
            start: 1_000.0,
            step: 15.0,
            instances: vec!["a".to_owned()],
            figures: figures
                .iter()
                .map(|(query, series)| ((*query).to_owned(), series.clone()))
                .collect(),
        }
    }

    #[test]
    fn an_answer_becomes_points_with_gaps_and_totals() {
        let figures = ServiceFigures::of(&answer(&[
            (queries::RATE, vec![found(&[], &[None, Some(2.0), Some(3.0)])]),
            (
                queries::SERVER_ERRORS,
                vec![found(&[], &[Some(0.0), Some(0.5), Some(0.0)])],
            ),
            (queries::REQUESTS, vec![found(&[], &[Some(70.0)])]),
            (queries::USERS_CHANGE, vec![found(&[], &[Some(-1.0)])]),
        ]));
        let rates: Vec<_> = figures.points.iter().map(|point| (point.time, point.rate)).collect();
        assert_eq!(rates, [(1_000.0, None), (1_015.0, Some(2.0)), (1_030.0, Some(3.0))]);
        let errors: Vec<_> = figures.points.iter().map(|point| point.server_errors).collect();
        assert_eq!(errors, [None, Some(0.5), Some(0.0)]);
        assert_eq!(figures.points.back().and_then(|point| point.requests), Some(70.0));
        assert_eq!((figures.changes, figures.seconds), ([None, None, Some(-1.0)], 30.0));
    }

    #[test]
    fn labels_say_which_row_and_bar_a_number_belongs_to() {
        let of = |endpoint, method| [("endpoint", endpoint), ("method", method)];
        let figures = ServiceFigures::of(&answer(&[
            (
                queries::ENDPOINT_REQUESTS,
                vec![
                    found(&of("/login", "POST"), &[Some(4.0)]),
                    found(&of("/", "GET"), &[Some(9.0)]),
                ],
            ),
            (queries::ENDPOINT_P99, vec![found(&of("/login", "POST"), &[Some(0.2)])]),
            (
                queries::ENDPOINT_CLIENT_ERRORS,
                vec![found(&of("/login", "POST"), &[Some(0.5)])],
            ),
            (queries::DIGITS, vec![found(&[("digit", "7")], &[Some(3.0)])]),
            (
                queries::BATCHES,
                vec![
                    found(&[("le", "+Inf")], &[Some(5.0)]),
                    found(&[("le", "1")], &[Some(2.0)]),
                ],
            ),
            (
                queries::INFO,
                vec![
                    found(&[("version", "2")], &[Some(1.0)]),
                    found(&[("version", "1")], &[Some(1.0)]),
                ],
            ),
            (
                queries::ALERTS,
                vec![
                    found(&[("alertname", "NoModelReady")], &[Some(900.0)]),
                    found(&[("alertname", "ServiceDown")], &[Some(1_034.0)]),
                    found(&[("alertname", "SomebodyElses")], &[Some(1.0)]),
                ],
            ),
        ]));
        let rows: Vec<_> = figures
            .endpoints
            .iter()
            .map(|row| (row.route.as_str(), row.requests, row.p99, row.client_errors))
            .collect();
        assert_eq!(
            rows,
            [("/", 9.0, None, Some(0.0)), ("/login", 4.0, Some(0.2), Some(0.5))]
        );
        assert_eq!((figures.predictions.digits[7], figures.predictions.total), (3.0, 3.0));
        let batches: Vec<_> = figures.predictions.batches.iter().map(|batch| batch.count).collect();
        assert_eq!(batches, [2.0, 3.0]);
        assert_eq!(figures.process.version.as_deref(), Some("1, 2"));
        let alerts: Vec<_> = figures
            .alerts
            .iter()
            .map(|active| (active.alert, active.is_firing))
            .collect();
        assert_eq!(alerts, [(Alert::NoModelReady, true), (Alert::ServiceDown, false)]);
    }
}
