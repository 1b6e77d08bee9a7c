//! The scrapes of the last minutes by series, and the functions `increase`, `rate` and `changes`.

use std::collections::{BTreeMap, VecDeque};

use super::{Bucket, Labels, Scrape};

/// Tolerance for times that are sums of fractions.
const SLACK: f64 = 1e-6;

/// The increase of a counter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Increase {
    /// The increase.
    pub amount: f64,
    /// The time between the first and the last scrape of the range.
    pub seconds: f64,
}

impl Increase {
    /// The increase per second.
    pub fn rate(self) -> f64 {
        self.amount / self.seconds
    }
}

type Key = (String, Labels);
type Values = VecDeque<Option<f64>>;

/// Scrapes with their times. The memory is bounded: old scrapes are dropped, and so is a series that no scrape has.
///
/// `increase` and `rate` handle resets as Prometheus does: a value below the one before restarted at zero. Unlike
/// Prometheus they don't extrapolate to the ends of the range, and a counter that is missing in a scrape counts as zero
/// there, so that its first value is not lost (Prometheus needs two).
#[derive(Debug, Clone)]
pub struct Window {
    max_scrapes: usize,
    seconds: f64,
    times: VecDeque<f64>,
    series: BTreeMap<Key, Values>,
}

impl Window {
    /// An empty window for `seconds` of scrapes, and for `max_scrapes` at most.
    pub fn new(seconds: f64, max_scrapes: usize) -> Self {
        Self {
            max_scrapes: max_scrapes.max(2),
            seconds,
            times: VecDeque::new(),
            series: BTreeMap::new(),
        }
    }

    /// Adds the scrape of Unix time `time`. The window is emptied first if it isn't later than the last one (the clock was
    /// set back).
    pub fn push(&mut self, time: f64, scrape: &Scrape) {
        if self.times.back().is_some_and(|last| time <= *last) {
            self.times.clear();
            self.series.clear();
        }
        while self.times.len() >= self.max_scrapes
            || self
                .times
                .front()
                .is_some_and(|first| time - first > self.seconds + SLACK)
        {
            self.times.pop_front();
            self.series.retain(|_, values| {
                values.pop_front();
                values.iter().any(Option::is_some)
            });
        }
        let before = self.times.len();
        for sample in &scrape.samples {
            let key = (sample.name.clone(), sample.labels.clone());
            let values = self.series.entry(key).or_default();
            values.resize(before, None);
            values.push_back(Some(sample.value));
        }
        for values in self.series.values_mut() {
            values.resize(before + 1, None);
        }
        self.times.push_back(time);
    }

    /// The time of the last scrape.
    pub fn last_time(&self) -> Option<f64> {
        self.times.back().copied()
    }

    /// The number of series.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether there is no series.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// The series of that name in the last scrape: labels and values.
    pub fn latest(&self, name: &str) -> impl Iterator<Item = (&Labels, f64)> {
        self.series_of(name)
            .filter_map(|(labels, values)| Some((labels, (*values.back()?)?)))
    }

    /// The sum of the chosen series of that name in the last scrape; `None` if there is no such series.
    pub fn sum(&self, name: &str, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        self.latest(name)
            .filter(|(labels, _)| choose(labels))
            .map(|(_, value)| value)
            .reduce(|sum, value| sum + value)
    }

    /// The sum of the series of that name in each scrape of the last `range` seconds that has any.
    pub fn sums(&self, name: &str, range: f64) -> Vec<f64> {
        let last = self.last_time().unwrap_or_default();
        let from = self
            .times
            .iter()
            .position(|time| last - time <= range + SLACK)
            .unwrap_or(0);
        (from..self.times.len())
            .filter_map(|at| {
                let values = self
                    .series_of(name)
                    .filter_map(|(_, values)| values.get(at).copied().flatten());
                values.reduce(|sum, value| sum + value)
            })
            .collect()
    }

    /// The increase of the chosen counters in the last `range` seconds.
    ///
    /// `None` with fewer than two scrapes in the range, or if none of them has such a counter.
    pub fn increase(&self, name: &str, range: f64, choose: impl Fn(&Labels) -> bool) -> Option<Increase> {
        let (from, seconds) = self.range_start(range)?;
        self.series_of(name)
            .filter(|(labels, _)| choose(labels))
            .map(|(_, values)| growth(values, from))
            .reduce(|sum, amount| sum + amount)
            .map(|amount| Increase { amount, seconds })
    }

    /// The increase per second.
    pub fn rate(&self, name: &str, range: f64, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        self.increase(name, range, choose).map(Increase::rate)
    }

    /// The increase of the chosen histograms' buckets in the last `range` seconds, added up by bound.
    pub fn buckets(&self, name: &str, range: f64, choose: impl Fn(&Labels) -> bool) -> Vec<Bucket> {
        let Some((from, _)) = self.range_start(range) else {
            return Vec::new();
        };
        self.summed_buckets(name, choose, |values| growth(values, from))
    }

    /// The chosen histograms' buckets in the last scrape, added up by bound.
    pub fn all_buckets(&self, name: &str, choose: impl Fn(&Labels) -> bool) -> Vec<Bucket> {
        self.summed_buckets(name, choose, |values| values.back().copied().flatten().unwrap_or(0.0))
    }

    /// How often a gauge changed in the last `range` seconds, as Prometheus' `changes`.
    pub fn changes(&self, name: &str, range: f64) -> usize {
        let from = self.range_start(range).map_or(0, |(from, _)| from);
        self.series_of(name)
            .map(|(_, values)| {
                let seen: Vec<f64> = values.range(from..).copied().flatten().collect();
                seen.windows(2)
                    .filter(|pair| pair[0].to_bits() != pair[1].to_bits())
                    .count()
            })
            .sum()
    }

    fn summed_buckets(
        &self,
        name: &str,
        choose: impl Fn(&Labels) -> bool,
        count: impl Fn(&Values) -> f64,
    ) -> Vec<Bucket> {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for (labels, values) in self.series_of(name).filter(|(labels, _)| choose(labels)) {
            *sums.entry(labels.get("le")).or_default() += count(values);
        }
        sums.into_iter()
            .filter_map(|(le, count)| {
                let upper = le.parse().ok()?;
                Some(Bucket { upper, count })
            })
            .collect()
    }

    fn series_of(&self, name: &str) -> impl Iterator<Item = (&Labels, &Values)> {
        self.series
            .range((name.to_owned(), Labels::default())..)
            .take_while(move |((known, _), _)| known == name)
            .map(|((_, labels), values)| (labels, values))
    }

    /// The index of the first scrape of the last `range` seconds, and the time from it to the last one; `None` if they are
    /// the same.
    fn range_start(&self, range: f64) -> Option<(usize, f64)> {
        let last = self.last_time()?;
        let from = self.times.iter().position(|time| last - time <= range + SLACK)?;
        let seconds = last - self.times[from];
        (seconds > 0.0).then_some((from, seconds))
    }
}

/// The increase of one counter from the scrape with index `from` on.
fn growth(values: &Values, from: usize) -> f64 {
    let mut counts = values.range(from..).map(|value| value.unwrap_or(0.0));
    let Some(first) = counts.next() else {
        return 0.0;
    };
    let (mut last, mut resets) = (first, 0.0);
    for count in counts {
        if count < last {
            resets += last;
        }
        last = count;
    }
    last - first + resets
}

#[cfg(test)]
mod tests;
