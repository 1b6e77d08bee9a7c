//! Compares our parser of the exposition format with the crate prometheus-parse, also on the output of other programs.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{collections::BTreeMap, fmt::Write as _, io::BufRead as _};

use app::prometheus::{Labels, Scrape};
use chrono::DateTime;
use prometheus_parse::Value;
use proptest::{collection::vec, prelude::*, sample::select};

/// The samples of an exposition: values by series.
type Numbers = BTreeMap<String, f64>;

fn ours(text: &str) -> Numbers {
    let samples = Scrape::parse(text).samples;
    samples
        .into_iter()
        .map(|sample| (format!("{}{}", sample.name, sample.labels), sample.value))
        .collect()
}

/// The samples that prometheus-parse reads. It combines buckets and quantiles into one sample; here they are separate.
fn theirs(text: &str) -> Numbers {
    let epoch = DateTime::from_timestamp(0, 0).unwrap();
    let scrape = prometheus_parse::Scrape::parse_at(text.as_bytes().lines(), epoch).unwrap();
    let mut numbers = Numbers::new();
    for sample in scrape.samples {
        let mut put = |suffix: &str, extra: Option<(&str, f64)>, value: f64| {
            let mut pairs: Vec<(String, String)> = sample.labels.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
            pairs.extend(extra.map(|(name, bound)| (name.to_owned(), number(bound))));
            numbers.insert(format!("{}{suffix}{}", sample.metric, Labels::new(pairs)), value);
        };
        match &sample.value {
            Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => put("", None, *value),
            Value::Histogram(buckets) => {
                for bucket in buckets {
                    put("_bucket", Some(("le", bucket.less_than)), bucket.count);
                }
            }
            Value::Summary(quantiles) => {
                for it in quantiles {
                    put("", Some(("quantile", it.quantile)), it.count);
                }
            }
        }
    }
    numbers
}

/// A number as the value of a label.
fn number(value: f64) -> String {
    if value == f64::INFINITY {
        "+Inf".to_owned()
    } else {
        value.to_string()
    }
}

fn bits(numbers: Numbers) -> BTreeMap<String, u64> {
    let one_nan = |value: f64| if value.is_nan() { f64::NAN } else { value };
    numbers
        .into_iter()
        .map(|(series, value)| (series, one_nan(value).to_bits()))
        .collect()
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(|value| value.to_string()),
        (0..1_000_000_u32).prop_map(|count| count.to_string()),
        any::<f32>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(|value| format!("{value:e}")),
        select(vec!["NaN", "+Inf", "-Inf", "Inf", "0", "1e+06", "-2.5e-07"]).prop_map(str::to_owned),
    ]
}

/// Labels that both parsers support: prometheus-parse supports neither escapes nor a comma, `=` or `}` inside a value.
fn plain_labels() -> impl Strategy<Value = Vec<(String, String)>> {
    vec(("[a-z_][a-z0-9_]{0,6}", "[ -!#-+\\--<>-\\[\\]-z|~ñ☃]{0,8}"), 0..4).prop_filter(
        "other labels' names",
        |labels| {
            let mut names: Vec<&String> = labels.iter().map(|(name, _)| name).collect();
            names.sort();
            names.dedup();
            names.len() == labels.len() && !names.iter().any(|name| *name == "le" || *name == "quantile")
        },
    )
}

#[derive(Debug, Clone)]
enum Metric {
    Simple(&'static str, Vec<(String, String)>, String),
    Histogram(Vec<(String, String)>, Vec<u32>),
    Summary(Vec<(String, String)>, Vec<u32>),
}

fn metric() -> impl Strategy<Value = Metric> {
    prop_oneof![
        (select(vec!["counter", "gauge", "untyped"]), plain_labels(), value())
            .prop_map(|(kind, labels, value)| Metric::Simple(kind, labels, value)),
        (plain_labels(), vec(0..1000_u32, 1..6)).prop_map(|(labels, counts)| Metric::Histogram(labels, counts)),
        (plain_labels(), vec(0..1000_u32, 1..6)).prop_map(|(labels, counts)| Metric::Summary(labels, counts)),
    ]
}

/// The exposition of `metrics`, named by their index, with `blank` as separator, and with timestamps if `is_timed`.
fn written(metrics: &[Metric], is_timed: bool, blank: &str) -> String {
    let mut text = String::new();
    let time = if is_timed { " 1700000000000" } else { "" };
    let set = |labels: &[(String, String)], extra: Option<String>| {
        let pairs: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .chain(extra)
            .collect();
        if pairs.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", pairs.join(","))
        }
    };
    for (index, metric) in metrics.iter().enumerate() {
        let name = format!("metric_{index}");
        match metric {
            Metric::Simple(kind, labels, value) => {
                write!(text, "# HELP {name} Some {kind}\n# TYPE {name} {kind}\n").unwrap();
                writeln!(text, "{name}{}{blank}{value}{time}", set(labels, None)).unwrap();
            }
            Metric::Histogram(labels, counts) => {
                write!(text, "# HELP {name} Some histogram\n# TYPE {name} histogram\n").unwrap();
                let bounds = (1..counts.len())
                    .map(|bound| bound.to_string())
                    .chain(["+Inf".to_owned()]);
                for (le, count) in bounds.zip(counts) {
                    let labels = set(labels, Some(format!("le=\"{le}\"")));
                    writeln!(text, "{name}_bucket{labels}{blank}{count}{time}").unwrap();
                }
                writeln!(text, "{name}_sum{} 12.5\n", set(labels, None)).unwrap();
            }
            Metric::Summary(labels, counts) => {
                writeln!(text, "# TYPE {name} summary").unwrap();
                for (index, count) in counts.iter().enumerate() {
                    let labels = set(labels, Some(format!("quantile=\"0.{}\"", index + 1)));
                    writeln!(text, "{name}{labels}{blank}{count}").unwrap();
                }
                writeln!(text, "{name}_count{} 7", set(labels, None)).unwrap();
            }
        }
    }
    text
}

proptest! {
    #[test]
    fn reads_what_prometheus_parse_reads(
        metrics in vec(metric(), 0..12),
        is_timed: bool,
        blank in select(vec![" ", "\t", "   "]),
    ) {
        let text = written(&metrics, is_timed, blank);
        prop_assert_eq!(bits(ours(&text)), bits(theirs(&text)), "{}", text);
        prop_assert_eq!(Scrape::parse(&text).skipped, 0, "{}", text);
    }

    #[test]
    fn reads_every_label_back(pairs in vec(("[a-zA-Z_][a-zA-Z0-9_]{0,8}", any::<String>()), 0..5), value in value()) {
        // A carriage return before the end of a line belongs to the line ending.
        let pairs: Vec<(String, String)> = pairs.into_iter().map(|(name, value)| (name, value.replace('\r', ""))).collect();
        let labels = Labels::new(pairs);
        let scrape = Scrape::parse(&format!("a:b{labels} {value}"));
        prop_assert_eq!(scrape.skipped, 0);
        prop_assert_eq!(&scrape.samples[0].labels, &labels);
    }

    #[test]
    fn accepts_any_text(text in any::<String>(), lines in vec("[a-z:{}=\",\\\\ #0-9.+-]{0,40}", 0..20)) {
        let scrape = Scrape::parse(&text);
        prop_assert!(scrape.samples.len() + scrape.skipped <= text.lines().count());
        let text = lines.join("\n");
        let scrape = Scrape::parse(&text);
        prop_assert!(scrape.samples.len() + scrape.skipped <= lines.len());
    }

    #[test]
    fn a_truncated_text_is_read_up_to_its_end(cut in 0..2000_usize) {
        let whole = PYTHON;
        let cut = (0..=cut.min(whole.len())).rev().find(|cut| whole.is_char_boundary(*cut)).unwrap();
        let scrape = Scrape::parse(&whole[..cut]);
        prop_assert!(scrape.skipped <= 1);
    }
}

const PROMETHEUS: &str = include_str!("expositions/prometheus.txt");
const NODE: &str = include_str!("expositions/node_exporter.txt");
const ALERTMANAGER: &str = include_str!("expositions/alertmanager.txt");
const PYTHON: &str = include_str!("expositions/python.txt");
const OPENMETRICS: &str = include_str!("expositions/python.openmetrics.txt");

fn lines_with_values(text: &str) -> usize {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .count()
}

#[test]
fn reads_every_line_of_other_programs() {
    for text in [PROMETHEUS, NODE, ALERTMANAGER, PYTHON, OPENMETRICS] {
        let scrape = Scrape::parse(text);
        assert_eq!((scrape.samples.len(), scrape.skipped), (lines_with_values(text), 0));
        assert_eq!(ours(text).len(), lines_with_values(text), "each series occurs once");
    }
}

#[test]
fn reads_other_programs_as_prometheus_parse_does() {
    for text in [PROMETHEUS, NODE, ALERTMANAGER] {
        // Without lines whose labels prometheus-parse splits wrongly: a comma or `=` inside a value, an escape, a colon.
        let simple: String = text
            .lines()
            .filter(|line| is_simple(line))
            .fold(String::new(), |text, line| text + line + "\n");
        assert!(
            lines_with_values(&simple) * 10 > lines_with_values(text) * 9,
            "more than nine of ten lines are compared"
        );
        let by_number = |numbers: Numbers| -> BTreeMap<String, f64> {
            // prometheus-parse returns `le` and `quantile` as numbers, so both sides are normalised.
            numbers
                .into_iter()
                .map(|(series, value)| (normal(&series), value))
                .collect()
        };
        assert_eq!(bits(by_number(ours(&simple))), bits(by_number(theirs(&simple))));
    }
}

fn is_simple(line: &str) -> bool {
    let Some((_, labels)) = line.split_once('{').filter(|_| !line.starts_with('#')) else {
        return true;
    };
    let inside = labels.rsplit_once('}').map_or("", |(inside, _)| inside);
    inside
        .split("\",")
        .all(|pair| pair.matches('=').count() == 1 && !pair.contains([',', '\\', '}', ':']))
}

fn normal(series: &str) -> String {
    ["le=\"", "quantile=\""]
        .into_iter()
        .fold(series.to_owned(), |series, label| {
            let Some((before, rest)) = series.split_once(label) else {
                return series;
            };
            let Some((bound, after)) = rest.split_once('"') else {
                return series.clone();
            };
            let bound: f64 = bound.parse().unwrap();
            format!("{before}{label}{}\"{after}", number(bound))
        })
}

#[test]
fn reads_escapes_exponents_and_special_values() {
    for text in [PYTHON, OPENMETRICS] {
        let scrape = Scrape::parse(text);
        let value = |name: &str, label: (&str, &str)| {
            let sample = scrape
                .samples
                .iter()
                .find(|it| it.name == name && it.labels.get(label.0) == label.1);
            sample.map(|sample| sample.value)
        };
        assert_eq!(value("jobs_total", ("path", "C:\\temp\\\"a, b\"")), Some(3.0));
        assert_eq!(value("jobs_total", ("queue", "low\nprio")), Some(0.5));
        assert_eq!(value("temperature", ("", "")), Some(-2.5e-7));
        assert!(value("nothing", ("", "")).unwrap().is_nan());
        assert_eq!(value("most", ("", "")), Some(f64::INFINITY));
        assert_eq!(value("latency_seconds_bucket", ("le", "1.0")), Some(3.0));
        assert_eq!(value("latency_seconds_sum", ("route", "/ñandú")), Some(5.555));
        assert_eq!(value("build_info", ("version", "1.2.3")), Some(1.0));
    }
}
