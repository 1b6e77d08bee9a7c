//! Images: one property of the preprocessing per test.

use classifier::preprocess::{ImageView, Pixel, Stroke, candidates};
use classifier::{Backend, Classifier, PIXELS};

use crate::canvas::{Canvas, centre, difference, five, image_of_five, ink_box, min_shifted_difference};

/// Tolerance for the effect of 8-bit rounding and resampling on edges: a grid of 280 x 280 is halved, a smaller one is not.
const SAME: f32 = 0.2;

fn difference_to_five(image: &Canvas) -> f32 {
    let five = image_of_five().preprocess().input;
    // Which candidate is the digit is up to the network.
    let candidates = candidates(&image.picture());
    let differences = candidates
        .iter()
        .map(|candidate| min_shifted_difference(&five, &candidate.input));
    differences.reduce(f32::min).unwrap()
}

#[test]
fn an_image_has_complete_rows() {
    let pixels = [Pixel { luma: 0, alpha: 255 }; 6];
    assert!(ImageView::new(3, &pixels).is_some());
    assert!(ImageView::new(4, &pixels).is_none());
    assert!(ImageView::new(0, &pixels).is_none());
    assert!(ImageView::new(1, &[]).is_none());
}

#[test]
fn the_longer_side_is_20_pixels_and_the_mass_is_centred() {
    let input = image_of_five().preprocess().input;
    let [left, top, right, bottom] = ink_box(&input);
    assert_eq!((right - left + 1).max(bottom - top + 1), 20);
    let [across, down] = centre(&input);
    assert!(
        (across - 14.0).abs() <= 0.5 && (down - 14.0).abs() <= 0.5,
        "{across} {down}"
    );
}

#[test]
fn polarity_is_detected() {
    let light = image_of_five().map_luma(|_, luma| 255.0 - luma);
    assert_eq!(light.preprocess(), image_of_five().preprocess());
}

#[test]
fn polarity_is_detected_if_the_digit_fills_the_image() {
    let [bar, rest] = five(8.0, 8.0);
    let dark = Canvas::new(112, 176, 255).draw(&bar, 0).draw(&rest, 0);
    let light = dark.clone().map_luma(|_, luma| 255.0 - luma);
    assert!(difference_to_five(&dark) < SAME, "{}", difference_to_five(&dark));
    assert!(difference_to_five(&light) < SAME, "{}", difference_to_five(&light));
}

#[test]
fn contrast_is_stretched() {
    let faint = image_of_five().map_luma(|_, luma| 130.0 + luma / 15.0);
    assert!(difference_to_five(&faint) < 0.15, "{}", difference_to_five(&faint));
}

#[test]
fn transparent_images_get_a_contrasting_background() {
    for ink in [0, 60, 200, 255] {
        let strokes_only = image_of_five().map(|_, pixel| Pixel {
            luma: ink,
            alpha: 255 - pixel.luma,
        });
        assert!(difference_to_five(&strokes_only) < SAME, "ink {ink}");
    }
}

#[test]
fn on_its_paper_a_transparent_image_shows_the_same_strokes() {
    for ink in [0, 60, 200, 255] {
        let strokes_only = image_of_five().map(|_, pixel| Pixel {
            luma: ink,
            alpha: 255 - pixel.luma,
        });
        let (columns, pixels) = strokes_only.picture().on_paper();
        let (pixels, rest) = pixels.as_chunks::<4>();
        assert!(rest.is_empty() && pixels.iter().all(|pixel| pixel[3] == 255));
        let paper = i32::from(pixels[0][0]);
        assert!((paper - i32::from(ink)).abs() > 100, "ink {ink} on {paper}");
        let mut shown = Canvas::new(columns, pixels.len() / columns, 0);
        for (shown, pixel) in shown.pixels.iter_mut().zip(pixels) {
            shown.luma = pixel[0];
        }
        assert!(difference_to_five(&shown) < SAME, "ink {ink}");
    }
}

#[test]
fn the_colour_of_transparent_pixels_is_ignored() {
    // Programs store arbitrary colours in fully transparent pixels.
    let left_over = image_of_five().map(|[x, y], pixel| match pixel.luma {
        255 => Pixel {
            luma: (x * y) as u8,
            alpha: 0,
        },
        luma => Pixel {
            luma: 0,
            alpha: 255 - luma,
        },
    });
    assert!(difference_to_five(&left_over) < SAME);
}

#[test]
fn an_opaque_card_defines_the_background_of_a_transparent_image() {
    for ink_is_light in [false, true] {
        let card = image_of_five().map(|[x, y], pixel| Pixel {
            luma: if ink_is_light { 255 - pixel.luma } else { pixel.luma },
            alpha: if (x - 140.0).hypot(y - 140.0) < 125.0 { 255 } else { 0 },
        });
        assert!(difference_to_five(&card) < SAME, "light ink: {ink_is_light}");
    }
}

#[test]
fn a_digit_cut_out_of_a_card_is_recognised() {
    for card in [0, 255] {
        let hole = image_of_five().map(|_, pixel| Pixel {
            luma: card,
            alpha: pixel.luma,
        });
        assert!(difference_to_five(&hole) < SAME, "card {card}");
    }
}

#[test]
fn half_transparent_images_are_recognised() {
    let veiled = image_of_five().map(|_, pixel| Pixel { alpha: 100, ..pixel });
    assert!(difference_to_five(&veiled) < SAME);
}

#[test]
fn images_without_strokes_are_blank() {
    let noise = |[x, y]: [f32; 2]| ((x * 12.989 + y * 78.233).sin() * 43_758.547).fract();
    let blanks = [
        Canvas::new(280, 280, 255),
        Canvas::new(280, 280, 0),
        Canvas::new(280, 280, 127),
        Canvas::new(1, 1, 0),
        Canvas::new(1, 1, 255),
        Canvas::new(64, 64, 0).map(|[x, y], _| Pixel {
            luma: (x + y) as u8,
            alpha: 0,
        }),
        Canvas::new(64, 64, 40).map(|_, pixel| Pixel { alpha: 90, ..pixel }),
        Canvas::new(280, 280, 200).map_luma(|position, luma| luma + 3.0 * noise(position)),
        Canvas::new(280, 280, 200).map_luma(|position, luma| luma + 20.0 * noise(position)),
        Canvas::new(280, 280, 0).map_luma(|[x, y], _| 250.0 - 0.2 * x - 0.3 * y),
        Canvas::new(280, 280, 255)
            .fill_square(30, 40, 2, 0)
            .fill_square(200, 150, 3, 0),
    ];
    for (index, blank) in blanks.iter().enumerate() {
        let preprocessed = blank.preprocess();
        assert!(preprocessed.blank, "image {index}");
        assert_eq!(preprocessed.input.0, [0.0; PIXELS], "image {index}");
    }
}

#[test]
fn specks_are_ignored() {
    let specks = image_of_five()
        .fill_square(4, 4, 3, 0)
        .fill_square(260, 30, 4, 0)
        .fill_square(20, 250, 5, 0);
    assert!(difference_to_five(&specks) < 0.01);
}

#[test]
fn a_border_around_the_image_is_ignored() {
    let preprocessed = image_of_five().map_luma(|[x, y], luma| {
        let outer = x < 4.0 || y < 4.0 || x >= 276.0 || y >= 276.0;
        if outer { 0.0 } else { luma }
    });
    assert!(difference_to_five(&preprocessed) < SAME);
}

#[test]
fn printed_lines_are_ignored() {
    let ruled = |share: f32| {
        image_of_five().map_luma(move |[_, y], luma| if y as usize % 30 < 2 { luma * share } else { luma })
    };
    let squared = image_of_five().map_luma(|[x, y], luma| {
        let printed = x as usize % 20 < 2 || y as usize % 20 < 2;
        if printed { luma * 0.8 } else { luma }
    });
    for (name, image) in [("pale", ruled(0.85)), ("strong", ruled(0.6)), ("squared", squared)] {
        assert!(
            difference_to_five(&image) < 0.2,
            "{name}: {}",
            difference_to_five(&image)
        );
    }
}

#[test]
fn a_sheet_of_paper_on_a_dark_table_is_recognised() {
    let sheet = image_of_five().map_luma(|[x, y], luma| {
        let desk = x < 30.0 || y < 25.0 || x > 240.0 || y > 250.0 + x * 0.05;
        if desk { 60.0 } else { luma * 0.85 + 10.0 }
    });
    assert!(difference_to_five(&sheet) < SAME, "{}", difference_to_five(&sheet));
}

#[test]
fn a_detached_bar_belongs_to_the_digit() {
    let [bar, rest] = five(90.0, 60.0);
    let apart = Stroke {
        points: bar.points.iter().map(|[x, y]| [x + 12.0, y - 12.0]).collect(),
        ..bar
    };
    let image = Canvas::new(280, 280, 255).draw(&apart, 0).draw(&rest, 0);
    let alone = Canvas::new(280, 280, 255).draw(&rest, 0);
    assert!(difference(&image.preprocess().input, &alone.preprocess().input) > 0.5);
    let inked = image.preprocess().input.0.iter().filter(|ink| **ink > 0.5).count();
    assert!(inked > 40, "{inked}");
}

#[test]
fn a_faint_stroke_belongs_to_the_digit() {
    let [bar, rest] = five(90.0, 60.0);
    let image = Canvas::new(280, 280, 255).draw(&bar, 165).draw(&rest, 0);
    assert!(difference_to_five(&image) < 0.25, "{}", difference_to_five(&image));
}

#[test]
fn broken_strokes_form_one_digit() {
    let broken = image_of_five().map_luma(|[_, y], luma| if y as usize % 40 < 5 { 255.0 } else { luma });
    assert!(difference_to_five(&broken) < 0.45, "{}", difference_to_five(&broken));
}

#[test]
fn uneven_illumination_is_corrected() {
    let slope = image_of_five().map_luma(|[x, y], luma| (30.0 + 0.85 * luma) * (1.0 - 0.0012 * x - 0.0012 * y));
    assert!(difference_to_five(&slope) < 0.3, "slope {}", difference_to_five(&slope));
    let shadow = image_of_five().map_luma(|[x, y], luma| if x + y > 330.0 { luma * 0.55 } else { luma });
    assert!(
        difference_to_five(&shadow) < 0.4,
        "shadow {}",
        difference_to_five(&shadow)
    );
    let blackboard = image_of_five().map_luma(|[x, _], luma| (255.0 - luma) * 0.6 + 10.0 + x * 0.3);
    assert!(
        difference_to_five(&blackboard) < 0.3,
        "blackboard {}",
        difference_to_five(&blackboard)
    );
}

#[test]
fn noise_is_removed() {
    let noise = |[x, y]: [f32; 2]| ((x * 12.989 + y * 78.233).sin() * 43_758.547).fract() * 40.0;
    let image = image_of_five().map_luma(|position, luma| luma * 0.7 + 40.0 + noise(position));
    let preprocessed = image.preprocess();
    assert!(difference_to_five(&image) < 0.3, "{}", difference_to_five(&image));
    let [left, top, right, bottom] = ink_box(&preprocessed.input);
    assert_eq!((right - left + 1).max(bottom - top + 1), 20);
}

#[test]
fn thin_and_thick_strokes_are_normalized() {
    let written = |width: f32| {
        let [bar, rest] = five(90.0, 60.0).map(|stroke| Stroke { width, ..stroke });
        Canvas::new(280, 280, 255)
            .draw(&bar, 0)
            .draw(&rest, 0)
            .preprocess()
            .input
    };
    let ink = |width: f32| written(width).0.iter().sum::<f32>();
    // MNIST's strokes are 1.4 to 4.4 pixels wide; without normalization these would be 0.1 and 5.
    assert!(ink(1.0) > 0.75 * ink(12.0), "{} {}", ink(1.0), ink(12.0));
    assert!(ink(44.0) < 2.6 * ink(12.0), "{} {}", ink(44.0), ink(12.0));
}

#[test]
fn thin_strokes_and_small_digits_survive_on_large_images() {
    let small = five(0.0, 0.0).map(|stroke| Stroke {
        points: stroke.points.iter().map(|[x, y]| [x + 20.0, y + 20.0]).collect(),
        width: 4.0,
    });
    let [bar, rest] = &small;
    let patch = Canvas::new(140, 200, 250).draw(bar, 20).draw(rest, 20);
    let mut image = Canvas::new(6000, 4000, 250);
    for (row, pixels) in patch.pixels.chunks(140).enumerate() {
        image.pixels[(3000 + row) * 6000 + 1000..][..140].copy_from_slice(pixels);
    }
    let preprocessed = image.preprocess();
    assert!(!preprocessed.blank);
    let distance = difference(&patch.preprocess().input, &preprocessed.input);
    assert!(distance < 0.3, "{distance}");
    let reading = Classifier::load(Backend::Flex).unwrap().read(&image.picture());
    assert_eq!((reading.prediction.digit(), reading.notice), (5, None));
}

#[test]
fn any_aspect_ratio_is_accepted() {
    for (width, height) in [(1, 100_000), (100_000, 1), (3, 70_000), (2, 2), (1, 2), (5, 1)] {
        let striped = Canvas::new(width, height, 255).map(|[x, y], pixel| Pixel {
            luma: if ((x + y) as usize / 7).is_multiple_of(3) {
                0
            } else {
                255
            },
            ..pixel
        });
        let input = striped.preprocess().input;
        assert!(
            input.0.iter().all(|ink| (0.0..=1.0).contains(ink)),
            "{width} x {height}"
        );
    }
}
