//! Uneven light, as on a photographed page: the paper's tone near every cell.

use super::{sheet::Sheet, surface::Surface};

/// Tiles along the longer side in which the light on the paper is looked at.
const TILES: usize = 16;

/// Tiles that two passes over 5 x 5 look beyond the border.
const MARGIN: usize = 4;

/// Signed contrast to the paper near each cell; `None` when the light is even. `range` is the luminance between the
/// darkest and the lightest cell.
pub(super) fn contrast(luma: &Sheet, range: f32) -> Option<Sheet> {
    let side = luma.longest().div_ceil(TILES).max(4);
    let (columns, rows) = (luma.width.div_ceil(side), luma.height.div_ceil(side));
    if columns <= MARGIN || rows <= MARGIN {
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
    if !uneven(&tiles, luma, range) {
        return None;
    }
    let tones = Sheet {
        width: columns,
        height: rows,
        values: tiles.iter().map(|tile| tile.middle).collect(),
    };
    let place = |cell: usize| (cell as f32 + 0.5) / side as f32;
    let places = || (0..luma.height).flat_map(|y| (0..luma.width).map(move |x| [place(x), place(y)]));
    // Strokes are few and stand out far: they skew what differs from a surface through most of the page to their side.
    let slope = Surface::through(&tones, 0.01 * range);
    let residues = luma
        .values
        .iter()
        .zip(places())
        .map(|(value, [x, y])| value - slope.at(&tones, x, y));
    let sign = if residues.map(|residue| residue * residue * residue).sum::<f32>() > 0.0 {
        1.0
    } else {
        -1.0
    };
    let paper = paper(&tones, sign);
    let lightest = paper.values.iter().copied().fold(1.0, f32::max);
    let mut contrast = luma.clone();
    for (value, [x, y]) in contrast.values.iter_mut().zip(places()) {
        let tone = between_tiles(&paper, x, y);
        // Dark ink takes away its share of the light there is: less where there is less.
        let light = if sign < 0.0 { (tone / lightest).max(0.1) } else { 1.0 };
        *value = (*value - tone) * sign / light;
    }
    Some(contrast)
}

/// Does the paper's tone change across the page? On evenly lit pages tiles without an edge are paper or ink, hardly any
/// between.
fn uneven(tiles: &[Tile], luma: &Sheet, range: f32) -> bool {
    let lowest = luma.values.iter().copied().fold(f32::INFINITY, f32::min);
    let between = lowest + 0.15 * range..lowest + 0.85 * range;
    let smooth = tiles.iter().filter(|tile| tile.high - tile.low < 0.2 * range);
    let (within, all) = smooth.fold((0, 0), |(within, all), tile| {
        (within + usize::from(between.contains(&tile.middle)), all + 1)
    });
    within * 4 > all
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

/// The paper's tone around each tile: for dark ink a closing over 5 x 5 tiles, for light ink (`sign` 1) an opening. It
/// wipes strokes and keeps the edges of shadows.
fn paper(tones: &Sheet, sign: f32) -> Sheet {
    let (first, second): (Pick, Pick) = if sign > 0.0 {
        (f32::min, f32::max)
    } else {
        (f32::max, f32::min)
    };
    let wiped = around(&around(&continued(tones), first), second);
    wiped.cut(tones.whole().moved(MARGIN), 0)
}

/// The tiles with a margin in which every slope goes on as it ran up to the border: mirrored at the outermost tile in
/// place and tone.
fn continued(tones: &Sheet) -> Sheet {
    // The place within, and the outermost place to mirror at when it isn't.
    let mirrored = |place: usize, side: usize| {
        let last = side - 1;
        match place.checked_sub(MARGIN) {
            None => (MARGIN - place, Some(0)),
            Some(place) if place > last => (2 * last - place, Some(last)),
            Some(place) => (place, None),
        }
    };
    let mut wide = Sheet::blank(tones.width + 2 * MARGIN, tones.height + 2 * MARGIN);
    let width = wide.width;
    for (index, value) in wide.values.iter_mut().enumerate() {
        let (x, edge_x) = mirrored(index % width, tones.width);
        let (y, edge_y) = mirrored(index / width, tones.height);
        let edge = (edge_x.is_some() || edge_y.is_some()).then(|| tones.at(edge_x.unwrap_or(x), edge_y.unwrap_or(y)));
        *value = edge.map_or(tones.at(x, y), |edge| 2.0 * edge - tones.at(x, y));
    }
    wide
}

/// The smaller or the larger of two.
type Pick = fn(f32, f32) -> f32;

/// The extreme of the 5 x 5 cells around each cell.
fn around(sheet: &Sheet, pick: Pick) -> Sheet {
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
