//! Drawings with a pen, in the forms of other hands.

use classifier::preprocess::Stroke;
use classifier::{Backend, Classifier, Notice};

use crate::sheet::{BARRED_SEVEN, FIVE, FOOTED_ONE, HEART, HOOKED_NINE, LONG_ONE, OPEN_FOUR};

fn strokes(digit: &[&[[f32; 2]]], at: [f32; 2]) -> Vec<Stroke> {
    digit
        .iter()
        .map(|stroke| Stroke {
            points: stroke
                .iter()
                .map(|[x, y]| [at[0] + 160.0 * x, at[1] + 160.0 * y])
                .collect(),
            width: 16.0,
        })
        .collect()
}

#[track_caller]
fn assert_drawn(digit: &[&[[f32; 2]]], expected: u8) {
    let reading = Classifier::load(Backend::Flex)
        .unwrap()
        .read_drawing(&strokes(digit, [60.0, 50.0]));
    assert_eq!(reading.prediction.digit(), expected, "{:?}", reading.notice);
    assert_ne!(reading.notice, Some(Notice::NotADigit));
}

#[test]
fn a_one_with_a_long_upstroke() {
    assert_drawn(LONG_ONE, 1);
}

#[test]
fn a_one_with_a_foot() {
    assert_drawn(FOOTED_ONE, 1);
}

#[test]
fn a_barred_seven() {
    assert_drawn(BARRED_SEVEN, 7);
}

#[test]
fn an_open_four() {
    assert_drawn(OPEN_FOUR, 4);
}

#[test]
fn a_nine_with_a_hook() {
    assert_drawn(HOOKED_NINE, 9);
}

#[test]
fn a_five_of_two_strokes() {
    assert_drawn(FIVE, 5);
}

#[test]
fn a_heart_is_no_digit() {
    let reading = Classifier::load(Backend::Flex)
        .unwrap()
        .read_drawing(&strokes(HEART, [60.0, 50.0]));
    assert_eq!(reading.notice, Some(Notice::NotADigit));
}

#[test]
fn nothing_drawn_is_blank() {
    let reading = Classifier::load(Backend::Flex).unwrap().read_drawing(&[]);
    assert_eq!(reading.notice, Some(Notice::Blank));
}

#[test]
fn a_drawn_number_is_read() {
    let drawing = [
        strokes(OPEN_FOUR, [0.0, 50.0]),
        strokes(HOOKED_NINE, [150.0, 45.0]),
        strokes(LONG_ONE, [290.0, 52.0]),
    ];
    let lines = Classifier::load(Backend::Flex)
        .unwrap()
        .read_drawn_number(&drawing.concat());
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].number(), "491");
}
