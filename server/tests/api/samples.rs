//! The sample clients of docs/api.md, run as a reader would.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::support::{TestServer, program::output};

/// The only code block of docs/api.md in `language`.
fn sample(language: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api.md");
    let page = fs::read_to_string(page).unwrap();
    let start = format!("\n```{language}\n");
    let mut blocks = page.split(start.as_str()).skip(1);
    let block = blocks.next().unwrap().split("\n```").next().unwrap();
    assert!(blocks.next().is_none(), "docs/api.md has several blocks in {language}");
    block.to_owned()
}

/// What the sample prints when it is run by `program`, against a server with the shipped model.
async fn run(language: &str, program: &'static str, arguments: &'static [&'static str]) -> String {
    let server = TestServer::shipped().await;
    let (base, code) = (server.url(""), sample(language));
    let mut command = Command::new(program);
    command.args(arguments).arg(code).env("BASE", base);
    let Output { status, stdout, stderr } = output(command).await;
    let (printed, errors) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{language}: {printed}{errors}");
    printed.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_curl_client_works_as_documented() {
    let printed = run("sh", "sh", &["-euc"]).await;
    assert!(printed.contains("User registered successfully."), "{printed}");
    assert!(printed.contains("\"prediccion\":7"), "{printed}");
    assert!(printed.contains("\"total\":1"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_works_as_documented() {
    let printed = run("python", "python3", &["-c"]).await;
    assert!(printed.contains("User registered successfully."), "{printed}");
    assert!(printed.contains("digit 7, probability"), "{printed}");
    assert!(printed.contains("1 prediction in the history"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_javascript_client_works_as_documented() {
    let printed = run("js", "node", &["--input-type=module", "--eval"]).await;
    assert!(printed.contains("User registered successfully."), "{printed}");
    assert!(printed.contains("digit 7, probability"), "{printed}");
    assert!(printed.contains("1 prediction in the history"), "{printed}");
}
