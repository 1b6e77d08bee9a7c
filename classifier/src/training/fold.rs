//! Conversion of the trained network to the shipped one: batch norm folded into the convolutions, temperature into the
//! linear layer.

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::{Bytes, FloatDType, Tensor};

use super::training_network::TrainingNetwork;
use crate::network::Network;

/// The network that computes the same function as `network` in inference mode, without batch norm and dropout.
pub(crate) fn fold(network: &TrainingNetwork) -> Network {
    let convolutions = network
        .convolutions
        .iter()
        .zip(&network.norms)
        .map(|(convolution, norm)| {
            // gamma (w x - mean) / deviation + beta  =  (w gamma / deviation) x + (beta - mean gamma / deviation)
            let deviation = (norm.running_var.value_sync() + norm.epsilon).sqrt();
            let scale = norm.gamma.val() / deviation;
            let bias = norm.beta.val() - norm.running_mean.value_sync() * scale.clone();
            let channels = scale.dims()[0];
            Conv2d {
                weight: Param::from_tensor(convolution.weight.val() * scale.reshape([channels, 1, 1, 1])),
                bias: Some(Param::from_tensor(bias)),
                ..convolution.clone()
            }
        });
    Network {
        convolutions: convolutions.collect(),
        linear: network.linear.clone(),
    }
}

/// Divides the network's logits by `temperature`.
pub(crate) fn apply_temperature(network: Network, temperature: f64) -> Network {
    let Linear { weight, bias, .. } = network.linear;
    Network {
        linear: Linear {
            weight: weight.map(|weight| weight / temperature),
            bias: bias.map(|bias| bias.map(|bias| bias / temperature)),
        },
        ..network
    }
}

/// The exported file: burnpack, every number rounded to half precision.
pub(crate) fn to_half_precision(network: Network) -> anyhow::Result<Bytes> {
    Ok(network.map(&mut CastToHalf).into_record().into_bytes()?)
}

struct CastToHalf;

impl ModuleMapper for CastToHalf {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.cast(FloatDType::F16))
    }
}
