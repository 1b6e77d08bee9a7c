//! The layers of [`crate::network::Network`], called on a statically chosen backend.
//!
//! burn's `Tensor` dispatches on backend, precision and quantization at run time, which links code for all of them: a
//! third more than the size limit of the WASM module. Static dispatch leaves out what isn't called. A test compares the
//! outputs with the module's.

use burn::backend::{TensorData, tensor::FloatTensor, try_read_sync};

use crate::convolution::{ConvolutionBackend, ConvolutionOptions};
use crate::network::{CONVOLUTIONS, FEATURES, KERNEL};
use crate::weights::WeightsReader;
use crate::{CLASSES, ModelInput, SIDE};

/// The network on the backend `B`. The linear layer is a convolution whose kernel is as large as its input.
#[derive(Debug)]
pub(crate) struct Inference<B: ConvolutionBackend> {
    layers: Vec<Layer<B>>,
    device: B::Device,
}

/// A convolution, with or without rectifier.
#[derive(Debug)]
struct Layer<B: ConvolutionBackend> {
    /// `[kernel_height, kernel_width, channels_in, channels_out]`
    weight: FloatTensor<B>,
    /// `[channels_out]`
    bias: FloatTensor<B>,
    options: ConvolutionOptions,
}

impl<B: ConvolutionBackend> Inference<B> {
    /// Loads a half-precision burnpack file; computation is in single precision. `None` if the file belongs to a
    /// different network.
    pub(crate) fn load(file: &[u8]) -> Option<Self> {
        let device = B::Device::default();
        let mut weights = WeightsReader::new(file)?;
        let mut layers = Vec::new();
        for convolution in &CONVOLUTIONS {
            let (outputs, inputs) = (convolution.channels_out, convolution.channels_in);
            let file = weights.next_tensor(outputs * inputs * KERNEL * KERNEL)?;
            // The file has `[channels_out, channels_in, kernel_height, kernel_width]`.
            let weight = channels_last(&file, [outputs, inputs, KERNEL * KERNEL], [2, 1, 0]);
            let options = ConvolutionOptions {
                stride: convolution.stride,
                padding: convolution.padding,
                rectify: true,
            };
            let shape = [KERNEL, KERNEL, inputs, outputs];
            layers.push(Layer::new(
                weight,
                shape,
                weights.next_tensor(outputs)?,
                options,
                &device,
            ));
        }
        // The file has `[channels, height * width, CLASSES]`.
        let channels = CONVOLUTIONS.last()?.channels_out;
        let side = CONVOLUTIONS.last()?.side_out;
        let weight = channels_last(
            &weights.next_tensor(FEATURES * CLASSES)?,
            [channels, side * side, CLASSES],
            [1, 0, 2],
        );
        let options = ConvolutionOptions {
            stride: 1,
            padding: 0,
            rectify: false,
        };
        let shape = [side, side, channels, CLASSES];
        layers.push(Layer::new(
            weight,
            shape,
            weights.next_tensor(CLASSES)?,
            options,
            &device,
        ));
        weights.is_at_end().then_some(Self { layers, device })
    }

    /// The logits of each input, flattened: [`CLASSES`] per input.
    pub(crate) fn logits(&self, inputs: &[ModelInput]) -> Vec<f32> {
        let pixels: Vec<f32> = inputs.iter().flat_map(|input| input.0).collect();
        let inputs = B::float_from_data(TensorData::new(pixels, [inputs.len(), SIDE, SIDE, 1]), &self.device);
        let logits = self.layers.iter().fold(inputs, |features, layer| {
            B::convolve(features, &layer.weight, &layer.bias, layer.options)
        });
        // Both backends compute synchronously, so the data is available at once.
        try_read_sync(B::float_into_data(logits))
            .and_then(Result::ok)
            .and_then(|data| data.try_into_vec().ok())
            .unwrap_or_default()
    }
}

impl<B: ConvolutionBackend> Layer<B> {
    fn new(
        weight: Vec<f32>,
        shape: [usize; 4],
        bias: Vec<f32>,
        options: ConvolutionOptions,
        device: &B::Device,
    ) -> Self {
        let channels = [bias.len()];
        Self {
            weight: B::float_from_data(TensorData::new(weight, shape), device),
            bias: B::float_from_data(TensorData::new(bias, channels), device),
            options,
        }
    }
}

/// `values` of the given shape with its axes in another order.
fn channels_last(values: &[f32], shape: [usize; 3], axes: [usize; 3]) -> Vec<f32> {
    let strides = [shape[1] * shape[2], shape[2], 1];
    let [sizes, steps] = [shape, strides].map(|of| axes.map(|axis| of[axis]));
    let mut permuted = Vec::with_capacity(values.len());
    for first in 0..sizes[0] {
        for second in 0..sizes[1] {
            permuted.extend((0..sizes[2]).map(|third| values[first * steps[0] + second * steps[1] + third * steps[2]]));
        }
    }
    permuted
}
