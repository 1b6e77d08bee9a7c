//! `GET /api/admin/metrics/service`: the figures of three servers through a Prometheus that scrapes them.

use std::collections::BTreeSet;

use api::{
    PrometheusState, ServiceMetrics, ServiceRange,
    queries::{self, MOMENTS, asked},
};
use reqwest::Method;
use server::settings::Secret;

use crate::support::{
    TestServer, eventually,
    metrics::scrape,
    pictures::numbered_png,
    prometheus::{Prometheus, Sample},
    server::refused,
};

const PATH: &str = "/api/admin/metrics/service";

async fn service(server: &TestServer, parameters: &str) -> ServiceMetrics {
    let answer = server.get_json(&format!("{PATH}?{parameters}")).await;
    let answer: ServiceMetrics = serde_json::from_value(answer).unwrap();
    assert_eq!(answer.prometheus, PrometheusState::Answers, "{parameters}");
    answer
}

/// The only value of a query.
fn number(answer: &ServiceMetrics, query: &str) -> f64 {
    let [series] = &answer.figures[query][..] else {
        panic!("{query}: {:?}", answer.figures[query])
    };
    series.values[0].unwrap()
}

/// The last value of a line, and its time.
fn last(answer: &ServiceMetrics, query: &str) -> Option<(f64, f64)> {
    let values = &answer.figures[query].first()?.values;
    let at = values.iter().rposition(Option::is_some)?;
    Some((answer.start + answer.step * at as f64, values[at]?))
}

/// The value of a line at a time.
fn at(answer: &ServiceMetrics, query: &str, time: f64) -> f64 {
    let place = (0..).zip(&answer.figures[query][0].values);
    let mut found = place.filter(|(at, _)| (answer.start + answer.step * f64::from(*at) - time).abs() < 0.1);
    let (_, value) = found.next().unwrap_or((0_u32, &None));
    value.unwrap_or_else(|| panic!("{query} at {time}"))
}

/// Answers of the server, of a status from 400 on.
async fn errors(server: &TestServer) -> f64 {
    let scrape = scrape(server).await;
    let statuses = (400..600).map(|status| status.to_string());
    statuses
        .filter_map(|status| scrape.get("http_requests_total", &[("status", &status)]))
        .sum()
}

#[track_caller]
fn near(one: f64, other: f64, what: &str) {
    assert!(
        (one - other).abs() <= 1e-9 * one.abs().max(1.0),
        "{what}: {one} and {other}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_the_service_are_the_sum_over_its_servers() {
    let servers = [
        TestServer::start().await,
        TestServer::start().await,
        TestServer::start().await,
    ];
    let prometheus = Prometheus::start(&servers.each_ref().map(|server| server.address), &[], None).await;
    let admin = TestServer::with(|settings| {
        settings.metrics.prometheus_url = Some(Secret::new(prometheus.url()));
    })
    .await;
    let until = async |query: &str| {
        eventually(query, async || {
            (!prometheus.query(query, None).await.is_empty()).then_some(())
        })
        .await;
    };
    until("count(count_over_time(up{job=\"trazo\"}[1m]) >= 2) == 3").await;
    for (server, times) in servers.iter().zip(1_u32..) {
        for number in 0..3 * times {
            assert_eq!(server.predict("a.png", numbered_png(number)).await.status(), 200);
        }
        for _ in 0..2 * times {
            assert_eq!(server.get("/api/nothing").await.status(), 404);
        }
    }
    // So long ago that the server asks for that time.
    until("sum(http_requests_total{status=\"404\"} offset 3s) == 12").await;

    let all = service(&admin, "").await;
    let names: BTreeSet<_> = servers.iter().map(|server| server.address.to_string()).collect();
    assert!(all.instances.iter().eq(&names), "{:?}", all.instances);
    let mut each = Vec::new();
    for name in &names {
        each.push(service(&admin, &format!("range=hour&instance={}", name.replace(':', "%3A"))).await);
    }
    // What nobody does any more is the same however it is asked for.
    let mut own = 0.0;
    for server in &servers {
        own += errors(server).await;
    }
    assert!(own >= 12.0);
    near(number(&all, queries::ERRORS), own, "errors of the servers' own metrics");
    let parts: f64 = each.iter().map(|one| number(one, queries::ERRORS)).sum();
    near(own, parts, "errors by server");
    let rows = &all.figures[queries::INFO];
    assert_eq!(rows.len(), 3, "{rows:?}");
    // All read one database, or could: accounts aren't added up.
    eventually("line of accounts", async || {
        last(&service(&admin, "").await, queries::USERS)
    })
    .await;
    let (_, users) = last(&service(&admin, "").await, queries::USERS).unwrap();
    near(users, 1.0, queries::USERS);

    // Every number is what Prometheus answers for the page's query at that time, and counters are the sum over the servers.
    let time = format!("{}", all.time);
    for query in MOMENTS {
        let text = asked(query, ServiceRange::Hour, "job=~\"trazo\"");
        let theirs = prometheus.query(&text, Some(&time)).await;
        let mut theirs: Vec<f64> = theirs
            .iter()
            .map(|sample| sample.values[0])
            .filter(|value| value.is_finite())
            .collect();
        let ours = all.figures[query].iter().filter_map(|series| series.values[0]);
        let mut ours: Vec<f64> = ours.collect();
        assert_eq!(ours.len(), theirs.len(), "{query}");
        ours.sort_by(f64::total_cmp);
        theirs.sort_by(f64::total_cmp);
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            near(ours, theirs, query);
        }
    }
    let samples = prometheus.query("http_requests_total", Some(&time)).await;
    let sum: f64 = samples.iter().map(|sample: &Sample| sample.values[0]).sum();
    near(number(&all, queries::REQUESTS), sum, "every counter of every server");

    // A point of a line, once Prometheus has a minute's part before it.
    let (time, rate) = eventually("line of requests", async || {
        let line = last(&service(&admin, "").await, queries::RATE)?;
        (line.1 > 0.0).then_some(line)
    })
    .await;
    let mut parts = 0.0;
    for name in &names {
        // Asked anew when what was remembered is too old to have the point.
        let line = eventually("newer answer", async || {
            let one = service(&admin, &format!("instance={}", name.replace(':', "%3A"))).await;
            last(&one, queries::RATE)
                .is_some_and(|(end, _)| end >= time)
                .then_some(one)
        })
        .await;
        parts += at(&line, queries::RATE, time);
    }
    near(rate, parts, queries::RATE);

    // A day and a week have their own lines; no server of another name, and no query, gets through.
    for (range, points) in [("day", 289), ("week", 337)] {
        let answer = service(&admin, &format!("range={range}")).await;
        assert!(
            answer.figures[queries::RATE]
                .iter()
                .all(|series| series.values.len() == points)
        );
        near(number(&answer, queries::ERRORS), own, range);
    }
    for stranger in ["nobody", "%22%7D%20or%20up%7Ba%3D%22"] {
        let path = format!("{PATH}?instance={stranger}");
        let response = admin.by(&admin.token, Method::GET, &path).send().await.unwrap();
        refused(response, 404, "not_found", "msg").await;
    }

    // Without Prometheus the page is told, and the server goes on.
    drop(prometheus);
    eventually("notice that Prometheus is away", async || {
        let answer: ServiceMetrics = serde_json::from_value(admin.get_json(PATH).await).unwrap();
        (answer.prometheus == PrometheusState::Away).then_some(())
    })
    .await;
}
