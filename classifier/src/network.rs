//! The convolutional network as it is shipped: batch norm folded in, convolutions, rectifiers and one linear map.
//!
//! [`CONVOLUTIONS`] is the one place that says the shapes; the trained form (feature `train`) is built from it too.

use burn::module::{Module, Param};
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, PaddingConfig2d};
use burn::store::{ModuleRecord, RecordError};
use burn::tensor::activation::relu;
use burn::tensor::{Bytes, Device, Tensor};

use crate::{CLASSES, SIDE};

/// Height and width of every kernel.
pub(crate) const KERNEL: usize = 3;

/// One convolution of the network, its kernel 3 x 3.
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    /// Channels read.
    pub channels_in: usize,
    /// Channels written.
    pub channels_out: usize,
    /// Step between two places of the kernel.
    pub stride: usize,
    /// Zeros added at each edge.
    pub padding: usize,
    /// Height and width of what is written.
    pub side_out: usize,
}

/// The convolutions in order.
///
/// The picture is halved early: the second layer already reads every other pixel only, which saves most of the
/// multiply-adds (and, in training, of the memory traffic) and costs no accuracy that a probe could see.
#[rustfmt::skip]
pub const CONVOLUTIONS: [Convolution; 5] = [
    Convolution { channels_in: 1,  channels_out: 16, stride: 1, padding: 0, side_out: 26 }, // 28 x 28 x 1  -> 26 x 26 x 16
    Convolution { channels_in: 16, channels_out: 32, stride: 2, padding: 0, side_out: 12 }, //              -> 12 x 12 x 32
    Convolution { channels_in: 32, channels_out: 32, stride: 1, padding: 0, side_out: 10 }, //              -> 10 x 10 x 32
    Convolution { channels_in: 32, channels_out: 48, stride: 1, padding: 0, side_out: 8 },  //              ->  8 x  8 x 48
    Convolution { channels_in: 48, channels_out: 64, stride: 2, padding: 1, side_out: 4 },  //              ->  4 x  4 x 64
];

/// Numbers that the last convolution hands to the linear layer: 4 x 4 x 64.
pub const FEATURES: usize = 4 * 4 * 64;

impl Convolution {
    /// The layer, all zeros until weights are loaded.
    ///
    /// Put together by hand: burn's own config can initialise in many ways, one of which (orthogonal) would bring half
    /// of all tensor operations into the page.
    fn blank(&self, device: &Device) -> Conv2d {
        Conv2d {
            weight: zeros([self.channels_out, self.channels_in, KERNEL, KERNEL], device),
            bias: Some(zeros([self.channels_out], device)),
            stride: [self.stride; 2],
            kernel_size: [KERNEL; 2],
            dilation: [1; 2],
            groups: 1,
            padding: self.edges(),
        }
    }

    /// The layer's padding as burn has it.
    pub(crate) fn edges(&self) -> PaddingConfig2d {
        PaddingConfig2d::Explicit(self.padding, self.padding, self.padding, self.padding)
    }

    /// Multiply-adds for one picture.
    pub fn multiply_adds(&self) -> usize {
        self.channels_in * self.channels_out * KERNEL * KERNEL * self.side_out * self.side_out
    }
}

/// Multiply-adds of the whole network for one picture.
pub fn multiply_adds() -> usize {
    CONVOLUTIONS.iter().map(Convolution::multiply_adds).sum::<usize>() + FEATURES * CLASSES
}

fn zeros<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::zeros(shape, device))
}

/// The shipped network.
#[derive(Module, Debug)]
pub struct Network {
    /// See [`CONVOLUTIONS`]; each is followed by a rectifier.
    pub convolutions: Vec<Conv2d>,
    /// From [`FEATURES`] to logits, divided by the calibration temperature already.
    pub linear: Linear,
}

impl Network {
    /// All zeros, to be filled.
    pub(crate) fn blank(device: &Device) -> Self {
        Self {
            convolutions: CONVOLUTIONS
                .iter()
                .map(|convolution| convolution.blank(device))
                .collect(),
            linear: Linear {
                weight: zeros([FEATURES, CLASSES], device),
                bias: Some(zeros([CLASSES], device)),
            },
        }
    }

    /// With the weights of a burnpack file, expanded to single precision.
    ///
    /// # Errors
    ///
    /// When the file is damaged or of other shapes.
    pub fn from_bytes(bytes: Vec<u8>, device: &Device) -> Result<Self, RecordError> {
        let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes))?;
        Self::blank(device).try_load_record(record.cast_to_module_dtype())
    }

    /// Pictures `[batch, 1, 28, 28]` to logits `[batch, 10]`.
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<2> {
        debug_assert_eq!(pictures.dims()[1..], [1, SIDE, SIDE]);
        let features = self
            .convolutions
            .iter()
            .fold(pictures, |features, convolution| relu(convolution.forward(features)));
        self.linear.forward(features.flatten(1, 3))
    }
}
