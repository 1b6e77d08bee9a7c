//! The network during training: batch norm after each convolution, dropout before the linear layer.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use crate::CLASSES;
use crate::network::{CONVOLUTIONS, Convolution, FEATURES, KERNEL};

/// Dropout probability of the features before the linear layer.
pub(crate) const DROPOUT: f64 = 0.2;

/// [`crate::network::Network`] before batch norm is folded in.
#[derive(Module, Debug)]
pub(crate) struct TrainingNetwork {
    pub(crate) convolutions: Vec<Conv2d>,
    pub(crate) norms: Vec<BatchNorm>,
    pub(crate) dropout: Dropout,
    pub(crate) linear: Linear,
}

/// A convolution with random weights and no bias, since batch norm follows.
fn init_convolution(convolution: &Convolution, device: &Device) -> Conv2d {
    Conv2dConfig::new([convolution.channels_in, convolution.channels_out], [KERNEL, KERNEL])
        .with_stride([convolution.stride, convolution.stride])
        .with_padding(convolution.padding_config())
        .with_bias(false)
        .init(device)
}

impl TrainingNetwork {
    /// Initializes random weights from the device's seeded generator.
    pub(crate) fn init(device: &Device) -> Self {
        Self {
            convolutions: CONVOLUTIONS
                .iter()
                .map(|convolution| init_convolution(convolution, device))
                .collect(),
            norms: CONVOLUTIONS
                .iter()
                .map(|convolution| BatchNormConfig::new(convolution.channels_out).init(device))
                .collect(),
            dropout: DropoutConfig::new(DROPOUT).init(),
            linear: LinearConfig::new(FEATURES, CLASSES).init(device),
        }
    }

    /// Images `[batch, 1, 28, 28]` to logits `[batch, 10]`.
    pub(crate) fn forward(&self, inputs: Tensor<4>) -> Tensor<2> {
        let features = self
            .convolutions
            .iter()
            .zip(&self.norms)
            .fold(inputs, |features, (convolution, norm)| {
                relu(norm.forward(convolution.forward(features)))
            });
        self.linear.forward(self.dropout.forward(features.flatten(1, 3)))
    }

    /// Applies the batch-norm statistics of the last step, which burn defers until they are read.
    pub(crate) fn sync_running_stats(&self) {
        for norm in &self.norms {
            norm.running_mean.value_sync();
            norm.running_var.value_sync();
        }
    }
}
