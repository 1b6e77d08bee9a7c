//! Medians and their like in one pass and bounded memory.

/// Bins for each luminance step.
const FINENESS: f32 = 4.0;

/// Bins from -256 to 256 luminance steps.
const BINS: usize = 2048;

/// How much weight lies in each quarter of a luminance step from -256 to 256; a signed contrast fits.
pub(super) struct Histogram(Vec<f32>);

/// The bin of a value; those beyond the range count as the nearest one within.
fn bin(value: f32) -> usize {
    (((value + 256.0) * FINENESS) as usize).min(BINS - 1)
}

impl Histogram {
    pub(super) fn of(weighted: impl Iterator<Item = (f32, f32)>) -> Self {
        let mut bins = vec![0.0; BINS];
        weighted.for_each(|(value, weight)| bins[bin(value)] += weight);
        Self(bins)
    }

    pub(super) fn count(values: &[f32]) -> Self {
        // Most of a page is one tone: taking turns, no count waits for the one before.
        let mut turns = vec![[0_u32; BINS]; 4];
        for four in values.chunks(4) {
            for (counts, &value) in turns.iter_mut().zip(four) {
                counts[bin(value)] += 1;
            }
        }
        Self(
            (0..BINS)
                .map(|bin| turns.iter().map(|counts| counts[bin]).sum::<u32>() as f32)
                .collect(),
        )
    }

    /// The values that occur, from the smallest, with their weights.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (f32, f32)> {
        let value = |bin: usize| bin as f32 / FINENESS - 256.0;
        let occurring = self.0.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
        occurring.map(move |(bin, &weight)| (value(bin), weight))
    }

    pub(super) fn lowest(&self) -> f32 {
        self.iter().next().map_or(0.0, |(value, _)| value)
    }

    pub(super) fn highest(&self) -> f32 {
        self.iter().next_back().map_or(0.0, |(value, _)| value)
    }

    /// Weight of the values below `limit`.
    pub(super) fn below(&self, limit: f32) -> f32 {
        self.iter()
            .take_while(|&(value, _)| value < limit)
            .map(|(_, weight)| weight)
            .sum()
    }

    /// The value below which half of the weight lies; `None` when there is none.
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
