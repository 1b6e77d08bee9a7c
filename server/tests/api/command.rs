//! The program: its options, commands and signals.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::ffi::OsStrExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The program with the repository as its working directory.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("PORT", "0")
        .env("LOG_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/logs"));
    command
}

fn refused(output: &Output, variable: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(variable), "{said}");
    assert!(!said.contains("panicked") && !said.contains("backtrace"), "{said}");
}

#[test]
fn help_lists_every_setting_with_its_default() {
    let output = program().arg("--help").output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for (variable, default) in [
        ("HOST", "127.0.0.1"),
        ("PORT", "3000"),
        ("MAX_UPLOAD_BYTES", "8388608"),
        ("MAX_IMAGE_PIXELS", "67108864"),
        ("INFERENCE_DEVICE", "flex"),
        ("QUEUE_LENGTH", "256"),
        ("HISTORY_DAYS", "365"),
        ("LOG_LEVEL", "info"),
        ("LOG_DIR", "logs"),
        ("LOG_MAX_BYTES", "1000000"),
        ("LOG_BACKUPS", "5"),
    ] {
        assert!(help.contains(&format!("[env: {variable}")), "{variable} in {help}");
        assert!(help.contains(default), "{default} of {variable} in {help}");
    }
}

#[test]
fn an_invalid_value_is_reported_with_its_variable() {
    for (variable, value) in [
        ("PORT", "lots"),
        ("INFERENCE_DEVICE", "gpu"),
        ("MAX_UPLOAD_BYTES", "-1"),
        ("LOG_LEVEL", ""),
        ("BATCH_SIZE", "999"),
        ("RATELIMIT_DEFAULT", "many per day"),
        ("RATELIMIT_REGISTER", "10"),
        ("RATELIMIT_PREDICT", "100 per fortnight"),
        ("RATELIMIT_FLOOD", "0 per second"),
        ("RATELIMIT_ENABLED", "perhaps"),
        ("RATELIMIT_STORAGE_URL", "memcached://127.0.0.1"),
        ("RATELIMIT_STORAGE_URL", "memory://shared"),
        ("TRUSTED_PROXIES", "proxy.example.com"),
    ] {
        refused(&program().env(variable, value).output().unwrap(), variable);
    }
    refused(
        &program().env("DATA_DIR", OsStr::from_bytes(b"\xff")).output().unwrap(),
        "DATA_DIR",
    );
    refused(&program().env("LEPTOS_SITE_ADDR", "here").output().unwrap(), "LEPTOS_");
}

#[test]
fn a_redis_without_a_host_is_reported() {
    let data = tempfile::tempdir().unwrap();
    let output = program()
        .env("DATA_DIR", data.path())
        .env("RATELIMIT_STORAGE_URL", "redis://")
        .output()
        .unwrap();
    let logged = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{logged}");
    assert!(
        logged.contains("RATELIMIT_STORAGE_URL isn't the URL of a Redis"),
        "{logged}"
    );
}

#[test]
fn a_missing_leptos_toml_is_reported() {
    let elsewhere = tempfile::tempdir().unwrap();
    refused(&program().current_dir(&elsewhere).output().unwrap(), "Leptos.toml");
}

#[test]
fn an_invalid_dotenv_is_reported_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "SECRET_KEY=\"hush").unwrap();
    let output = program().current_dir(&folder).output().unwrap();
    refused(&output, ".env");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hush"));
}

#[test]
fn a_port_in_use_is_reported_in_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = program().env("PORT", &port).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.lines()
            .any(|line| line.contains("ERROR") && line.contains("PORT") && line.contains(&port)),
        "{said}"
    );
}

#[test]
fn a_malformed_database_url_is_reported_without_its_password() {
    let url = "postgres://trazo:hush@host:port/trazo";
    let output = program().env("DATABASE_URL", url).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(said.contains("DATABASE_URL") && said.contains("malformed"), "{said}");
    assert!(
        !said.contains("panic") && !said.contains("Panic") && !said.contains("hush"),
        "{said}"
    );
}

/// Starts the program and waits for the line with its port.
fn started() -> (Child, BufReader<std::process::ChildStdout>, u16) {
    let mut child = program().stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    let port = loop {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended before it listened");
        if let Some((_, port)) = line.trim_end().rsplit_once("Escuchando en http://127.0.0.1:") {
            break port.parse().unwrap();
        }
    };
    (child, output, port)
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[test]
fn it_listens_on_the_logged_port_and_stops_on_sigterm() {
    let (mut child, mut output, port) = started();
    assert_ne!(port, 0);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("Terminado."), "{rest}");
}

fn metrics(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let (mut child, mut output, port) = started();
    // A graceful shutdown waits for a request whose body never arrives.
    let mut request = TcpStream::connect(("127.0.0.1", port)).unwrap();
    request
        .write_all(b"POST /register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n")
        .unwrap();
    while !metrics(port).contains("http_requests_pending{method=\"POST\",endpoint=\"/register\"} 1") {
        thread::sleep(Duration::from_millis(20));
    }
    signal(&child, "-INT");
    let mut line = String::new();
    while !line.contains("Terminando") {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended at the first signal");
    }
    thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it waits for the request");
    signal(&child, "-INT");
    let start = Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(start.elapsed().as_secs() < 5);
}
