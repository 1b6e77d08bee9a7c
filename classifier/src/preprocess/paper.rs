//! From luminance to ink: which tone is the paper, which are the strokes, what is only noise.

use super::{histogram::Histogram, light, sheet::Sheet};

/// Luminance steps that a stroke must stand out by at least, of 255.
const FAINTEST: f32 = 8.0;

/// Noise's standard deviations beyond which a cell is taken for ink.
const SIGMAS: f32 = 5.0;

/// Noise, in luminance steps, from which on a picture is smoothed first.
const NOISY: f32 = 2.0;

/// How much ink is in every cell, 0 to 1; `None` when there is nothing but paper.
pub(super) fn ink(luma: &Sheet) -> Option<Sheet> {
    let tones = Histogram::count(&luma.values);
    let range = tones.highest() - tones.lowest();
    if range < FAINTEST {
        return None;
    }
    stretched(light::contrast(luma, range).unwrap_or_else(|| flat(luma, &tones)))
}

/// Evenly lit paper: its tone is that of most of the border and of most of the page. Signed contrast to it.
fn flat(luma: &Sheet, tones: &Histogram) -> Sheet {
    let middle = f32::midpoint(tones.lowest(), tones.highest());
    let dark = |cells: &[f32]| cells.iter().filter(|&&value| value < middle).count();
    let last = luma.values.len() - luma.width;
    let sides = luma.rows().map(|row| dark(&row[..1]) + dark(&row[row.len() - 1..]));
    let border = dark(&luma.values[..luma.width]) + dark(&luma.values[last..]) + sides.sum::<usize>();
    let border = border as f32 / (2 * (luma.width + luma.height)) as f32;
    let everywhere = tones.below(middle) / luma.values.len() as f32;
    // The border has a say too: a fat digit may cover half of a tight picture, hardly half of its border.
    let dark_paper = 8.0 * (everywhere - 0.5) + 3.0 * (border - 0.5) > 0.0;
    let of_paper = tones.iter().filter(|&(value, _)| (value < middle) == dark_paper);
    let tone = Histogram::of(of_paper).median().unwrap_or(middle);
    let sign = if dark_paper { 1.0 } else { -1.0 };
    Sheet {
        values: luma.values.iter().map(|value| (value - tone) * sign).collect(),
        ..*luma
    }
}

/// Contrast to ink: noise goes to 0, the body of the strokes to 1.
fn stretched(mut contrast: Sheet) -> Option<Sheet> {
    let mut contrasts = Histogram::count(&contrast.values);
    let mut noise = noise(&contrasts);
    if noise > NOISY {
        contrast = contrast.smoothed();
        contrasts = Histogram::count(&contrast.values);
        // What the weights 1 2 1 leave of independent noise.
        noise *= 0.375;
    }
    let floor = FAINTEST.max(SIGMAS * noise);
    // The tone of the strokes' body: the median of the ink, each cell weighing by the square of its contrast, so that
    // neither specks nor the many faint cells of ringing count for much.
    let strokes = contrasts.iter().filter(|&(value, _)| value >= floor);
    let body = Histogram::of(strokes.map(|(value, count)| (value, count * value * value))).median()?;
    let toe = (2.5 * noise).min(body / 2.0);
    let scale = 1.0 / (body - toe);
    for value in &mut contrast.values {
        *value = ((*value - toe) * scale).clamp(0.0, 1.0);
    }
    Some(contrast)
}

/// The standard deviation of the paper, by its median so that strokes don't count.
fn noise(contrasts: &Histogram) -> f32 {
    let middle = contrasts.highest() / 2.0;
    let paper = contrasts.iter().filter(|&(value, _)| value < middle);
    1.4826
        * Histogram::of(paper.map(|(value, count)| (value.abs(), count)))
            .median()
            .unwrap_or(0.0)
}
