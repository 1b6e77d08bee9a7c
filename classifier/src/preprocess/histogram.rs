//! Histograms for medians in one pass and constant memory.

use std::array;

/// Bins per luminance step.
const BINS_PER_STEP: f32 = 4.0;

/// Bins from -256 to 256 luminance steps.
const BINS: usize = 2048;

/// Weight per quarter of a luminance step, from -256 to 256 so that signed contrast fits: the occupied bins as
/// (value, weight), in ascending order.
pub(super) struct Histogram(Vec<(f32, f32)>);

/// The bin of a value; values out of range fall into the nearest bin.
fn bin(value: f32) -> usize {
    // Compared before the conversion, which then is a single instruction.
    let position = ((value + 256.0) * BINS_PER_STEP).clamp(0.0, (BINS - 1) as f32);
    usize::from(position as u16).min(BINS - 1)
}

impl Histogram {
    pub(super) fn from_weighted(weighted: impl Iterator<Item = (f32, f32)>) -> Self {
        let mut bins = [0.0; BINS];
        weighted.for_each(|(value, weight)| bins[bin(value)] += weight);
        Self::from_bins(&bins)
    }

    pub(super) fn from_values(values: &[f32]) -> Self {
        // Four counters in turn: most cells of an image fall into one bin, and consecutive increments of one counter
        // would wait for each other.
        let mut counters = [[0_u32; BINS]; 4];
        let (fours, rest) = values.as_chunks::<4>();
        for four in fours {
            for (counts, &value) in counters.iter_mut().zip(four) {
                counts[bin(value)] += 1;
            }
        }
        let [first, second, third, fourth] = &mut counters;
        rest.iter().for_each(|&value| first[bin(value)] += 1);
        Self::from_bins(&array::from_fn(|bin| {
            (first[bin] + second[bin] + third[bin] + fourth[bin]) as f32
        }))
    }

    fn from_bins(bins: &[f32; BINS]) -> Self {
        let value = |bin: usize| bin as f32 / BINS_PER_STEP - 256.0;
        let mut occupied = Vec::with_capacity(256);
        // Most bins are empty.
        for (block, weights) in bins.as_chunks::<16>().0.iter().enumerate() {
            if weights.iter().sum::<f32>() > 0.0 {
                let weights = weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
                occupied.extend(weights.map(|(bin, &weight)| (value(block * 16 + bin), weight)));
            }
        }
        Self(occupied)
    }

    /// The occupied bins as (value, weight), in ascending order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (f32, f32)> {
        self.0.iter().copied()
    }

    pub(super) fn min(&self) -> f32 {
        self.0.first().map_or(0.0, |&(value, _)| value)
    }

    pub(super) fn max(&self) -> f32 {
        self.0.last().map_or(0.0, |&(value, _)| value)
    }

    /// Sum of the weights of values below `limit`.
    pub(super) fn weight_below(&self, limit: f32) -> f32 {
        self.iter()
            .take_while(|&(value, _)| value < limit)
            .map(|(_, weight)| weight)
            .sum()
    }

    /// The weighted median; `None` for an empty histogram.
    pub(super) fn median(&self) -> Option<f32> {
        let half = self.iter().map(|(_, weight)| weight).sum::<f32>() / 2.0;
        let mut below = 0.0;
        let mut reaches = |weight: f32| {
            below += weight;
            below >= half
        };
        self.iter().find(|&(_, weight)| reaches(weight)).map(|(value, _)| value)
    }
}
