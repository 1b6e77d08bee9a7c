//! From luminance to ink: background tone, polarity, noise floor and contrast stretching. The result is soft: ink 0 to
//! 1, not a bit mask, since strokes have anti-aliased edges.

use super::{grid::Grid, histogram::Histogram, illumination};

/// Minimum contrast of a stroke, in luminance steps of 255.
const MIN_CONTRAST: f32 = 8.0;

/// A cell counts as ink beyond this many standard deviations of the noise.
const NOISE_SIGMAS: f32 = 5.0;

/// Noise standard deviation, in luminance steps, above which the image is smoothed first.
const SMOOTHING_THRESHOLD: f32 = 2.0;

/// What the background is taken to be.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Light {
    /// Of one tone, unless the light is plainly uneven.
    AsItIs,
    /// Of a tone of its own at each place.
    EvenedOut,
}

/// What counts as ink.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pen {
    /// All that stands out from the background.
    Any,
    /// What stands out far more than most of that does: a pen on printed rulings.
    Strong,
}

/// The contrast of a strong pen is at least this multiple of that of most ink, from whose first multiple on it counts.
const STRONG_PEN: f32 = 1.6;
const STRONG_TOE: f32 = 1.2;

/// The share that a strong pen has of the ink at least.
const STRONG_SHARE: f32 = 0.01;

/// Share of the cells of one tone from which a page is a drawing or a screenshot.
const CLEAR_SHARE: f32 = 0.6;

/// Whether most of the page is of exactly one tone, as no photograph is.
pub(super) fn is_clear(luma: &Grid) -> bool {
    let tones = Histogram::from_values(&luma.values);
    let most = tones.iter().map(|(_, count)| count).fold(0.0, f32::max);
    most > CLEAR_SHARE * luma.values.len() as f32
}

/// Rounds of smoothing, at most.
const MAX_SMOOTHING: usize = 1;

/// Contrast of each cell to the background, in luminance steps: positive where there is ink.
pub(super) struct Contrast {
    grid: Grid,
    tones: Histogram,
    /// Standard deviation of the background.
    noise: f32,
}

impl Contrast {
    /// `None` if the image is blank, or too small for a light that varies.
    pub(super) fn of(luma: &Grid, light: Light) -> Option<Self> {
        let tones = Histogram::from_values(&luma.values);
        let range = tones.max() - tones.min();
        if range < MIN_CONTRAST {
            return None;
        }
        let forced = light == Light::EvenedOut;
        let even = illumination::local_contrast(luma, range, forced);
        if forced && even.is_none() {
            return None;
        }
        Some(Self::smoothed(even.unwrap_or_else(|| global_contrast(luma, &tones))))
    }

    fn smoothed(mut grid: Grid) -> Self {
        let mut tones = Histogram::from_values(&grid.values);
        let mut noise = noise_deviation(&tones);
        for _ in 0..MAX_SMOOTHING {
            if noise <= SMOOTHING_THRESHOLD {
                break;
            }
            grid = grid.smoothed();
            tones = Histogram::from_values(&grid.values);
            // The standard deviation of independent noise after smoothing with the weights 1 2 1 on both axes: 6/16.
            noise *= 0.375;
        }
        Self { grid, tones, noise }
    }

    /// Ink of each cell: noise is 0, the body of the strokes 1. `None` if nothing stands out from the noise.
    pub(super) fn ink(&self, pen: Pen) -> Option<Grid> {
        let floor = MIN_CONTRAST.max(NOISE_SIGMAS * self.noise);
        // Contrast of the strokes' body: the median of the ink weighted by squared contrast, so that neither specks nor the
        // many faint cells of compression artefacts dominate.
        let body_from = |floor: f32| {
            let strokes = self.tones.iter().filter(|&(value, _)| value >= floor);
            Histogram::from_weighted(strokes.map(|(value, count)| (value, count * value * value)))
        };
        let all = body_from(floor);
        let (mut body, mut toe) = (all.median()?, 2.5 * self.noise);
        if pen == Pen::Strong {
            let strong = body_from(STRONG_PEN * body);
            if strong.weight_below(f32::INFINITY) < STRONG_SHARE * all.weight_below(f32::INFINITY) {
                return None;
            }
            (body, toe) = (strong.median()?, STRONG_TOE * body);
        }
        let toe = toe.min(body / 2.0);
        let scale = 1.0 / (body - toe);
        let ink = |value: &f32| ((value - toe) * scale).clamp(0.0, 1.0);
        Some(Grid {
            values: self.grid.values.iter().map(ink).collect(),
            ..self.grid
        })
    }
}

/// Signed contrast to a uniform background, whose tone is that of most of the border and of most of the image.
fn global_contrast(luma: &Grid, tones: &Histogram) -> Grid {
    let midpoint = f32::midpoint(tones.min(), tones.max());
    let dark = |cells: &[f32]| cells.iter().filter(|&&value| value < midpoint).count();
    let last = luma.values.len() - luma.width;
    let sides = luma.rows().map(|row| dark(&row[..1]) + dark(&row[row.len() - 1..]));
    let border = dark(&luma.values[..luma.width]) + dark(&luma.values[last..]) + sides.sum::<usize>();
    let border = border as f32 / (2 * (luma.width + luma.height)) as f32;
    let dark_share = tones.weight_below(midpoint) / luma.values.len() as f32;
    // The border counts too: a thick digit may cover half of a tightly cropped image, but rarely half of its border.
    let dark_background = 8.0 * (dark_share - 0.5) + 3.0 * (border - 0.5) > 0.0;
    let background = tones.iter().filter(|&(value, _)| (value < midpoint) == dark_background);
    let tone = Histogram::from_weighted(background).median().unwrap_or(midpoint);
    let sign = if dark_background { 1.0 } else { -1.0 };
    Grid {
        values: luma.values.iter().map(|value| (value - tone) * sign).collect(),
        ..*luma
    }
}

/// Standard deviation of the background noise, estimated from the median absolute deviation so that strokes don't
/// count.
fn noise_deviation(contrasts: &Histogram) -> f32 {
    let midpoint = contrasts.max() / 2.0;
    let background = contrasts.iter().filter(|&(value, _)| value < midpoint);
    1.4826
        * Histogram::from_weighted(background.map(|(value, count)| (value.abs(), count)))
            .median()
            .unwrap_or(0.0)
}
