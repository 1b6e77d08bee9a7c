//! What explains a reading: the activations of each layer, and the readings of many changed drawings in one batch. Only the
//! page's panel about the reading calls it, so that its code is loaded with that panel.

use crate::network::CONVOLUTIONS;
use crate::preprocess::{self, Candidate, Stroke};
use crate::{Classifier, ModelInput, Prediction, Reading};

/// The outputs of one layer for one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Activations {
    /// Height and width of each map; 1 for the network's outputs.
    pub side: usize,
    /// Number of maps.
    pub channels: usize,
    /// Row by row, the values of all maps at each place.
    pub values: Vec<f32>,
}

impl Classifier {
    /// The outputs of each layer for one input, from the same weights and by the same kernels as its prediction: those of the
    /// convolutions, which are not negative, and then the network's eleven.
    pub fn activations(&self, input: &ModelInput) -> Vec<Activations> {
        let sides = CONVOLUTIONS.iter().map(|layer| layer.side_out).chain([1]);
        sides
            .zip(self.layer_outputs(input))
            .map(|(side, values)| Activations {
                side,
                channels: values.len() / (side * side),
                values,
            })
            .collect()
    }

    /// The readings of several drawings, in one batch. Each is that of [`Classifier::read_unfinished`], without its numbers.
    pub fn read_each<'a>(&self, drawings: impl IntoIterator<Item = &'a [Stroke]>) -> Vec<Reading> {
        let found: Vec<Vec<Candidate>> = drawings.into_iter().map(preprocess::drawing_candidates).collect();
        let inputs: Vec<ModelInput> = found
            .iter()
            .flatten()
            .map(|candidate| candidate.input.clone())
            .collect();
        let mut predictions = self.classify(&inputs).into_iter();
        let readings = found.iter().map(|candidates| {
            let mut own: Vec<Prediction> = predictions.by_ref().take(candidates.len()).collect();
            if Reading::first_is_enough(candidates, &own) {
                own.truncate(1);
            }
            Reading::best(candidates, &own)
        });
        readings.collect()
    }
}
