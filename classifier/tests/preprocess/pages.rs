//! Pictures: one property of the framing a test.

use classifier::PIXELS;
use classifier::preprocess::{ImageView, Pixel, Stroke};

use crate::paper::{Paper, centre, difference, difference_moved, five, ink_box, page_with_five};

/// The same picture, give or take what rounding to 8 bits and resampling do to its edges.
const SAME: f32 = 0.1;

fn differs(page: &Paper) -> f32 {
    let framed = page.framed();
    assert!(!framed.blank);
    difference_moved(&page_with_five().framed().input, &framed.input)
}

#[test]
fn a_page_is_whole_rows() {
    let pixels = [Pixel { luma: 0, alpha: 255 }; 6];
    assert!(ImageView::new(3, &pixels).is_some());
    assert!(ImageView::new(4, &pixels).is_none());
    assert!(ImageView::new(0, &pixels).is_none());
    assert!(ImageView::new(1, &[]).is_none());
}

#[test]
fn the_box_is_twenty_pixels_and_the_centre_of_mass_in_the_middle() {
    let picture = page_with_five().framed().input;
    let [left, top, right, bottom] = ink_box(&picture);
    assert_eq!((right - left + 1).max(bottom - top + 1), 20);
    let [across, down] = centre(&picture);
    assert!(
        (across - 14.0).abs() <= 0.5 && (down - 14.0).abs() <= 0.5,
        "{across} {down}"
    );
}

#[test]
fn polarity_is_found() {
    let light = page_with_five().relit(|_, luma| 255.0 - luma);
    assert_eq!(light.framed(), page_with_five().framed());
}

#[test]
fn polarity_is_found_where_the_digit_fills_the_picture() {
    let [bar, rest] = five(8.0, 8.0);
    let dark = Paper::new(112, 176, 255).draw(&bar, 0).draw(&rest, 0);
    let light = dark.clone().relit(|_, luma| 255.0 - luma);
    assert!(differs(&dark) < SAME);
    assert!(differs(&light) < SAME);
}

#[test]
fn contrast_is_stretched() {
    let faint = page_with_five().relit(|_, luma| 130.0 + luma / 15.0);
    assert!(differs(&faint) < 0.15, "{}", differs(&faint));
}

#[test]
fn transparent_pictures_have_the_paper_that_shows_their_strokes() {
    for ink in [0, 60, 200, 255] {
        let strokes_only = page_with_five().map(|_, pixel| Pixel {
            luma: ink,
            alpha: 255 - pixel.luma,
        });
        assert!(differs(&strokes_only) < SAME, "ink {ink}");
    }
}

#[test]
fn what_is_fully_transparent_has_no_colour() {
    // Programs leave any colour under full transparency.
    let left_over = page_with_five().map(|[x, y], pixel| match pixel.luma {
        255 => Pixel {
            luma: (x * y) as u8,
            alpha: 0,
        },
        luma => Pixel {
            luma: 0,
            alpha: 255 - luma,
        },
    });
    assert!(differs(&left_over) < SAME);
}

#[test]
fn a_card_on_a_transparent_page_goes_on_beyond_its_edge() {
    for ink_is_light in [false, true] {
        let card = page_with_five().map(|[x, y], pixel| Pixel {
            luma: if ink_is_light { 255 - pixel.luma } else { pixel.luma },
            alpha: if (x - 140.0).hypot(y - 140.0) < 125.0 { 255 } else { 0 },
        });
        assert!(differs(&card) < SAME, "light ink: {ink_is_light}");
    }
}

#[test]
fn a_digit_cut_out_of_a_card_is_read() {
    for card in [0, 255] {
        let hole = page_with_five().map(|_, pixel| Pixel {
            luma: card,
            alpha: pixel.luma,
        });
        assert!(differs(&hole) < SAME, "card {card}");
    }
}

#[test]
fn half_transparent_pages_are_read() {
    let veiled = page_with_five().map(|_, pixel| Pixel { alpha: 100, ..pixel });
    assert!(differs(&veiled) < SAME);
}

#[test]
fn paper_alone_is_blank() {
    let noise = |[x, y]: [f32; 2]| ((x * 12.989 + y * 78.233).sin() * 43_758.547).fract();
    let blanks = [
        Paper::new(280, 280, 255),
        Paper::new(280, 280, 0),
        Paper::new(280, 280, 127),
        Paper::new(1, 1, 0),
        Paper::new(1, 1, 255),
        Paper::new(64, 64, 0).map(|[x, y], _| Pixel {
            luma: (x + y) as u8,
            alpha: 0,
        }),
        Paper::new(64, 64, 40).map(|_, pixel| Pixel { alpha: 90, ..pixel }),
        Paper::new(280, 280, 200).relit(|place, luma| luma + 3.0 * noise(place)),
        Paper::new(280, 280, 200).relit(|place, luma| luma + 20.0 * noise(place)),
        Paper::new(280, 280, 0).relit(|[x, y], _| 250.0 - 0.2 * x - 0.3 * y),
        Paper::new(280, 280, 255).spot(30, 40, 2, 0).spot(200, 150, 3, 0),
    ];
    for (index, blank) in blanks.iter().enumerate() {
        let framed = blank.framed();
        assert!(framed.blank, "page {index}");
        assert_eq!(framed.input.0, [0.0; PIXELS], "page {index}");
    }
}

#[test]
fn specks_are_ignored() {
    let specks = page_with_five()
        .spot(4, 4, 3, 0)
        .spot(260, 30, 4, 0)
        .spot(20, 250, 5, 0);
    assert!(differs(&specks) < 0.01);
}

#[test]
fn a_line_around_the_page_is_ignored() {
    let framed = page_with_five().relit(|[x, y], luma| {
        let outer = x < 4.0 || y < 4.0 || x >= 276.0 || y >= 276.0;
        if outer { 0.0 } else { luma }
    });
    assert!(differs(&framed) < SAME);
}

#[test]
fn printed_lines_are_ignored() {
    let ruled =
        |share: f32| page_with_five().relit(move |[_, y], luma| if y as usize % 30 < 2 { luma * share } else { luma });
    let squared = page_with_five().relit(|[x, y], luma| {
        let printed = x as usize % 20 < 2 || y as usize % 20 < 2;
        if printed { luma * 0.8 } else { luma }
    });
    for (name, page) in [("pale", ruled(0.85)), ("strong", ruled(0.6)), ("squared", squared)] {
        assert!(differs(&page) < 0.2, "{name}: {}", differs(&page));
    }
}

#[test]
fn a_sheet_on_a_dark_desk_is_read() {
    let sheet = page_with_five().relit(|[x, y], luma| {
        let desk = x < 30.0 || y < 25.0 || x > 240.0 || y > 250.0 + x * 0.05;
        if desk { 60.0 } else { luma * 0.85 + 10.0 }
    });
    assert!(differs(&sheet) < SAME, "{}", differs(&sheet));
}

#[test]
fn a_bar_drawn_apart_belongs_to_its_digit() {
    let [bar, rest] = five(90.0, 60.0);
    let apart = Stroke {
        points: bar.points.iter().map(|[x, y]| [x + 12.0, y - 12.0]).collect(),
        ..bar
    };
    let page = Paper::new(280, 280, 255).draw(&apart, 0).draw(&rest, 0);
    let alone = Paper::new(280, 280, 255).draw(&rest, 0);
    assert!(difference(&page.framed().input, &alone.framed().input) > 0.5);
    let inked = page.framed().input.0.iter().filter(|ink| **ink > 0.5).count();
    assert!(inked > 40, "{inked}");
}

#[test]
fn a_faint_stroke_belongs_to_its_digit() {
    let [bar, rest] = five(90.0, 60.0);
    let page = Paper::new(280, 280, 255).draw(&bar, 165).draw(&rest, 0);
    assert!(differs(&page) < 0.25, "{}", differs(&page));
}

#[test]
fn broken_strokes_hold_together() {
    let broken = page_with_five().relit(|[_, y], luma| if y as usize % 40 < 5 { 255.0 } else { luma });
    assert!(differs(&broken) < 0.45, "{}", differs(&broken));
}

#[test]
fn uneven_light_is_evened_out() {
    let slope = page_with_five().relit(|[x, y], luma| (30.0 + 0.85 * luma) * (1.0 - 0.0012 * x - 0.0012 * y));
    assert!(differs(&slope) < 0.3, "slope {}", differs(&slope));
    let shadow = page_with_five().relit(|[x, y], luma| if x + y > 330.0 { luma * 0.55 } else { luma });
    assert!(differs(&shadow) < 0.4, "shadow {}", differs(&shadow));
    let blackboard = page_with_five().relit(|[x, _], luma| (255.0 - luma) * 0.6 + 10.0 + x * 0.3);
    assert!(differs(&blackboard) < 0.3, "blackboard {}", differs(&blackboard));
}

#[test]
fn noise_is_removed() {
    let noise = |[x, y]: [f32; 2]| ((x * 12.989 + y * 78.233).sin() * 43_758.547).fract() * 40.0;
    let page = page_with_five().relit(|place, luma| luma * 0.7 + 40.0 + noise(place));
    let framed = page.framed();
    assert!(differs(&page) < 0.3, "{}", differs(&page));
    let [left, top, right, bottom] = ink_box(&framed.input);
    assert_eq!((right - left + 1).max(bottom - top + 1), 20);
}

#[test]
fn thin_and_fat_pens_are_evened_out() {
    let written = |width: f32| {
        let [bar, rest] = five(90.0, 60.0).map(|stroke| Stroke { width, ..stroke });
        Paper::new(280, 280, 255).draw(&bar, 0).draw(&rest, 0).framed().input
    };
    let ink = |width: f32| written(width).0.iter().sum::<f32>();
    // MNIST's strokes are 1.4 to 4.4 pixels wide; these would come out as 0.1 and 5.
    assert!(ink(1.0) > 0.75 * ink(12.0), "{} {}", ink(1.0), ink(12.0));
    assert!(ink(44.0) < 2.6 * ink(12.0), "{} {}", ink(44.0), ink(12.0));
}

#[test]
fn a_large_page_keeps_thin_strokes_and_small_digits() {
    let small = five(0.0, 0.0).map(|stroke| Stroke {
        points: stroke.points.iter().map(|[x, y]| [x + 20.0, y + 20.0]).collect(),
        width: 4.0,
    });
    let [bar, rest] = &small;
    let patch = Paper::new(140, 200, 250).draw(bar, 20).draw(rest, 20);
    let mut page = Paper::new(6000, 4000, 250);
    for (row, pixels) in patch.pixels.chunks(140).enumerate() {
        page.pixels[(3000 + row) * 6000 + 1000..][..140].copy_from_slice(pixels);
    }
    let framed = page.framed();
    assert!(!framed.blank);
    let differing = difference(&patch.framed().input, &framed.input);
    assert!(differing < 0.1, "{differing}");
}

#[test]
fn any_shape_of_page_is_taken() {
    for (width, height) in [(1, 100_000), (100_000, 1), (3, 70_000), (2, 2), (1, 2), (5, 1)] {
        let striped = Paper::new(width, height, 255).map(|[x, y], pixel| Pixel {
            luma: if ((x + y) as usize / 7).is_multiple_of(3) {
                0
            } else {
                255
            },
            ..pixel
        });
        let picture = striped.framed().input;
        assert!(
            picture.0.iter().all(|ink| (0.0..=1.0).contains(ink)),
            "{width} x {height}"
        );
    }
}
