//! Pictures: where a digit may be. Each way to see the page (its tones as they are, its sheet alone, the light evened
//! out, its rulings removed) gives ink, each ink pieces, and groups of pieces are the candidates that the network reads.

use super::{
    binarize::{self, Contrast, Light, Pen},
    candidate::{Candidate, MAX_CANDIDATES},
    connected_components::{BODY_THRESHOLD, Components, Digit, Group, STRONG_BODY_THRESHOLD},
    grid::Grid,
    number::{self, Placement, WrittenLine},
    picture::Picture,
    rect::Rect,
    rulings, stroke_width,
};

/// Target number of cells of the grid that is searched (256 x 256 or any other shape).
const TARGET_CELLS: usize = 1 << 16;

/// A digit whose longer side has fewer cells than this on a downsampled grid is searched again at a higher resolution.
const MIN_DIGIT_SIDE: usize = 48;

/// A page with a longer side of fewer cells is a digit cut out already: it is neither searched for sheets of paper and
/// rulings, which its strokes would be taken for, nor for a light that varies.
const MIN_PAGE_SIDE: usize = 64;

/// Candidates from one way to see the page.
const GROUPS: usize = 6;

/// A piece that fills at least this share of the page, and most of its own area, may be a sheet of paper.
const SHEET_SHARE: f32 = 0.06;
const SHEET_FILLED: f32 = 0.55;

/// The longer side of a sheet is at most this multiple of the shorter one.
const SHEET_RATIO: usize = 4;

/// How much faint ink counts beside that of a strong pen.
const FAINT_STRENGTH: f32 = 0.7;

/// Tones of one region of the page.
struct Tones {
    grid: Grid,
    /// The region, in cells of the page.
    region: Rect,
    /// Side of a cell of `grid`, in cells of the page.
    factor: usize,
}

impl Tones {
    /// The ink; `None` if the region is blank.
    fn seen(&self, light: Light) -> Option<Seen> {
        self.with_ink(&Contrast::of(&self.grid, light)?, Pen::Any, light == Light::AsItIs)
    }

    /// The ink of a pen; `None` if there is none.
    fn with_ink(&self, contrast: &Contrast, pen: Pen, as_it_is: bool) -> Option<Seen> {
        Some(Seen {
            ink: contrast.ink(pen)?,
            region: self.region,
            factor: self.factor,
            as_it_is,
        })
    }
}

/// Ink of one region of the page.
struct Seen {
    ink: Grid,
    /// The region, in cells of the page.
    region: Rect,
    /// Side of a cell of `ink`, in cells of the page.
    factor: usize,
    /// Small digits may be searched again at a higher resolution: this is the page as it is.
    as_it_is: bool,
}

impl Seen {
    /// The groups of pieces that may be the digit, with their ink.
    fn groups(&self) -> Vec<(Group, Digit)> {
        let spans = |group: &Group| group.area.width() >= self.ink.width || group.area.height() >= self.ink.height;
        let mut components = Components::find(&self.ink, BODY_THRESHOLD);
        let mut groups = components.groups(GROUPS);
        // Where printed lines or a shadow cross the page, they may hold everything together.
        if groups.first().is_some_and(spans) {
            let strong = Components::find(&self.ink, STRONG_BODY_THRESHOLD);
            let apart = strong.groups(GROUPS);
            if apart.first().is_some_and(|group| !spans(group)) {
                (components, groups) = (strong, apart);
            }
        }
        let with_ink = groups.into_iter().filter_map(|group| {
            let digit = components.cut_out(&group)?;
            Some((group, digit))
        });
        with_ink.collect()
    }

    /// Whether the ink of a group is large and solid enough for a sheet of paper.
    fn is_sheet(&self, digit: &Digit) -> bool {
        let filled = digit.grid.mean();
        let mass = filled * digit.grid.values.len() as f32;
        let is_bar = digit.area.longer_side() > SHEET_RATIO * digit.area.width().min(digit.area.height());
        !is_bar && mass > SHEET_SHARE * self.ink.values.len() as f32 && filled > SHEET_FILLED
    }

    /// Converts a rectangle of cells to cells of the page.
    fn on_page(&self, cells: Rect) -> Rect {
        Rect {
            left: self.region.left + cells.left * self.factor,
            top: self.region.top + cells.top * self.factor,
            right: (self.region.left + cells.right * self.factor).min(self.region.right),
            bottom: (self.region.top + cells.bottom * self.factor).min(self.region.bottom),
        }
    }
}

/// The candidates of a picture, the likeliest first; none if it is blank.
pub(super) fn candidates(picture: &Picture) -> Vec<Candidate> {
    let Some(page) = picture.tones() else {
        return Vec::new();
    };
    let mut search = Search::new(&page, picture.factor());
    let tones = search.downsampled(page.full_area());
    let Some(contrast) = Contrast::of(&tones.grid, Light::AsItIs) else {
        return Vec::new();
    };
    let Some(as_it_is) = tones.with_ink(&contrast, Pen::Any, true) else {
        return Vec::new();
    };
    let sheets = search.add_groups(&as_it_is);
    if page.longer_side() < MIN_PAGE_SIDE {
        return search.found;
    }
    for sheet in sheets {
        search.add_written_on(&as_it_is, &sheet);
    }
    // Evening out the light doesn't improve drawings and screenshots.
    let is_clear = binarize::is_clear(&tones.grid);
    let evened = (!is_clear)
        .then(|| Contrast::of(&tones.grid, Light::EvenedOut))
        .flatten();
    let of_pen = |contrast: &Contrast, pen| tones.with_ink(contrast, pen, false);
    let strong = of_pen(evened.as_ref().unwrap_or(&contrast), Pen::Strong);
    if let Some(strong) = &strong {
        search.add_groups(strong);
    }
    let even = evened.and_then(|evened| of_pen(&evened, Pen::Any));
    if let Some(ink) = rulings::removed(&even.as_ref().unwrap_or(&as_it_is).ink) {
        search.add_groups(&Seen {
            ink,
            as_it_is: false,
            ..as_it_is
        });
    } else if let Some(even) = even {
        search.add_groups(&even);
    }
    if let Some(strong) = &strong {
        search.weaken_faint(strong);
    }
    search.found
}

/// The ink of a whole picture as it is, and the side of its cells in pixels; `None` if it is blank.
pub(super) fn page_ink(picture: &Picture) -> Option<(Grid, usize)> {
    let page = picture.tones()?;
    let tones = Search::new(&page, picture.factor()).downsampled(page.full_area());
    let seen = tones.seen(Light::AsItIs)?;
    Some((seen.ink, seen.factor * picture.factor()))
}

/// The lines of writing in a picture, from the top.
pub(super) fn lines(picture: &Picture) -> Vec<WrittenLine> {
    let Some(page) = picture.tones() else {
        return Vec::new();
    };
    let search = Search::new(&page, picture.factor());
    let whole = page.full_area();
    let Some(seen) = search.downsampled(whole).seen(Light::AsItIs) else {
        return Vec::new();
    };
    // What is written on a sheet, if there is one on the page.
    let sheet = seen.groups().into_iter().find(|(_, digit)| seen.is_sheet(digit));
    let sheet = sheet.and_then(|(_, digit)| search.sheet(&seen, &digit));
    let tones = Search::new(sheet.as_ref().unwrap_or(&page), picture.factor()).downsampled(whole);
    let even = if binarize::is_clear(&tones.grid) {
        None
    } else {
        tones.seen(Light::EvenedOut)
    };
    let Some(seen) = even.or_else(|| tones.seen(Light::AsItIs)) else {
        return Vec::new();
    };
    let placement = Placement {
        left: 0.0,
        top: 0.0,
        side: (seen.factor * picture.factor()) as f32,
    };
    let ink = rulings::removed(&seen.ink).unwrap_or(seen.ink);
    number::lines(&ink, placement)
}

/// A search for candidates on one page.
struct Search<'a> {
    page: &'a Grid,
    /// Pixels per cell of the page.
    scale: usize,
    found: Vec<Candidate>,
}

impl<'a> Search<'a> {
    fn new(page: &'a Grid, scale: usize) -> Self {
        Self {
            page,
            scale,
            found: Vec::new(),
        }
    }

    /// Adds the candidates of the groups on some ink. Returns those that may be sheets of paper.
    fn add_groups(&mut self, seen: &Seen) -> Vec<Digit> {
        let mut sheets = Vec::new();
        for (group, digit) in seen.groups() {
            if seen.is_sheet(&digit) {
                sheets.push(digit.clone());
            }
            self.add(seen, &group, digit);
        }
        sheets
    }

    /// Adds one candidate, unless there is one in its place already.
    fn add(&mut self, seen: &Seen, group: &Group, digit: Digit) {
        let mut area = seen.on_page(digit.area);
        let mut grid = digit.grid;
        if seen.as_it_is && seen.factor > 1 && digit.area.longer_side() < MIN_DIGIT_SIDE {
            // Search the surroundings of a small digit again at a higher resolution.
            let around = seen.on_page(digit.area.expanded(digit.area.longer_side() / 4 + 4));
            if let Some((finer, place)) = self.finer(around) {
                (grid, area) = (finer, place);
            }
        }
        let known = |candidate: &Candidate| {
            let shared = candidate.cells.shared(area) as f32;
            shared > 0.95 * candidate.cells.area().max(area.area()) as f32
        };
        if self.found.len() < MAX_CANDIDATES && !self.found.iter().any(known) {
            self.found
                .extend(Candidate::new(&stroke_width::normalize(grid), area, self.scale, group));
        }
    }

    /// Weakens the candidates without strong ink, where others have it.
    fn weaken_faint(&mut self, strong: &Seen) {
        for candidate in &mut self.found {
            let Rect {
                left,
                top,
                right,
                bottom,
            } = candidate.cells;
            let in_ink = |start: usize, end: usize| start / strong.factor..end.div_ceil(strong.factor);
            let (rows, columns) = (in_ink(top, bottom), in_ink(left, right));
            let near = strong.ink.rows().take(rows.end).skip(rows.start);
            let mut cells = near.flat_map(|row| row.iter().take(columns.end).skip(columns.start));
            if !cells.any(|&ink| ink > STRONG_BODY_THRESHOLD) {
                candidate.strength = FAINT_STRENGTH;
            }
        }
    }

    /// The heaviest group in a part of the page, and its place.
    fn finer(&self, around: Rect) -> Option<(Grid, Rect)> {
        let seen = self.downsampled(around).seen(Light::AsItIs)?;
        let digit = super::connected_components::extract_digit(&seen.ink)?;
        let place = seen.on_page(digit.area);
        Some((digit.grid, place))
    }

    /// Adds what is written on a sheet of paper.
    fn add_written_on(&mut self, seen: &Seen, sheet: &Digit) {
        let Some(page) = self.sheet(seen, sheet) else { return };
        let mut inner = Search::new(&page, self.scale);
        if let Some(written) = inner.downsampled(seen.on_page(sheet.area)).seen(Light::AsItIs) {
            inner.add_groups(&written);
        }
        // What is written on a sheet is likelier the digit than the sheet.
        inner.found.append(&mut self.found);
        inner.found.truncate(MAX_CANDIDATES);
        self.found = inner.found;
    }

    /// The page with the tone of a sheet all around the sheet. Its edge is left out, too.
    fn sheet(&self, seen: &Seen, sheet: &Digit) -> Option<Grid> {
        let mut values = Vec::new();
        let mut rows = Vec::with_capacity(sheet.grid.height);
        for (y, row) in sheet.grid.rows().enumerate() {
            let first = row.iter().position(|&value| value > 0.5);
            let last = row.iter().rposition(|&value| value > 0.5);
            let (first, last) = (first.unwrap_or(0), last.map_or(0, |last| last + 1));
            rows.push(first..last);
            let cells = seen.on_page(Rect {
                left: sheet.area.left + first,
                top: sheet.area.top + y,
                right: sheet.area.left + last.max(first + 1),
                bottom: sheet.area.top + y + 1,
            });
            if let Some(row) = self
                .page
                .values
                .get(cells.top * self.page.width..(cells.top + 1) * self.page.width)
            {
                values.extend(row[cells.left..cells.right.max(cells.left)].iter().step_by(seen.factor));
            }
        }
        // Cells of the ink that the sheet's edge takes.
        let edge = sheet.area.longer_side() / 40 + 2;
        let middle = values.len() / 2;
        if values.is_empty() {
            return None;
        }
        let tone = *values.select_nth_unstable_by(middle, f32::total_cmp).1;
        let mut page = Grid {
            values: vec![tone; self.page.values.len()],
            ..*self.page
        };
        for y in edge..sheet.grid.height.saturating_sub(edge) {
            // The narrowest of the rows around, so that a slanted edge is left out, too.
            let near = &rows[y - edge..=y + edge];
            let first = near.iter().map(|row| row.start).max().unwrap_or(0) + edge;
            let last = near.iter().map(|row| row.end).min().unwrap_or(0).saturating_sub(edge);
            if first >= last {
                continue;
            }
            let cells = seen.on_page(Rect {
                left: sheet.area.left + first,
                top: sheet.area.top + y,
                right: sheet.area.left + last,
                bottom: sheet.area.top + y + 1,
            });
            for y in cells.top..cells.bottom {
                let part = y * page.width + cells.left..y * page.width + cells.right;
                page.values[part.clone()].copy_from_slice(&self.page.values[part]);
            }
        }
        Some(page)
    }

    /// Averages the cells of a region in squares so that the grid stays within the target size.
    fn downsampled(&self, region: Rect) -> Tones {
        let region = Rect {
            right: region.right.min(self.page.width),
            bottom: region.bottom.min(self.page.height),
            ..region
        };
        let cells = |factor: usize| region.width().div_ceil(factor) * region.height().div_ceil(factor);
        let mut factor = 1;
        while cells(factor) > TARGET_CELLS {
            factor += 1;
        }
        if factor == 1 {
            let grid = self.page.crop(region, 0);
            return Tones { grid, region, factor };
        }
        let mut grid = Grid::zeros(region.width().div_ceil(factor), region.height().div_ceil(factor));
        // Columns are summed first, then rows: the inner loop vectorizes.
        let mut sums = vec![0.0_f32; region.width()];
        for (row, cells) in grid.values.chunks_exact_mut(grid.width).enumerate() {
            let top = region.top + row * factor;
            let bottom = (top + factor).min(region.bottom);
            sums.fill(0.0);
            for y in top..bottom {
                let from = &self.page.values[y * self.page.width + region.left..y * self.page.width + region.right];
                for (sum, value) in sums.iter_mut().zip(from) {
                    *sum += value;
                }
            }
            for (cell, square) in cells.iter_mut().zip(sums.chunks(factor)) {
                *cell = square.iter().sum::<f32>() / (square.len() * (bottom - top)) as f32;
            }
        }
        Tones { grid, region, factor }
    }
}
