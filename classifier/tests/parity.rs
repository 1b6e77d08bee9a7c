//! flex, the backend in use, is held to ndarray, the reference, on real digits.

use classifier::mnist::{Digits, Part, folder};
use classifier::{Backend, Classifier, ModelInput};

/// Enough to meet every digit in many hands; ndarray is slow.
const DIGITS: usize = 1_000;

#[test]
fn both_backends_read_the_same() {
    let digits = Digits::read(&folder().unwrap(), Part::Test).unwrap();
    let pictures: Vec<ModelInput> = (0..DIGITS).map(|index| digits.input(index)).collect();
    let [flex, ndarray] = [Backend::Flex, Backend::Ndarray].map(|backend| Classifier::load(backend).unwrap());
    // Batches of different sizes take different paths through the kernels.
    for size in [1, 7, 32] {
        for batch in pictures.chunks(size).take(DIGITS / 32) {
            for (flex, ndarray) in flex.classify(batch).into_iter().zip(ndarray.classify(batch)) {
                assert_eq!(flex.digit(), ndarray.digit());
                for (flex, ndarray) in flex.logits.into_iter().zip(ndarray.logits) {
                    assert!((flex - ndarray).abs() < 1e-4, "{flex} {ndarray}");
                }
            }
        }
    }
}
