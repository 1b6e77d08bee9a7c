//! `GET /api/admin/metrics/history` and `GET /api/admin/metrics/service` without a Prometheus; `prometheus/service.rs` has one.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use api::{PrometheusState, ScrapeHistory, ServiceMetrics};
use chrono::TimeDelta;
use reqwest::Method;
use server::{
    settings::{Secret, Settings},
    util::Clock,
};
use tempfile::TempDir;

use crate::support::{TestServer, eventually, log, models, server::refused, settings};

async fn history(server: &TestServer) -> ScrapeHistory {
    serde_json::from_value(server.get_json("/api/admin/metrics/history").await).unwrap()
}

/// The history once it has more scrapes than this.
async fn longer(server: &TestServer, than: usize) -> ScrapeHistory {
    eventually("scrape", async || {
        let history = history(server).await;
        (history.scrapes.len() > than).then_some(history)
    })
    .await
}

fn settings_in(folder: &TempDir) -> Settings {
    let mut settings = settings();
    settings.database.data_dir = folder.path().join("data");
    settings
}

/// The file with the hour; the test's server was started with port 0.
fn file(folder: &TempDir) -> PathBuf {
    let files = fs::read_dir(folder.path().join("data")).unwrap();
    let mut files = files.map(|entry| entry.unwrap().path());
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("metrics-") && name.ends_with("-0.json")
    };
    files.find(is_it).expect("the hour was stored")
}

async fn start(settings: &Settings) -> TestServer {
    TestServer::start_with(settings, || Ok(models::three())).await
}

async fn service(server: &TestServer) -> ServiceMetrics {
    serde_json::from_value(server.get_json("/api/admin/metrics/service").await).unwrap()
}

#[tokio::test]
async fn a_server_remembers_what_it_has_measured() {
    let server = TestServer::start().await;
    let history = longer(&server, 0).await;
    assert!(
        history.instance.ends_with(&format!(":{}", server.address.port())),
        "{}",
        history.instance
    );
    assert!(!history.has_prometheus);
    let first = &history.scrapes[0];
    assert!(first.time <= history.now && history.now - first.time < 60.0);
    let value = |series: &str| {
        let id = history.series.iter().position(|name| name == series)?;
        let at = first.series.iter().position(|known| *known as usize == id)?;
        first.values[at]
    };
    assert_eq!(value("registered_users{confirmed=\"true\"}"), Some(1.0));
    assert!(value("process_resident_memory_bytes") > Some(1e6));
    assert_eq!(first.series.len(), first.values.len());
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = TempDir::new().unwrap();
    let settings = settings_in(&folder);
    let server = start(&settings).await;
    let before = longer(&server, 0).await;
    server.stop().await.unwrap();
    assert_eq!(fs::metadata(file(&folder)).unwrap().permissions().mode() & 0o777, 0o600);
    let server = start(&settings).await;
    let after = longer(&server, before.scrapes.len()).await;
    let (first, restored) = (&before.scrapes[0], &after.scrapes[0]);
    assert_eq!(
        (restored.time.to_bits(), &restored.series),
        (first.time.to_bits(), &first.series)
    );
    for (value, restored) in first.values.iter().zip(&restored.values) {
        let (value, restored) = (value.unwrap(), restored.unwrap());
        assert!(
            (value - restored).abs() <= 1e-12 * value.abs(),
            "{value}, not {restored}"
        );
    }
    assert_eq!(after.series[..before.series.len()], before.series);
}

#[tokio::test]
async fn what_is_older_than_an_hour_is_forgotten() {
    let folder = TempDir::new().unwrap();
    let settings = settings_in(&folder);
    let server = start(&settings).await;
    let before = longer(&server, 0).await;
    server.stop().await.unwrap();
    let clock = Clock::mock();
    clock.advance(TimeDelta::minutes(61));
    let server = TestServer::with_clock(clock, |changed| *changed = settings).await;
    let after = longer(&server, 0).await;
    assert!(after.scrapes[0].time > before.scrapes[0].time + 3_600.0);
}

#[tokio::test]
async fn a_damaged_file_is_ignored_with_a_warning() {
    let folder = TempDir::new().unwrap();
    let settings = settings_in(&folder);
    let server = start(&settings).await;
    server.stop().await.unwrap();
    for damage in [
        r#"{"series":["a"],"scrapes":[{"ti"#,
        r#"{"series":[],"scrapes":[{"time":1,"series":[7],"values":[]}]}"#,
    ] {
        fs::write(file(&folder), damage).unwrap();
        let server = start(&settings).await;
        assert!(longer(&server, 0).await.scrapes.len() < 3);
        log::line_with("-0.json', y empieza de nuevo").await;
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn files_of_servers_that_are_gone_are_removed() {
    let folder = TempDir::new().unwrap();
    let settings = settings_in(&folder);
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let write = |name: &str, minutes: u64| {
        let file = fs::File::create(data.join(name)).unwrap();
        let time = SystemTime::now() - Duration::from_mins(minutes);
        file.set_modified(time).unwrap();
    };
    write("metrics-gone-3000.json", 61);
    write("metrics-neighbour-3000.json", 5);
    write("other.json", 61);
    let server = start(&settings).await;
    longer(&server, 0).await;
    let left =
        ["metrics-gone-3000.json", "metrics-neighbour-3000.json", "other.json"].map(|name| data.join(name).exists());
    assert_eq!(left, [false, true, true]);
}

#[tokio::test]
async fn other_users_see_neither() {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    for path in ["/api/admin/metrics/history", "/api/admin/metrics/service"] {
        refused(server.get(path).await, 401, "token_missing", "msg").await;
        let response = server.by(&token, Method::GET, path).send().await.unwrap();
        refused(response, 403, "admin_only", "msg").await;
    }
}

#[tokio::test]
async fn without_a_prometheus_that_answers_it_says_so() {
    let server = TestServer::start().await;
    assert_eq!(service(&server).await.prometheus, PrometheusState::Unset);
    // Nobody listens there any more.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for url in [format!("http://{free}"), server.url("/no-prometheus")] {
        let server = TestServer::with(|settings| settings.metrics.prometheus_url = Some(Secret::new(url))).await;
        assert!(history(&server).await.has_prometheus);
        let answer = service(&server).await;
        assert_eq!(answer.prometheus, PrometheusState::Away);
        assert!(answer.figures.is_empty() && answer.instances.is_empty());
        log::line_with("Prometheus no responde (PROMETHEUS_URL)").await;
    }
}

#[tokio::test]
async fn nothing_but_the_queries_of_the_page_can_be_asked() {
    let server = TestServer::start().await;
    for query in [
        "query=up",
        "range=year",
        "range=hour&step=1",
        "start=0",
        "range=hour&range=day",
    ] {
        let path = format!("/api/admin/metrics/service?{query}");
        let response = server.by(&server.token, Method::GET, &path).send().await.unwrap();
        refused(response, 400, "request_invalid", "msg").await;
    }
}
