//! The network in training, forward and backward, and its optimiser.
//!
//! Written out for this one network: burn's autodiff takes about twice as long for it, and a training that must end in
//! three hours on two cores then sees half as many images. Matrix products are `matrixmultiply`'s, through ndarray. Images lie
//! channels last, and a batch is cut into pieces of [`PIECE`] images, each computed by one thread; sums over pieces are
//! taken in order, so that the result doesn't depend on the number of threads.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use rand::RngExt;
use rayon::prelude::*;

use super::augment::generator;
use crate::network::{CONVOLUTIONS, Convolution, FEATURES, KERNEL};
use crate::{OUTPUTS, SIDE};

/// Images of a piece.
const PIECE: usize = 16;

/// Images of a piece whose patches are multiplied at once, so that they stay in the cache.
const BLOCK: usize = 4;

/// Dropout probability of the features before the linear layer.
pub(crate) const DROPOUT: f32 = 0.2;

/// Weight of a new batch in the running statistics of batch norm.
const MOMENTUM: f32 = 0.1;

/// Added to the variance in batch norm.
pub(crate) const EPSILON: f32 = 1e-5;

/// Where each layer's numbers lie among all parameters.
#[derive(Debug, Clone)]
pub(crate) struct ParameterLayout {
    pub(crate) shape: Convolution,
    side_in: usize,
    /// `[KERNEL * KERNEL * channels_in, channels_out]`
    pub(crate) weight: Range<usize>,
    /// `[channels_out]`: batch norm's factor.
    pub(crate) scale: Range<usize>,
    /// `[channels_out]`: batch norm's summand.
    pub(crate) shift: Range<usize>,
    /// `[channels_out]`, among the running statistics: mean, then variance.
    pub(crate) mean: Range<usize>,
    pub(crate) variance: Range<usize>,
}

/// The layers, and the place of the linear layer's weight `[FEATURES, OUTPUTS]` and bias.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) layers: Vec<ParameterLayout>,
    pub(crate) linear: Range<usize>,
    pub(crate) bias: Range<usize>,
    parameters: usize,
    statistics: usize,
}

impl Layout {
    pub(crate) fn new() -> Self {
        let (mut parameters, mut statistics, mut side_in) = (0, 0, SIDE);
        let take = |place: &mut usize, count: usize| {
            *place += count;
            *place - count..*place
        };
        let layers = CONVOLUTIONS
            .iter()
            .map(|shape| {
                let side = side_in;
                side_in = shape.side_out;
                ParameterLayout {
                    shape: *shape,
                    side_in: side,
                    weight: take(
                        &mut parameters,
                        KERNEL * KERNEL * shape.channels_in * shape.channels_out,
                    ),
                    scale: take(&mut parameters, shape.channels_out),
                    shift: take(&mut parameters, shape.channels_out),
                    mean: take(&mut statistics, shape.channels_out),
                    variance: take(&mut statistics, shape.channels_out),
                }
            })
            .collect();
        Self {
            layers,
            linear: take(&mut parameters, FEATURES * OUTPUTS),
            bias: take(&mut parameters, OUTPUTS),
            parameters,
            statistics,
        }
    }
}

/// The numbers that training changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    pub(crate) parameters: Vec<f32>,
    /// Batch norm's running statistics.
    pub(crate) statistics: Vec<f32>,
}

impl Weights {
    /// All weights 0.
    pub(crate) fn zeros(layout: &Layout) -> Self {
        Self {
            parameters: vec![0.0; layout.parameters],
            statistics: vec![0.0; layout.statistics],
        }
    }

    /// Random weights, uniform with the variance of He et al. (2015).
    pub(crate) fn random(layout: &Layout, seed: u64) -> Self {
        let mut random = generator(seed, (u32::MAX - 2) as usize, 0);
        let mut weights = Self::zeros(layout);
        for layer in &layout.layers {
            let bound = (6.0 / (KERNEL * KERNEL * layer.shape.channels_in) as f32).sqrt();
            for value in &mut weights.parameters[layer.weight.clone()] {
                *value = random.random_range(-bound..bound);
            }
            weights.parameters[layer.scale.clone()].fill(1.0);
            weights.statistics[layer.variance.clone()].fill(1.0);
        }
        let bound = 1.0 / (FEATURES as f32).sqrt();
        for value in &mut weights.parameters[layout.linear.clone()] {
            *value = random.random_range(-bound..bound);
        }
        weights
    }
}

/// What a step found.
pub(crate) struct Step {
    /// Mean cross-entropy.
    pub(crate) loss: f32,
    /// Images whose class has the largest output.
    pub(crate) correct: usize,
    /// Gradient of the loss by each parameter.
    pub(crate) gradient: Vec<f32>,
}

/// A matrix of `columns` columns.
#[expect(clippy::expect_used, reason = "the slices are cut to whole rows")]
fn matrix(values: &[f32], columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((values.len() / columns, columns), values).expect("whole rows")
}

/// As [`matrix`], to be written.
#[expect(clippy::expect_used, reason = "the slices are cut to whole rows")]
fn matrix_mut(values: &mut [f32], columns: usize) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape((values.len() / columns, columns), values).expect("whole rows")
}

impl ParameterLayout {
    /// Numbers of one input image.
    fn inputs(&self) -> usize {
        self.side_in * self.side_in * self.shape.channels_in
    }

    /// Numbers of one output image.
    fn outputs(&self) -> usize {
        self.shape.side_out * self.shape.side_out * self.shape.channels_out
    }

    /// Numbers of one patch.
    fn patch(&self) -> usize {
        KERNEL * KERNEL * self.shape.channels_in
    }

    /// The numbers of one image's patches.
    fn patches(&self) -> usize {
        self.shape.side_out * self.shape.side_out * self.patch()
    }

    /// Calls `copy` for each run of channels that a patch has in common with an image: its places in the image and among
    /// the patches.
    fn each_run(&self, mut copy: impl FnMut(Range<usize>, Range<usize>)) {
        let channels = self.shape.channels_in;
        let mut start = 0;
        for row in 0..self.shape.side_out {
            for column in 0..self.shape.side_out {
                let x = column * self.shape.stride;
                // The kernel's columns that lie on the image.
                let first = self.shape.padding.saturating_sub(x);
                let end = (self.side_in + self.shape.padding - x).min(KERNEL);
                for kernel_row in 0..KERNEL {
                    // Below 0 it wraps to a number beyond every side.
                    let y = (row * self.shape.stride + kernel_row).wrapping_sub(self.shape.padding);
                    if y < self.side_in && first < end {
                        let from = (y * self.side_in + x + first - self.shape.padding) * channels;
                        let to = start + first * channels;
                        let count = (end - first) * channels;
                        copy(from..from + count, to..to + count);
                    }
                    start += KERNEL * channels;
                }
            }
        }
    }

    /// The patches of some images, one per row; `patches` is 0 where they reach beyond an image.
    fn extract(&self, images: &[f32], patches: &mut [f32]) {
        for (image, patches) in images.chunks(self.inputs()).zip(patches.chunks_mut(self.patches())) {
            self.each_run(|from, to| patches[to].copy_from_slice(&image[from]));
        }
    }

    /// Adds the patches to the images they come from.
    fn put_back(&self, patches: &[f32], images: &mut [f32]) {
        for (image, patches) in images.chunks_mut(self.inputs()).zip(patches.chunks(self.patches())) {
            self.each_run(|to, from| {
                for (sum, value) in image[to].iter_mut().zip(&patches[from]) {
                    *sum += value;
                }
            });
        }
    }

    /// Space for the patches of a block.
    fn space(&self) -> Vec<f32> {
        vec![0.0; BLOCK * self.patches()]
    }

    /// Convolves a piece of a batch; returns the sums and the sums of squares per channel.
    fn convolve(&self, weight: &[f32], inputs: &[f32], patches: &mut [f32], outputs: &mut [f32]) -> [Vec<f32>; 2] {
        let channels = self.shape.channels_out;
        let blocks = inputs.chunks(BLOCK * self.inputs());
        for (inputs, outputs) in blocks.zip(outputs.chunks_mut(BLOCK * self.outputs())) {
            let patches = &mut patches[..inputs.len() / self.inputs() * self.patches()];
            self.extract(inputs, patches);
            general_mat_mul(
                1.0,
                &matrix(patches, self.patch()),
                &matrix(weight, channels),
                0.0,
                &mut matrix_mut(outputs, channels),
            );
        }
        let mut sums = [vec![0.0; channels], vec![0.0; channels]];
        let [sum, squares] = &mut sums;
        for row in outputs.chunks_exact(channels) {
            for ((sum, squares), value) in sum.iter_mut().zip(squares.iter_mut()).zip(row) {
                *sum += value;
                *squares += value * value;
            }
        }
        sums
    }

    /// The gradients by the weight, added to `by_weight`, and by the inputs, if wanted.
    fn convolve_back(
        &self,
        weight: &[f32],
        inputs: &[f32],
        by_outputs: &[f32],
        patches: &mut [f32],
        by_weight: &mut [f32],
        mut by_inputs: Option<&mut [f32]>,
    ) {
        let channels = self.shape.channels_out;
        for (block, (inputs, by_outputs)) in inputs
            .chunks(BLOCK * self.inputs())
            .zip(by_outputs.chunks(BLOCK * self.outputs()))
            .enumerate()
        {
            let patches = &mut patches[..inputs.len() / self.inputs() * self.patches()];
            self.extract(inputs, patches);
            let by_outputs = matrix(by_outputs, channels);
            general_mat_mul(
                1.0,
                &matrix(patches, self.patch()).t(),
                &by_outputs,
                1.0,
                &mut matrix_mut(by_weight, channels),
            );
            if let Some(by_inputs) = by_inputs.as_deref_mut() {
                general_mat_mul(
                    1.0,
                    &by_outputs,
                    &matrix(weight, channels).t(),
                    0.0,
                    &mut matrix_mut(patches, self.patch()),
                );
                let start = block * BLOCK * self.inputs();
                self.put_back(patches, &mut by_inputs[start..start + inputs.len()]);
                // Where a patch reaches beyond the image, the next block expects zeros.
                patches.fill(0.0);
            }
        }
    }
}

/// Sums over the pieces, in their order.
fn total(pieces: Vec<[Vec<f32>; 2]>, channels: usize) -> [Vec<f64>; 2] {
    let mut totals = [vec![0.0; channels], vec![0.0; channels]];
    for piece in pieces {
        for (total, piece) in totals.iter_mut().zip(piece) {
            for (total, value) in total.iter_mut().zip(piece) {
                *total += f64::from(value);
            }
        }
    }
    totals
}

/// A layer's results that its backward pass needs.
struct Pass {
    convolved: Vec<f32>,
    mean: Vec<f32>,
    /// 1 / standard deviation.
    inverse: Vec<f32>,
    activated: Vec<f32>,
}

/// One forward and backward pass over a batch; updates batch norm's running statistics. `dropout` seeds the dropout.
pub(crate) fn step(layout: &Layout, weights: &mut Weights, pixels: &[f32], labels: &[u8], dropout: [usize; 2]) -> Step {
    let mut passes: Vec<Pass> = Vec::with_capacity(layout.layers.len());
    for layer in &layout.layers {
        let inputs = passes.last().map_or(pixels, |pass| &pass.activated);
        let pass = forward(layer, weights, inputs, labels.len());
        passes.push(pass);
    }
    let mut gradient = vec![0.0; weights.parameters.len()];
    let features = passes.last().map_or(pixels, |pass| &pass.activated);
    let mut random = generator(dropout[0] as u64, dropout[1], (u32::MAX - 3) as usize);
    let kept: Vec<f32> = (0..features.len())
        .map(|_| {
            let kept = random.random_range(0.0..1.0_f32) >= DROPOUT;
            f32::from(u8::from(kept)) / (1.0 - DROPOUT)
        })
        .collect();
    let features: Vec<f32> = features.iter().zip(&kept).map(|(value, kept)| value * kept).collect();
    let linear = &weights.parameters[layout.linear.clone()];
    let mut logits: Vec<f32> = labels
        .iter()
        .flat_map(|_| weights.parameters[layout.bias.clone()].iter().copied())
        .collect();
    general_mat_mul(
        1.0,
        &matrix(&features, FEATURES),
        &matrix(linear, OUTPUTS),
        1.0,
        &mut matrix_mut(&mut logits, OUTPUTS),
    );
    let (mut loss, mut correct) = (0.0, 0);
    for (logits, &label) in logits.chunks_exact_mut(OUTPUTS).zip(labels) {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        correct += usize::from(logits[usize::from(label)] >= largest);
        let sum: f32 = logits.iter().map(|logit| (logit - largest).exp()).sum();
        loss += sum.ln() + largest - logits[usize::from(label)];
        // The loss's gradient by the logits: probabilities, less 1 for the image's class.
        for logit in logits.iter_mut() {
            *logit = (*logit - largest).exp() / sum / labels.len() as f32;
        }
        logits[usize::from(label)] -= 1.0 / labels.len() as f32;
    }
    let by_logits = matrix(&logits, OUTPUTS);
    general_mat_mul(
        1.0,
        &matrix(&features, FEATURES).t(),
        &by_logits,
        0.0,
        &mut matrix_mut(&mut gradient[layout.linear.clone()], OUTPUTS),
    );
    for logits in logits.chunks_exact(OUTPUTS) {
        for (sum, value) in gradient[layout.bias.clone()].iter_mut().zip(logits) {
            *sum += value;
        }
    }
    let mut by_outputs = vec![0.0; features.len()];
    general_mat_mul(
        1.0,
        &by_logits,
        &matrix(linear, OUTPUTS).t(),
        0.0,
        &mut matrix_mut(&mut by_outputs, FEATURES),
    );
    for (value, kept) in by_outputs.iter_mut().zip(&kept) {
        *value *= kept;
    }
    for (index, layer) in layout.layers.iter().enumerate().rev() {
        let inputs = if index == 0 {
            pixels
        } else {
            &passes[index - 1].activated
        };
        by_outputs = backward(
            layer,
            weights,
            inputs,
            &passes[index],
            by_outputs,
            index > 0,
            &mut gradient,
        );
    }
    Step {
        loss: loss / labels.len() as f32,
        correct,
        gradient,
    }
}

fn forward(layer: &ParameterLayout, weights: &mut Weights, inputs: &[f32], images: usize) -> Pass {
    let channels = layer.shape.channels_out;
    let mut convolved = vec![0.0; images * layer.outputs()];
    let weight = &weights.parameters[layer.weight.clone()];
    let sums: Vec<[Vec<f32>; 2]> = convolved
        .par_chunks_mut(PIECE * layer.outputs())
        .zip(inputs.par_chunks(PIECE * layer.inputs()))
        .map_init(
            || layer.space(),
            |patches, (outputs, inputs)| layer.convolve(weight, inputs, patches, outputs),
        )
        .collect();
    let [sums, squares] = total(sums, channels);
    let count = (images * layer.shape.side_out * layer.shape.side_out) as f64;
    let (mut mean, mut inverse) = (Vec::new(), Vec::new());
    for channel in 0..channels {
        let average = sums[channel] / count;
        let variance = (squares[channel] / count - average * average).max(0.0);
        mean.push(average as f32);
        inverse.push((1.0 / (variance + f64::from(EPSILON)).sqrt()) as f32);
        let running = &mut weights.statistics[layer.mean.start + channel];
        *running += MOMENTUM * (average as f32 - *running);
        let running = &mut weights.statistics[layer.variance.start + channel];
        // The running variance is the unbiased one.
        *running += MOMENTUM * ((variance * count / (count - 1.0)) as f32 - *running);
    }
    let scale = &weights.parameters[layer.scale.clone()];
    let shift = &weights.parameters[layer.shift.clone()];
    let factor: Vec<f32> = scale
        .iter()
        .zip(&inverse)
        .map(|(scale, inverse)| scale * inverse)
        .collect();
    let offset: Vec<f32> = shift
        .iter()
        .zip(&mean)
        .zip(&factor)
        .map(|((shift, mean), factor)| shift - mean * factor)
        .collect();
    let mut activated = vec![0.0; convolved.len()];
    activated
        .par_chunks_mut(PIECE * layer.outputs())
        .zip(convolved.par_chunks(PIECE * layer.outputs()))
        .for_each(|(activated, convolved)| {
            for (to, from) in activated
                .chunks_exact_mut(channels)
                .zip(convolved.chunks_exact(channels))
            {
                for (((to, from), factor), offset) in to.iter_mut().zip(from).zip(&factor).zip(&offset) {
                    *to = (from * factor + offset).max(0.0);
                }
            }
        });
    Pass {
        convolved,
        mean,
        inverse,
        activated,
    }
}

/// Sets batch norm of a layer so that on `inputs` it does nothing but add `bias`, and returns the layer's outputs.
pub(crate) fn neutralise(layer: &ParameterLayout, weights: &mut Weights, bias: &[f32], inputs: &[f32]) -> Vec<f32> {
    let pass = forward(layer, weights, inputs, inputs.len() / layer.inputs());
    for (channel, bias) in bias.iter().enumerate() {
        let (mean, deviation) = (pass.mean[channel], 1.0 / pass.inverse[channel]);
        weights.parameters[layer.scale.start + channel] = deviation;
        weights.parameters[layer.shift.start + channel] = bias + mean;
        weights.statistics[layer.mean.start + channel] = mean;
        weights.statistics[layer.variance.start + channel] = (deviation * deviation - EPSILON).max(0.0);
    }
    let rows = pass.convolved.chunks_exact(bias.len());
    rows.flat_map(|row| row.iter().zip(bias).map(|(value, bias)| (value + bias).max(0.0)))
        .collect()
}

/// Turns the gradient by a layer's outputs into the one by its inputs (empty unless `inwards`) and writes those by its
/// parameters.
fn backward(
    layer: &ParameterLayout,
    weights: &Weights,
    inputs: &[f32],
    pass: &Pass,
    mut by_outputs: Vec<f32>,
    inwards: bool,
    gradient: &mut [f32],
) -> Vec<f32> {
    let channels = layer.shape.channels_out;
    let images = inputs.len() / layer.inputs();
    let piece = PIECE * layer.outputs();
    // Through the rectifier; then what batch norm's factor and summand get.
    let sums: Vec<[Vec<f32>; 2]> = by_outputs
        .par_chunks_mut(piece)
        .zip(pass.activated.par_chunks(piece))
        .zip(pass.convolved.par_chunks(piece))
        .map(|((gradients, activated), convolved)| {
            let mut sums = [vec![0.0; channels], vec![0.0; channels]];
            let [by_scale, by_shift] = &mut sums;
            let rows = gradients
                .chunks_exact_mut(channels)
                .zip(activated.chunks_exact(channels))
                .zip(convolved.chunks_exact(channels));
            for ((gradients, activated), convolved) in rows {
                // Slices of one length, so that the loop needs no checks and vectorizes.
                let (activated, convolved) = (&activated[..channels], &convolved[..channels]);
                let (gradients, mean) = (&mut gradients[..channels], &pass.mean[..channels]);
                let (by_scale, by_shift) = (&mut by_scale[..channels], &mut by_shift[..channels]);
                for channel in 0..channels {
                    let kept = if activated[channel] > 0.0 {
                        gradients[channel]
                    } else {
                        0.0
                    };
                    gradients[channel] = kept;
                    by_shift[channel] += kept;
                    by_scale[channel] += kept * (convolved[channel] - mean[channel]);
                }
            }
            sums
        })
        .collect();
    let [by_scale, by_shift] = total(sums, channels);
    let count = (images * layer.shape.side_out * layer.shape.side_out) as f32;
    let by_shift: Vec<f32> = by_shift.into_iter().map(|sum| sum as f32).collect();
    let by_scale: Vec<f32> = by_scale
        .into_iter()
        .zip(&pass.inverse)
        .map(|(sum, inverse)| sum as f32 * inverse)
        .collect();
    gradient[layer.scale.clone()].copy_from_slice(&by_scale);
    gradient[layer.shift.clone()].copy_from_slice(&by_shift);
    // The gradient by the convolution's result is factor * (g - mean(g) - normalised * mean(g * normalised)): linear in g
    // and in the result.
    let scale = &weights.parameters[layer.scale.clone()];
    let lines: Vec<[f32; 3]> = (0..channels)
        .map(|channel| {
            let factor = scale[channel] * pass.inverse[channel];
            let slope = factor * pass.inverse[channel] * by_scale[channel] / count;
            [
                factor,
                slope,
                slope * pass.mean[channel] - factor * by_shift[channel] / count,
            ]
        })
        .collect();
    let weight = &weights.parameters[layer.weight.clone()];
    let mut by_inputs = vec![0.0; if inwards { inputs.len() } else { 0 }];
    let mut by_inputs_pieces: Vec<Option<&mut [f32]>> = if inwards {
        by_inputs.chunks_mut(PIECE * layer.inputs()).map(Some).collect()
    } else {
        (0..images.div_ceil(PIECE)).map(|_| None).collect()
    };
    let by_weight: Vec<Vec<f32>> = by_outputs
        .par_chunks_mut(piece)
        .zip(pass.convolved.par_chunks(piece))
        .zip(inputs.par_chunks(PIECE * layer.inputs()))
        .zip(by_inputs_pieces.par_iter_mut())
        .map_init(
            || layer.space(),
            |patches, (((gradients, convolved), inputs), by_inputs)| {
                let rows = gradients
                    .chunks_exact_mut(channels)
                    .zip(convolved.chunks_exact(channels));
                for (gradients, convolved) in rows {
                    for ((gradient, convolved), [factor, slope, offset]) in
                        gradients.iter_mut().zip(convolved).zip(&lines)
                    {
                        *gradient = factor * *gradient - slope * convolved + offset;
                    }
                }
                let mut by_weight = vec![0.0; weight.len()];
                let by_inputs = by_inputs.as_deref_mut();
                layer.convolve_back(weight, inputs, gradients, patches, &mut by_weight, by_inputs);
                by_weight
            },
        )
        .collect();
    for piece in by_weight {
        for (sum, value) in gradient[layer.weight.clone()].iter_mut().zip(piece) {
            *sum += value;
        }
    }
    by_inputs
}
