//! Uneven light, as on a photographed page: the paper's tone near every cell.

use super::sheet::Sheet;

/// Tiles along the longer side in which the light on the paper is looked at.
const TILES: usize = 16;

/// Signed contrast to the paper near each cell; `None` when the light is even. `range` is the luminance between the
/// darkest and the lightest cell.
pub(super) fn contrast(luma: &Sheet, range: f32) -> Option<Sheet> {
    let side = luma.longest().div_ceil(TILES).max(4);
    let (columns, rows) = (luma.width.div_ceil(side), luma.height.div_ceil(side));
    if columns < 4 || rows < 4 {
        return None;
    }
    let tile = |index: usize| cells(luma, side, [index % columns, index / columns]);
    let outermost = |index: usize| {
        let (column, row) = (index % columns, index / columns);
        column == 0 || row == 0 || column + 1 == columns || row + 1 == rows
    };
    let ring = (0..columns * rows).filter(|&index| outermost(index));
    let mut ring: Vec<f32> = ring.map(|index| quantile(&mut tile(index), 0.5)).collect();
    if quantile(&mut ring, 0.9) - quantile(&mut ring, 0.1) < 0.12 * range {
        return None;
    }
    let tiles: Vec<Tile> = (0..columns * rows).map(|index| Tile::of(&mut tile(index))).collect();
    // Tiles of an evenly lit page are paper or ink, hardly any between: then it is ink that reaches the border.
    let low = tiles.iter().map(|tile| tile.middle).fold(f32::INFINITY, f32::min);
    let high = tiles.iter().map(|tile| tile.middle).fold(f32::NEG_INFINITY, f32::max);
    let between = low + 0.15 * (high - low)..high - 0.15 * (high - low);
    if tiles.iter().filter(|tile| between.contains(&tile.middle)).count() * 5 < tiles.len() {
        return None;
    }
    // A stroke in a tile pulls one of its extremes away from its median; a slope of light pulls both.
    let leaning: f32 = tiles.iter().map(Tile::leaning).sum();
    let sign = if leaning > 0.0 { 1.0 } else { -1.0 };
    let tones = tiles.iter().map(|tile| sign * tile.middle).collect();
    let paper = paper(&Sheet {
        width: columns,
        height: rows,
        values: tones,
    });
    let mut contrast = luma.clone();
    for (y, row) in contrast.values.chunks_exact_mut(luma.width).enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            let tone = between_tiles(&paper, (x as f32 + 0.5) / side as f32, (y as f32 + 0.5) / side as f32);
            *value = sign * *value - tone;
        }
    }
    Some(contrast)
}

/// Three tones of a square of the page: the darkest, the median and the lightest, the extremes less a twentieth of the
/// cells for noise.
struct Tile {
    low: f32,
    middle: f32,
    high: f32,
}

impl Tile {
    fn of(cells: &mut [f32]) -> Self {
        Self {
            low: quantile(cells, 0.05),
            middle: quantile(cells, 0.5),
            high: quantile(cells, 0.95),
        }
    }

    fn leaning(&self) -> f32 {
        let (up, down) = (self.high - self.middle, self.middle - self.low);
        up * up - down * down
    }
}

/// The cells of one tile.
fn cells(luma: &Sheet, side: usize, [column, row]: [usize; 2]) -> Vec<f32> {
    let (left, right) = (column * side, ((column + 1) * side).min(luma.width));
    luma.rows()
        .skip(row * side)
        .take(side)
        .flat_map(|row| &row[left..right])
        .copied()
        .collect()
}

/// The paper's tone around each tile, the paper being the highest: a closing over 5 x 5 tiles, which wipes strokes and
/// keeps the edges of shadows.
fn paper(tones: &Sheet) -> Sheet {
    let highest = around(tones, f32::max);
    around(&highest, f32::min).smoothed()
}

/// The extreme of the 5 x 5 cells around each cell.
fn around(sheet: &Sheet, pick: fn(f32, f32) -> f32) -> Sheet {
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

/// The value at `share` (0 to 1) of the sorted values; 0 when there are none. Reorders them.
fn quantile(values: &mut [f32], share: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let index = ((values.len() - 1) as f32 * share) as usize;
    *values.select_nth_unstable_by(index, f32::total_cmp).1
}
