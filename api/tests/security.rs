//! docs/security.md has every requirement once, with a state, and names tests that exist.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The sections of ASVS 5.0.0, and how many of their requirements belong to levels 1 and 2: the first ones of each. V10 and
/// V17 don't apply as a whole.
const SECTIONS: &str = "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 \
    4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 \
    8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 \
    13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3";

const STATES: [&str; 5] = ["met", "partly", "open", "operator", "n/a"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

/// The rows of all requirements: their numbers, the requirement, its state, and what meets it.
fn rows(document: &str) -> Vec<[&str; 4]> {
    let (_, requirements) = document.split_once("\n## Requirements\n").unwrap();
    let (requirements, _) = requirements.split_once("\n## ").unwrap();
    let rows = requirements.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let is_requirement = cells[0].starts_with(|first: char| first.is_ascii_digit());
        is_requirement.then(|| cells.try_into().unwrap())
    });
    rows.collect()
}

/// The file of a test that the document names, such as `login/errors::missing_fields`, and its name.
fn test_file(reference: &str) -> Option<(PathBuf, &str)> {
    let (file, name) = reference.split_once("::")?;
    let candidates = [
        file.to_owned(),
        format!("server/tests/api/{file}.rs"),
        format!("{file}.rs"),
    ];
    let mut found = candidates.iter().map(|file| root().join(file));
    Some((found.find(|file| file.is_file())?, name))
}

/// Whether a file has a test of this name.
fn has_test(file: &Path, name: &str) -> bool {
    let code = fs::read_to_string(file).unwrap();
    if file.extension().is_some_and(|extension| extension == "ts") {
        return code.contains(&format!("test('{name}'"));
    }
    // A macro makes two tests of each function in its list.
    let listed = code
        .split_once("in_each_storage!(")
        .and_then(|(_, rest)| rest.split_once(");"));
    let is_listed = listed.is_some_and(|(names, _)| names.split(',').any(|listed| listed.trim() == name));
    let has_attribute = code.match_indices(&format!("fn {name}(")).any(|(at, _)| {
        let attribute = code[..at].rsplit("#[").next().unwrap();
        ["test]", "tokio::test]", "tokio::test("]
            .iter()
            .any(|test| attribute.starts_with(test))
    });
    has_attribute || is_listed
}

#[test]
fn every_requirement_has_one_row_and_a_state() {
    let document = document();
    let mut found = BTreeMap::<&str, usize>::new();
    for [numbers, requirement, state, reason] in rows(&document) {
        assert!(!requirement.is_empty() && !reason.is_empty(), "{numbers}");
        assert!(STATES.contains(&state), "{numbers}: {state}");
        for number in numbers.split(", ") {
            *found.entry(number).or_default() += 1;
        }
    }
    let expected: Vec<String> = SECTIONS
        .split_whitespace()
        .flat_map(|section| {
            let (section, count) = section.split_once(':').unwrap();
            (1..=count.parse::<u32>().unwrap()).map(move |number| format!("{section}.{number}"))
        })
        .collect();
    for number in &expected {
        assert_eq!(found.remove(number.as_str()), Some(1), "{number}");
    }
    assert!(found.is_empty(), "not of levels 1 and 2: {found:?}");
}

#[test]
fn what_is_open_is_in_the_summary() {
    let document = document();
    let (_, summary) = document.split_once("\n## What is open\n").unwrap();
    for [numbers, _, state, _] in rows(&document) {
        if state == "open" {
            for number in numbers.split(", ") {
                assert!(
                    summary.contains(number),
                    "{number} isn't in the summary of what is open"
                );
            }
        }
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let document = document();
    let references = document
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.contains("::"));
    let mut count = 0;
    for reference in references {
        count += 1;
        let found = test_file(reference);
        assert!(
            found.is_some_and(|(file, name)| has_test(&file, name)),
            "docs/security.md names {reference}"
        );
    }
    assert!(count > 100, "{count} tests named");
    // A name that only looks like one is noticed.
    for wrong in [
        "login/errors::no_such_test",
        "no/such/file::missing_fields",
        "support/mod::eventually",
    ] {
        assert!(
            !test_file(wrong).is_some_and(|(file, name)| has_test(&file, name)),
            "{wrong}"
        );
    }
}

#[test]
fn each_met_requirement_names_a_test_or_a_file() {
    for [numbers, _, state, reason] in rows(&document()) {
        let names_something = reason.contains('`') || reason.contains("](");
        let is_decision = ["3.7.1", "11.4.1", "11.4.3"].contains(&numbers);
        assert!(state != "met" || names_something || is_decision, "{numbers}: {reason}");
    }
}
