//! `GET /api/admin/dataset.tar` and `server export-corrections`, read with `tar`, `csv` and `image`.

use std::{collections::BTreeMap, fs, io::Read, path::Path, process::Command};

use api::History;
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::review::{corrected, decide};
use crate::support::{TestServer, program::output};

/// The pixels of each approved image by its number, with its label.
type Expected = BTreeMap<i64, (String, Vec<u8>)>;

type Files = BTreeMap<String, Vec<u8>>;

/// A server with images that were agreed to, dropped, and that wait.
async fn with_data_set() -> (TestServer, Expected) {
    let server = TestServer::start().await;
    let token = server.user("ana").await;
    let mut labels = BTreeMap::new();
    for (drawing, said, label) in [
        ("7-plain", "7", "7"),
        ("0-round", "8", "0"),
        ("1-plain", "none", "none"),
        ("7-serif", "7", "7"),
        ("4-open", "4", ""),
        ("9-curved", "9", "waits"),
    ] {
        let id = corrected(&server, &token, drawing, said).await;
        let decision = match label {
            "waits" => continue,
            "" => json!({ "ids": [id], "action": "drop" }),
            label => {
                labels.insert(id, label.to_owned());
                json!({ "ids": [id], "action": "agree", "label": label })
            }
        };
        assert_eq!(decide(&server, &decision).await, 1);
    }
    let history = server.by(&token, Method::GET, "/api/predictions");
    let history: History = history.send().await.unwrap().json().await.unwrap();
    let expected = history.predictions.iter().filter_map(|past| {
        let label = labels.get(&past.id)?.clone();
        let png = past.image.strip_prefix("data:image/png;base64,").unwrap();
        let png = image::load_from_memory(&BASE64_STANDARD.decode(png).unwrap()).unwrap();
        Some((past.id, (label, png.into_luma8().into_raw())))
    });
    let expected = expected.collect();
    (server, expected)
}

async fn download(server: &TestServer, query: &str, name: &str) -> Files {
    let path = format!("/api/admin/dataset.tar{query}");
    let response = server.by(&server.token, Method::GET, &path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/x-tar");
    assert_eq!(
        response.headers()["content-disposition"],
        format!("attachment; filename=\"{name}\"")
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    let bytes = response.bytes().await.unwrap();
    assert!(bytes.len().is_multiple_of(512) && bytes.ends_with(&[0; 1024]));
    let mut files = Files::new();
    for entry in tar::Archive::new(&bytes[..]).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        assert!(files.insert(name, content).is_none());
    }
    files
}

/// The head of an IDX file and what follows it.
fn idx(file: &[u8], dimensions: usize) -> (Vec<u32>, &[u8]) {
    assert_eq!(file[..4], [0, 0, 8, u8::try_from(dimensions).unwrap()]);
    let (head, content) = file[4..].split_at(4 * dimensions);
    let sizes = head.chunks(4).map(|size| u32::from_be_bytes(size.try_into().unwrap()));
    (sizes.collect(), content)
}

fn assert_idx(files: &Files, expected: &Expected) {
    let (digits, others): (Vec<_>, Vec<_>) = expected.values().partition(|(label, _)| label != "none");
    let (sizes, labels) = idx(&files["train-labels-idx1-ubyte"], 1);
    assert_eq!(sizes, [3]);
    let expected_labels: Vec<u8> = digits.iter().map(|(label, _)| label.parse().unwrap()).collect();
    assert_eq!(labels, expected_labels);
    for (name, images) in [("train-images-idx3-ubyte", digits), ("none-images-idx3-ubyte", others)] {
        let (sizes, pixels) = idx(&files[name], 3);
        assert_eq!(sizes, [u32::try_from(images.len()).unwrap(), 28, 28], "{name}");
        let expected: Vec<u8> = images.iter().flat_map(|(_, pixels)| pixels.clone()).collect();
        assert!(pixels == expected, "{name}");
    }
}

fn assert_png(files: &Files, expected: &Expected) {
    let mut table = csv::Reader::from_reader(&files["labels.csv"][..]);
    let head: Vec<_> = table.headers().unwrap().iter().map(ToOwned::to_owned).collect();
    let columns = [
        "file",
        "label",
        "said",
        "read",
        "probability",
        "model",
        "predicted_at",
        "decided_at",
    ];
    assert_eq!(head, columns);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), expected.len());
    for (row, (id, (label, pixels))) in rows.iter().zip(expected) {
        assert_eq!(
            (&row[0], &row[1]),
            (format!("png/{label}/{id}.png").as_str(), label.as_str())
        );
        assert_eq!(&row[3], "3");
        let image = image::load_from_memory(&files[&row[0]]).unwrap();
        assert!(image.into_luma8().into_raw() == *pixels, "{id}");
    }
    let said: Vec<&str> = rows.iter().map(|row| &row[2]).collect();
    assert_eq!(said, ["7", "8", "none", "7"]);
}

fn assert_card(files: &Files) {
    let card: Value = serde_json::from_slice(&files["card.json"]).unwrap();
    assert_eq!((&card["digits"], &card["others"]), (&json!(3), &json!(1)));
    let classes = card["classes"].as_object().unwrap();
    assert_eq!(classes.len(), 11);
    for (label, count) in classes {
        let expected = match label.as_str() {
            "7" => 2,
            "0" | "none" => 1,
            _ => 0,
        };
        assert_eq!(*count, expected, "{label}");
    }
    assert_eq!(card["model"], classifier::model_version());
    assert_eq!(card["corrected_models"], json!([classifier::model_version()]));
    assert_eq!(card["server"], env!("CARGO_PKG_VERSION"));
    assert!(card["first_decided_at"].as_str() <= card["last_decided_at"].as_str());
}

#[tokio::test]
async fn the_approved_images_are_downloaded_as_idx_and_as_png() {
    let (server, expected) = with_data_set().await;
    for query in ["", "?format=idx"] {
        let files = download(&server, query, "trazo-idx.tar").await;
        assert_eq!(files.len(), 4);
        assert_card(&files);
        assert_idx(&files, &expected);
    }
    let files = download(&server, "?format=png", "trazo-png.tar").await;
    assert_eq!(files.len(), 2 + expected.len());
    assert_card(&files);
    assert_png(&files, &expected);
}

#[tokio::test]
async fn what_was_taken_back_is_not_in_the_next_download() {
    let (server, expected) = with_data_set().await;
    let token = server.sign_in("ana").await;
    let id = *expected.keys().next().unwrap();
    let path = format!("/api/predictions/{id}/correction");
    assert_eq!(
        server.by(&token, Method::DELETE, &path).send().await.unwrap().status(),
        200
    );
    let files = download(&server, "", "trazo-idx.tar").await;
    assert_eq!(idx(&files["train-labels-idx1-ubyte"], 1).0, [2]);
    let request = server.by(&token, Method::DELETE, "/api/me/corrections");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let files = download(&server, "", "trazo-idx.tar").await;
    assert_eq!(idx(&files["train-images-idx3-ubyte"], 3), (vec![0, 28, 28], &[][..]));
    assert_eq!(idx(&files["train-labels-idx1-ubyte"], 1), (vec![0], &[][..]));
    let files = download(&server, "?format=png", "trazo-png.tar").await;
    assert_eq!(files.len(), 2);
}

/// All files below a folder.
fn read(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(path).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_writes_the_same_into_a_folder() {
    let (server, expected) = with_data_set().await;
    let folder = TempDir::new().unwrap();
    let to = folder.path().join("new/data");
    let run = async || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        command
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env("DATABASE_URL", server.settings.database.url().expose())
            .env("LOG_DIR", folder.path().join("logs"))
            .args(["export-corrections", "--to"])
            .arg(&to);
        output(command).await
    };
    let output = run().await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains(": 9 ficheros."));
    let mut files = Files::new();
    read(&to, "", &mut files);
    assert_eq!(files.len(), 9);
    assert_card(&files);
    assert_idx(&files, &expected);
    assert_png(&files, &expected);
    // Nothing is replaced.
    let again = run().await;
    assert_eq!(again.status.code(), Some(1));
    let mut after = Files::new();
    read(&to, "", &mut after);
    assert!(after == files);
}
