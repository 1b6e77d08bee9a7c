//! Which ink belongs to the digit: connected pieces, specks left out, broken strokes kept together.

use super::sheet::{Area, Sheet};

/// Ink above which a cell starts a piece.
const BODY: f32 = 0.25;

/// Ink down to which a piece's soft edge is followed where nothing blurs it; noise raises it.
const EDGE: f32 = 0.02;

/// Ink down to which an edge is followed before the noise around it is known.
const CLEAR_EDGE: f32 = 0.12;

/// The digit's ink, cut out of a sheet, and where it was.
pub(super) struct Digit {
    pub(super) sheet: Sheet,
    pub(super) area: Area,
}

/// One connected piece of ink.
struct Blob {
    area: Area,
    /// Sum of its ink, in cells.
    mass: f32,
}

/// The digit on a sheet of ink; `None` when there are no more than specks.
pub(super) fn digit(ink: &Sheet) -> Option<Digit> {
    // A margin of paper: no cell with ink lacks a neighbour.
    let ink = &ink.cut(ink.whole(), 1);
    let mut labels = vec![0_u32; ink.values.len()];
    let blobs = label(ink, &mut labels);
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
        area: Area {
            left: area.left - 1,
            top: area.top - 1,
            right: area.right - 1,
            bottom: area.bottom - 1,
        },
    })
}

/// Number the pieces from 1 in `labels`, diagonal neighbours joined.
fn label(ink: &Sheet, labels: &mut [u32]) -> Vec<Blob> {
    let mut blobs = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..labels.len() {
        if labels[start] != 0 || ink.values[start] < BODY {
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
                if labels[near] == 0 && ink.values[near] >= BODY {
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
    let framed = |blob: &Blob| blobs.len() > 1 && is_frame(blob, blobs, ink);
    let mut kept = vec![false; blobs.len()];
    let main = (0..blobs.len())
        .filter(|&index| !framed(&blobs[index]))
        .max_by(|&left, &right| blobs[left].mass.total_cmp(&blobs[right].mass))?;
    // A grain of dust on an empty page is no stroke.
    if blobs[main].area.longest() * 64 < ink.longest().min(ink.width.min(ink.height) * 4) {
        return None;
    }
    kept[main] = true;
    let heaviest = blobs[main].mass;
    let mut area = blobs[main].area;
    loop {
        let next = (0..blobs.len()).find(|&index| {
            let blob = &blobs[index];
            let gap = blob.area.gap(area) as f32;
            let reach = area.longest() as f32;
            let near = blob.mass > 0.008 * heaviest && gap <= 0.12 * reach;
            let large = blob.mass > 0.04 * heaviest && gap <= 0.5 * reach;
            let half = blob.mass > 0.3 * heaviest && gap <= reach;
            !kept[index] && (near || large || half) && !framed(blob)
        });
        let Some(next) = next else { break };
        kept[next] = true;
        area = area.joined(blobs[next].area);
    }
    Some(kept)
}

/// A line around the page, such as a canvas's border, with something else inside.
fn is_frame(blob: &Blob, blobs: &[Blob], ink: &Sheet) -> bool {
    let spans = blob.area.width() * 20 >= ink.width * 19 && blob.area.height() * 20 >= ink.height * 19;
    // Thin all along: no more ink than a line of a twentieth of the page around it.
    let thin = blob.mass < (ink.width + ink.height) as f32 * 2.0 * (ink.longest() as f32 / 20.0).max(1.0) * 0.5;
    let inside = blobs
        .iter()
        .any(|other| other.area.longest() < blob.area.longest() && other.area.longest() * 8 >= blob.area.longest());
    spans && thin && inside
}

/// Take in the soft edges around the kept pieces: cells where the ink only falls, so that neither the ringing beyond
/// nor another piece is taken.
fn follow_edges(ink: &Sheet, labels: &[u32], digit: &mut Sheet, edge: f32) {
    let mut waiting: Vec<usize> = (0..digit.values.len())
        .filter(|&index| digit.values[index] > 0.0)
        .collect();
    while let Some(index) = waiting.pop() {
        for near in neighbours(ink, index) {
            let value = ink.values[near];
            if labels[near] == 0 && digit.values[near] == 0.0 && value > edge && value <= ink.values[index] {
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
