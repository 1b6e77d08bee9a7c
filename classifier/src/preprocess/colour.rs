//! The axis of colours on which ink and paper differ most.

/// Luminance: the weights of ITU-R BT.709, in ten-thousandths, so that the luminance of a grey is exact.
const LUMA: [f32; 3] = [2126.0, 7152.0, 722.0];
const LUMA_SUM: f32 = 10_000.0;

/// Minimum ratio of the colours' variance along their principal axis to the variance of their luminance; below it the
/// luminance is used. Photographs of blue or red ink on white paper stay below.
const MIN_ADVANTAGE: f32 = 6.0;

/// Rounds of the power iteration.
const ROUNDS: usize = 24;

/// Approximate maximum number of cells that are sampled.
const SAMPLES: usize = 1 << 16;

/// The luminance of a colour.
pub(super) fn luma(colour: [f32; 3]) -> f32 {
    dot(colour, LUMA) / LUMA_SUM
}

/// A cell's colour on a grey background.
pub(super) fn on_background([red, green, blue, alpha]: [u8; 4], background: f32) -> [f32; 3] {
    let opacity = f32::from(alpha) / 255.0;
    [red, green, blue].map(|value| f32::from(value) * opacity + background * (1.0 - opacity))
}

/// The tone of a colour on an axis, 0 to 255.
pub(super) fn project(colour: [f32; 3], axis: [f32; 3]) -> f32 {
    127.5 + dot(colour.map(|value| value - 127.5), axis).clamp(-127.5, 127.5)
}

/// The principal axis of the colours, of length 1; `None` if their luminance differs enough.
pub(super) fn axis(cells: &[[u8; 4]], background: f32) -> Option<[f32; 3]> {
    // Most pictures are grey, which is compared many cells at a time.
    if cells.iter().all(|cell| *cell == [cell[0], cell[0], cell[0], u8::MAX]) {
        return None;
    }
    let step = cells.len().div_ceil(SAMPLES).max(1);
    let colours = || {
        cells
            .iter()
            .step_by(step)
            .filter(|cell| cell[3] > 0)
            .map(|cell| on_background(*cell, background))
    };
    let is_grey = |[red, green, blue]: [f32; 3]| (red - green).abs() < 2.0 && (green - blue).abs() < 2.0;
    if colours().all(is_grey) {
        return None;
    }
    let (mut sum, mut count) = ([0.0_f32; 3], 0.0_f32);
    for colour in colours() {
        for (sum, value) in sum.iter_mut().zip(colour) {
            *sum += value;
        }
        count += 1.0;
    }
    let mean = sum.map(|sum| sum / count.max(1.0));
    let mut covariance = [[0.0_f32; 3]; 3];
    for colour in colours() {
        let offset: [f32; 3] = std::array::from_fn(|index| colour[index] - mean[index]);
        for (row, one) in covariance.iter_mut().zip(offset) {
            for (sum, other) in row.iter_mut().zip(offset) {
                *sum += one * other;
            }
        }
    }
    let times = |vector: [f32; 3]| covariance.map(|row| dot(row, vector));
    let mut axis = [0.6, 0.5, 0.4];
    for _ in 0..ROUNDS {
        axis = normalized(times(axis))?;
    }
    // The side to which the luminance grows is light.
    if luma(axis) < 0.0 {
        axis = axis.map(|value| -value);
    }
    let (along, luminance) = (dot(axis, times(axis)), luma(times(LUMA)) / LUMA_SUM);
    (along > MIN_ADVANTAGE * luminance).then_some(axis)
}

fn dot(one: [f32; 3], other: [f32; 3]) -> f32 {
    one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
}

/// The vector at length 1; `None` for a vector of length 0.
fn normalized(vector: [f32; 3]) -> Option<[f32; 3]> {
    let length = dot(vector, vector).sqrt();
    (length > 1e-6).then(|| vector.map(|value| value / length))
}
