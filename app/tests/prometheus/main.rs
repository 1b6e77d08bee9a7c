//! Compares the dashboard's figures with those of a real Prometheus that has the same scrapes: the query of each panel must
//! return the panel's number.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail as tests do"
)]
#![expect(clippy::cast_precision_loss, reason = "counts of a test's few requests")]

mod history;
mod server;

use std::collections::BTreeMap;

use app::{
    admin::status::{
        MetricsHistory, TimeRange,
        endpoints::{Endpoint, Sorting, endpoints},
        predictions::{Predictions, STAGES},
        process::Process,
        queries as q,
    },
    prometheus::{Increase, Labels, Scrape, histogram_quantile},
};
use history::{EDGES, Scrapes};
use server::{Answer, Prometheus};

/// The scrapes at which both are compared: before the restart, just after it, and at the end.
const MOMENTS: [usize; 3] = [30, 44, 60];

fn ingested(scrapes: &Scrapes, upto: usize) -> MetricsHistory {
    let mut history = MetricsHistory::default();
    for (time, text) in &scrapes.0[..=upto] {
        let scrape = Scrape::parse(text);
        assert_eq!(scrape.skipped, 0);
        history.ingest(*time, &scrape, true);
    }
    history
}

#[track_caller]
fn same(query: &str, ours: f64, theirs: f64) {
    let is_near = (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1e-6);
    assert!(
        is_near || ours.total_cmp(&theirs).is_eq() || (ours.is_nan() && theirs.is_nan()),
        "{query}: {ours} here, {theirs} there"
    );
}

/// Compares one number; `None` corresponds to an empty result.
#[track_caller]
fn one(query: &str, answer: &Answer, ours: Option<f64>) {
    let theirs: Vec<f64> = answer.values().copied().filter(|value| !value.is_nan()).collect();
    assert!(theirs.len() <= 1, "{query}: {answer:?}");
    assert_eq!(
        ours.is_some(),
        theirs.len() == 1,
        "{query}: {ours:?} here, {theirs:?} there"
    );
    if let (Some(ours), [theirs]) = (ours, theirs.as_slice()) {
        same(query, ours, *theirs);
    }
}

/// Compares a number for each set of labels. Where ours is `None` or zero, Prometheus may have no series, for example
/// before the first error.
#[track_caller]
fn each(query: &str, answer: &Answer, ours: BTreeMap<String, Option<f64>>) {
    for (series, theirs) in answer.iter().filter(|(_, theirs)| !theirs.is_nan()) {
        let ours = ours.get(series).copied().flatten();
        same(&format!("{query} {series}"), ours.unwrap_or(0.0), *theirs);
    }
    for (series, ours) in ours {
        let known = answer.get(&series).is_some_and(|theirs| !theirs.is_nan());
        assert!(
            known || ours.is_none_or(|ours| ours == 0.0),
            "{query} {series}: {ours:?} here only"
        );
    }
}

fn amount(increase: Option<Increase>) -> Option<f64> {
    increase.map(|increase| increase.amount)
}

fn labels(pairs: &[(&str, &str)]) -> String {
    Labels::new(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
    .to_string()
}

#[test]
fn every_panel_shows_what_prometheus_answers() {
    let scrapes = Scrapes::with_traffic();
    let prometheus = Prometheus::with_history(&scrapes);
    for moment in MOMENTS {
        let history = ingested(&scrapes, moment);
        let time = scrapes.0[moment].0;
        let ask = |query: &str| prometheus.query(query, time);
        let check = |query: &str, ours: Option<f64>| one(query, &ask(query), ours);

        let point = history.last().unwrap();
        check(q::REQUESTS, point.requests);
        check(q::ERRORS, point.errors);
        check(q::USERS, point.users);
        check(q::RATE, point.rate);
        check(q::CLIENT_ERRORS, point.client_errors);
        check(q::SERVER_ERRORS, point.server_errors);
        check(q::P50, point.p50);
        check(q::P95, point.p95);
        check(q::P99, point.p99);
        check(q::CPU, point.cpu);
        check(q::MEMORY, point.memory);
        check(q::QUEUE, point.queue);
        check(q::REQUESTS_CHANGE, amount(history.requests_change()));
        check(q::ERRORS_CHANGE, amount(history.errors_change()));
        check(q::USERS_CHANGE, amount(history.users_change()));

        let rows = endpoints(&history, TimeRange::Recent, Sorting::default());
        assert!(rows.len() > 3, "{rows:?}");
        let by_endpoint = |query: &str, pick: fn(&Endpoint) -> Option<f64>| {
            let ours = rows.iter().map(|row| {
                let key = labels(&[("endpoint", row.route.as_str()), ("method", row.method.as_str())]);
                (key, pick(row))
            });
            each(query, &ask(query), ours.collect());
        };
        by_endpoint(q::ENDPOINT_REQUESTS, |row| Some(row.requests));
        by_endpoint(q::ENDPOINT_RATE, |row| row.rate);
        by_endpoint(q::ENDPOINT_CLIENT_ERRORS, |row| row.client_errors);
        by_endpoint(q::ENDPOINT_SERVER_ERRORS, |row| row.server_errors);
        by_endpoint(q::ENDPOINT_P50, |row| row.p50);
        by_endpoint(q::ENDPOINT_P95, |row| row.p95);
        by_endpoint(q::ENDPOINT_P99, |row| row.p99);

        let predictions = Predictions::of(&history, TimeRange::Recent);
        let digits = (0..10).map(|digit| {
            (
                labels(&[("digit", &digit.to_string())]),
                Some(predictions.digits[digit]),
            )
        });
        each(q::DIGITS, &ask(q::DIGITS), digits.collect());
        check(q::CACHED, predictions.cached);
        let stages = || STAGES.iter().zip(predictions.stages);
        let means = stages().map(|(name, stage)| (labels(&[("stage", name)]), stage.mean));
        each(q::STAGE_MEAN, &ask(q::STAGE_MEAN), means.collect());
        let tails = stages().map(|(name, stage)| (labels(&[("stage", name)]), stage.p95));
        each(q::STAGE_P95, &ask(q::STAGE_P95), tails.collect());
        check(q::BATCH_MEAN, predictions.batch_mean);
        let mut upto = 0.0;
        let batches = predictions.batches.iter().map(|batch| {
            upto += batch.count;
            (labels(&[("le", &batch.upto.to_string())]), Some(upto))
        });
        let batches: BTreeMap<String, Option<f64>> = batches.collect();
        // Empty batches at the upper end are not shown.
        let answer = ask(q::BATCHES)
            .into_iter()
            .filter(|(series, _)| batches.contains_key(series))
            .collect();
        each(q::BATCHES, &answer, batches);

        let process = Process::latest(&history);
        check(q::FILES, process.files);
        check(q::THREADS, process.threads);
        check(q::UPTIME, process.uptime);
        check(q::PENDING, process.pending);
        check(q::DATABASE, process.database);
        check(q::MAILS, process.mails);
        check(q::DISK_FREE, process.disk_free);
        let info = ask(q::INFO);
        let name = format!("version=\"{}\"", process.version.unwrap());
        assert!(
            info.keys().all(|series| series.contains(&name)) && info.len() == 1,
            "{info:?}"
        );
    }
}

#[test]
fn quantiles_of_degenerate_histograms_are_those_of_prometheus() {
    let scrapes = Scrapes::of_edges();
    let prometheus = Prometheus::with_history(&scrapes);
    let (time, _) = scrapes.0[0];
    for quantile in [
        "-0.1",
        "0",
        "0.001",
        "0.25",
        "0.5",
        "0.5000001",
        "0.9",
        "0.99",
        "1",
        "1.5",
        "NaN",
    ] {
        for (index, buckets) in EDGES.iter().enumerate() {
            let query = format!("histogram_quantile({quantile}, edge_{index}_bucket)");
            let answer = prometheus.query(&query, time);
            let ours = histogram_quantile(quantile.parse().unwrap(), &history::buckets(buckets));
            let [theirs] = answer.values().copied().collect::<Vec<f64>>()[..] else {
                panic!("{query}: {answer:?}");
            };
            same(&query, ours, theirs);
        }
    }
}
