//! Parsed metrics of a server.

use std::{collections::BTreeMap, time::Duration};

use super::TestServer;

/// The samples of one scrape, by the text of their series.
pub(crate) struct Scrape(BTreeMap<String, f64>);

impl Scrape {
    pub(crate) fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(
            samples
                .map(|line| {
                    let (series, value) = line.rsplit_once(' ').unwrap();
                    (series.to_owned(), value.parse().unwrap())
                })
                .collect(),
        )
    }

    /// The sum of the series with this name and these labels; `None` without such a series.
    pub(crate) fn get(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let is_asked_for = |series: &str| {
            let (found, rest) = series.split_at(series.find('{').unwrap_or(series.len()));
            let has = |(label, value): &(&str, &str)| {
                [format!("{{{label}=\"{value}\""), format!(",{label}=\"{value}\"")]
                    .iter()
                    .any(|wanted| rest.contains(wanted))
            };
            found == name && labels.iter().all(has)
        };
        let found = self.0.iter().filter(|(series, _)| is_asked_for(series));
        found.map(|(_, value)| *value).reduce(|sum, value| sum + value)
    }

    pub(crate) fn series(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }
}

pub(crate) async fn scrape(server: &TestServer) -> Scrape {
    let response = server.get("/metrics").await;
    assert_eq!(response.status(), 200);
    Scrape::parse(&response.text().await.unwrap())
}

/// Scrapes until a condition is true.
pub(crate) async fn until(server: &TestServer, is_so: impl Fn(&Scrape) -> bool) -> Scrape {
    for _ in 0..500 {
        let scrape = scrape(server).await;
        if is_so(&scrape) {
            return scrape;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never was so");
}
