//! The layers of [`crate::network::Network`], called on a statically chosen backend.
//!
//! burn's `Tensor` dispatches on backend, precision and quantization at run time, which links code for all of them: a
//! third more than the size limit of the WASM module. Static dispatch leaves out what isn't called. A test compares the
//! outputs with the module's.

use burn::backend::TensorData;

use crate::classifier::LoadError;
use crate::convolution::{ConvolutionBackend, ConvolutionOptions, Layer};
use crate::network::{CONVOLUTIONS, KERNEL};
use crate::weights::WeightsReader;
use crate::{ModelInput, OUTPUTS, PIXELS, SIDE};

/// The network on the backend `B`. The linear layer is a convolution whose kernel is as large as its input.
#[derive(Debug)]
pub(crate) struct Inference<B: ConvolutionBackend> {
    layers: Vec<Layer<B>>,
    device: B::Device,
}

impl<B: ConvolutionBackend> Inference<B> {
    /// Loads a half-precision burnpack file; computation is in single precision.
    pub(crate) fn load(file: &[u8]) -> Result<Self, LoadError> {
        let mut weights = WeightsReader::new(file).ok_or(LoadError::Unreadable)?;
        let network = Self::read(&mut weights).filter(|_| weights.is_at_end());
        let network = network.ok_or(LoadError::Shapes)?;
        if weights.are_weights() {
            Ok(network)
        } else {
            Err(LoadError::NotFinite)
        }
    }

    /// `None` if the file is too short.
    fn read(weights: &mut WeightsReader<'_>) -> Option<Self> {
        let device = B::Device::default();
        let mut layers = Vec::new();
        for convolution in &CONVOLUTIONS {
            // The file has `[channels_out, channels_in, kernel_height * kernel_width]`.
            let shape = [convolution.channels_out, convolution.channels_in, KERNEL * KERNEL];
            let options = ConvolutionOptions {
                stride: convolution.stride,
                padding: convolution.padding,
                rectify: true,
            };
            layers.push(load_layer::<B>(weights, shape, [2, 1, 0], KERNEL, options, &device)?);
        }
        let last = CONVOLUTIONS.last()?;
        // The file has `[channels_in, height * width, OUTPUTS]`.
        let shape = [last.channels_out, last.side_out * last.side_out, OUTPUTS];
        let options = ConvolutionOptions {
            stride: 1,
            padding: 0,
            rectify: false,
        };
        layers.push(load_layer::<B>(
            weights,
            shape,
            [1, 0, 2],
            last.side_out,
            options,
            &device,
        )?);
        Some(Self { layers, device })
    }

    /// The logits of each input, flattened: [`OUTPUTS`] per input.
    pub(crate) fn logits(&self, inputs: &[ModelInput]) -> Vec<f32> {
        let mut pixels = Vec::with_capacity(inputs.len() * PIXELS);
        for input in inputs {
            pixels.extend_from_slice(&input.0);
        }
        let inputs = B::float_from_data(TensorData::new(pixels, [inputs.len(), SIDE, SIDE, 1]), &self.device);
        B::numbers(B::convolve(inputs, &self.layers))
    }

    /// The outputs of each layer for one input, channels last: the convolutions' after the rectifier, then the logits.
    pub(crate) fn activations(&self, input: &ModelInput) -> Vec<Vec<f32>> {
        let input = TensorData::new(input.0.to_vec(), [1, SIDE, SIDE, 1]);
        let mut last = B::float_from_data(input, &self.device);
        let mut all = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            last = B::convolve(last, std::slice::from_ref(layer));
            all.push(B::numbers(last.clone()));
        }
        all
    }
}

/// Reads a weight, which has the given shape in the file, and its bias. `axes` are the file's axes of kernel positions,
/// `channels_in` and `channels_out`; `kernel` is the kernel's height and width.
fn load_layer<B: ConvolutionBackend>(
    weights: &mut WeightsReader<'_>,
    shape: [usize; 3],
    axes: [usize; 3],
    kernel: usize,
    options: ConvolutionOptions,
    device: &B::Device,
) -> Option<Layer<B>> {
    let weight = permuted(&weights.next_tensor(shape.iter().product())?, shape, axes);
    let [_, channels_in, channels_out] = axes.map(|axis| shape[axis]);
    let bias = weights.next_tensor(channels_out)?;
    Some(Layer::new(
        B::float_from_data(
            TensorData::new(weight, [kernel, kernel, channels_in, channels_out]),
            device,
        ),
        B::float_from_data(TensorData::new(bias, [channels_out]), device),
        options,
    ))
}

/// `values` of the given shape with its axes in another order.
fn permuted(values: &[f32], shape: [usize; 3], axes: [usize; 3]) -> Vec<f32> {
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
