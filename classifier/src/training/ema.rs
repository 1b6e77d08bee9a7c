//! Exponential moving average of the network's parameters and batch-norm statistics, which is what is evaluated and
//! exported. It averages out the noise of the last steps.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use super::training_network::TrainingNetwork;

/// Decay per step: a horizon of about 1,000 steps, a little more than two epochs.
pub(crate) const DECAY: f32 = 0.999;

/// Averaged values, one vector per tensor in the order of visiting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ema(Vec<Vec<f32>>);

impl Ema {
    /// Starts with the values of `network`.
    pub(crate) fn of(network: &TrainingNetwork) -> Self {
        let mut reader = Reader(Vec::new());
        network.visit(&mut reader);
        Self(reader.0)
    }

    /// Includes the parameters after step `step`, which counts from 0.
    pub(crate) fn update(&mut self, network: &TrainingNetwork, step: usize) {
        // The decay is smaller at first, so that the random initialization is forgotten quickly.
        let decay = DECAY.min((1.0 + step as f32) / (10.0 + step as f32));
        for (average, current) in self.0.iter_mut().zip(Self::of(network).0) {
            for (average, current) in average.iter_mut().zip(current) {
                *average += (1.0 - decay) * (current - *average);
            }
        }
    }

    /// Replaces the values of `network` by the average.
    pub(crate) fn fill(&self, network: TrainingNetwork) -> TrainingNetwork {
        network.map(&mut Writer(self.0.iter()))
    }
}

struct Reader(Vec<Vec<f32>>);

impl ModuleVisitor for Reader {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push(param.val().into_data().iter::<f32>().collect());
    }
}

struct Writer<'a>(std::slice::Iter<'a, Vec<f32>>);

impl ModuleMapper for Writer<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(values) = self.0.next() else { return param };
        param.map(|tensor| {
            let device = tensor.device();
            Tensor::from_data(TensorData::new(values.clone(), tensor.shape()), &device)
        })
    }
}
