//! The scrapes of the last hour in bounded memory: of each, what has changed since the one before.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::Duration,
};

use api::PastScrape;
use serde::{Deserialize, Serialize};

/// The age from which a scrape is forgotten.
pub(super) const RETENTION: Duration = Duration::from_hours(1);

/// All that is remembered; the oldest scrapes are forgotten earlier if there is more.
const MAX_BYTES: usize = 4_000_000;

/// The names of the series; further series are left out.
const MAX_NAME_BYTES: usize = 1_500_000;

/// What a series takes beside the two copies of its name, and a scrape beside its changes.
const OVERHEAD: usize = 160;

/// A change: its index and its value.
const CHANGE_BYTES: usize = size_of::<u32>() + size_of::<Option<f64>>();

/// Series that the status page doesn't show.
const UNUSED: [&str; 4] = [
    "http_requests_duration_seconds_sum",
    "http_requests_duration_seconds_count",
    "prediction_confidence",
    "rate_limited_total",
];

/// The prefix of the metrics that have a series for each response of each route. Those at zero are left out, and the page
/// takes a series that is missing for zero.
const PER_ROUTE: &str = "http_requests_";

/// Scrapes as they are stored in a file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Saved {
    /// The names and labels of the series.
    pub(super) series: Vec<String>,
    /// Oldest first.
    pub(super) scrapes: Vec<PastScrape>,
}

/// The scrapes of the last hour.
#[derive(Debug, Default)]
pub(super) struct History {
    series: Vec<String>,
    ids: HashMap<String, u32>,
    name_bytes: usize,
    /// The values of the last scrape, by series.
    last: Vec<Option<f64>>,
    scrapes: VecDeque<PastScrape>,
}

impl History {
    /// Adds a scrape in Prometheus' text format.
    pub(super) fn push_text(&mut self, time: f64, text: &str) {
        let samples = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let (series, value) = line.rsplit_once(' ')?;
            let value: f64 = value.parse().ok()?;
            let is_shown = !UNUSED.iter().any(|name| series.starts_with(name));
            let is_needed = value != 0.0 || !series.starts_with(PER_ROUTE);
            (is_shown && is_needed && value.is_finite()).then_some((series, value))
        });
        self.push(time, samples);
    }

    /// Adds a scrape. All are forgotten first if it isn't later than the last one: the clock was set back.
    fn push<'a>(&mut self, time: f64, samples: impl IntoIterator<Item = (&'a str, f64)>) {
        if self.scrapes.back().is_some_and(|last| time <= last.time) {
            *self = Self::default();
        }
        let mut values = vec![None; self.last.len()];
        for (series, value) in samples {
            let Some(id) = self.id(series) else { continue };
            let place = id as usize;
            if place >= values.len() {
                values.resize(place + 1, None);
            }
            values[place] = Some(value);
        }
        self.last.resize(values.len(), None);
        let pairs = (0..).zip(values.iter().zip(&self.last));
        let changes = pairs.filter(|(_, (value, last))| value != last);
        self.scrapes
            .push_back(past_scrape(time, changes.map(|(id, (value, _))| (id, *value))));
        self.last = values;
        while self.scrapes.len() > 1
            && (self.scrapes.front().is_some_and(|oldest| is_old(oldest.time, time)) || self.bytes() > MAX_BYTES)
        {
            self.forget_oldest();
        }
    }

    /// All that is remembered, as it is stored.
    pub(super) fn save(&self) -> Saved {
        Saved {
            series: self.series.clone(),
            scrapes: self.scrapes.iter().cloned().collect(),
        }
    }

    /// What was stored, without what is older than an hour at `now`; `None` if it is damaged.
    pub(super) fn restore(saved: &Saved, now: f64) -> Option<Self> {
        let mut history = Self::default();
        let mut values: BTreeMap<u32, f64> = BTreeMap::new();
        let mut before = f64::NEG_INFINITY;
        for scrape in &saved.scrapes {
            let is_sound = scrape.time.is_finite() && scrape.time > before;
            if !is_sound || scrape.series.len() != scrape.values.len() {
                return None;
            }
            before = scrape.time;
            for (id, value) in scrape.series.iter().zip(&scrape.values) {
                match value {
                    Some(value) => values.insert(*id, *value),
                    None => values.remove(id),
                };
            }
            if is_old(scrape.time, now) || scrape.time > now {
                continue;
            }
            let samples: Option<Vec<_>> = values
                .iter()
                .map(|(id, value)| Some((saved.series.get(*id as usize)?.as_str(), *value)))
                .collect();
            history.push(scrape.time, samples?);
        }
        Some(history)
    }

    /// The memory that is taken, roughly.
    fn bytes(&self) -> usize {
        let changes = |scrape: &PastScrape| OVERHEAD + CHANGE_BYTES * scrape.series.len();
        self.name_bytes + self.scrapes.iter().map(changes).sum::<usize>()
    }

    /// The index of a series, new ones included; `None` if there is no room for its name.
    fn id(&mut self, series: &str) -> Option<u32> {
        if let Some(id) = self.ids.get(series) {
            return Some(*id);
        }
        let bytes = 2 * series.len() + OVERHEAD;
        let id = u32::try_from(self.series.len()).ok()?;
        if self.name_bytes + bytes > MAX_NAME_BYTES {
            return None;
        }
        self.name_bytes += bytes;
        self.series.push(series.to_owned());
        self.ids.insert(series.to_owned(), id);
        Some(id)
    }

    /// The scrape after the oldest becomes the first, with all values.
    fn forget_oldest(&mut self) {
        let (Some(oldest), Some(next)) = (self.scrapes.pop_front(), self.scrapes.front_mut()) else {
            return;
        };
        let both = [&oldest, &*next];
        let changes = both.iter().flat_map(|scrape| scrape.series.iter().zip(&scrape.values));
        let values: BTreeMap<u32, Option<f64>> = changes.map(|(id, value)| (*id, *value)).collect();
        *next = past_scrape(next.time, values.into_iter().filter(|(_, value)| value.is_some()));
    }
}

fn is_old(time: f64, now: f64) -> bool {
    now - time > RETENTION.as_secs_f64()
}

fn past_scrape(time: f64, changes: impl Iterator<Item = (u32, Option<f64>)>) -> PastScrape {
    let (mut series, mut values): (Vec<_>, Vec<_>) = changes.unzip();
    series.shrink_to_fit();
    values.shrink_to_fit();
    PastScrape { time, series, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The samples of each scrape, as the page reads them.
    fn read(saved: &Saved) -> Vec<(f64, Vec<(String, f64)>)> {
        let mut values = BTreeMap::new();
        let scrape = |scrape: &PastScrape| {
            for (id, value) in scrape.series.iter().zip(&scrape.values) {
                match value {
                    Some(value) => values.insert(*id, *value),
                    None => values.remove(id),
                };
            }
            let samples = values
                .iter()
                .map(|(id, value)| (saved.series[*id as usize].clone(), *value));
            (scrape.time, samples.collect())
        };
        saved.scrapes.iter().map(scrape).collect()
    }

    fn samples(pairs: &[(&str, f64)]) -> Vec<(String, f64)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn what_is_read_is_what_was_pushed() {
        let mut history = History::default();
        history.push_text(
            0.0,
            "# HELP a b\na 1\nb{c=\"d e\"} 2\n\nhttp_requests_total{status=\"200\"} 0\n",
        );
        history.push_text(15.0, "a 1\nb{c=\"d e\"} 3\nhttp_requests_total{status=\"200\"} 4\n");
        history.push_text(30.0, "a 1\nprediction_confidence_sum 3\nf NaN\nqueue 0\n");
        let read = read(&history.save());
        assert_eq!(read[0], (0.0, samples(&[("a", 1.0), ("b{c=\"d e\"}", 2.0)])));
        let second = [
            ("a", 1.0),
            ("b{c=\"d e\"}", 3.0),
            ("http_requests_total{status=\"200\"}", 4.0),
        ];
        assert_eq!(read[1], (15.0, samples(&second)));
        assert_eq!(read[2], (30.0, samples(&[("a", 1.0), ("queue", 0.0)])));
        assert_eq!(history.scrapes[1].series.len(), 2, "only what has changed");
    }

    #[test]
    fn an_hour_is_kept_and_the_first_scrape_has_all_values() {
        let mut history = History::default();
        for number in 0..300_u32 {
            history.push_text(15.0 * f64::from(number), &format!("a 1\nb {number}\n"));
        }
        let saved = history.save();
        assert_eq!(saved.scrapes.len(), 241);
        let read = read(&saved);
        assert_eq!(read[0], (885.0, samples(&[("a", 1.0), ("b", 59.0)])));
        assert_eq!(read[240], (4485.0, samples(&[("a", 1.0), ("b", 299.0)])));
    }

    #[test]
    fn the_memory_is_bounded_whatever_is_scraped() {
        let mut history = History::default();
        for number in 0..60_u32 {
            let line = |series: u32| {
                // Other names with each scrape, all of which change.
                let name = (series + 500 * number) % 40_000;
                format!("a{{b=\"{name:060}\"}} {}\n", number * 7 + series)
            };
            let text: String = (0..9_000).map(line).collect();
            history.push_text(15.0 * f64::from(number), &text);
            // What is allocated, counted in another way.
            let names: usize = history
                .series
                .iter()
                .map(|name| 2 * name.capacity() + 2 * size_of::<String>())
                .sum();
            let changes = |scrape: &PastScrape| 4 * scrape.series.capacity() + 16 * scrape.values.capacity();
            let changes: usize = history.scrapes.iter().map(changes).sum();
            assert!(names + changes < MAX_BYTES, "{names} and {changes} bytes");
        }
        assert!(history.scrapes.len() > 1);
        let values = read(&history.save());
        assert_eq!(values.len(), history.scrapes.len());
    }

    #[test]
    fn what_was_stored_is_restored_without_what_is_too_old() {
        let mut history = History::default();
        for number in 0..10_u32 {
            let only = if number < 3 { "old{} 1\n" } else { "" };
            history.push_text(100.0 * f64::from(number), &format!("a {number}\n{only}"));
        }
        let text = serde_json::to_string(&history.save()).unwrap();
        let saved: Saved = serde_json::from_str(&text).unwrap();
        let restored = History::restore(&saved, 900.0).unwrap();
        assert_eq!(read(&restored.save()), read(&saved));
        let restored = History::restore(&saved, 4_050.0).unwrap().save();
        assert_eq!(read(&restored), read(&saved)[5..]);
        assert_eq!(restored.series, ["a"], "names that no scrape has are forgotten");
        assert!(
            History::restore(&saved, -1.0).unwrap().scrapes.is_empty(),
            "the clock was set back"
        );
    }

    #[test]
    fn damage_is_noticed() {
        let scrape = |time, series: &[u32], values: &[f64]| PastScrape {
            time,
            series: series.to_vec(),
            values: values.iter().copied().map(Some).collect(),
        };
        for scrapes in [
            vec![scrape(1.0, &[1], &[1.0])],
            vec![scrape(1.0, &[0, 0], &[1.0])],
            vec![scrape(2.0, &[0], &[1.0]), scrape(1.0, &[0], &[1.0])],
            vec![scrape(f64::NAN, &[0], &[1.0])],
        ] {
            let saved = Saved {
                series: vec!["a".to_owned()],
                scrapes,
            };
            assert!(History::restore(&saved, 10.0).is_none(), "{saved:?}");
        }
    }

    #[test]
    fn a_clock_set_back_begins_anew() {
        let mut history = History::default();
        history.push_text(100.0, "a 1\n");
        history.push_text(50.0, "a 2\n");
        assert_eq!(read(&history.save()), [(50.0, samples(&[("a", 2.0)]))]);
    }
}
