//! Histograms for medians in one pass and constant memory.

/// Bins per luminance step.
const BINS_PER_STEP: f32 = 4.0;

/// Bins from -256 to 256 luminance steps.
const BINS: usize = 2048;

/// Fewer values than this are counted by one counter.
const FEW_VALUES: usize = 4096;

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
        Self::from_bins(&bins, |weight| weight)
    }

    pub(super) fn from_values(values: &[f32]) -> Self {
        let mut counts = [0_u32; BINS];
        if values.len() < FEW_VALUES {
            for &value in values {
                counts[bin(value)] += 1;
            }
            return Self::from_bins(&counts, |count| count as f32);
        }
        // Three more counters in turn: most cells of an image fall into one bin, and consecutive increments of one counter
        // would wait for each other.
        let mut others = vec![[0_u32; BINS]; 3];
        let (fours, rest) = values.as_chunks::<4>();
        for &[first, second, third, fourth] in fours {
            counts[bin(first)] += 1;
            others[0][bin(second)] += 1;
            others[1][bin(third)] += 1;
            others[2][bin(fourth)] += 1;
        }
        for &value in rest {
            counts[bin(value)] += 1;
        }
        for other in &others {
            for (count, other) in counts.iter_mut().zip(other) {
                *count += other;
            }
        }
        Self::from_bins(&counts, |count| count as f32)
    }

    fn from_bins<T: Copy + Default + PartialEq>(bins: &[T; BINS], weight: impl Fn(T) -> f32) -> Self {
        let value = |bin: usize| bin as f32 / BINS_PER_STEP - 256.0;
        let empty = [T::default(); 16];
        let mut occupied = Vec::with_capacity(256);
        // Most bins are empty.
        for (block, weights) in bins.as_chunks::<16>().0.iter().enumerate() {
            if *weights != empty {
                let weights = weights
                    .iter()
                    .enumerate()
                    .filter(|(_, weight)| **weight != T::default());
                occupied.extend(weights.map(|(bin, &found)| (value(block * 16 + bin), weight(found))));
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
