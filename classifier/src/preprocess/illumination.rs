//! Correction of uneven illumination, as on photographed pages: estimates the background tone near every cell.

use super::grid::Grid;

/// Tiles along the longer side.
const TILES: usize = 16;

/// Below this share of the image's range the tone doesn't change.
const FLAT_RANGE: f32 = 0.1;

/// Tiles added on each side before filtering: the reach of two passes over 5 x 5 tiles.
const MARGIN: usize = 4;

/// Signed contrast of each cell to the background around it; `None` if the illumination is even. `range` is the
/// difference of the largest and the smallest luminance; `forced` takes the illumination for uneven.
pub(super) fn local_contrast(luma: &Grid, range: f32, forced: bool) -> Option<Grid> {
    let side = luma.longer_side().div_ceil(TILES).max(4);
    let (columns, rows) = (luma.width.div_ceil(side), luma.height.div_ceil(side));
    if columns <= MARGIN || rows <= MARGIN {
        return None;
    }
    let mut cells = Vec::with_capacity(side * side);
    let is_outermost = |index: usize| {
        let (column, row) = (index % columns, index / columns);
        column == 0 || row == 0 || column + 1 == columns || row + 1 == rows
    };
    let ring = (0..columns * rows).filter(|&index| is_outermost(index));
    let mut ring: Vec<f32> = ring
        .map(|index| {
            fill_tile(luma, side, [index % columns, index / columns], &mut cells);
            quantile(&mut cells, 0.5)
        })
        .collect();
    if !forced && quantile(&mut ring, 0.9) - quantile(&mut ring, 0.1) < 0.12 * range {
        return None;
    }
    let tiles: Vec<Tile> = (0..columns * rows)
        .map(|index| {
            fill_tile(luma, side, [index % columns, index / columns], &mut cells);
            Tile::of(&mut cells)
        })
        .collect();
    if !forced && !is_uneven(&tiles, luma, range) {
        return None;
    }
    let tones = Grid {
        width: columns,
        height: rows,
        values: tiles.iter().map(|tile| tile.median).collect(),
    };
    let tile_position = |cell: usize| (cell as f32 + 0.5) / side as f32;
    let cell_centers =
        || (0..luma.height).flat_map(|y| (0..luma.width).map(move |x| [tile_position(x), tile_position(y)]));
    let sign = ink_sign(luma, &tones, side, range);
    let background = background_tones(&tones, sign);
    let lightest = background.values.iter().copied().fold(1.0, f32::max);
    let mut contrast = luma.clone();
    for (value, [x, y]) in contrast.values.iter_mut().zip(cell_centers()) {
        let tone = interpolate(&background, x, y);
        // Dark ink absorbs a share of the light, so its contrast is smaller where there is less light.
        let light = if sign < 0.0 { (tone / lightest).max(0.1) } else { 1.0 };
        *value = (*value - tone) * sign / light;
    }
    Some(contrast)
}

/// Whether the background tone varies across the image. On evenly lit images nearly all tiles without an edge are pure
/// background or pure ink, not a tone in between.
fn is_uneven(tiles: &[Tile], luma: &Grid, range: f32) -> bool {
    let lowest = luma.values.iter().copied().fold(f32::INFINITY, f32::min);
    let between = lowest + 0.15 * range..lowest + 0.85 * range;
    let smooth = tiles.iter().filter(|tile| tile.high - tile.low < 0.2 * range);
    let (within, all) = smooth.fold((0, 0), |(within, all), tile| {
        (within + usize::from(between.contains(&tile.median)), all + 1)
    });
    within * 4 > all
}

/// Luminance quantiles of a tile: 5 %, 50 % and 95 %.
struct Tile {
    low: f32,
    median: f32,
    high: f32,
}

impl Tile {
    fn of(cells: &mut [f32]) -> Self {
        Self {
            low: quantile(cells, 0.05),
            median: quantile(cells, 0.5),
            high: quantile(cells, 0.95),
        }
    }
}

/// Replaces `cells` by the values of one tile.
fn fill_tile(luma: &Grid, side: usize, [column, row]: [usize; 2], cells: &mut Vec<f32>) {
    let (left, right) = (column * side, ((column + 1) * side).min(luma.width));
    cells.clear();
    for row in luma.rows().skip(row * side).take(side) {
        cells.extend_from_slice(&row[left..right]);
    }
}

/// Background tone around each tile: a morphological closing over 5 x 5 tiles for dark ink, an opening for light ink
/// (`sign` is 1). It removes strokes and preserves the edges of shadows.
fn background_tones(tones: &Grid, sign: f32) -> Grid {
    let (first, second): (Extremum, Extremum) = if sign > 0.0 {
        (f32::min, f32::max)
    } else {
        (f32::max, f32::min)
    };
    let filtered = extremum_filter(&extremum_filter(&extrapolate(tones), first), second);
    filtered.crop(tones.full_area().translated(MARGIN), 0)
}

/// Adds a margin that continues the gradients at the border: reflected at the outermost tile in position and value.
fn extrapolate(tones: &Grid) -> Grid {
    // The reflected index, and the index of the outermost tile if `index` is in the margin.
    let reflect = |index: usize, side: usize| {
        let last = side - 1;
        match index.checked_sub(MARGIN) {
            None => (MARGIN - index, Some(0)),
            Some(inner) if inner > last => (2 * last - inner, Some(last)),
            Some(inner) => (inner, None),
        }
    };
    let mut padded = Grid::zeros(tones.width + 2 * MARGIN, tones.height + 2 * MARGIN);
    let width = padded.width;
    for (index, value) in padded.values.iter_mut().enumerate() {
        let (x, edge_x) = reflect(index % width, tones.width);
        let (y, edge_y) = reflect(index / width, tones.height);
        let edge = (edge_x.is_some() || edge_y.is_some()).then(|| tones.at(edge_x.unwrap_or(x), edge_y.unwrap_or(y)));
        *value = edge.map_or(tones.at(x, y), |edge| 2.0 * edge - tones.at(x, y));
    }
    padded
}

/// 1 for ink lighter than the background, -1 for darker ink. Strokes are few and far from the background around them, so
/// the third moment of the residuals has the sign. Tiles at the edge of a shadow don't count, if others have ink.
fn ink_sign(luma: &Grid, tones: &Grid, side: usize, range: f32) -> f32 {
    let is_flat = |column: usize, row: usize| {
        let near = (row.saturating_sub(1)..(row + 2).min(tones.height)).flat_map(|row| {
            (column.saturating_sub(1)..(column + 2).min(tones.width)).map(move |column| tones.at(column, row))
        });
        let (low, high) = near.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), tone| {
            (low.min(tone), high.max(tone))
        });
        high - low < FLAT_RANGE * range
    };
    let (mut flat, mut all) = (0.0_f32, 0.0_f32);
    for (y, cells) in luma.rows().enumerate() {
        for (column, cells) in cells.chunks(side).enumerate() {
            let tone = tones.at(column, y / side);
            let residuals = cells
                .iter()
                .map(|value| value - tone)
                .filter(|residual| residual.abs() > FLAT_RANGE * range);
            let moment: f32 = residuals.map(|residual| residual * residual * residual).sum();
            all += moment;
            if is_flat(column, y / side) {
                flat += moment;
            }
        }
    }
    let moment = if flat.abs() < 0.1 * all.abs() { all } else { flat };
    if moment > 0.0 { 1.0 } else { -1.0 }
}

/// `f32::min` or `f32::max`.
type Extremum = fn(f32, f32) -> f32;

/// Minimum or maximum of the 5 x 5 cells around each cell.
fn extremum_filter(grid: &Grid, extremum: Extremum) -> Grid {
    let mut filtered = grid.clone();
    for y in 0..grid.height {
        for x in 0..grid.width {
            for near_y in y.saturating_sub(2)..(y + 3).min(grid.height) {
                for near_x in x.saturating_sub(2)..(x + 3).min(grid.width) {
                    let cell = &mut filtered.values[y * grid.width + x];
                    *cell = extremum(*cell, grid.at(near_x, near_y));
                }
            }
        }
    }
    filtered
}

/// Bilinear interpolation between tile centres; `x` and `y` in tiles from the top left.
fn interpolate(tones: &Grid, x: f32, y: f32) -> f32 {
    let x = (x - 0.5).clamp(0.0, (tones.width - 1) as f32);
    let y = (y - 0.5).clamp(0.0, (tones.height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(tones.width - 1), (top + 1).min(tones.height - 1));
    let (across, down) = (x - left as f32, y - top as f32);
    let row = |y: usize| tones.at(left, y) * (1.0 - across) + tones.at(right, y) * across;
    row(top) * (1.0 - down) + row(bottom) * down
}

/// The `share` quantile (0 to 1) of the values, 0 for an empty slice. Reorders the values.
fn quantile(values: &mut [f32], share: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let index = ((values.len() - 1) as f32 * share) as usize;
    *values.select_nth_unstable_by(index, f32::total_cmp).1
}
