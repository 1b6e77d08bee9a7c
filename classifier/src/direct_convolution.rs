//! The convolution kernel of [`crate::convolution`] for `Flex`.
//!
//! A tile of outputs is computed at a time: several pixels, and as many output channels as fill one to three vector
//! registers. The sums of a tile stay in registers while the kernel's inputs pass. `pulp` compiles the same source for
//! AVX-512, AVX2, NEON and WASM's simd128, and chooses at run time.

#![expect(
    clippy::inline_always,
    reason = "what isn't inlined into pulp's dispatch is compiled without its vector instructions"
)]

use burn::tensor::Shape;
use pulp::{Arch, Simd, WithSimd};

use crate::convolution::ConvolutionOptions;

/// The shapes of one convolution. All images are channels last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Geometry {
    batch: usize,
    height: usize,
    width: usize,
    channels_in: usize,
    kernel_height: usize,
    kernel_width: usize,
    channels_out: usize,
    stride: usize,
    padding: usize,
}

impl Geometry {
    /// Of an input `[batch, height, width, channels_in]` and a weight
    /// `[kernel_height, kernel_width, channels_in, channels_out]`.
    pub(crate) fn new(input: &Shape, weight: &Shape, options: ConvolutionOptions) -> Self {
        let [batch, height, width, channels_in] = input.dims();
        let [kernel_height, kernel_width, weight_in, channels_out] = weight.dims();
        debug_assert_eq!(channels_in, weight_in);
        Self {
            batch,
            height,
            width,
            channels_in,
            kernel_height,
            kernel_width,
            channels_out,
            stride: options.stride,
            padding: options.padding,
        }
    }

    fn padded(&self) -> [usize; 2] {
        [self.height + 2 * self.padding, self.width + 2 * self.padding]
    }

    fn outputs(&self) -> [usize; 2] {
        let [height, width] = self.padded();
        let count = |size: usize, kernel: usize| (size + 1).saturating_sub(kernel).div_ceil(self.stride);
        [count(height, self.kernel_height), count(width, self.kernel_width)]
    }

    pub(crate) fn output_shape(&self) -> [usize; 4] {
        let [height, width] = self.outputs();
        [self.batch, height, width, self.channels_out]
    }
}

/// One convolution.
pub(crate) struct Convolve<'a> {
    pub(crate) geometry: Geometry,
    pub(crate) weight: &'a [f32],
    pub(crate) bias: &'a [f32],
    pub(crate) rectify: bool,
}

impl Convolve<'_> {
    /// The outputs of all images of `input`.
    pub(crate) fn run(&self, input: &[f32]) -> Vec<f32> {
        let geometry = &self.geometry;
        let [_, height, width, channels] = geometry.output_shape();
        let image_out = height * width * channels;
        let mut output = vec![0.0; geometry.batch * image_out];
        if output.is_empty() {
            return output;
        }
        let image_in = geometry.height * geometry.width * geometry.channels_in;
        let [padded_height, padded_width] = geometry.padded();
        let mut padded = (geometry.padding > 0).then(|| vec![0.0; padded_height * padded_width * geometry.channels_in]);
        let starts = self.starts();
        let arch = Arch::new();
        for (image, output) in input.chunks_exact(image_in).zip(output.chunks_exact_mut(image_out)) {
            let input = match &mut padded {
                Some(padded) => {
                    self.pad(image, padded);
                    padded
                }
                None => image,
            };
            arch.dispatch(OneImage {
                convolve: self,
                input,
                starts: &starts,
                output,
            });
        }
        output
    }

    /// The index of the first input of each output pixel, in the padded image.
    fn starts(&self) -> Vec<usize> {
        let Geometry {
            channels_in, stride, ..
        } = self.geometry;
        let [_, padded_width] = self.geometry.padded();
        let [height, width] = self.geometry.outputs();
        let start = |y: usize, x: usize| (y * stride * padded_width + x * stride) * channels_in;
        (0..height).flat_map(|y| (0..width).map(move |x| start(y, x))).collect()
    }

    /// Copies an image into the middle of `padded`, whose border stays 0.
    fn pad(&self, image: &[f32], padded: &mut [f32]) {
        let Geometry {
            width,
            channels_in,
            padding,
            ..
        } = self.geometry;
        let [_, padded_width] = self.geometry.padded();
        let rows = padded.chunks_exact_mut(padded_width * channels_in).skip(padding);
        for (row, padded) in image.chunks_exact(width * channels_in).zip(rows) {
            padded[padding * channels_in..][..row.len()].copy_from_slice(row);
        }
    }
}

/// The convolution of one padded image.
struct OneImage<'a> {
    convolve: &'a Convolve<'a>,
    input: &'a [f32],
    starts: &'a [usize],
    output: &'a mut [f32],
}

impl WithSimd for OneImage<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        // As many sums as the registers hold beside the weights and one input.
        let many_registers = S::REGISTER_COUNT >= 32 && S::F32_LANES > 4;
        let channels = self.convolve.geometry.channels_out;
        let mut channel = 0;
        while channel < channels {
            let vectors = (channels - channel) / S::F32_LANES;
            if many_registers && (vectors == 3 || vectors >= 5 && vectors % 2 == 1) {
                self.channels::<S, 8, 3>(simd, channel);
                channel += 3 * S::F32_LANES;
            } else if vectors >= 2 {
                if many_registers {
                    self.channels::<S, 8, 2>(simd, channel);
                } else {
                    self.channels::<S, 4, 2>(simd, channel);
                }
                channel += 2 * S::F32_LANES;
            } else {
                self.channels::<S, 8, 1>(simd, channel);
                channel += S::F32_LANES;
            }
        }
    }
}

impl OneImage<'_> {
    /// `V` vectors of output channels from `channel` on, `P` pixels at a time. The last vector may be a partial one.
    #[inline(always)]
    fn channels<S: Simd, const P: usize, const V: usize>(&mut self, simd: S, channel: usize) {
        let channels = self.convolve.geometry.channels_out;
        let end = channels.min(channel + V * S::F32_LANES);
        let last = self.starts.len() - 1;
        for first in (0..self.starts.len()).step_by(P) {
            // The last tile repeats the last pixel.
            let pixels: [usize; P] = std::array::from_fn(|index| last.min(first + index));
            let sums = self.tile::<S, P, V>(simd, pixels.map(|pixel| self.starts[pixel]), channel..end);
            for (pixel, sums) in pixels.into_iter().zip(sums) {
                let outputs = &mut self.output[pixel * channels..][channel..end];
                store(simd, outputs, sums);
            }
        }
    }

    /// The outputs of `P` pixels in the given channels.
    #[inline(always)]
    fn tile<S: Simd, const P: usize, const V: usize>(
        &self,
        simd: S,
        starts: [usize; P],
        channels: std::ops::Range<usize>,
    ) -> [[S::f32s; V]; P] {
        let Geometry {
            channels_in,
            kernel_height,
            kernel_width,
            channels_out,
            ..
        } = self.convolve.geometry;
        let [_, padded_width] = self.convolve.geometry.padded();
        // The inputs below one row of the kernel are contiguous.
        let run = kernel_width * channels_in;
        let mut sums = [load::<S, V>(simd, &self.convolve.bias[channels.clone()]); P];
        for row in 0..kernel_height {
            let inputs = starts.map(|start| &self.input[start + row * padded_width * channels_in..][..run]);
            let weights = &self.convolve.weight[row * run * channels_out..][..run * channels_out];
            for (index, weights) in weights.chunks_exact(channels_out).enumerate() {
                let weights = load::<S, V>(simd, &weights[channels.clone()]);
                for (sums, inputs) in sums.iter_mut().zip(inputs) {
                    let input = simd.splat_f32s(inputs[index]);
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = simd.mul_add_e_f32s(input, weight, *sum);
                    }
                }
            }
        }
        if self.convolve.rectify {
            let zero = simd.splat_f32s(0.0);
            for sum in sums.as_flattened_mut() {
                *sum = simd.max_f32s(*sum, zero);
            }
        }
        sums
    }
}

/// `V` vectors; what `values` lacks is 0.
#[inline(always)]
fn load<S: Simd, const V: usize>(simd: S, values: &[f32]) -> [S::f32s; V] {
    let (full, _) = S::as_simd_f32s(values);
    match full.first_chunk() {
        Some(vectors) => *vectors,
        None => std::array::from_fn(|vector| {
            simd.partial_load_f32s(values.get(vector * S::F32_LANES..).unwrap_or_default())
        }),
    }
}

/// The counterpart of [`load`].
#[inline(always)]
fn store<S: Simd, const V: usize>(simd: S, values: &mut [f32], vectors: [S::f32s; V]) {
    let (full, _) = S::as_mut_simd_f32s(values);
    if let Some(full) = full.first_chunk_mut() {
        *full = vectors;
    } else {
        for (values, vector) in values.chunks_mut(S::F32_LANES).zip(vectors) {
            simd.partial_store_f32s(values, vector);
        }
    }
}

/// The instruction set that the kernel runs on, chosen at run time.
pub(crate) fn instruction_set() -> &'static str {
    match Arch::new() {
        #[cfg(target_arch = "x86_64")]
        Arch::V4(_) => "avx512",
        #[cfg(target_arch = "x86_64")]
        Arch::V3(_) => "avx2",
        #[cfg(target_arch = "aarch64")]
        Arch::Neon(_) => "neon",
        #[cfg(target_arch = "wasm32")]
        Arch::Simd128(_) => "simd128",
        _ => "scalar",
    }
}
