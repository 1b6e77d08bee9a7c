//! The flex backend gives the same results as the ndarray backend, the reference, on MNIST images.

use classifier::mnist::{Dataset, Split, data_dir};
use classifier::{Backend, Classifier, ModelInput};

/// Number of images; ndarray is slow.
const DIGITS: usize = 1_000;

#[test]
fn both_backends_give_the_same_predictions() {
    let digits = Dataset::read(&data_dir().unwrap(), Split::Test).unwrap();
    let inputs: Vec<ModelInput> = (0..DIGITS).map(|index| digits.input(index)).collect();
    let [flex, ndarray] = [Backend::Flex, Backend::Ndarray].map(|backend| Classifier::load(backend).unwrap());
    // Batches of different sizes take different code paths in the kernels.
    for size in [1, 7, 32] {
        for batch in inputs.chunks(size).take(DIGITS / 32) {
            for (flex, ndarray) in flex.classify(batch).into_iter().zip(ndarray.classify(batch)) {
                assert_eq!(flex.digit(), ndarray.digit());
                for (flex, ndarray) in flex.logits.into_iter().zip(ndarray.logits) {
                    assert!((flex - ndarray).abs() < 1e-4, "{flex} {ndarray}");
                }
            }
        }
    }
}
