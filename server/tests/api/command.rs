//! The program as a person starts it.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

/// The program, in the repository's root, with no setting of ours in its environment.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("PORT", "0");
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
        ("MAX_IMAGE_PIXELS", "16777216"),
        ("INFERENCE_DEVICE", "flex"),
        ("QUEUE_LENGTH", "256"),
        ("LOG_LEVEL", "info"),
    ] {
        assert!(help.contains(&format!("[env: {variable}")), "{variable} in {help}");
        assert!(help.contains(default), "{default} of {variable} in {help}");
    }
}

#[test]
fn a_bad_value_names_its_variable() {
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
        ("TRUSTED_PROXIES", "proxy.example.com"),
    ] {
        refused(&program().env(variable, value).output().unwrap(), variable);
    }
    refused(&program().env("LEPTOS_SITE_ADDR", "here").output().unwrap(), "LEPTOS_");
}

#[test]
fn without_leptos_toml_it_says_so() {
    let elsewhere = tempfile::tempdir().unwrap();
    refused(&program().current_dir(&elsewhere).output().unwrap(), "Leptos.toml");
}

#[test]
fn a_broken_dotenv_is_refused_without_showing_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "SECRET_KEY=\"hush").unwrap();
    let output = program().current_dir(&folder).output().unwrap();
    refused(&output, ".env");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hush"));
}

#[test]
fn a_port_that_is_taken_is_said_in_one_line() {
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

/// Start it and wait for the line that says where it listens.
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
fn it_listens_where_it_says_and_ends_well_on_sigterm() {
    let (mut child, mut output, port) = started();
    assert_ne!(port, 0);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("Terminado."), "{rest}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    use std::io::Write;
    let (mut child, _output, port) = started();
    // A request whose body never comes is what a graceful stop would wait for.
    let mut request = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    request
        .write_all(b"POST /register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n")
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    signal(&child, "-INT");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it waits for the request");
    signal(&child, "-INT");
    let start = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(start.elapsed().as_secs() < 5);
}
