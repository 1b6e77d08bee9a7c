//! Histograms for medians in one pass and constant memory.

/// Bins per luminance step.
const BINS_PER_STEP: f32 = 4.0;

/// Bins from -256 to 256 luminance steps.
const BINS: usize = 2048;

/// Weight per quarter of a luminance step, from -256 to 256 so that signed contrast fits.
pub(super) struct Histogram(Vec<f32>);

/// The bin of a value; values out of range fall into the nearest bin.
fn bin(value: f32) -> usize {
    (((value + 256.0) * BINS_PER_STEP) as usize).min(BINS - 1)
}

impl Histogram {
    pub(super) fn from_weighted(weighted: impl Iterator<Item = (f32, f32)>) -> Self {
        let mut bins = vec![0.0; BINS];
        weighted.for_each(|(value, weight)| bins[bin(value)] += weight);
        Self(bins)
    }

    pub(super) fn from_values(values: &[f32]) -> Self {
        // Four counters in turn: most cells of an image fall into one bin, and consecutive increments of one counter
        // would wait for each other.
        let mut counters = vec![[0_u32; BINS]; 4];
        for chunk in values.chunks(4) {
            for (counts, &value) in counters.iter_mut().zip(chunk) {
                counts[bin(value)] += 1;
            }
        }
        Self(
            (0..BINS)
                .map(|bin| counters.iter().map(|counts| counts[bin]).sum::<u32>() as f32)
                .collect(),
        )
    }

    /// The occupied bins as (value, weight), in ascending order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (f32, f32)> {
        let value = |bin: usize| bin as f32 / BINS_PER_STEP - 256.0;
        let occupied = self.0.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
        occupied.map(move |(bin, &weight)| (value(bin), weight))
    }

    pub(super) fn min(&self) -> f32 {
        self.iter().next().map_or(0.0, |(value, _)| value)
    }

    pub(super) fn max(&self) -> f32 {
        self.iter().next_back().map_or(0.0, |(value, _)| value)
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
        let half = self.0.iter().sum::<f32>() / 2.0;
        let mut below = 0.0;
        let mut reaches = |weight: f32| {
            below += weight;
            below >= half
        };
        self.iter().find(|&(_, weight)| reaches(weight)).map(|(value, _)| value)
    }
}
