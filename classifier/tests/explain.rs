//! What explains a reading is computed as the reading itself.

#![expect(clippy::float_cmp, reason = "the same arithmetic gives the same bits")]

use classifier::preprocess::{PageInk, Reducer, Stroke};
use classifier::{Activations, Backend, CLASSES, Classifier, ModelInput, PIXELS, SIDE};

/// On a page with a side of 280.
fn seven() -> Vec<Stroke> {
    vec![stroke(&[[60.0, 60.0], [220.0, 60.0], [120.0, 240.0]])]
}

fn stroke(points: &[[f32; 2]]) -> Stroke {
    Stroke {
        points: points.to_vec(),
        width: 17.0,
    }
}

#[test]
fn the_last_layer_is_that_of_the_prediction_bit_for_bit() {
    for backend in [Backend::Flex, Backend::Ndarray] {
        let classifier = Classifier::load(backend).unwrap();
        let input = classifier.read_drawing(&seven()).input;
        let layers = classifier.activations(&input);
        let outputs = layers.last().unwrap();
        assert_eq!((outputs.side, outputs.channels), (1, CLASSES + 1));
        // A batch passes the layers image by image, so its size changes nothing.
        for count in [1, 5] {
            for prediction in classifier.classify(&vec![input.clone(); count]) {
                assert_eq!(prediction.logits, outputs.values[..CLASSES]);
            }
        }
    }
}

#[test]
fn each_layer_has_the_shape_of_the_network_and_the_values_of_the_reference() {
    let [flex, ndarray] = [Backend::Flex, Backend::Ndarray].map(|backend| {
        let classifier = Classifier::load(backend).unwrap();
        classifier.activations(&classifier.read_drawing(&seven()).input)
    });
    let shape = |layer: &Activations| (layer.side, layer.channels, layer.values.len());
    let expected = [(26, 16), (12, 32), (10, 32), (8, 48), (4, 56), (1, 11)];
    let expected = expected.map(|(side, channels)| (side, channels, side * side * channels));
    assert_eq!(flex.iter().map(shape).collect::<Vec<_>>(), expected);
    for (flex, ndarray) in flex.iter().zip(&ndarray) {
        for (flex, ndarray) in flex.values.iter().zip(&ndarray.values) {
            assert!((flex - ndarray).abs() < 1e-4, "{flex} {ndarray}");
        }
    }
    for layer in &flex[..5] {
        assert!(layer.values.iter().all(|&value| value >= 0.0));
        assert!(layer.values.iter().any(|&value| value > 0.0));
    }
}

#[test]
fn a_batch_of_drawings_is_read_as_each_is() {
    let classifier = Classifier::load(Backend::Flex).unwrap();
    let drawings = [
        seven(),
        vec![stroke(&[[140.0, 60.0], [140.0, 220.0]])],
        Vec::new(),
        // Two strokes far from each other, and a speck.
        vec![
            stroke(&[[40.0, 40.0], [40.0, 120.0]]),
            stroke(&[[240.0, 200.0], [240.0, 260.0]]),
            stroke(&[[140.0, 140.0]]),
        ],
        // No digit.
        vec![
            stroke(&[[40.0, 140.0], [240.0, 140.0]]),
            stroke(&[[140.0, 40.0], [140.0, 240.0]]),
        ],
    ];
    let readings = classifier.read_each(drawings.iter().map(Vec::as_slice));
    assert_eq!(readings.len(), drawings.len());
    for (reading, drawing) in readings.iter().zip(&drawings) {
        let mut alone = classifier.read_unfinished(drawing);
        alone.lines = Vec::new();
        assert_eq!(*reading, alone);
    }
}

/// Left, top, right and bottom pixel with ink.
fn bounds(input: &ModelInput) -> [usize; 4] {
    let inked = (0..PIXELS).filter(|&pixel| input.0[pixel] > 0.3);
    inked.fold([SIDE, SIDE, 0, 0], |[left, top, right, bottom], pixel| {
        let (x, y) = (pixel % SIDE, pixel / SIDE);
        [left.min(x), top.min(y), right.max(x), bottom.max(y)]
    })
}

#[test]
fn a_resized_page_keeps_its_proportions_and_a_stretched_box_fills_the_input() {
    let one = [stroke(&[[140.0, 70.0], [140.0, 210.0]])];
    let page = PageInk::of_drawing(&one, 280);
    assert_eq!(bounds(&page.resized()), [13, 6, 14, 21]);
    let classifier = Classifier::load(Backend::Flex).unwrap();
    let area = classifier.read_drawing(&one).area.unwrap();
    // Within the cells that the area is rounded to.
    let [left, top, right, bottom] = bounds(&page.stretched(area));
    assert!(left < 4 && right > SIDE - 5, "{left} {right}");
    assert!(top < 2 && bottom > SIDE - 3, "{top} {bottom}");
    // No area of a reading, but none may stop the page.
    for area in [[0.0; 4], [f32::NAN; 4], [-50.0, 900.0, 1e9, f32::INFINITY]] {
        assert!(page.stretched(area).0.iter().all(|ink| (0.0..=1.0).contains(ink)));
    }
}

#[test]
fn the_ink_of_a_picture_is_dark_on_light_or_light_on_dark() {
    for (paper, ink) in [(255, 0), (0, 255)] {
        // Wider than high: the page is squeezed.
        let mut reducer = Reducer::new(120, 60).unwrap();
        for y in 0..60 {
            let row = (0..120).flat_map(|x| {
                let is_inked = (54..66).contains(&x) && (10..50).contains(&y);
                let tone = if is_inked { ink } else { paper };
                [tone, tone, tone, 255]
            });
            reducer.push(&row.collect::<Vec<u8>>());
        }
        let page = PageInk::of_picture(&reducer.finish()).unwrap();
        let [left, top, right, bottom] = bounds(&page.resized());
        assert!(
            (12..=13).contains(&left) && (14..=15).contains(&right),
            "{left} {right}"
        );
        assert!((4..=5).contains(&top) && (22..=23).contains(&bottom), "{top} {bottom}");
    }
    let mut blank = Reducer::new(30, 30).unwrap();
    blank.push(&[]);
    assert!(PageInk::of_picture(&blank.finish()).is_none());
}
