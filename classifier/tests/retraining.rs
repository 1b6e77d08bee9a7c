//! `retrain` as a program: what it writes, what it refuses, and what is left of it when it is killed.

#![expect(clippy::unwrap_used, reason = "helper functions of tests may panic")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use classifier::mnist::{Dataset, Split, data_dir};
use classifier::{Backend, Classifier, PIXELS, SIDE, model_version};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const DIGITS: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

type Image = ([u8; PIXELS], u8);

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("retraining-{test}"));
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn output(&self) -> PathBuf {
        self.0.join("retrained")
    }

    /// A short retraining with these corrections.
    fn command(&self, corrections: &[Image], options: &[&str]) -> Command {
        let data_set = self.0.join("corrections.tar");
        fs::write(&data_set, archive(corrections)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_retrain"));
        command
            .arg("--corrections")
            .arg(data_set)
            .arg("--output")
            .arg(self.output())
            .arg("--work")
            .arg(self.0.join("work"))
            .args(["--without-fonts", "--batch=64"])
            .args(options);
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// An archive as the server exports it; here all images are digits.
fn archive(images: &[Image]) -> Vec<u8> {
    let count = u32::try_from(images.len()).unwrap();
    let head = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let mut pictures = head(&[0x803, count, 28, 28]);
    let mut labels = head(&[0x801, count]);
    for (picture, label) in images {
        pictures.extend(picture);
        labels.push(*label);
    }
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("train-labels-idx1-ubyte", labels),
        ("train-images-idx3-ubyte", pictures),
        ("none-images-idx3-ubyte", head(&[0x803, 0, 28, 28])),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    archive.into_inner().unwrap()
}

/// The first `count` of MNIST's training digits that are among `digits`.
fn mnist(digits: &[u8], count: usize) -> Vec<Image> {
    let all = Dataset::read(&data_dir().unwrap(), Split::Train).unwrap();
    let chosen = (0..all.len()).filter(|&index| digits.contains(&all.labels[index]));
    chosen
        .take(count)
        .map(|index| (all.pixels(index).try_into().unwrap(), all.labels[index]))
        .collect()
}

fn stdout(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    String::from_utf8_lossy(&output.stdout).into_owned() + &errors
}

/// Asserts that a retraining was refused, and wrote nothing; returns what it said.
fn refused(folder: &Folder, mut command: Command) -> String {
    let output = command.output().unwrap();
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(!folder.output().exists(), "{said}");
    said
}

#[test]
fn better_is_written_also_after_it_was_killed() {
    let folder = Folder::new("better");
    // Digits four pixels beside the middle, of which the shipped network reads three of four right.
    let mut corrections = mnist(&DIGITS, 200);
    for (picture, _) in &mut corrections {
        *picture = std::array::from_fn(|at| {
            let is_inside = at / SIDE >= 4 && at % SIDE >= 4;
            if is_inside { picture[at - 4 * SIDE - 4] } else { 0 }
        });
    }
    let options = ["--digits=3000", "--epochs=2"];
    // What a process that was killed while it wrote would have left.
    let rest = folder.output().join("unfinished");
    fs::create_dir_all(&rest).unwrap();
    fs::write(rest.join("digits.bpk"), "half of it").unwrap();

    let mut command = folder.command(&corrections, &options);
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let said: Vec<String> = lines
        .map(Result::unwrap)
        .take_while(|line| !line.starts_with("epoch   1"))
        .collect();
    process.kill().unwrap();
    process.wait().unwrap();
    let written = || -> Vec<_> { fs::read_dir(folder.output()).unwrap().map(Result::unwrap).collect() };
    assert_eq!(written().len(), 1, "only what was there: {said:?}");

    let output = folder.command(&corrections, &options).output().unwrap();
    let said = stdout(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("going on after epoch 1"), "{said}");
    let [found] = &written()[..] else {
        panic!("{:?}", written());
    };
    let version = found.file_name().into_string().unwrap();
    assert!(
        said.ends_with(&format!("written: {}\n", found.path().display())),
        "{said}"
    );
    let files = fs::read_dir(found.path())
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let mut files: Vec<_> = files.collect();
    files.sort();
    assert_eq!(files, ["digits.bpk", "model_card.json"]);

    let weights = fs::read(found.path().join("digits.bpk")).unwrap();
    assert_eq!(
        version,
        format!("digits-{}", &format!("{:x}", Sha256::digest(&weights))[..8])
    );
    let network = Classifier::load_checked(&weights, Backend::Flex).unwrap();
    let card: Value = serde_json::from_slice(&fs::read(found.path().join("model_card.json")).unwrap()).unwrap();
    let retraining = &card["retraining"];
    assert_eq!(card["model"], version);
    assert_eq!(card["bytes"], weights.len());
    assert_eq!(retraining["base"], model_version());
    let archive = fs::read(folder.0.join("corrections.tar")).unwrap();
    assert_eq!(
        retraining["corrections_sha256"],
        format!("{:x}", Sha256::digest(archive))
    );
    assert_eq!(retraining["images"], 200);
    let fingerprint: Vec<u16> = serde_json::from_value(card["fingerprint"].clone()).unwrap();
    assert!(network.has_fingerprint(&fingerprint));
    let count = |part: &str| {
        let labels = retraining[part].as_object().unwrap().values();
        labels.map(|count| count.as_u64().unwrap()).sum::<u64>()
    };
    assert!((30..=40).contains(&count("kept_back")), "{retraining}");
    assert_eq!(count("learned") + count("kept_back"), 200);
    assert_eq!(retraining["corrections"], count("learned"));
    let right = |moment: &str| retraining[moment]["kept_back"]["right"].as_u64().unwrap();
    assert!(right("after") > right("before"), "{retraining}");
    assert!(
        !folder.0.join("work").exists(),
        "the checkpoints of a finished retraining"
    );
}

#[test]
fn labels_that_make_mnist_worse_are_refused() {
    let folder = Folder::new("poisoned");
    let mut corrections = mnist(&[4], 200);
    for (_, label) in &mut corrections {
        *label = 9;
    }
    let said = refused(&folder, folder.command(&corrections, &["--digits=3000", "--epochs=2"]));
    assert!(said.contains("- MNIST's validation digits: "), "{said}");
    assert!(said.contains(" points worse, where 0.07 are allowed"), "{said}");
}

#[test]
fn corrections_that_teach_nothing_are_refused() {
    let folder = Folder::new("useless");
    let command = folder.command(&mnist(&[0, 1], 40), &["--digits=600", "--epochs=1"]);
    let said = refused(&folder, command);
    assert!(said.contains("- the corrections that were kept back: "), "{said}");
}

#[test]
fn other_files_are_an_error_and_write_nothing() {
    let folder = Folder::new("error");
    let data_set = folder.0.join("corrections.tar");
    let mut command = folder.command(&[], &["--digits=600"]);
    for (bytes, message) in [
        (archive(&[]), "too few corrections"),
        (b"no archive".to_vec(), "corrections.tar"),
    ] {
        fs::write(&data_set, bytes).unwrap();
        let output = command.output().unwrap();
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(message), "{said}");
        assert!(!folder.output().exists());
    }
}
