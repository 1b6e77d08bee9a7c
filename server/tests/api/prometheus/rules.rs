//! The tools of Prometheus, run on the files in `deploy/` and on the server's metrics.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use api::alerts::Alert;
use serde_json::Value;

use crate::support::{
    TestServer,
    pictures::numbered_png,
    prometheus::{Prometheus, checked, deploy},
};

fn rules() -> Vec<(&'static str, String)> {
    ["rules.yml", "alerts.yml"]
        .map(|name| (name, fs::read_to_string(deploy("prometheus").join(name)).unwrap()))
        .into()
}

#[test]
fn the_configurations_are_valid() {
    checked("promtool", &["check", "config"], &[deploy("prometheus/prometheus.yml")]);
    let files = [deploy("prometheus/rules.yml"), deploy("prometheus/alerts.yml")];
    checked("promtool", &["check", "rules"], &files);
    checked("amtool", &["check-config"], &[deploy("alertmanager/alertmanager.yml")]);
}

#[test]
fn every_alert_is_tested_inactive_firing_and_resolved() {
    checked("promtool", &["test", "rules"], &[deploy("prometheus/alerts_test.yml")]);
}

#[test]
fn alerts_are_routed_by_their_severity() {
    let file = format!("--config.file={}", deploy("alertmanager/alertmanager.yml").display());
    for (severity, receiver) in [("page", "on-call"), ("ticket", "tickets")] {
        let receiver = format!("--verify.receivers={receiver}");
        let severity = format!("severity={severity}");
        checked(
            "amtool",
            &["config", "routes", "test", &file, &receiver, &severity],
            &[],
        );
    }
}

#[tokio::test]
async fn every_alert_has_a_severity_a_summary_a_runbook_and_a_test() {
    let runbooks = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/runbooks.md")).unwrap();
    let tests = fs::read_to_string(deploy("prometheus/alerts_test.yml")).unwrap();
    let prometheus = Prometheus::start(&[], &rules(), None).await;
    let rules = prometheus.rules().await;
    let alerts: Vec<_> = rules.iter().filter(|rule| rule["type"] == "alerting").collect();
    assert!(alerts.len() >= 11);
    for alert in alerts {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let name = text(&alert["name"]);
        assert!(
            ["page", "ticket"].contains(&text(&alert["labels"]["severity"]).as_str()),
            "{name}"
        );
        assert!(text(&alert["annotations"]["summary"]).ends_with('.'), "{name}");
        assert!(text(&alert["annotations"]["description"]).ends_with('.'), "{name}");
        let runbook = format!("docs/runbooks.md#{}", name.to_lowercase());
        assert_eq!(text(&alert["annotations"]["runbook_url"]), runbook);
        assert!(runbooks.contains(&format!("\n## {name}\n")), "{name}");
        assert!(
            tests.contains(&format!("alertname: {name}\n        exp_alerts:\n")),
            "{name} fires in no test"
        );
        assert!(
            tests.contains(&format!("alertname: {name}\n        exp_alerts: []\n")),
            "{name} is quiet in no test"
        );
    }
}

/// The dashboard evaluates the alerts with the numbers of `api::alerts`.
#[tokio::test]
async fn the_alerts_have_the_names_numbers_and_severities_that_the_dashboard_uses() {
    let prometheus = Prometheus::start(&[], &rules(), None).await;
    let rules = prometheus.rules().await;
    let (records, alerts): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule["type"] == "recording");
    let names: Vec<_> = alerts.iter().map(|alert| alert["name"].as_str().unwrap()).collect();
    assert_eq!(names, Alert::ALL.map(Alert::name));
    for (alert, found) in Alert::ALL.into_iter().zip(&alerts) {
        let (name, rule) = (alert.name(), alert.rule());
        assert_eq!(found["labels"]["severity"], rule.severity.label(), "{name}");
        assert_eq!(found["duration"].as_f64(), Some(rule.for_seconds), "{name}");
        let expression = found["query"].as_str().unwrap();
        let expected = [&[rule.threshold], rule.preconditions].concat();
        assert_eq!(thresholds(expression), expected, "{name}");
        let expected: Vec<_> = (rule.range_seconds > 0.0)
            .then_some(rule.range_seconds)
            .into_iter()
            .collect();
        assert_eq!(ranges(expression, &records), expected, "{name}");
    }
}

/// The numbers that an expression compares with.
fn thresholds(expression: &str) -> Vec<f64> {
    let words: Vec<_> = expression.split_whitespace().collect();
    let compared = words.windows(2).filter(|pair| [">", "<", "=="].contains(&pair[0]));
    compared.map(|pair| pair[1].parse().unwrap()).collect()
}

/// The ranges of an expression and of the recording rules in it, in seconds. Of two the longer one is that of a baseline and
/// left out.
fn ranges(expression: &str, records: &[Value]) -> Vec<f64> {
    let mut found = BTreeSet::new();
    let mut pending = vec![expression];
    while let Some(expression) = pending.pop() {
        let recorded = |record: &&Value| expression.contains(record["name"].as_str().unwrap());
        let queries = records
            .iter()
            .filter(recorded)
            .map(|record| record["query"].as_str().unwrap());
        pending.extend(queries);
        let inside = expression
            .split('[')
            .skip(1)
            .map(|rest| rest.split(']').next().unwrap());
        found.extend(inside.map(|range| {
            let (number, unit) = range.split_at(range.len() - 1);
            let unit = match unit {
                "m" => 60,
                "h" => 3_600,
                "d" => 86_400,
                // As Prometheus writes seven days.
                "w" => 604_800,
                unit => panic!("{unit}"),
            };
            number.parse::<u32>().unwrap() * unit
        }));
    }
    if found.len() > 1 {
        found.pop_last();
    }
    found.into_iter().map(f64::from).collect()
}

/// `promtool check metrics` checks the conventions for names, types and help texts.
#[tokio::test]
async fn the_metrics_pass_promtool() {
    let server = TestServer::start().await;
    for number in [1, 1] {
        server.predict("a.png", numbered_png(number)).await;
    }
    server.get("/api/nothing").await;
    let text = server.get("/metrics").await.text().await.unwrap();
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("installed by `scripts/setup.sh test`");
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.is_empty(), "{said}");
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let series = line.split(['{', ' ']).next().unwrap();
        let base = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| series.strip_suffix(end));
        let has = |what: &str| {
            [Some(series), base]
                .into_iter()
                .flatten()
                .any(|name| text.contains(&format!("# {what} {name} ")))
        };
        assert!(has("HELP") && has("TYPE"), "{series} is explained");
    }
}
