//! The convolution kernel of [`crate::convolution`] for `Flex`.
//!
//! A tile of outputs is computed at a time: several pixels, and as many output channels as fill one to three vector
//! registers. The sums of a tile stay in registers while the kernel's inputs pass. The weights are stored in the order in
//! which the tiles read them. `pulp` compiles the same source for AVX-512, AVX2, NEON and WASM's simd128, and chooses at
//! run time.

#![expect(
    clippy::inline_always,
    reason = "what isn't inlined into pulp's dispatch is compiled without its vector instructions"
)]

use std::{
    iter,
    ops::{Deref, DerefMut},
};

use burn::tensor::Shape;
use pulp::{Arch, Simd, WithSimd};

use crate::convolution::ConvolutionOptions;

/// Bytes of a cache line. A vector that crosses two lines takes twice as long to load.
const LINE: usize = 64;

/// Numbers that begin on a cache line.
#[derive(Debug)]
struct Aligned {
    values: Vec<f32>,
    start: usize,
}

impl Aligned {
    fn zeros(length: usize) -> Self {
        // Not `vec![0.0; …]`: an allocator may fetch zeroed pages from the operating system each time.
        let values: Vec<f32> = iter::repeat_n(0.0, length + LINE / size_of::<f32>()).collect();
        let start = values.as_ptr().align_offset(LINE);
        Self { values, start }
    }

    fn of(values: &[f32]) -> Self {
        let mut aligned = Self::zeros(values.len());
        aligned[..values.len()].copy_from_slice(values);
        aligned
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.start..]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.start..]
    }
}

/// The weights of a convolution. For each group of output channels: the bias, then the weights of each input, each as the
/// group's vectors; what the last vector lacks is 0.
#[derive(Debug)]
pub(crate) struct PackedWeights {
    kernel_height: usize,
    kernel_width: usize,
    channels_in: usize,
    channels_out: usize,
    packed: Aligned,
}

impl PackedWeights {
    /// From a weight `[kernel_height, kernel_width, channels_in, channels_out]` and a bias `[channels_out]`.
    pub(crate) fn new(shape: &Shape, weight: &[f32], bias: &[f32]) -> Self {
        let [kernel_height, kernel_width, channels_in, channels_out] = shape.dims();
        let packed = Arch::new().dispatch(Pack {
            channels: channels_out,
            weight,
            bias,
        });
        Self {
            kernel_height,
            kernel_width,
            channels_in,
            channels_out,
            packed: Aligned::of(&packed),
        }
    }
}

/// Copies the weights into the order of [`PackedWeights`].
struct Pack<'a> {
    channels: usize,
    weight: &'a [f32],
    bias: &'a [f32],
}

impl WithSimd for Pack<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let mut packed = Vec::new();
        let mut channel = 0;
        while channel < self.channels {
            let width = group::<S>(self.channels - channel) * S::F32_LANES;
            for row in [self.bias].into_iter().chain(self.weight.chunks_exact(self.channels)) {
                let values = &row[channel..self.channels.min(channel + width)];
                packed.extend_from_slice(values);
                packed.resize(packed.len() + width - values.len(), 0.0);
            }
            channel += width;
        }
        packed
    }
}

/// Whether the registers hold the sums of a large tile beside its weights and one input.
#[inline(always)]
fn has_many_registers<S: Simd>() -> bool {
    S::REGISTER_COUNT >= 32 && S::F32_LANES > 4
}

/// How many vectors the next group has, of the `channels` that are left.
#[inline(always)]
fn group<S: Simd>(channels: usize) -> usize {
    let vectors = channels.div_ceil(S::F32_LANES);
    if has_many_registers::<S>() && vectors % 2 == 1 && vectors > 1 {
        3
    } else {
        vectors.min(2)
    }
}

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
    /// Of an input `[batch, height, width, channels_in]`.
    pub(crate) fn new(input: &Shape, weights: &PackedWeights, options: ConvolutionOptions) -> Self {
        let weight = [
            weights.kernel_height,
            weights.kernel_width,
            weights.channels_in,
            weights.channels_out,
        ];
        Self::of(input.dims(), weight, options)
    }

    /// Of an input `[batch, height, width, channels_in]` and a weight
    /// `[kernel_height, kernel_width, channels_in, channels_out]`.
    pub(crate) fn of(input: [usize; 4], weight: [usize; 4], options: ConvolutionOptions) -> Self {
        let [batch, height, width, channels_in] = input;
        let [kernel_height, kernel_width, weight_in, channels_out] = weight;
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

    /// Numbers of one input image.
    fn image_in(&self) -> usize {
        self.height * self.width * self.channels_in
    }

    /// Numbers of one output image.
    fn image_out(&self) -> usize {
        let [height, width] = self.outputs();
        height * width * self.channels_out
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

    /// The index of the first input of each output pixel, in the padded image.
    fn starts(&self) -> Vec<usize> {
        let [_, padded_width] = self.padded();
        let [height, width] = self.outputs();
        let start = |y: usize, x: usize| (y * padded_width + x) * self.stride * self.channels_in;
        (0..height).flat_map(|y| (0..width).map(move |x| start(y, x))).collect()
    }
}

/// One convolution.
pub(crate) struct Convolve<'a> {
    geometry: Geometry,
    weights: &'a [f32],
    rectify: bool,
    /// The index of the first input of each output pixel, in the padded image.
    starts: Vec<usize>,
    /// The padded image, if there is padding.
    padded: Vec<f32>,
}

/// The outputs of the last of `layers`, which take their inputs from each other, for all images of `input`.
///
/// One image passes all layers before the next one, so that what lies between two layers stays in the cache.
pub(crate) fn run(layers: &mut [Convolve<'_>], input: &[f32]) -> Vec<f32> {
    let [Some(first), Some(last)] = [layers.first(), layers.last()] else {
        return input.to_vec();
    };
    let (image_in, image_out) = (first.geometry.image_in(), last.geometry.image_out());
    let mut output = vec![0.0; first.geometry.batch * image_out];
    if output.is_empty() {
        return output;
    }
    let between = layers.iter().map(|layer| layer.geometry.image_out()).max().unwrap_or(0);
    let [mut from, mut to] = [Aligned::zeros(between), Aligned::zeros(between)];
    let arch = Arch::new();
    let count = layers.len();
    for (image, output) in input.chunks_exact(image_in).zip(output.chunks_exact_mut(image_out)) {
        for (index, layer) in layers.iter_mut().enumerate() {
            let input = if index == 0 {
                image
            } else {
                &from[..layer.geometry.image_in()]
            };
            if index + 1 == count {
                layer.run_image(arch, input, output);
            } else {
                layer.run_image(arch, input, &mut to[..layer.geometry.image_out()]);
            }
            std::mem::swap(&mut from, &mut to);
        }
    }
    output
}

impl<'a> Convolve<'a> {
    pub(crate) fn new(geometry: Geometry, weights: &'a PackedWeights, rectify: bool) -> Self {
        let [height, width] = geometry.padded();
        let padded = if geometry.padding > 0 {
            height * width * geometry.channels_in
        } else {
            0
        };
        Self {
            geometry,
            weights: &weights.packed,
            rectify,
            starts: geometry.starts(),
            padded: vec![0.0; padded],
        }
    }

    fn run_image(&mut self, arch: Arch, image: &[f32], output: &mut [f32]) {
        self.pad(image);
        arch.dispatch(OneImage {
            convolve: self,
            input: if self.padded.is_empty() { image } else { &self.padded },
            output,
        });
    }

    /// Copies an image into the middle of the padded one, whose border stays 0.
    fn pad(&mut self, image: &[f32]) {
        if self.padded.is_empty() {
            return;
        }
        let Geometry {
            width,
            channels_in,
            padding,
            ..
        } = self.geometry;
        let [_, padded_width] = self.geometry.padded();
        let rows = self.padded.chunks_exact_mut(padded_width * channels_in).skip(padding);
        for (row, padded) in image.chunks_exact(width * channels_in).zip(rows) {
            padded[padding * channels_in..][..row.len()].copy_from_slice(row);
        }
    }
}

/// The convolution of one padded image.
struct OneImage<'a> {
    convolve: &'a Convolve<'a>,
    input: &'a [f32],
    output: &'a mut [f32],
}

impl WithSimd for OneImage<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (mut weights, _) = S::as_simd_f32s(self.convolve.weights);
        let Geometry {
            kernel_height,
            kernel_width,
            channels_in,
            channels_out,
            ..
        } = self.convolve.geometry;
        let rows = 1 + kernel_height * kernel_width * channels_in;
        let pixels = self.convolve.starts.len();
        let many_registers = has_many_registers::<S>();
        // A tile of twelve pixels needs fewer loads for a product, but may not divide the image.
        let twelve = many_registers && pixels.next_multiple_of(12) <= pixels.next_multiple_of(8);
        let mut channel = 0;
        while channel < channels_out {
            let vectors = group::<S>(channels_out - channel);
            let (own, others) = weights.split_at(vectors * rows);
            match vectors {
                3 => self.channels::<S, 8, 3>(simd, own, channel),
                2 if twelve => self.channels::<S, 12, 2>(simd, own, channel),
                2 if many_registers => self.channels::<S, 8, 2>(simd, own, channel),
                2 => self.channels::<S, 4, 2>(simd, own, channel),
                _ => self.channels::<S, 8, 1>(simd, own, channel),
            }
            weights = others;
            channel += vectors * S::F32_LANES;
        }
    }
}

impl OneImage<'_> {
    /// The group of `V` vectors of output channels from `channel` on, `P` pixels at a time.
    #[inline(always)]
    fn channels<S: Simd, const P: usize, const V: usize>(&mut self, simd: S, weights: &[S::f32s], channel: usize) {
        let channels = self.convolve.geometry.channels_out;
        let end = channels.min(channel + V * S::F32_LANES);
        let starts = &self.convolve.starts;
        let last = starts.len() - 1;
        let Some((bias, weights)) = weights.as_chunks::<V>().0.split_first() else {
            return;
        };
        for first in (0..starts.len()).step_by(P) {
            // The last tile repeats the last pixel.
            let mut pixels = [last; P];
            let mut tile = [starts[last]; P];
            for (offset, (pixel, start)) in pixels.iter_mut().zip(&mut tile).enumerate() {
                *pixel = last.min(first + offset);
                *start = starts[*pixel];
            }
            let sums = self.tile::<S, P, V>(simd, tile, *bias, weights);
            for (pixel, sums) in pixels.into_iter().zip(sums) {
                let outputs = &mut self.output[pixel * channels..][channel..end];
                store(simd, outputs, sums);
            }
        }
    }

    /// The outputs of `P` pixels in the channels of the given weights.
    #[inline(always)]
    fn tile<S: Simd, const P: usize, const V: usize>(
        &self,
        simd: S,
        starts: [usize; P],
        bias: [S::f32s; V],
        weights: &[[S::f32s; V]],
    ) -> [[S::f32s; V]; P] {
        let Geometry {
            channels_in,
            kernel_width,
            ..
        } = self.convolve.geometry;
        let [_, padded_width] = self.convolve.geometry.padded();
        // The inputs below one row of the kernel are contiguous.
        let run = kernel_width * channels_in;
        let mut sums = [bias; P];
        for (row, weights) in weights.chunks_exact(run).enumerate() {
            // Loops and not `array::map`, which isn't inlined. Four inputs at a time, so that bounds are checked once for
            // four.
            let mut inputs = [(&[] as &[[f32; 4]], &[] as &[f32]); P];
            for (inputs, start) in inputs.iter_mut().zip(starts) {
                *inputs = self.input[start + row * padded_width * channels_in..][..run].as_chunks();
            }
            let (fours, rest) = weights.as_chunks::<4>();
            for (index, weights) in fours.iter().enumerate() {
                let mut four = [&[0.0; 4]; P];
                for (four, (fours, _)) in four.iter_mut().zip(inputs) {
                    *four = &fours[index];
                }
                for (index, weights) in weights.iter().enumerate() {
                    for (sums, inputs) in sums.iter_mut().zip(four) {
                        multiply_add(simd, sums, inputs[index], weights);
                    }
                }
            }
            for (index, weights) in rest.iter().enumerate() {
                for (sums, (_, inputs)) in sums.iter_mut().zip(inputs) {
                    multiply_add(simd, sums, inputs[index], weights);
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

/// Adds the products of one input with its weights.
#[inline(always)]
fn multiply_add<S: Simd, const V: usize>(simd: S, sums: &mut [S::f32s; V], input: f32, weights: &[S::f32s; V]) {
    let input = simd.splat_f32s(input);
    for (sum, weight) in sums.iter_mut().zip(weights) {
        *sum = simd.mul_add_e_f32s(input, *weight, *sum);
    }
}

/// Stores as much of `V` vectors as `values` holds.
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
