//! Convolution, bias and rectifier as one operation, which extends burn's backends.
//!
//! All tensors are channels last, so that the inputs of one output are contiguous and the output channels fill a vector
//! register. `Flex` has a direct kernel for small images. `NdArray`, the reference, composes burn's own operations.

#[cfg(not(target_arch = "wasm32"))]
#[expect(
    deprecated,
    reason = "deprecated in favour of flex, but the reference for the parity test"
)]
use burn::backend::NdArray;
use burn::backend::{Backend, Flex, TensorData, flex::FlexTensor, tensor::FloatTensor};
#[cfg(not(target_arch = "wasm32"))]
use burn::backend::{TensorMetadata as _, ops::FloatTensorOps as _, try_read_sync};

use crate::direct_convolution::{self, Convolve, Geometry, PackedWeights};

/// What [`ConvolutionBackend::convolve`] does beside the shapes of its tensors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConvolutionOptions {
    /// On both axes.
    pub(crate) stride: usize,
    /// Zeros added on each side.
    pub(crate) padding: usize,
    /// Whether negative outputs become 0.
    pub(crate) rectify: bool,
}

/// One operation with its weights.
#[derive(Debug)]
pub(crate) struct Layer<B: ConvolutionBackend> {
    weights: B::Weights,
    options: ConvolutionOptions,
}

impl<B: ConvolutionBackend> Layer<B> {
    /// With a weight `[kernel_height, kernel_width, channels_in, channels_out]` and a bias `[channels_out]`.
    pub(crate) fn new(weight: FloatTensor<B>, bias: FloatTensor<B>, options: ConvolutionOptions) -> Self {
        let weights = B::prepare(weight, bias);
        Self { weights, options }
    }
}

/// A backend with the operation.
pub(crate) trait ConvolutionBackend: Backend {
    /// Weight and bias in the form that the backend reads.
    type Weights: std::fmt::Debug + Send + Sync;

    /// Brings a weight, `[kernel_height, kernel_width, channels_in, channels_out]`, and a bias, `[channels_out]`, into that
    /// form.
    fn prepare(weight: FloatTensor<Self>, bias: FloatTensor<Self>) -> Self::Weights;

    /// Convolves `input`, `[batch, height, width, channels_in]`, with the weight of each layer in turn, and adds its bias.
    /// The output is `[batch, height_out, width_out, channels_out]` of the last one.
    fn convolve(input: FloatTensor<Self>, layers: &[Layer<Self>]) -> FloatTensor<Self>;

    /// The numbers of what [`ConvolutionBackend::convolve`] gave.
    fn numbers(tensor: FloatTensor<Self>) -> Vec<f32>;
}

/// All tensors here are made of data and therefore contiguous. Bringing others into that form would link code for every type
/// of number into the page: 37 kB of WASM.
impl ConvolutionBackend for Flex {
    type Weights = PackedWeights;

    fn prepare(weight: FlexTensor, bias: FlexTensor) -> PackedWeights {
        debug_assert!(weight.is_contiguous() && bias.is_contiguous());
        PackedWeights::new(weight.layout().shape(), weight.storage(), bias.storage())
    }

    fn convolve(input: FlexTensor, layers: &[Layer<Self>]) -> FlexTensor {
        debug_assert!(input.is_contiguous());
        let mut shape = input.layout().shape().clone();
        let mut convolutions: Vec<_> = layers
            .iter()
            .map(|Layer { weights, options }| {
                let geometry = Geometry::new(&shape, weights, *options);
                shape = geometry.output_shape().into();
                Convolve::new(geometry, weights, options.rectify)
            })
            .collect();
        let output = direct_convolution::run(&mut convolutions, input.storage());
        FlexTensor::from_data(TensorData::new(output, shape))
    }

    fn numbers(tensor: FlexTensor) -> Vec<f32> {
        debug_assert!(tensor.is_contiguous());
        tensor.storage().to_vec()
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(
    deprecated,
    reason = "deprecated in favour of flex, but the reference for the parity test"
)]
impl ConvolutionBackend for NdArray {
    type Weights = [FloatTensor<Self>; 2];

    fn prepare(weight: FloatTensor<Self>, bias: FloatTensor<Self>) -> Self::Weights {
        [weight, bias]
    }

    fn convolve(input: FloatTensor<Self>, layers: &[Layer<Self>]) -> FloatTensor<Self> {
        layers.iter().fold(input, |input, layer| {
            let [weight, bias] = &layer.weights;
            compose::<Self>(input, weight, bias, layer.options)
        })
    }

    fn numbers(tensor: FloatTensor<Self>) -> Vec<f32> {
        // It computes synchronously, so the data is available at once.
        try_read_sync(Self::float_into_data(tensor))
            .and_then(Result::ok)
            .and_then(|data| data.try_into_vec().ok())
            .unwrap_or_default()
    }
}

/// The operation as a composition of burn's own: one matrix product for each position of the kernel.
///
/// burn's `conv2d` gives the same, but in ndarray it is a loop over single numbers, which takes 170 ms an image where
/// that backend is compiled without optimisation (docs/adr/0012-build-times.md).
#[cfg(not(target_arch = "wasm32"))]
fn compose<B: Backend>(
    input: FloatTensor<B>,
    weight: &FloatTensor<B>,
    bias: &FloatTensor<B>,
    options: ConvolutionOptions,
) -> FloatTensor<B> {
    use burn::tensor::Slice;

    let (input_shape, weight_shape) = (input.shape(), weight.shape());
    let [batch, height, width, channels_in] = input_shape.dims();
    let [kernel_height, kernel_width, _, channels_out] = weight_shape.dims();
    let [_, height_out, width_out, _] = Geometry::of(input_shape.dims(), weight_shape.dims(), options).output_shape();
    let ConvolutionOptions {
        stride,
        padding,
        rectify,
    } = options;
    let range = |start: usize, count: usize, step: usize| {
        let bound = |index: usize| isize::try_from(index).unwrap_or(isize::MAX);
        let end = start + (count - 1) * step + 1;
        Slice::new(bound(start), Some(bound(end)), bound(step))
    };
    let (all_images, all_channels) = (range(0, batch, 1), range(0, channels_in, 1));

    let shape = [batch, height + 2 * padding, width + 2 * padding, channels_in];
    let zeros = TensorData::zeros::<f32, _>(shape);
    let middle = [
        all_images,
        range(padding, height, 1),
        range(padding, width, 1),
        all_channels,
    ];
    let zeros = B::float_from_data(zeros, &B::Device::default());
    let padded = B::float_slice_assign(zeros, &middle, input);

    let pixels = batch * height_out * width_out;
    let bias = B::float_reshape(bias.clone(), [1, channels_out].into());
    let mut output = B::float_expand(bias, [pixels, channels_out].into());
    for y in 0..kernel_height {
        for x in 0..kernel_width {
            let below = [
                all_images,
                range(y, height_out, stride),
                range(x, width_out, stride),
                all_channels,
            ];
            let below = B::float_slice(padded.clone(), &below);
            let below = B::float_reshape(below, [pixels, channels_in].into());
            let position = [range(y, 1, 1), range(x, 1, 1), all_channels, range(0, channels_out, 1)];
            let position = B::float_slice(weight.clone(), &position);
            let position = B::float_reshape(position, [channels_in, channels_out].into());
            output = B::float_add(output, B::float_matmul(below, position));
        }
    }
    let output = if rectify { B::relu(output) } else { output };
    B::float_reshape(output, [batch, height_out, width_out, channels_out].into())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use burn::backend::{ops::FloatTensorOps as _, tensor::Device};
    use proptest::prelude::*;

    use super::*;

    /// A tensor of values between -1 and 1 that differ by seed.
    fn tensor<const D: usize>(shape: [usize; D], seed: u32) -> FlexTensor {
        let value = |index: u32| {
            let mixed = (index ^ seed.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
            f32::from((mixed >> 16) as u16) / 32_768.0 - 1.0
        };
        let values: Vec<f32> = (0..).take(shape.iter().product()).map(value).collect();
        Flex::float_from_data(TensorData::new(values, shape), &Device::<Flex>::default())
    }

    proptest! {
        /// Odd sizes, strides and paddings, and numbers of channels that fill no vector register; the second layer takes
        /// the outputs of the first.
        #[test]
        fn the_direct_kernel_equals_the_composition(
            [batch, height, width] in [1..4_usize, 1..13, 1..13],
            channels in [1..20_usize, 1..120, 1..40],
            [kernel_height, kernel_width] in [1..6_usize, 1..6],
            [stride, padding] in [1..4_usize, 0..3],
            rectify: bool,
            seed: u32,
        ) {
            prop_assume!(kernel_height <= height + 2 * padding && kernel_width <= width + 2 * padding);
            let input = tensor([batch, height, width, channels[0]], seed);
            let first = ConvolutionOptions { stride, padding, rectify };
            let second = ConvolutionOptions { stride: 1, padding: 1, rectify: !rectify };
            let tensors = [
                (tensor([kernel_height, kernel_width, channels[0], channels[1]], seed ^ 1), tensor([channels[1]], seed ^ 2), first),
                (tensor([1, 2, channels[1], channels[2]], seed ^ 3), tensor([channels[2]], seed ^ 4), second),
            ];
            let layers = tensors
                .clone()
                .map(|(weight, bias, options)| Layer::<Flex>::new(weight, bias, options));
            for count in 0..=layers.len() {
                let direct = Flex::convolve(input.clone(), &layers[..count]).into_data();
                let compose = |input, (weight, bias, options): &_| compose::<Flex>(input, weight, bias, *options);
                let composed = tensors[..count].iter().fold(input.clone(), compose).into_data();
                prop_assert_eq!(&direct.shape(), &composed.shape());
                for (direct, composed) in direct.iter::<f32>().zip(composed.iter::<f32>()) {
                    prop_assert!((direct - composed).abs() < 1e-2, "{direct} {composed}");
                }
            }
        }
    }
}
