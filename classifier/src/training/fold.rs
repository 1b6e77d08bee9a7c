//! From the trained network to the shipped one: batch norm folded into the convolutions, temperature into the linear map.

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::{Bytes, FloatDType, Tensor};

use super::model::Trainee;
use crate::network::Network;

/// The same function as `trainee` computes at inference, without its batch norms and dropout.
pub(crate) fn fold(trainee: &Trainee) -> Network {
    let convolutions = trainee
        .convolutions
        .iter()
        .zip(&trainee.norms)
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
        linear: trainee.linear.clone(),
    }
}

/// The network whose logits are `network`'s divided by `temperature`.
pub(crate) fn cool(network: Network, temperature: f64) -> Network {
    let Linear { weight, bias, .. } = network.linear;
    Network {
        linear: Linear {
            weight: weight.map(|weight| weight / temperature),
            bias: bias.map(|bias| bias.map(|bias| bias / temperature)),
        },
        ..network
    }
}

/// The shipped file: burnpack, every number rounded to half precision.
pub(crate) fn pack(network: Network) -> anyhow::Result<Bytes> {
    Ok(network.map(&mut ToHalf).into_record().into_bytes()?)
}

struct ToHalf;

impl ModuleMapper for ToHalf {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| tensor.cast(FloatDType::F16))
    }
}
