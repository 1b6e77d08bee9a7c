//! Augmentation of the images, for digits drawn in other ways than MNIST's.
//!
//! Affine and elastic deformation (after Simard et al., 2003) share one resampling, since each resampling blurs; stroke
//! thickness is changed afterwards.

use std::f32::consts::PI;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use crate::{PIXELS, SIDE};

/// Description for the model card.
pub(crate) const DESCRIPTION: &str = "\
     drawn again for each image in each epoch: 20 % untouched, 40 % at half strength, 40 % at full strength (in \
     the second cycle 30 %, 50 % and 20 %) of: \
     rotation up to 14 degrees, scale of each axis 0.85 to 1.15, shear up to 0.18, shift up to 2 px, elastic \
     distortion (cubic B-spline on a 7 px lattice, standard deviation up to 1.5 px a node), and for half of them a \
     thicker or thinner stroke (soft dilation or erosion by up to 0.9 or 0.5 of a pixel)";

/// Bounds at full strength; each value is drawn uniformly from minus to plus its bound.
const ROTATION: f32 = 14.0 / 180.0 * PI;
const SCALE: f32 = 0.15;
const SHEAR: f32 = 0.18;
const SHIFT: f32 = 2.0;
/// Bound of a lattice node's uniform displacement: a standard deviation of 1.5 px, about half of which remains after
/// interpolation.
const ELASTIC: f32 = 2.6;
const DILATION: f32 = 0.9;
const EROSION: f32 = 0.5;

/// Distance of two nodes of the elastic lattice, in pixels.
const SPACING: usize = 7;
/// Nodes per side: the intervals of the image plus the spline's support beyond both edges.
const NODES: usize = SIDE / SPACING + 3;

/// The random generator of one image in one epoch. It doesn't depend on threads or on where a training was interrupted.
pub(crate) fn generator(seed: u64, epoch: usize, index: usize) -> Xoshiro256PlusPlus {
    // For one seed, distinct (epoch, index) give distinct values; `seed_from_u64` then mixes all bits.
    let position = ((epoch as u64) << 32) | index as u64;
    Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ position)
}

/// Images of ten that stay untouched, and those that stay untouched or change at half strength.
pub(crate) const STRONG_SHARES: [i32; 2] = [2, 6];
pub(crate) const GENTLE_SHARES: [i32; 2] = [3, 8];

/// Writes a variation of `source` into `target`; `shares` is [`STRONG_SHARES`] or [`GENTLE_SHARES`].
pub(crate) fn augment(
    source: &[f32; PIXELS],
    [untouched, half]: [i32; 2],
    random: &mut impl RngExt,
    target: &mut [f32; PIXELS],
) {
    let draw = random.random_range(0..10);
    let strength = if draw < untouched {
        0.0
    } else if draw < half {
        0.5
    } else {
        1.0
    };
    *target = *source;
    if strength > 0.0 {
        warp(source, strength, random, target);
        change_thickness(strength, random, target);
    }
}

/// Affine and elastic deformation.
fn warp(source: &[f32; PIXELS], strength: f32, random: &mut impl RngExt, target: &mut [f32; PIXELS]) {
    let mut sample_range = |bound: f32| strength * bound * random.random_range(-1.0..=1.0);
    let (sine, cosine) = sample_range(ROTATION).sin_cos();
    let (scale_x, scale_y, shear) = (
        1.0 + sample_range(SCALE),
        1.0 + sample_range(SCALE),
        sample_range(SHEAR),
    );
    let (shift_x, shift_y) = (sample_range(SHIFT), sample_range(SHIFT));
    let mut nodes = [[[0.0f32; 2]; NODES]; NODES];
    for node in nodes.iter_mut().flatten() {
        *node = [sample_range(ELASTIC), sample_range(ELASTIC)];
    }
    let splines: [[f32; 4]; SPACING] = std::array::from_fn(|step| cubic_spline(fraction(step)));
    let middle = (SIDE - 1) as f32 / 2.0;
    for y in 0..SIDE {
        let (row, weights_y) = (y / SPACING, splines[y % SPACING]);
        for x in 0..SIDE {
            let (column, weights_x) = (x / SPACING, splines[x % SPACING]);
            let [mut from_x, mut from_y] = [0.0f32; 2];
            for (nodes, weight_y) in nodes[row..].iter().zip(weights_y) {
                for (node, weight_x) in nodes[column..].iter().zip(weights_x) {
                    from_x += weight_y * weight_x * node[0];
                    from_y += weight_y * weight_x * node[1];
                }
            }
            let (x_middle, y_middle) = (x as f32 - middle, y as f32 - middle);
            from_x += scale_x * (cosine * x_middle - sine * y_middle + shear * y_middle) + middle + shift_x;
            from_y += scale_y * (sine * x_middle + cosine * y_middle) + middle + shift_y;
            target[y * SIDE + x] = sample(source, from_x, from_y);
        }
    }
}

fn fraction(step: usize) -> f32 {
    step as f32 / SPACING as f32
}

/// The four weights of the uniform cubic B-spline at `t` in 0..1. They sum to one.
fn cubic_spline(t: f32) -> [f32; 4] {
    let u = 1.0 - t;
    [
        u * u * u / 6.0,
        (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0,
        (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0,
        t * t * t / 6.0,
    ]
}

/// Bilinear interpolation; 0 outside the image.
fn sample(source: &[f32; PIXELS], x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = (x - left, y - top);
    let (left, top) = (left as i32, top as i32);
    let at = |x: i32, y: i32| {
        let side = SIDE as i32;
        if (0..side).contains(&x) && (0..side).contains(&y) {
            source[(y * side + x) as usize]
        } else {
            0.0
        }
    };
    let upper = at(left, top) * (1.0 - right_share) + at(left + 1, top) * right_share;
    let lower = at(left, top + 1) * (1.0 - right_share) + at(left + 1, top + 1) * right_share;
    upper * (1.0 - bottom_share) + lower * bottom_share
}

/// Thicker or thinner strokes by a fraction of a pixel: a blend of the image with its dilation or erosion.
fn change_thickness(strength: f32, random: &mut impl RngExt, target: &mut [f32; PIXELS]) {
    let thicker = match random.random_range(0..4) {
        0 => true,
        1 => false,
        _ => return,
    };
    let share = strength * random.random_range(0.0..=1.0) * if thicker { DILATION } else { EROSION };
    let extreme = if thicker { f32::max } else { f32::min };
    let source = *target;
    for y in 1..SIDE - 1 {
        for x in 1..SIDE - 1 {
            let index = y * SIDE + x;
            let neighbours = [
                source[index - 1],
                source[index + 1],
                source[index - SIDE],
                source[index + SIDE],
            ];
            let changed = neighbours.into_iter().fold(source[index], extreme);
            target[index] = source[index] + share * (changed - source[index]);
        }
    }
}
