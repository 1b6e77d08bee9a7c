//! The exponential moving average of everything the network learns, batch-norm statistics too: what is evaluated
//! and shipped. It stands still where the weights themselves still shake.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use super::model::Trainee;

/// Weight of the past in one step: it remembers about 1,000 steps, a little over two epochs.
pub(crate) const DECAY: f32 = 0.999;

/// The average of a [`Trainee`]'s numbers, tensor by tensor in the order they are visited.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Average(Vec<Vec<f32>>);

impl Average {
    /// Starts as `trainee` is.
    pub(crate) fn of(trainee: &Trainee) -> Self {
        let mut reader = Reader(Vec::new());
        trainee.visit(&mut reader);
        Self(reader.0)
    }

    /// Take one step's weights in; `step` counts from 0.
    pub(crate) fn update(&mut self, trainee: &Trainee, step: usize) {
        // Early on the average follows quickly: it must not remember the random start.
        let past = DECAY.min((1.0 + step as f32) / (10.0 + step as f32));
        for (average, current) in self.0.iter_mut().zip(Self::of(trainee).0) {
            for (average, current) in average.iter_mut().zip(current) {
                *average += (1.0 - past) * (current - *average);
            }
        }
    }

    /// `trainee`'s structure with the average's numbers.
    pub(crate) fn fill(&self, trainee: Trainee) -> Trainee {
        trainee.map(&mut Writer(self.0.iter()))
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
