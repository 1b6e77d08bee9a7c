//! Which ink belongs to the digit: connected pieces, specks left out, broken strokes kept together.

use super::sheet::{Area, Sheet};

/// Ink above which a cell starts a piece.
const BODY: f32 = 0.25;

/// The same where printed lines or a shadow run across the page and would be taken for strokes.
const CLEAR_BODY: f32 = 0.5;

/// Ink down to which a piece's soft edge is followed where nothing blurs it; noise raises it.
const EDGE: f32 = 0.02;

/// Ink down to which an edge is followed before the noise around it is known.
const CLEAR_EDGE: f32 = 0.12;

/// Share of a cell's ink that the next one outward has at most on a soft edge.
const STEEPNESS: f32 = 0.95;

/// Pieces at most that a digit is put together from, the heaviest first.
const MOST_PIECES: usize = 64;

/// The digit's ink, cut out of a sheet, and where it was.
pub(super) struct Digit {
    pub(super) sheet: Sheet,
    pub(super) area: Area,
}

/// Which pieces of ink may belong to the digit.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pieces {
    All,
    /// None that touches the border.
    OffTheBorder,
}

/// One connected piece of ink.
struct Blob {
    area: Area,
    /// Sum of its ink, in cells.
    mass: f32,
}

impl Digit {
    /// So full of ink, to the very corners, as a sheet of paper is and hardly any digit.
    pub(super) fn is_solid(&self) -> bool {
        let area = self.sheet.whole();
        let [width, height] = [area.width().div_ceil(8), area.height().div_ceil(8)];
        let corner = |left: usize, top: usize| {
            let corner = Area {
                left,
                top,
                right: left + width,
                bottom: top + height,
            };
            self.sheet.cut(corner, 0).mean() > 0.5
        };
        let (right, bottom) = (area.right - width, area.bottom - height);
        let corners = [corner(0, 0), corner(right, 0), corner(0, bottom), corner(right, bottom)];
        let slender = area.longest() > 2 * area.width().min(area.height());
        !slender && self.sheet.mean() > 0.75 && corners.iter().filter(|full| **full).count() >= 3
    }
}

/// The digit on a sheet of ink; `None` when there are no more than specks.
pub(super) fn digit(ink: &Sheet, pieces: Pieces) -> Option<Digit> {
    // A margin of paper: no cell with ink lacks a neighbour.
    let padded = ink.cut(ink.whole(), 1);
    let found = digit_above(BODY, &padded, pieces)?;
    let spans = |area: Area| area.width() >= ink.width || area.height() >= ink.height;
    let clear = if spans(found.area) {
        digit_above(CLEAR_BODY, &padded, pieces)
    } else {
        None
    };
    let mut found = clear.filter(|clear| !spans(clear.area)).unwrap_or(found);
    found.area = Area {
        left: found.area.left - 1,
        top: found.area.top - 1,
        right: found.area.right - 1,
        bottom: found.area.bottom - 1,
    };
    Some(found)
}

/// The digit on a sheet with a margin of paper, its body being ink of at least `body`.
fn digit_above(body: f32, ink: &Sheet, pieces: Pieces) -> Option<Digit> {
    let mut labels = vec![0_u32; ink.values.len()];
    let mut blobs = label(body, ink, &mut labels);
    if pieces == Pieces::OffTheBorder {
        let inner = ink.whole().shrunk(2);
        for blob in blobs.iter_mut().filter(|blob| blob.area.joined(inner) != inner) {
            blob.mass = 0.0;
        }
    }
    let kept = choose(&blobs, ink)?;
    let mut digit = Sheet::blank(ink.width, ink.height);
    for (index, &label) in labels.iter().enumerate() {
        if label > 0 && kept[label as usize - 1] {
            digit.values[index] = ink.values[index];
        }
    }
    follow_edges(ink, &labels, &mut digit, CLEAR_EDGE);
    let edge = 3.0 * noise_around(ink, &labels, &digit);
    if edge < CLEAR_EDGE {
        follow_edges(ink, &labels, &mut digit, edge.max(EDGE));
    }
    let area = digit.area_above(0.0)?;
    Some(Digit {
        sheet: digit.cut(area, 0),
        area,
    })
}

/// Number the pieces from 1 in `labels`, diagonal neighbours joined.
fn label(body: f32, ink: &Sheet, labels: &mut [u32]) -> Vec<Blob> {
    let mut blobs = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..labels.len() {
        if labels[start] != 0 || ink.values[start] < body {
            continue;
        }
        let mut blob = Blob {
            area: Area::cell(start % ink.width, start / ink.width),
            mass: 0.0,
        };
        let number = blobs.len() as u32 + 1;
        labels[start] = number;
        waiting.push(start);
        while let Some(index) = waiting.pop() {
            blob.mass += ink.values[index];
            blob.area = blob.area.with(index % ink.width, index / ink.width);
            for near in neighbours(ink, index) {
                if labels[near] == 0 && ink.values[near] >= body {
                    labels[near] = number;
                    waiting.push(near);
                }
            }
        }
        blobs.push(blob);
    }
    blobs
}

/// Which pieces make the digit: the heaviest, and what is large enough and near enough to belong to it.
fn choose(blobs: &[Blob], ink: &Sheet) -> Option<Vec<bool>> {
    let mut candidates: Vec<usize> = (0..blobs.len()).filter(|&index| blobs[index].mass > 0.0).collect();
    candidates.sort_by(|&left, &right| blobs[right].mass.total_cmp(&blobs[left].mass));
    candidates.truncate(MOST_PIECES);
    let framing = |index: usize| is_frame(&blobs[index], candidates.iter().map(|&other| &blobs[other]), ink);
    let mut candidates: Vec<usize> = candidates.iter().copied().filter(|&index| !framing(index)).collect();
    let main = &blobs[*candidates.first()?];
    // A grain of dust on an empty page is no stroke.
    if main.area.longest() * 64 < ink.longest().min(ink.width.min(ink.height) * 4) {
        return None;
    }
    let mut kept = vec![false; blobs.len()];
    let mut area = main.area;
    loop {
        let next = candidates.iter().position(|&index| belongs(&blobs[index], main, area));
        let Some(next) = next else { break };
        let index = candidates.remove(next);
        kept[index] = true;
        area = area.joined(blobs[index].area);
    }
    Some(kept)
}

/// Is a piece part of the digit, of which `area` is known?
fn belongs(blob: &Blob, main: &Blob, area: Area) -> bool {
    let share = blob.mass / main.mass;
    let gap = blob.area.gap(area) as f32 / area.longest() as f32;
    (share > 0.008 && gap <= 0.12) || (share > 0.04 && gap <= 0.5) || (share > 0.3 && gap <= 1.0)
}

/// A line around the page, such as a canvas's border, with something else inside.
fn is_frame<'a>(blob: &Blob, mut blobs: impl Iterator<Item = &'a Blob>, ink: &Sheet) -> bool {
    let spans = blob.area.width() * 20 >= ink.width * 19 && blob.area.height() * 20 >= ink.height * 19;
    // No more ink than a line of a fortieth of the page all around.
    let thin = blob.mass < (ink.width + ink.height) as f32 * (ink.longest() as f32 / 20.0).max(1.0);
    let longest = blob.area.longest();
    spans && thin && blobs.any(|other| other.area.longest() < longest && other.area.longest() * 8 >= longest)
}

/// Take in the soft edges around the kept pieces: cells where the ink falls outward, so that neither the ringing beyond,
/// nor a faint line that runs on, nor another piece is taken.
fn follow_edges(ink: &Sheet, labels: &[u32], digit: &mut Sheet, edge: f32) {
    let mut waiting: Vec<usize> = (0..digit.values.len())
        .filter(|&index| digit.values[index] > 0.0)
        .collect();
    while let Some(index) = waiting.pop() {
        for near in neighbours(ink, index) {
            let value = ink.values[near];
            let falling = value <= STEEPNESS * ink.values[index];
            if labels[near] == 0 && digit.values[near] == 0.0 && value > edge && falling {
                digit.values[near] = value;
                waiting.push(near);
            }
        }
    }
}

/// Root mean square of the ink left around the digit: JPEG rings most where strokes are near.
fn noise_around(ink: &Sheet, labels: &[u32], digit: &Sheet) -> f32 {
    let Some(area) = digit.area_above(0.0) else { return 0.0 };
    let (mut squares, mut cells) = (0.0, 0_usize);
    for y in area.top.saturating_sub(8)..(area.bottom + 8).min(ink.height) {
        for x in area.left.saturating_sub(8)..(area.right + 8).min(ink.width) {
            let index = y * ink.width + x;
            if labels[index] == 0 && digit.values[index] == 0.0 {
                squares += ink.values[index] * ink.values[index];
                cells += 1;
            }
        }
    }
    (squares / cells.max(1) as f32).sqrt()
}

/// The eight cells around one that is not outermost.
fn neighbours(sheet: &Sheet, index: usize) -> [usize; 8] {
    let (above, below) = (index - sheet.width, index + sheet.width);
    [
        above - 1,
        above,
        above + 1,
        index - 1,
        index + 1,
        below - 1,
        below,
        below + 1,
    ]
}
