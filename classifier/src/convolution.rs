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
#[cfg(not(target_arch = "wasm32"))]
use burn::backend::TensorMetadata as _;
use burn::backend::{Backend, Flex, TensorData, flex::FlexTensor, tensor::FloatTensor};

use crate::direct_convolution::{Convolve, Geometry};

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

/// A backend with the operation.
pub(crate) trait ConvolutionBackend: Backend {
    /// Convolves `input`, `[batch, height, width, channels_in]`, with `weight`,
    /// `[kernel_height, kernel_width, channels_in, channels_out]`, and adds `bias`, `[channels_out]`. The output is
    /// `[batch, height_out, width_out, channels_out]`.
    fn convolve(
        input: FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: &FloatTensor<Self>,
        options: ConvolutionOptions,
    ) -> FloatTensor<Self>;
}

impl ConvolutionBackend for Flex {
    fn convolve(input: FlexTensor, weight: &FlexTensor, bias: &FlexTensor, options: ConvolutionOptions) -> FlexTensor {
        let (input, weight, bias) = (input.to_contiguous(), weight.to_contiguous(), bias.to_contiguous());
        let geometry = Geometry::new(input.layout().shape(), weight.layout().shape(), options);
        let output = Convolve {
            geometry,
            weight: weight.storage(),
            bias: bias.storage(),
            rectify: options.rectify,
        }
        .run(input.storage());
        FlexTensor::from_data(TensorData::new(output, geometry.output_shape()))
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(
    deprecated,
    reason = "deprecated in favour of flex, but the reference for the parity test"
)]
impl ConvolutionBackend for NdArray {
    fn convolve(
        input: FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: &FloatTensor<Self>,
        options: ConvolutionOptions,
    ) -> FloatTensor<Self> {
        compose::<Self>(input, weight, bias, options)
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
    let [_, height_out, width_out, _] = Geometry::new(&input_shape, &weight_shape, options).output_shape();
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
        /// Odd sizes, strides and paddings, and numbers of channels that fill no vector register.
        #[test]
        fn the_direct_kernel_equals_the_composition(
            [batch, height, width] in [1..4_usize, 1..13, 1..13],
            [channels_in, channels_out] in [1..20_usize, 1..120],
            [kernel_height, kernel_width] in [1..6_usize, 1..6],
            [stride, padding] in [1..4_usize, 0..3],
            rectify: bool,
            seed: u32,
        ) {
            prop_assume!(kernel_height <= height + 2 * padding && kernel_width <= width + 2 * padding);
            let input = tensor([batch, height, width, channels_in], seed);
            let weight = tensor([kernel_height, kernel_width, channels_in, channels_out], seed ^ 1);
            let bias = tensor([channels_out], seed ^ 2);
            let options = ConvolutionOptions { stride, padding, rectify };
            let direct = Flex::convolve(input.clone(), &weight, &bias, options).into_data();
            let composed = compose::<Flex>(input, &weight, &bias, options).into_data();
            prop_assert_eq!(&direct.shape(), &composed.shape());
            for (direct, composed) in direct.iter::<f32>().zip(composed.iter::<f32>()) {
                prop_assert!((direct - composed).abs() < 1e-3, "{direct} {composed}");
            }
        }
    }
}
