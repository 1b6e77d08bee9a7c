//! From luminance to ink: which tone is the paper, how the light falls on it, what is only noise.

use super::sheet::Sheet;

/// Luminance steps that a stroke must stand out by at least, of 255.
const FAINTEST: f32 = 8.0;

/// Noise's standard deviations beyond which a cell is taken for ink.
const SIGMAS: f32 = 5.0;

/// Tiles along the longer side in which the light on the paper is looked at.
const TILES: usize = 16;

/// How much ink is in every cell, 0 to 1; `None` when there is nothing but paper.
pub(super) fn ink(luma: &Sheet) -> Option<Sheet> {
    let (low, high) = luma
        .values
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &value| {
            (low.min(value), high.max(value))
        });
    if high - low < FAINTEST {
        return None;
    }
    let contrast = shaded(luma, high - low).unwrap_or_else(|| flat(luma, f32::midpoint(low, high)));
    stretched(contrast)
}

/// Evenly lit paper: its tone is that of most of the border and of most of the page. Signed contrast to it.
fn flat(luma: &Sheet, middle: f32) -> Sheet {
    let dark = |values: &mut dyn Iterator<Item = f32>| {
        let (mut dark, mut all) = (0_usize, 0_usize);
        for value in values {
            dark += usize::from(value < middle);
            all += 1;
        }
        dark as f32 / all.max(1) as f32
    };
    let everywhere = dark(&mut luma.values.iter().copied());
    let border = dark(&mut border(luma));
    let dark_paper = everywhere + 2.0 * border > 1.5;
    let mut paper: Vec<f32> = luma
        .values
        .iter()
        .copied()
        .filter(|&value| (value < middle) == dark_paper)
        .collect();
    let tone = quantile(&mut paper, 0.5);
    let sign = if dark_paper { 1.0 } else { -1.0 };
    Sheet {
        values: luma.values.iter().map(|value| (value - tone) * sign).collect(),
        ..*luma
    }
}

/// Unevenly lit paper, as in a photograph: signed contrast to the paper near each cell; `None` when the light is even.
fn shaded(luma: &Sheet, range: f32) -> Option<Sheet> {
    let side = luma.longest().div_ceil(TILES).max(4);
    let tiles = Tiles::new(luma, side);
    if tiles.columns < 4 || tiles.rows < 4 {
        return None;
    }
    let mut ring: Vec<f32> = tiles.ring().collect();
    let spread = quantile(&mut ring, 0.9) - quantile(&mut ring, 0.1);
    if spread < 0.12 * range {
        return None;
    }
    // Tiles of a flat page are paper or ink, hardly any between: then the spread is ink at the border.
    let (low, high) = (tiles.quantile(0.0), tiles.quantile(1.0));
    let between = |tone: f32| tone > low + 0.15 * (high - low) && tone < high - 0.15 * (high - low);
    let mixed = tiles.cells.iter().filter(|tile| between(tile.middle)).count();
    if mixed * 5 < tiles.cells.len() {
        return None;
    }
    // A stroke in a tile pulls one of its extremes away from its median; a slope of light pulls both.
    let leaning: f32 = tiles
        .cells
        .iter()
        .map(|tile| {
            let (up, down) = (tile.high - tile.middle, tile.middle - tile.low);
            up * up - down * down
        })
        .sum();
    let sign = if leaning > 0.0 { 1.0 } else { -1.0 };
    let paper = tiles.paper(sign);
    let mut contrast = Sheet::blank(luma.width, luma.height);
    for y in 0..luma.height {
        for x in 0..luma.width {
            let tone = between_tiles(&paper, (x as f32 + 0.5) / side as f32, (y as f32 + 0.5) / side as f32);
            contrast.values[y * luma.width + x] = (luma.at(x, y) - tone) * sign;
        }
    }
    Some(contrast)
}

/// Contrast to ink: noise goes to 0, the body of the strokes to 1.
fn stretched(mut contrast: Sheet) -> Option<Sheet> {
    let mut deviations: Vec<f32> = contrast.values.iter().map(|value| value.abs()).collect();
    let mut noise = 1.4826 * quantile(&mut deviations, 0.5);
    if noise > 2.0 {
        contrast = smoothed(&contrast);
        noise *= 0.375;
    }
    let floor = FAINTEST.max(SIGMAS * noise);
    // The tone of the strokes' body: the median of the ink, each cell weighing by the square of its contrast, so that
    // neither specks nor the many faint cells of ringing count for much.
    let mut histogram = [0.0_f32; 256];
    for &value in contrast.values.iter().filter(|&&value| value > floor) {
        histogram[value as usize & 255] += value * value;
    }
    let total: f32 = histogram.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let mut below = 0.0;
    let body = histogram.iter().position(|weight| {
        below += weight;
        below * 2.0 >= total
    })?;
    let body = (body as f32).max(floor);
    let toe = (2.5 * noise).min(body / 2.0);
    for value in &mut contrast.values {
        *value = ((*value - toe) / (body - toe)).clamp(0.0, 1.0);
    }
    Some(contrast)
}

fn border(sheet: &Sheet) -> impl Iterator<Item = f32> {
    let last = sheet.values.len() - sheet.width;
    let rows = sheet.values[..sheet.width].iter().chain(&sheet.values[last..]);
    let columns = sheet.rows().flat_map(|row| [row[0], row[row.len() - 1]]);
    rows.copied().chain(columns)
}

/// The value at `share` (0 to 1) of the sorted values; 0 when there are none. Reorders them.
fn quantile(values: &mut [f32], share: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let index = ((values.len() - 1) as f32 * share) as usize;
    *values.select_nth_unstable_by(index, f32::total_cmp).1
}

/// Three by three, weights 1 2 1.
fn smoothed(sheet: &Sheet) -> Sheet {
    let mut smoothed = sheet.clone();
    for y in 0..sheet.height {
        let (above, below) = (y.saturating_sub(1), (y + 1).min(sheet.height - 1));
        for x in 0..sheet.width {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(sheet.width - 1));
            let row = |y: usize| sheet.at(left, y) + 2.0 * sheet.at(x, y) + sheet.at(right, y);
            smoothed.values[y * sheet.width + x] = (row(above) + 2.0 * row(y) + row(below)) / 16.0;
        }
    }
    smoothed
}

/// The page in square tiles, each summed up by three tones.
struct Tiles {
    columns: usize,
    rows: usize,
    cells: Vec<Tile>,
}

/// The darkest, the median and the lightest tone of a tile, the extremes less a twentieth for noise.
struct Tile {
    low: f32,
    middle: f32,
    high: f32,
}

impl Tiles {
    fn new(luma: &Sheet, side: usize) -> Self {
        let (columns, rows) = (luma.width.div_ceil(side), luma.height.div_ceil(side));
        let mut cells = Vec::with_capacity(columns * rows);
        let mut values = Vec::with_capacity(side * side);
        for row in 0..rows {
            for column in 0..columns {
                values.clear();
                for y in row * side..((row + 1) * side).min(luma.height) {
                    let start = y * luma.width;
                    values.extend_from_slice(
                        &luma.values[start + column * side..start + ((column + 1) * side).min(luma.width)],
                    );
                }
                cells.push(Tile {
                    low: quantile(&mut values, 0.05),
                    middle: quantile(&mut values, 0.5),
                    high: quantile(&mut values, 0.95),
                });
            }
        }
        Self { columns, rows, cells }
    }

    fn quantile(&self, share: f32) -> f32 {
        let mut middles: Vec<f32> = self.cells.iter().map(|tile| tile.middle).collect();
        quantile(&mut middles, share)
    }

    /// The medians of the outermost tiles.
    fn ring(&self) -> impl Iterator<Item = f32> {
        self.cells.iter().enumerate().filter_map(|(index, tile)| {
            let (column, row) = (index % self.columns, index / self.columns);
            let outer = column == 0 || row == 0 || column + 1 == self.columns || row + 1 == self.rows;
            outer.then_some(tile.middle)
        })
    }

    /// The paper's tone around each tile: a closing over 5 x 5 tiles, which wipes strokes and keeps shadows' edges.
    fn paper(&self, sign: f32) -> Sheet {
        let tones = self.cells.iter().map(|tile| sign * tile.middle).collect();
        let tones = Sheet {
            width: self.columns,
            height: self.rows,
            values: tones,
        };
        let closed = extreme(&extreme(&tones, f32::min), f32::max);
        let mut paper = smoothed(&closed);
        for tone in &mut paper.values {
            *tone *= sign;
        }
        paper
    }
}

/// The extreme of the 5 x 5 cells around each cell.
fn extreme(sheet: &Sheet, pick: fn(f32, f32) -> f32) -> Sheet {
    let mut picked = sheet.clone();
    for y in 0..sheet.height {
        for x in 0..sheet.width {
            for near_y in y.saturating_sub(2)..(y + 3).min(sheet.height) {
                for near_x in x.saturating_sub(2)..(x + 3).min(sheet.width) {
                    let cell = &mut picked.values[y * sheet.width + x];
                    *cell = pick(*cell, sheet.at(near_x, near_y));
                }
            }
        }
    }
    picked
}

/// The tone between the four tiles around a place, in tiles from the top left.
fn between_tiles(tones: &Sheet, x: f32, y: f32) -> f32 {
    let x = (x - 0.5).clamp(0.0, (tones.width - 1) as f32);
    let y = (y - 0.5).clamp(0.0, (tones.height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(tones.width - 1), (top + 1).min(tones.height - 1));
    let (across, down) = (x - left as f32, y - top as f32);
    let row = |y: usize| tones.at(left, y) * (1.0 - across) + tones.at(right, y) * across;
    row(top) * (1.0 - down) + row(bottom) * down
}
