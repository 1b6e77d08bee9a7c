//! The short form of fuzzing: the kept inputs, and as many mutations of them as a test has time for. The same at each run.

use std::{fs, panic, path::PathBuf};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::TARGETS;

/// The longest mutation, in bytes.
const MAX_LENGTH: usize = 8192;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus")
}

/// The inputs that are kept for a target, in the order of their names.
fn kept(target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(corpus().join(target)).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

fn part<'a>(bytes: &'a [u8], random: &mut StdRng) -> &'a [u8] {
    let start = random.random_range(0..=bytes.len());
    let end = random.random_range(start..=bytes.len());
    &bytes[start..end]
}

/// One of the inputs with some changes.
fn mutated(inputs: &[Vec<u8>], random: &mut StdRng) -> Vec<u8> {
    let any = |random: &mut StdRng| &inputs[random.random_range(0..inputs.len())];
    let mut input = any(random).clone();
    for _ in 0..random.random_range(1..=4) {
        let at = random.random_range(0..=input.len());
        match random.random_range(0..6) {
            0 => input.truncate(at),
            1 => {
                let end = random.random_range(at..=input.len());
                input.drain(at..end);
            }
            2 => {
                let part = part(any(random), random).to_vec();
                input.splice(at..at, part);
            }
            3 => input.insert(at, random.random()),
            4 if at < input.len() => input[at] ^= 1_u8 << random.random_range(0..8_u32),
            _ if at < input.len() => input[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][random.random_range(0..6)],
            _ => {}
        }
        input.truncate(MAX_LENGTH);
    }
    input
}

/// The input with the checksums of a PNG in it put right; a decoder would read no further than to the first wrong one.
/// Fuzzing compiles the decoder without checksums.
fn with_checksums(mut input: Vec<u8>) -> Vec<u8> {
    let start = input.windows(PNG.len()).position(|bytes| bytes == PNG);
    let mut at = start.map_or(input.len(), |start| start + PNG.len());
    while let Some(length) = input.get(at..).and_then(<[u8]>::first_chunk) {
        let end = at + 8 + u32::from_be_bytes(*length) as usize;
        let Some(chunk) = input.get(at + 4..end) else { break };
        let sum = crc32fast::hash(chunk).to_be_bytes();
        let Some(place) = input.get_mut(end..end + 4) else {
            break;
        };
        place.copy_from_slice(&sum);
        at = end + 4;
    }
    input
}

fn holds(target: &str, mutations: usize) {
    let (_, run) = TARGETS.into_iter().find(|(name, _)| *name == target).unwrap();
    let kept = kept(target);
    assert!(!kept.is_empty());
    let mut random = StdRng::seed_from_u64(13);
    let mutations = (0..mutations).map(|_| mutated(&kept, &mut random));
    for input in kept.iter().cloned().chain(mutations).map(with_checksums) {
        let outcome = panic::catch_unwind(|| run(&input));
        assert!(outcome.is_ok(), "the input is b\"{}\"", input.escape_ascii());
    }
}

#[test]
fn every_target_has_its_corpus_and_its_test() {
    let folders = fs::read_dir(corpus()).unwrap();
    let mut folders: Vec<_> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, TARGETS.map(|(name, _)| name));
    for name in folders {
        assert!(
            include_str!("tests.rs").contains(&format!("holds(\"{name}\", ")),
            "{name}"
        );
    }
}

#[test]
fn any_exposition_is_read_or_skipped() {
    holds("exposition", 20_000);
}

#[test]
fn nothing_forged_in_x_forwarded_for_counts() {
    holds("forwarded_for", 30_000);
}

#[test]
fn any_accept_language_is_read() {
    holds("language", 100_000);
}

#[test]
fn any_file_is_a_picture_or_refused() {
    holds("picture", 3_000);
}

#[test]
fn any_quota_limits_or_is_refused() {
    holds("quota", 20_000);
}

#[test]
fn any_strokes_are_drawn() {
    holds("strokes", 400);
}

#[test]
fn any_token_is_verified_or_refused() {
    holds("token", 10_000);
}

#[test]
fn any_form_has_a_file_or_is_refused() {
    holds("upload", 5_000);
}

#[test]
fn any_weights_give_numbers_or_are_refused() {
    holds("weights", 1_000);
}
