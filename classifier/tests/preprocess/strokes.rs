//! Drawings: read as a picture of the same strokes, whatever their place, size and pen.

use classifier::preprocess::{Preprocessed, Stroke, preprocess_strokes};
use classifier::{ModelInput, PIXELS};

use crate::paper::{centre, difference, five, ink_box, page_with_five};

fn changed(change: impl Fn([f32; 2]) -> [f32; 2], width: f32) -> ModelInput {
    let strokes = five(0.0, 0.0).map(|stroke| Stroke {
        points: stroke.points.into_iter().map(&change).collect(),
        width,
    });
    preprocess_strokes(&strokes).input
}

fn assert_blank(strokes: &[Stroke]) {
    assert_eq!(
        preprocess_strokes(strokes),
        Preprocessed {
            input: ModelInput([0.0; PIXELS]),
            blank: true
        }
    );
}

#[test]
fn a_drawing_is_framed_like_its_picture() {
    let drawing = preprocess_strokes(&five(90.0, 60.0));
    assert!(!drawing.blank);
    let differing = difference(&page_with_five().framed().input, &drawing.input);
    assert!(differing < 0.5, "{differing}");
    let [left, top, right, bottom] = ink_box(&drawing.input);
    assert_eq!((right - left + 1).max(bottom - top + 1), 20);
    let [across, down] = centre(&drawing.input);
    assert!(
        (across - 14.0).abs() <= 0.5 && (down - 14.0).abs() <= 0.5,
        "{across} {down}"
    );
}

#[test]
fn place_and_size_do_not_matter() {
    let plain = changed(|point| point, 10.0);
    assert!(difference(&plain, &changed(|[x, y]| [x - 3000.0, y + 700.0], 10.0)) < 0.01);
    assert!(difference(&plain, &changed(|[x, y]| [x * 1e6, y * 1e6], 1e7)) < 0.01);
    assert!(difference(&plain, &changed(|[x, y]| [x * 1e-6, y * 1e-6], 1e-5)) < 0.01);
}

#[test]
fn thin_and_fat_pens_draw_alike() {
    let thinnest = changed(|point| point, 0.0);
    for width in [f32::MIN_POSITIVE, 0.1, 2.0, -4.0, f32::NAN] {
        assert!(difference(&thinnest, &changed(|point| point, width)) < 0.01, "{width}");
    }
    let fattest = changed(|point| point, 60.0);
    for width in [100.0, 1e9, 1e30, f32::MAX] {
        assert!(difference(&fattest, &changed(|point| point, width)) < 0.01, "{width}");
    }
}

#[test]
fn the_parts_of_one_drawing_may_have_different_pens() {
    let [bar, rest] = five(0.0, 0.0);
    let mixed = preprocess_strokes(&[Stroke { width: 12.0, ..bar }, rest]);
    assert!(difference(&preprocess_strokes(&five(0.0, 0.0)).input, &mixed.input) < 0.2);
}

#[test]
fn nothing_drawn_is_blank() {
    let stroke = |points: &[[f32; 2]]| Stroke {
        points: points.to_vec(),
        width: 10.0,
    };
    assert_blank(&[]);
    assert_blank(&[stroke(&[])]);
    assert_blank(&[stroke(&[[f32::NAN, 1.0], [2.0, f32::INFINITY]]), stroke(&[])]);
}

#[test]
fn a_dot_is_a_stroke() {
    for width in [0.0, 10.0, 1e20] {
        let dot = preprocess_strokes(&[Stroke {
            points: vec![[5.0, 5.0]],
            width,
        }]);
        assert!(!dot.blank);
        assert!(dot.input.0[14 * 28 + 14] > 0.9);
    }
}

#[test]
fn points_that_are_no_numbers_are_left_out() {
    let clean = five(0.0, 0.0);
    let mut dirty = clean.clone();
    dirty[0].points.insert(1, [f32::NAN, 3.0]);
    dirty[1].points.push([f32::NEG_INFINITY, 0.0]);
    assert_eq!(preprocess_strokes(&clean), preprocess_strokes(&dirty));
}

#[test]
fn a_slip_of_the_pen_far_away_is_ignored() {
    let [bar, rest] = five(0.0, 0.0);
    let slip = Stroke {
        points: vec![[-300.0, 200.0], [-299.0, 201.0]],
        width: 10.0,
    };
    let alone = preprocess_strokes(&[bar.clone(), rest.clone()]);
    let with_slip = preprocess_strokes(&[bar, slip, rest]);
    assert!(difference(&alone.input, &with_slip.input) < 0.02);
}

#[test]
fn a_hundred_thousand_points_are_drawn() {
    let points = (0..100_000).map(|step| {
        let turn = step as f32 * 0.7;
        [turn.sin() * turn, (turn * 1.3).cos() * turn]
    });
    let framed = preprocess_strokes(&[Stroke {
        points: points.collect(),
        width: 1.0,
    }]);
    assert!(!framed.blank);
}
