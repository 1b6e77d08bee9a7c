//! Connections: their limits and the graceful shutdown.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use reqwest::Method;
use tempfile::TempDir;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::support::{
    TestServer, eventually,
    metrics::{Scrape, until},
    models,
    pictures::numbered_png,
    program::Program,
    server::refused,
    settings,
};

/// Waits for the server to close the connection, and returns what it has sent.
async fn closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut sent = Vec::new();
    let read = timeout(Duration::from_secs(5), stream.read_to_end(&mut sent))
        .await
        .expect("closed in time");
    // A reset closes the connection as well.
    drop(read);
    sent
}

#[tokio::test]
async fn connections_with_slow_headers_are_closed() {
    let mut settings = settings();
    settings.connections.header_timeout_seconds = Duration::from_millis(300);
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let start = Instant::now();
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let dripping = async {
        for byte in b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: 0123456789"
            .iter()
            .cycle()
        {
            if slow.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let (_, dripped) = tokio::join!(closed(&mut silent), timeout(Duration::from_secs(5), dripping));
    assert!(dripped.is_ok(), "the dripping client was let go");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let mut settings = settings();
    settings.connections.header_timeout_seconds = Duration::from_millis(300);
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let sent = closed(&mut stream).await;
    assert!(sent.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn an_endless_head_is_rejected() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}", "a".repeat(200_000));
    let _until_closed = stream.write_all(head.as_bytes()).await;
    let sent = closed(&mut stream).await;
    assert!(
        sent.is_empty() || sent.starts_with(b"HTTP/1.1 431"),
        "{}",
        String::from_utf8_lossy(&sent)
    );
}

#[tokio::test]
async fn a_client_that_does_not_read_its_response_is_cut() {
    let mut settings = settings();
    settings.connections.response_timeout_seconds = Duration::from_millis(300);
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let large = fs::File::create(server.site.path().join("pkg/large.js")).unwrap();
    // Larger than what the system's buffers hold.
    large.set_len(256 << 20).unwrap();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /pkg/large.js HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    // What is sent to a closed connection is answered with a reset.
    eventually("closed connection", async || {
        stream.write_all(b"x").await.is_err().then_some(())
    })
    .await;

    // One that reads slowly takes as long as it needs.
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"GET /pkg/large.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let (mut read, mut buffer) = (0, vec![0; 1 << 20]);
    let start = Instant::now();
    loop {
        let length = slow.read(&mut buffer).await.unwrap();
        if length == 0 {
            break;
        }
        read += length;
        // It takes several times the bound in all.
        if read < 64 << 20 {
            sleep(Duration::from_millis(10)).await;
        }
    }
    assert!(read > 256 << 20, "{read} of a whole response");
    assert!(start.elapsed() > Duration::from_millis(600), "{:?}", start.elapsed());
}

/// The usual limit is less than the connections that are allowed by default.
#[tokio::test]
async fn the_limit_of_open_files_is_raised() {
    let logs = TempDir::new().unwrap();
    let limited = ["bash", "-c", "ulimit -S -n 128; exec \"$0\""];
    let program = Program::start(logs.path(), &limited, &[("LOG_LEVEL", "info")]);
    let metrics = program.ask(Method::GET, "/metrics").send().await.unwrap().text().await;
    let limit = Scrape::parse(&metrics.unwrap()).get("process_max_fds", &[]).unwrap();
    assert!(limit > 128.0, "{limit}");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
    let mut settings = settings();
    settings.connections.max_connections = 2;
    let server = TestServer::start_with(&settings, || Ok(models::three())).await;
    let first = TcpStream::connect(server.address).await.unwrap();
    let second = TcpStream::connect(server.address).await.unwrap();
    let mut third = TcpStream::connect(server.address).await.unwrap();
    third
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = [0; 12];
    assert!(
        timeout(Duration::from_millis(300), third.read_exact(&mut answer))
            .await
            .is_err(),
        "it waits"
    );
    drop((first, second));
    timeout(Duration::from_secs(5), third.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_graceful_shutdown_finishes_requests_in_progress() {
    let server = TestServer::start_with(&settings(), || Ok(models::slow(Duration::from_millis(500)))).await;
    let idle = server.get("/health/live").await;
    drop(idle);
    let address = server.address;
    let request = tokio::spawn(server.upload("a.png", numbered_png(1)).send());
    let pending = [("endpoint", "/api/predict")];
    until(&server, |scrape| {
        scrape.get("http_requests_pending", &pending) == Some(1.0)
    })
    .await;
    let stopped = server.stop();
    assert_eq!(request.await.unwrap().unwrap().status(), 200);
    timeout(Duration::from_secs(5), stopped).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_waits_no_longer_than_the_grace_period() {
    let (model, gate) = models::gated();
    let mut settings = settings();
    settings.shutdown.shutdown_grace_seconds = Duration::from_millis(300);
    let server = TestServer::start_with(&settings, || Ok(model)).await;
    let request = tokio::spawn(server.upload("a.png", numbered_png(1)).send());
    eventually("image in the model", async || (gate.entered() == 1).then_some(())).await;
    let start = Instant::now();
    server.stop().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(request.await.unwrap().is_err(), "cut off");
    gate.open();
}

async fn ready(program: &Program) -> reqwest::Response {
    program.ask(Method::GET, "/health/ready").send().await.unwrap()
}

/// The text of `hash.txt`.
fn hashes(script: &str, wasm: &str, style: &str) -> String {
    format!("js: {script}\nwasm: {wasm}\ncss: {style}\n")
}

/// The program, started with a site that was built with the hash `built` and that holds `hash.txt` with the text `written`.
fn program_with_site(folder: &Path, built: &str, written: Option<String>) -> Program {
    let files = folder.join("site/pkg");
    fs::create_dir_all(&files).unwrap();
    for kind in ["js", "wasm", "css"] {
        fs::write(files.join(format!("trazo.{built}.{kind}")), "").unwrap();
    }
    if let Some(text) = written {
        fs::write(folder.join("site/hash.txt"), text).unwrap();
    }
    Program::start(&folder.join("logs"), &[], &[("LEPTOS_SITE_ROOT", folder.join("site"))])
}

#[tokio::test]
async fn a_site_whose_hashes_are_missing_or_of_another_build_is_told() {
    for written in [
        None,
        Some("no hashes\n".to_owned()),
        Some(hashes("another", "another", "another")),
        Some(hashes("one", "another", "one")),
    ] {
        let folder = TempDir::new().unwrap();
        let program = program_with_site(folder.path(), "one", written);
        let text = refused(ready(&program).await, 503, "site_missing", "msg").await;
        assert_eq!(text, "Faltan los archivos de las páginas.");
        let live = program.ask(Method::GET, "/health/live").send().await.unwrap();
        assert_eq!(live.status(), 200, "the API serves");
        let console = program.stop();
        let lines: Vec<_> = console.lines().filter(|line| line.contains(" - ERROR - ")).collect();
        assert_eq!(lines.len(), 1, "{console}");
        assert!(
            lines[0].contains("Las páginas nombran archivos que no existen"),
            "{console}"
        );
    }
}

#[tokio::test]
async fn the_hashes_are_found_in_the_site() {
    let folder = TempDir::new().unwrap();
    let program = program_with_site(folder.path(), "one", Some(hashes("one", "one", "one")));
    while ready(&program).await.status() != 200 {
        sleep(Duration::from_millis(50)).await;
    }
    let page = program
        .ask(Method::GET, "/")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let script = page
        .split('"')
        .find(|part| part.ends_with("trazo.one.js"))
        .expect(&page);
    let file = program.ask(Method::GET, script).send().await.unwrap();
    assert_eq!(file.status(), 200, "{script}");
    assert!(!program.stop().contains(" - ERROR - "));
}

#[tokio::test]
async fn under_cargo_leptos_watch_pages_may_connect_to_the_reload_port_and_files_are_asked_for_again() {
    let folder = TempDir::new().unwrap();
    let files = folder.path().join("site/pkg");
    fs::create_dir_all(&files).unwrap();
    fs::write(files.join("trazo.js"), "").unwrap();
    let site = folder.path().join("site").into_os_string();
    let program = Program::start(
        &folder.path().join("logs"),
        &[],
        &[
            ("LEPTOS_SITE_ROOT", site),
            ("LEPTOS_HASH_FILES", "false".into()),
            ("LEPTOS_WATCH", "true".into()),
            ("LEPTOS_RELOAD_PORT", "3001".into()),
        ],
    );
    let page = program.ask(Method::GET, "/").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("connect-src 'self' ws://*:3001;"), "{policy}");
    assert!(page.text().await.unwrap().contains("/live_reload"));
    let file = program.ask(Method::GET, "/pkg/trazo.js").send().await.unwrap();
    assert_eq!(file.headers()["cache-control"], "no-cache");
}
