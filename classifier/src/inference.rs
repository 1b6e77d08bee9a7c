//! The shipped network at work: the layers of [`crate::network::Network`], called on a backend directly.
//!
//! burn's tensors choose backend, precision and quantisation anew at every call, so the code of each of them is linked
//! in: a third more than the page may weigh. Here the type says which backend it is, and what isn't called is left out.
//! A test holds the answers to the module's.

use burn::backend::{Backend, TensorData, ops::ConvOptions, tensor::FloatTensor, try_read_sync};

use crate::network::{CONVOLUTIONS, Convolution, FEATURES, KERNEL};
use crate::weights::Weights;
use crate::{CLASSES, ModelInput, SIDE};

/// The network on the backend `B`.
#[derive(Debug)]
pub(crate) struct Inference<B: Backend> {
    layers: Vec<Layer<B>>,
    /// `[FEATURES, CLASSES]`
    weight: FloatTensor<B>,
    /// `[1, CLASSES]`
    bias: FloatTensor<B>,
    device: B::Device,
}

/// One convolution and the rectifier after it.
#[derive(Debug)]
struct Layer<B: Backend> {
    /// `[channels_out, channels_in, KERNEL, KERNEL]`
    weight: FloatTensor<B>,
    /// `[channels_out]`
    bias: FloatTensor<B>,
    options: ConvOptions<2>,
}

impl<B: Backend> Inference<B> {
    /// From a burnpack file in half precision, computed in single. `None` when the file is of another network.
    pub(crate) fn load(file: &[u8]) -> Option<Self> {
        let device = B::Device::default();
        let mut weights = Weights::open(file)?;
        let layers = CONVOLUTIONS
            .iter()
            .map(|convolution| Layer::load(convolution, &mut weights, &device))
            .collect::<Option<_>>()?;
        let weight = tensor::<B, 2>(&mut weights, [FEATURES, CLASSES], &device)?;
        let bias = tensor::<B, 2>(&mut weights, [1, CLASSES], &device)?;
        weights.is_read().then_some(Self {
            layers,
            weight,
            bias,
            device,
        })
    }

    /// The logits of each picture, one after the other; [`CLASSES`] a picture.
    pub(crate) fn logits(&self, pictures: &[ModelInput]) -> Vec<f32> {
        let batch = pictures.len();
        let pixels: Vec<f32> = pictures.iter().flat_map(|picture| picture.0).collect();
        let pictures = B::float_from_data(TensorData::new(pixels, [batch, 1, SIDE, SIDE]), &self.device);
        let features = self
            .layers
            .iter()
            .fold(pictures, |features, layer| layer.forward(features));
        let features = B::float_reshape(features, [batch, FEATURES].into());
        let bias = B::float_expand(self.bias.clone(), [batch, CLASSES].into());
        let logits = B::float_add(B::float_matmul(features, self.weight.clone()), bias);
        // Both backends compute on the spot: what they answer is there when they answer.
        try_read_sync(B::float_into_data(logits))
            .and_then(Result::ok)
            .and_then(|data| data.try_into_vec().ok())
            .unwrap_or_default()
    }
}

impl<B: Backend> Layer<B> {
    fn load(convolution: &Convolution, weights: &mut Weights<'_>, device: &B::Device) -> Option<Self> {
        let channels = convolution.channels_out;
        Some(Self {
            weight: tensor::<B, 4>(weights, [channels, convolution.channels_in, KERNEL, KERNEL], device)?,
            bias: tensor::<B, 1>(weights, [channels], device)?,
            options: ConvOptions::new([convolution.stride; 2], [convolution.padding; 2], [1; 2], 1),
        })
    }

    fn forward(&self, features: FloatTensor<B>) -> FloatTensor<B> {
        let (weight, bias) = (self.weight.clone(), self.bias.clone());
        B::relu(B::conv2d(features, weight, Some(bias), self.options.clone()))
    }
}

fn tensor<B: Backend, const D: usize>(
    weights: &mut Weights<'_>,
    shape: [usize; D],
    device: &B::Device,
) -> Option<FloatTensor<B>> {
    let numbers = weights.next(shape.iter().product())?;
    Some(B::float_from_data(TensorData::new(numbers, shape), device))
}
