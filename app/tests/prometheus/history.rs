//! Simulated scrapes of 15 minutes: the server's metrics with pseudo-random values, the same in every run.

use std::{collections::BTreeMap, fmt::Write as _};

use app::prometheus::Bucket;

/// Scrapes with their times, in Unix seconds.
pub(crate) struct Scrapes(pub(crate) Vec<(f64, String)>);

/// The first scrape. A multiple of [`STEP`], so that ranges end at scrapes and nothing is extrapolated.
const BEGIN: u32 = 1_700_000_010;
const STEP: u32 = 15;
/// The server restarts after this number of scrapes.
const RESTART: usize = 42;
const SCRAPES: usize = 61;

const ENDPOINTS: [(&str, &str, &[&str]); 5] = [
    ("GET", "/", &["200"]),
    ("POST", "/predict", &["200", "400", "503"]),
    ("POST", "/login", &["200", "401"]),
    ("GET", "/metrics", &["200"]),
    ("GET", "unmatched", &["404", "200"]),
];
const SECONDS: [&str; 6] = ["0.005", "0.01", "0.1", "1", "10", "+Inf"];
const SIZES: [&str; 5] = ["1", "2", "4", "8", "+Inf"];

/// Degenerate histograms: bounds and cumulative counts.
pub(crate) const EDGES: [&[(&str, f64)]; 9] = [
    &[("1", 10.0), ("2", 20.0), ("4", 30.0), ("+Inf", 40.0)],
    &[("+Inf", 5.0)],
    &[("1", 5.0), ("2", 6.0)],
    &[("1", 0.0), ("2", 0.0), ("+Inf", 0.0)],
    &[("1", 10.0), ("2", 8.0), ("4", 20.0), ("+Inf", 20.0)],
    &[("-2", 5.0), ("-1", 10.0), ("1", 20.0), ("+Inf", 20.0)],
    &[("0", 5.0), ("1", 10.0), ("+Inf", 12.0)],
    &[("0.1", 0.0), ("0.2", 0.0), ("0.4", 7.0), ("+Inf", 7.0)],
    &[("1", 3.0), ("1.0", 4.0), ("2", 9.0), ("+Inf", 9.0)],
];

pub(crate) fn buckets(edges: &[(&str, f64)]) -> Vec<Bucket> {
    let bucket = |(le, count): &(&str, f64)| Bucket {
        upper: le.parse().unwrap(),
        count: *count,
    };
    edges.iter().map(bucket).collect()
}

impl Scrapes {
    /// Requests to every endpoint, errors, predictions, and a restart.
    pub(crate) fn with_traffic() -> Self {
        let mut server = Server::default();
        let scrapes = (0..SCRAPES).map(|index| {
            if index == RESTART {
                server = Server {
                    seed: server.seed,
                    ..Server::default()
                };
                server.start = seconds(index);
            }
            server.advance();
            (seconds(index), server.expose(index))
        });
        Self(scrapes.collect())
    }

    /// One scrape of [`EDGES`].
    pub(crate) fn of_edges() -> Self {
        let mut text = String::new();
        for (index, edges) in EDGES.iter().enumerate() {
            for (le, count) in *edges {
                writeln!(text, "edge_{index}_bucket{{le=\"{le}\"}} {count}").unwrap();
            }
        }
        Self(vec![(seconds(0), text)])
    }

    /// In the `OpenMetrics` format with the time of each sample, as promtool reads it.
    pub(crate) fn with_times(&self) -> String {
        let mut text = String::new();
        for (time, scrape) in &self.0 {
            for line in scrape.lines() {
                writeln!(text, "{line} {time}").unwrap();
            }
        }
        text + "# EOF\n"
    }
}

fn seconds(index: usize) -> f64 {
    f64::from(BEGIN + STEP * u32::try_from(index).unwrap())
}

/// The counters of a simulated server.
#[derive(Default)]
struct Server {
    seed: u64,
    start: f64,
    counters: BTreeMap<String, f64>,
}

impl Server {
    /// The next pseudo-random number below `most`: a linear congruential generator.
    fn random(&mut self, most: u64) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % most
    }

    fn add(&mut self, series: String, amount: f64) {
        *self.counters.entry(series).or_default() += amount;
    }

    /// Adds an observation to every bucket whose bound it does not exceed.
    fn observe(&mut self, name: &str, labels: &str, bounds: &[&str], value: f64) {
        for le in bounds {
            let is_inside = value <= le.parse::<f64>().unwrap();
            let comma = if labels.is_empty() { "" } else { "," };
            self.add(
                format!("{name}_bucket{{{labels}{comma}le=\"{le}\"}}"),
                f64::from(u8::from(is_inside)),
            );
        }
        self.add(format!("{name}_sum{{{labels}}}"), value);
        self.add(format!("{name}_count{{{labels}}}"), 1.0);
    }

    /// Simulates the time between two scrapes. Every series exists from the first scrape on: for a counter that appears
    /// later, the page counts its first value, and Prometheus doesn't.
    fn advance(&mut self) {
        let is_first = self.counters.is_empty();
        for (method, endpoint, statuses) in ENDPOINTS {
            for status in statuses {
                let requests = if is_first { 1 } else { self.random(7) };
                for _ in 0..requests {
                    let labels = format!("method=\"{method}\",endpoint=\"{endpoint}\",status=\"{status}\"");
                    self.add(format!("http_requests_total{{{labels}}}"), 1.0);
                    let seconds = self.random(12_000) as f64 / 10_000.0;
                    self.observe("http_requests_duration_seconds", &labels, &SECONDS, seconds * seconds);
                }
            }
        }
        for digit in 0..10 {
            for source in ["model", "cache"] {
                let count = self.random(4) as f64;
                self.add(
                    format!("predictions_total{{digit=\"{digit}\",source=\"{source}\"}}"),
                    count,
                );
            }
        }
        for stage in ["decode", "preprocess", "queue", "infer"] {
            for _ in 0..self.random(5) + u64::from(is_first) {
                let seconds = self.random(300) as f64 / 10_000.0;
                self.observe("prediction_seconds", &format!("stage=\"{stage}\""), &SECONDS, seconds);
            }
        }
        for _ in 0..self.random(5) + u64::from(is_first) {
            let size = self.random(6) as f64 + 1.0;
            self.observe("prediction_batch_size", "", &SIZES, size);
        }
        let cpu = self.random(900) as f64 / 100.0;
        self.add("process_cpu_seconds_total{}".to_owned(), cpu);
    }

    fn expose(&mut self, index: usize) -> String {
        let mut text = String::new();
        let counters = &self.counters;
        for (series, value) in counters {
            writeln!(text, "{series} {value}").unwrap();
        }
        let start = if self.start > 0.0 {
            self.start
        } else {
            f64::from(BEGIN) - 86_400.0
        };
        let users = 40 + index / 9;
        writeln!(
            text,
            "app_info{{version=\"0.1.0\",model=\"abc\",backend=\"flex\"}} 1\n\
             registered_users{{confirmed=\"true\"}} {users}\nregistered_users{{confirmed=\"false\"}} 3\n\
             process_start_time_seconds {start}\nprocess_resident_memory_bytes {}\nprocess_open_fds 31\n\
             process_max_fds 1024\nprocess_threads 9\nhttp_requests_pending{{method=\"GET\",endpoint=\"/\"}} 2\n\
             prediction_queue_depth {}\nprediction_queue_capacity 64\n\
             database_pool_connections{{state=\"in_use\"}} 2\ndatabase_pool_connections{{state=\"idle\"}} 3\n\
             database_pool_connections_max 10\nmail_outbox_pending 1\n\
             disk_available_bytes{{folder=\"logs\"}} 25e9\ndisk_size_bytes{{folder=\"logs\"}} 100e9\n\
             disk_available_bytes{{folder=\"data\"}} 5e9\ndisk_size_bytes{{folder=\"data\"}} 50e9",
            80_000_000 + index * 1000,
            self.random(9),
        )
        .unwrap();
        text
    }
}
