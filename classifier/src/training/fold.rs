//! Conversion of the trained network to the shipped one: batch norm folded into the convolutions, the calibration into
//! the linear layer. And back, for a retraining.

use anyhow::Context as _;
use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, FloatDType, Tensor, TensorData};

use super::gradient::{self, EPSILON, Layout, Weights};
use crate::network::{KERNEL, Network};
use crate::weights::WeightsReader;
use crate::{NO_DIGIT, OUTPUTS};

/// How the outputs become probabilities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calibration {
    /// Divides the outputs.
    pub(crate) temperature: f64,
    /// Added to the output for no digit, after the division.
    pub(crate) offset: f64,
}

impl Calibration {
    pub(crate) const NONE: Self = Self {
        temperature: 1.0,
        offset: 0.0,
    };
}

/// The exported file of the network that computes what `weights` do in inference: burnpack, every number rounded to half
/// precision.
pub(crate) fn export(layout: &Layout, weights: &Weights, calibration: Calibration) -> anyhow::Result<Vec<u8>> {
    let network = fold(layout, weights, calibration);
    Ok(network.map(&mut CastToHalf).into_record().into_bytes()?.to_vec())
}

/// The network that computes what `weights` do in inference.
pub(crate) fn fold(layout: &Layout, weights: &Weights, calibration: Calibration) -> Network {
    let device = Device::flex();
    let mut network = Network::init_zeros(&device);
    for (layer, convolution) in layout.layers.iter().zip(&mut network.convolutions) {
        let [inputs, outputs] = [layer.shape.channels_in, layer.shape.channels_out];
        let weight = &weights.parameters[layer.weight.clone()];
        // scale (w x - mean) / deviation + shift  =  (w scale / deviation) x + (shift - mean scale / deviation)
        let deviations = weights.statistics[layer.variance.clone()]
            .iter()
            .map(|variance| (variance + EPSILON).sqrt());
        let scale = weights.parameters[layer.scale.clone()].iter().zip(deviations);
        let factors: Vec<f32> = scale.map(|(scale, deviation)| scale / deviation).collect();
        let mut folded = Vec::with_capacity(weight.len());
        for (output, factor) in factors.iter().enumerate() {
            for input in 0..inputs {
                folded.extend(
                    (0..KERNEL * KERNEL).map(|place| weight[(place * inputs + input) * outputs + output] * factor),
                );
            }
        }
        let shift = &weights.parameters[layer.shift.clone()];
        let mean = &weights.statistics[layer.mean.clone()];
        let bias = shift.iter().zip(mean).zip(&factors);
        let bias: Vec<f32> = bias.map(|((shift, mean), factor)| shift - mean * factor).collect();
        convolution.weight = parameter(folded, [outputs, inputs, KERNEL, KERNEL], &device);
        convolution.bias = Some(parameter(bias, [outputs], &device));
    }
    // The features are channels last in training and channels first in the file.
    let channels = layout.layers.last().map_or(1, |layer| layer.shape.channels_out);
    let linear = &weights.parameters[layout.linear.clone()];
    let places = linear.len() / OUTPUTS / channels;
    let temperature = calibration.temperature as f32;
    let mut reordered = Vec::with_capacity(linear.len());
    for channel in 0..channels {
        for place in 0..places {
            let from = (place * channels + channel) * OUTPUTS;
            reordered.extend(linear[from..from + OUTPUTS].iter().map(|value| value / temperature));
        }
    }
    let bias = weights.parameters[layout.bias.clone()].iter();
    let mut bias: Vec<f32> = bias.map(|value| value / temperature).collect();
    bias[usize::from(NO_DIGIT)] += calibration.offset as f32;
    network.linear.weight = parameter(reordered, [places * channels, OUTPUTS], &device);
    network.linear.bias = Some(parameter(bias, [OUTPUTS], &device));
    network
}

/// Weights that compute in training and in inference what an exported file does. Batch norm undoes itself: its statistics,
/// factor and summand are those of each convolution's results for `pixels`, which are images like those of the training.
pub(crate) fn unfold(layout: &Layout, file: &[u8], pixels: &[f32]) -> anyhow::Result<Weights> {
    let mut reader = WeightsReader::new(file).context("not a weights file")?;
    let mut tensor = |count| reader.next_tensor(count).context("the weights of another network");
    let mut weights = Weights::zeros(layout);
    let mut inputs = pixels.to_vec();
    for layer in &layout.layers {
        let [channels_in, channels_out] = [layer.shape.channels_in, layer.shape.channels_out];
        let folded = tensor(channels_out * channels_in * KERNEL * KERNEL)?;
        let bias = tensor(channels_out)?;
        let weight = &mut weights.parameters[layer.weight.clone()];
        for (index, value) in folded.into_iter().enumerate() {
            let (kernel, place) = (index / (KERNEL * KERNEL), index % (KERNEL * KERNEL));
            let (output, input) = (kernel / channels_in, kernel % channels_in);
            weight[(place * channels_in + input) * channels_out + output] = value;
        }
        inputs = gradient::neutralise(layer, &mut weights, &bias, &inputs);
    }
    let channels = layout.layers.last().map_or(1, |layer| layer.shape.channels_out);
    let places = layout.linear.len() / OUTPUTS / channels;
    let linear = tensor(layout.linear.len())?;
    for (index, row) in linear.chunks_exact(OUTPUTS).enumerate() {
        let (channel, place) = (index / places, index % places);
        let to = layout.linear.start + (place * channels + channel) * OUTPUTS;
        weights.parameters[to..to + OUTPUTS].copy_from_slice(row);
    }
    weights.parameters[layout.bias.clone()].copy_from_slice(&tensor(OUTPUTS)?);
    Ok(weights)
}

fn parameter<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), device))
}

struct CastToHalf;

impl ModuleMapper for CastToHalf {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.cast(FloatDType::F16))
    }
}
