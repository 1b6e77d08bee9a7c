//! The scrapes of the last minutes, series by series, and what grew between them.

use std::collections::{BTreeMap, VecDeque};

use super::{Bucket, Labels, Scrape};

/// Allows for times that are sums of fractions.
const SLACK: f64 = 1e-6;

/// What a counter grew by, and in how many seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Increase {
    /// By so much.
    pub amount: f64,
    /// From the first scrape looked at to the last.
    pub seconds: f64,
}

impl Increase {
    /// By so much a second.
    pub fn rate(self) -> f64 {
        self.amount / self.seconds
    }
}

type Key = (String, Labels);
type Values = VecDeque<Option<f64>>;

/// Scrapes with their times. Its memory is bounded: old scrapes go, and with the last scrape that had it a series.
///
/// `increase` and `rate` count resets as Prometheus does: a value below the one before began again at zero. They don't
/// extrapolate to the range's ends: what is said to have happened was seen. And a counter that a scrape did not have
/// counts there as zero, so that the first of its kind is not lost (Prometheus starts counting at the second).
#[derive(Debug, Clone)]
pub struct Window {
    most: usize,
    seconds: f64,
    times: VecDeque<f64>,
    series: BTreeMap<Key, Values>,
}

impl Window {
    /// An empty one that holds `seconds` of scrapes, and no more than `most` scrapes.
    pub fn new(seconds: f64, most: usize) -> Self {
        Self {
            most: most.max(2),
            seconds,
            times: VecDeque::new(),
            series: BTreeMap::new(),
        }
    }

    /// Take in the scrape of that second. One that isn't later than the last (a clock set back) starts afresh.
    pub fn push(&mut self, time: f64, scrape: &Scrape) {
        if self.times.back().is_some_and(|last| time <= *last) {
            self.times.clear();
            self.series.clear();
        }
        while self.times.len() >= self.most
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

    /// How many series it holds.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// The series of that name in the last scrape: labels and values.
    pub fn latest(&self, name: &str) -> impl Iterator<Item = (&Labels, f64)> {
        self.series_of(name)
            .filter_map(|(labels, values)| Some((labels, (*values.back()?)?)))
    }

    /// The sum of the series of that name that `choose` takes, in the last scrape; none if there is none.
    pub fn sum(&self, name: &str, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        self.latest(name)
            .filter(|(labels, _)| choose(labels))
            .map(|(_, value)| value)
            .reduce(|sum, value| sum + value)
    }

    /// The sum of the series of that name in each scrape of the last `range` seconds that had any.
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

    /// How much the chosen counters grew in the `range` seconds up to the last scrape.
    ///
    /// None before the range holds two scrapes, or where no such counter was ever seen in them.
    pub fn increase(&self, name: &str, range: f64, choose: impl Fn(&Labels) -> bool) -> Option<Increase> {
        let (from, seconds) = self.reach(range)?;
        self.series_of(name)
            .filter(|(labels, _)| choose(labels))
            .map(|(_, values)| growth(values, from))
            .reduce(|sum, amount| sum + amount)
            .map(|amount| Increase { amount, seconds })
    }

    /// The same by the second.
    pub fn rate(&self, name: &str, range: f64, choose: impl Fn(&Labels) -> bool) -> Option<f64> {
        self.increase(name, range, choose).map(Increase::rate)
    }

    /// The buckets of the chosen histograms, summed by bound: what they grew by in the `range` seconds up to now.
    pub fn buckets(&self, name: &str, range: f64, choose: impl Fn(&Labels) -> bool) -> Vec<Bucket> {
        let Some((from, _)) = self.reach(range) else {
            return Vec::new();
        };
        self.summed_buckets(name, choose, |values| growth(values, from))
    }

    /// The same since the counters' beginning.
    pub fn all_buckets(&self, name: &str, choose: impl Fn(&Labels) -> bool) -> Vec<Bucket> {
        self.summed_buckets(name, choose, |values| values.back().copied().flatten().unwrap_or(0.0))
    }

    /// How many different values a gauge took on after its first in the `range` seconds, as Prometheus' `changes`.
    pub fn changes(&self, name: &str, range: f64) -> usize {
        let from = self.reach(range).map_or(0, |(from, _)| from);
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

    /// The first scrape of the last `range` seconds, and the time from it to the last; none while they are the same.
    fn reach(&self, range: f64) -> Option<(usize, f64)> {
        let last = self.last_time()?;
        let from = self.times.iter().position(|time| last - time <= range + SLACK)?;
        let seconds = last - self.times[from];
        (seconds > 0.0).then_some((from, seconds))
    }
}

/// What one counter grew by from its value number `from` on.
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
mod tests {
    use super::*;

    fn window(scrapes: &[(f64, &str)]) -> Window {
        let mut window = Window::new(600.0, 100);
        for (time, text) in scrapes {
            window.push(*time, &Scrape::parse(text));
        }
        window
    }

    fn any(_: &Labels) -> bool {
        true
    }

    fn amount(window: &Window, range: f64) -> Option<f64> {
        window.increase("x", range, any).map(|increase| increase.amount)
    }

    #[test]
    fn counts_what_came_between_the_scrapes_of_the_range() {
        let window = window(&[(0.0, "x 1"), (10.0, "x 4"), (20.0, "x 4"), (30.0, "x 10")]);
        assert_eq!(amount(&window, 600.0), Some(9.0));
        assert_eq!(amount(&window, 20.0), Some(6.0));
        assert_eq!(amount(&window, 19.0), Some(6.0));
        assert_eq!(amount(&window, 9.0), None);
        assert_eq!(window.rate("x", 20.0, any), Some(0.3));
        assert_eq!(window.increase("y", 600.0, any), None);
    }

    #[test]
    fn a_counter_that_fell_began_again_at_zero() {
        let window = window(&[(0.0, "x 100"), (1.0, "x 103"), (2.0, "x 2"), (3.0, "x 5"), (4.0, "x 1")]);
        assert_eq!(amount(&window, 600.0), Some(3.0 + 2.0 + 3.0 + 1.0));
    }

    #[test]
    fn the_first_of_its_kind_is_not_lost() {
        let window = window(&[
            (0.0, "y 1"),
            (1.0, "y 1\nx{a=\"1\"} 2"),
            (2.0, "y 1\nx{a=\"1\"} 3\nx{a=\"2\"} 5"),
        ]);
        assert_eq!(amount(&window, 600.0), Some(8.0));
        assert_eq!(window.rate("x", 600.0, |labels| labels.get("a") == "2"), Some(2.5));
    }

    #[test]
    fn a_restart_between_two_scrapes_that_had_it_counts_from_zero() {
        let window = window(&[(0.0, "x 5"), (1.0, "y 1"), (2.0, "x 7")]);
        assert_eq!(amount(&window, 600.0), Some(7.0));
    }

    #[test]
    fn buckets_are_summed_by_bound() {
        let window = window(&[
            (0.0, "h_bucket{e=\"a\",le=\"1\"} 1\nh_bucket{e=\"a\",le=\"+Inf\"} 1"),
            (
                1.0,
                "h_bucket{e=\"a\",le=\"1\"} 3\nh_bucket{e=\"a\",le=\"+Inf\"} 4\nh_bucket{e=\"b\",le=\"1\"} 1\n\
                 h_bucket{e=\"b\",le=\"+Inf\"} 1\nh_bucket{e=\"b\",le=\"broken\"} 1",
            ),
        ]);
        let mut buckets = window.buckets("h_bucket", 60.0, any);
        buckets.sort_by(|a, b| a.upper.total_cmp(&b.upper));
        let [first, second] = buckets[..] else {
            panic!("{buckets:?}")
        };
        assert_eq!((first.upper, first.count), (1.0, 3.0));
        assert_eq!((second.upper, second.count), (f64::INFINITY, 4.0));
        assert_eq!(window.all_buckets("h_bucket", |labels| labels.get("e") == "a").len(), 2);
    }

    #[test]
    fn gauges_are_those_of_the_last_scrape() {
        let window = window(&[(0.0, "g{a=\"1\"} 1\ng{a=\"2\"} 2"), (1.0, "g{a=\"1\"} 5")]);
        assert_eq!(window.sum("g", any), Some(5.0));
        assert_eq!(window.sum("g", |labels| labels.get("a") == "2"), None);
        assert_eq!(window.changes("g", 60.0), 1);
    }

    #[test]
    fn its_memory_is_bounded() {
        let mut window = Window::new(60.0, 10);
        for time in 0..1000_u32 {
            window.push(f64::from(time), &Scrape::parse(&format!("x 1\ny{{a=\"{time}\"}} 1")));
            assert!(window.len() <= 11 && window.times.len() <= 10);
            assert!(window.series.values().all(|values| values.len() == window.times.len()));
        }
        let mut window = Window::new(60.0, 1000);
        (0..1000_u32).for_each(|time| window.push(f64::from(time), &Scrape::parse("x 1")));
        assert_eq!(window.times.len(), 61);
    }

    #[test]
    fn a_clock_set_back_starts_afresh() {
        let mut window = window(&[(100.0, "x 5"), (110.0, "x 6")]);
        window.push(50.0, &Scrape::parse("x 9"));
        assert_eq!(amount(&window, 600.0), None);
        window.push(60.0, &Scrape::parse("x 11"));
        assert_eq!(amount(&window, 600.0), Some(2.0));
    }
}
