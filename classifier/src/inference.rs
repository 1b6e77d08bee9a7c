//! The layers of [`crate::network::Network`], called on a statically chosen backend.
//!
//! burn's `Tensor` dispatches on backend, precision and quantization at run time, which links code for all of them: a
//! third more than the size limit of the WASM module. Static dispatch leaves out what isn't called. A test compares the
//! outputs with the module's.

use burn::backend::{Backend, TensorData, ops::ConvOptions, tensor::FloatTensor, try_read_sync};

use crate::network::{CONVOLUTIONS, Convolution, FEATURES, KERNEL};
use crate::weights::WeightsReader;
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

/// A convolution followed by `relu`.
#[derive(Debug)]
struct Layer<B: Backend> {
    /// `[channels_out, channels_in, KERNEL, KERNEL]`
    weight: FloatTensor<B>,
    /// `[channels_out]`
    bias: FloatTensor<B>,
    options: ConvOptions<2>,
}

impl<B: Backend> Inference<B> {
    /// Loads a half-precision burnpack file; computation is in single precision. `None` if the file belongs to a
    /// different network.
    pub(crate) fn load(file: &[u8]) -> Option<Self> {
        let device = B::Device::default();
        let mut weights = WeightsReader::new(file)?;
        let layers = CONVOLUTIONS
            .iter()
            .map(|convolution| Layer::load(convolution, &mut weights, &device))
            .collect::<Option<_>>()?;
        let weight = tensor::<B, 2>(&mut weights, [FEATURES, CLASSES], &device)?;
        let bias = tensor::<B, 2>(&mut weights, [1, CLASSES], &device)?;
        weights.is_at_end().then_some(Self {
            layers,
            weight,
            bias,
            device,
        })
    }

    /// The logits of each input, flattened: [`CLASSES`] per input.
    pub(crate) fn logits(&self, inputs: &[ModelInput]) -> Vec<f32> {
        let batch = inputs.len();
        let pixels: Vec<f32> = inputs.iter().flat_map(|input| input.0).collect();
        let inputs = B::float_from_data(TensorData::new(pixels, [batch, 1, SIDE, SIDE]), &self.device);
        let features = self
            .layers
            .iter()
            .fold(inputs, |features, layer| layer.forward(features));
        let features = B::float_reshape(features, [batch, FEATURES].into());
        let bias = B::float_expand(self.bias.clone(), [batch, CLASSES].into());
        let logits = B::float_add(B::float_matmul(features, self.weight.clone()), bias);
        // Both backends compute synchronously, so the data is available at once.
        try_read_sync(B::float_into_data(logits))
            .and_then(Result::ok)
            .and_then(|data| data.try_into_vec().ok())
            .unwrap_or_default()
    }
}

impl<B: Backend> Layer<B> {
    fn load(convolution: &Convolution, weights: &mut WeightsReader<'_>, device: &B::Device) -> Option<Self> {
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
    weights: &mut WeightsReader<'_>,
    shape: [usize; D],
    device: &B::Device,
) -> Option<FloatTensor<B>> {
    let values = weights.next_tensor(shape.iter().product())?;
    Some(B::float_from_data(TensorData::new(values, shape), device))
}
