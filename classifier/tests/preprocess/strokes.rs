//! Drawings: the result matches an image of the same strokes and doesn't depend on position, scale or pen width.

use classifier::preprocess::{Preprocessed, Stroke, page, preprocess_strokes};
use classifier::{ModelInput, PIXELS};

use crate::canvas::{Canvas, centre, difference, five, image_of_five, ink_box};

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
fn the_page_of_a_drawing_is_its_image() {
    let mut image = Canvas::new(280, 280, 255);
    let pixels = page(&five(90.0, 60.0), 280);
    assert_eq!(pixels.len(), image.pixels.len());
    for (pixel, luma) in image.pixels.iter_mut().zip(pixels) {
        pixel.luma = luma;
    }
    let distance = difference(&image_of_five().preprocess().input, &image.preprocess().input);
    assert!(distance < 0.05, "{distance}");
}

#[test]
fn a_drawing_gives_nearly_the_same_input_as_its_image() {
    let drawing = preprocess_strokes(&five(90.0, 60.0));
    assert!(!drawing.blank);
    let distance = difference(&image_of_five().preprocess().input, &drawing.input);
    assert!(distance < 0.5, "{distance}");
    let [left, top, right, bottom] = ink_box(&drawing.input);
    assert_eq!((right - left + 1).max(bottom - top + 1), 20);
    let [across, down] = centre(&drawing.input);
    assert!(
        (across - 14.0).abs() <= 0.5 && (down - 14.0).abs() <= 0.5,
        "{across} {down}"
    );
}

#[test]
fn position_and_scale_do_not_matter() {
    let plain = changed(|point| point, 10.0);
    assert!(difference(&plain, &changed(|[x, y]| [x - 3000.0, y + 700.0], 10.0)) < 0.01);
    assert!(difference(&plain, &changed(|[x, y]| [x * 1e6, y * 1e6], 1e7)) < 0.01);
    assert!(difference(&plain, &changed(|[x, y]| [x * 1e-6, y * 1e-6], 1e-5)) < 0.01);
}

#[test]
fn extreme_pen_widths_are_clamped() {
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
fn strokes_of_one_drawing_may_differ_in_width() {
    let [bar, rest] = five(0.0, 0.0);
    let mixed = preprocess_strokes(&[Stroke { width: 12.0, ..bar }, rest]);
    assert!(difference(&preprocess_strokes(&five(0.0, 0.0)).input, &mixed.input) < 0.2);
}

#[test]
fn an_empty_drawing_is_blank() {
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
fn points_that_are_not_finite_are_ignored() {
    let clean = five(0.0, 0.0);
    let mut dirty = clean.clone();
    dirty[0].points.insert(1, [f32::NAN, 3.0]);
    dirty[1].points.push([f32::NEG_INFINITY, 0.0]);
    assert_eq!(preprocess_strokes(&clean), preprocess_strokes(&dirty));
}

#[test]
fn a_short_stroke_far_away_is_ignored() {
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
    let preprocessed = preprocess_strokes(&[Stroke {
        points: points.collect(),
        width: 1.0,
    }]);
    assert!(!preprocessed.blank);
}
