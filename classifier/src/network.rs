//! The network in its shipped form: five 3 x 3 convolutions, each followed by `relu`, and a linear layer. Batch norm is
//! folded into the convolutions.
//!
//! `CONVOLUTIONS` is the only definition of the shapes; the network in training (feature `train`) is built from it too.

use burn::module::{Module, Param};
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, PaddingConfig2d};
use burn::store::{ModuleRecord, RecordError};
use burn::tensor::activation::relu;
use burn::tensor::{Bytes, Device, Tensor};

use crate::{OUTPUTS, SIDE};

/// Height and width of every kernel.
pub(crate) const KERNEL: usize = 3;

/// Shape of one convolution with a 3 x 3 kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Convolution {
    /// Input channels.
    pub(crate) channels_in: usize,
    /// Output channels.
    pub(crate) channels_out: usize,
    /// Stride on both axes.
    pub(crate) stride: usize,
    /// Zeros added on each side.
    pub(crate) padding: usize,
    /// Height and width of the output.
    pub(crate) side_out: usize,
}

/// The convolutions in order.
///
/// The second layer already has stride 2, which saves most of the multiply-adds (and memory traffic in training)
/// without a measurable loss of accuracy.
#[rustfmt::skip]
pub(crate) const CONVOLUTIONS: [Convolution; 5] = [
    Convolution { channels_in: 1,  channels_out: 16, stride: 1, padding: 0, side_out: 26 }, // 28 x 28 x 1  -> 26 x 26 x 16
    Convolution { channels_in: 16, channels_out: 32, stride: 2, padding: 0, side_out: 12 }, //              -> 12 x 12 x 32
    Convolution { channels_in: 32, channels_out: 32, stride: 1, padding: 0, side_out: 10 }, //              -> 10 x 10 x 32
    Convolution { channels_in: 32, channels_out: 48, stride: 1, padding: 0, side_out: 8 },  //              ->  8 x  8 x 48
    Convolution { channels_in: 48, channels_out: 56, stride: 2, padding: 1, side_out: 4 },  //              ->  4 x  4 x 56
];

/// Inputs of the linear layer: 4 x 4 x 56.
pub(crate) const FEATURES: usize = 4 * 4 * 56;

impl Convolution {
    /// The layer with all weights 0.
    ///
    /// Built without burn's `Conv2dConfig`, whose initializers (one of them orthogonal) would link half of all tensor
    /// operations into the WASM module.
    fn init_zeros(&self, device: &Device) -> Conv2d {
        Conv2d {
            weight: zeros([self.channels_out, self.channels_in, KERNEL, KERNEL], device),
            bias: Some(zeros([self.channels_out], device)),
            stride: [self.stride; 2],
            kernel_size: [KERNEL; 2],
            dilation: [1; 2],
            groups: 1,
            padding: self.padding_config(),
        }
    }

    /// The layer's padding as burn's type.
    pub(crate) fn padding_config(&self) -> PaddingConfig2d {
        PaddingConfig2d::Explicit(self.padding, self.padding, self.padding, self.padding)
    }

    /// Multiply-adds per image.
    fn multiply_adds(&self) -> usize {
        self.channels_in * self.channels_out * KERNEL * KERNEL * self.side_out * self.side_out
    }
}

/// Multiply-adds of the whole network per image.
pub fn multiply_adds() -> usize {
    CONVOLUTIONS.iter().map(Convolution::multiply_adds).sum::<usize>() + FEATURES * OUTPUTS
}

fn zeros<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::zeros(shape, device))
}

/// The shipped network. [`crate::Classifier`] runs the same layers on a statically chosen backend; this module is the
/// reference and serves training.
#[derive(Module, Debug)]
pub struct Network {
    /// One layer per entry of `CONVOLUTIONS`, each followed by `relu`.
    pub(crate) convolutions: Vec<Conv2d>,
    /// `FEATURES` to eleven logits, already calibrated: the ten digits', and that of no digit.
    pub(crate) linear: Linear,
}

impl Network {
    /// All weights 0, to be replaced by loaded ones.
    pub(crate) fn init_zeros(device: &Device) -> Self {
        Self {
            convolutions: CONVOLUTIONS
                .iter()
                .map(|convolution| convolution.init_zeros(device))
                .collect(),
            linear: Linear {
                weight: zeros([FEATURES, OUTPUTS], device),
                bias: Some(zeros([OUTPUTS], device)),
            },
        }
    }

    /// Loads a burnpack file and converts its weights to single precision.
    ///
    /// # Errors
    ///
    /// If the file is damaged or has different shapes.
    pub fn from_bytes(bytes: Vec<u8>, device: &Device) -> Result<Self, RecordError> {
        let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes))?;
        Self::init_zeros(device).try_load_record(record.cast_to_module_dtype())
    }

    /// Images `[batch, 1, 28, 28]` to logits `[batch, 11]`.
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        debug_assert_eq!(images.dims()[1..], [1, SIDE, SIDE]);
        let features = self
            .convolutions
            .iter()
            .fold(images, |features, convolution| relu(convolution.forward(features)));
        self.linear.forward(features.flatten(1, 3))
    }
}
