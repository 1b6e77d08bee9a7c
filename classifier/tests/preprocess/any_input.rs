//! No input panics, and what comes out is ink in 0 to 1 or said to be blank.

use classifier::preprocess::{ImageView, Pixel, Preprocessed, Stroke, preprocess_image, preprocess_strokes};
use proptest::prelude::*;

/// Any `f32` there is, and often such as a drawing has.
fn coordinate() -> impl Strategy<Value = f32> {
    prop_oneof![
        3 => -500.0_f32..500.0,
        1 => any::<f32>(),
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::MAX), Just(f32::MIN), Just(1e-40), Just(0.0)],
    ]
}

fn strokes() -> impl Strategy<Value = Vec<Stroke>> {
    let points = prop::collection::vec([coordinate(), coordinate()], 0..40);
    let stroke = (points, coordinate()).prop_map(|(points, width)| Stroke { points, width });
    prop::collection::vec(stroke, 0..6)
}

/// Pages of few tones or many, opaque or not.
fn page() -> impl Strategy<Value = (usize, Vec<Pixel>)> {
    let tones = prop_oneof![
        Just(vec![0, 255]),
        Just(vec![120, 130]),
        Just((0..=255).collect::<Vec<u8>>())
    ];
    let opacities = prop_oneof![
        Just(vec![255]),
        Just(vec![0, 255]),
        Just((0..=255).collect::<Vec<u8>>())
    ];
    (1_usize..90, 1_usize..90, tones, opacities).prop_flat_map(|(width, height, tones, opacities)| {
        let pixel = (prop::sample::select(tones), prop::sample::select(opacities));
        let pixel = pixel.prop_map(|(luma, alpha)| Pixel { luma, alpha });
        (Just(width), prop::collection::vec(pixel, width * height))
    })
}

fn is_sound(framed: &Preprocessed) -> bool {
    let ink = framed.input.0.iter().copied();
    let inked = ink.clone().any(|ink| ink > 0.0);
    ink.into_iter().all(|ink| (0.0..=1.0).contains(&ink)) && inked != framed.blank
}

proptest! {
    #[test]
    fn any_drawing(strokes in strokes()) {
        prop_assert!(is_sound(&preprocess_strokes(&strokes)));
    }

    #[test]
    fn any_page((width, pixels) in page()) {
        prop_assert!(is_sound(&preprocess_image(ImageView::new(width, &pixels).unwrap())));
    }

    #[test]
    fn any_boxes_on_a_page(
        boxes in prop::collection::vec((0_usize..100, 0_usize..100, 1_usize..60, 1_usize..60, any::<u8>()), 0..6),
        paper in any::<u8>(),
    ) {
        let mut pixels = vec![Pixel { luma: paper, alpha: 255 }; 160 * 160];
        for (left, top, width, height, luma) in boxes {
            for row in pixels.chunks_mut(160).skip(top).take(height) {
                row[left..left + width].fill(Pixel { luma, alpha: 255 });
            }
        }
        prop_assert!(is_sound(&preprocess_image(ImageView::new(160, &pixels).unwrap())));
    }
}
