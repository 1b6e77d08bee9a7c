//! Selects the connected components that form the digit: ignores specks, keeps the parts of broken strokes together.

use super::{grid::Grid, rect::Rect};

/// Minimum ink of a component's body.
const BODY_THRESHOLD: f32 = 0.25;

/// Minimum ink of a component's body where printed lines or a shadow cross the page and would be taken for strokes.
const STRONG_BODY_THRESHOLD: f32 = 0.5;

/// Minimum ink of a soft edge on a clean image; noise raises it.
const EDGE_THRESHOLD: f32 = 0.02;

/// Minimum ink of a soft edge before the noise around it is known.
const STRONG_EDGE_THRESHOLD: f32 = 0.12;

/// On a soft edge the ink falls outward: at most this share of the ink of the cell before.
const MAX_EDGE_RATIO: f32 = 0.95;

/// Only this many components are considered, in descending order of ink.
const MAX_COMPONENTS: usize = 64;

/// The digit's ink, cropped to its bounding box, and the position of that box.
pub(super) struct Digit {
    pub(super) grid: Grid,
    pub(super) area: Rect,
}

/// Which components may belong to the digit.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum ComponentFilter {
    All,
    /// Only components that do not touch the border.
    ExcludeBorder,
}

/// One connected component.
struct Component {
    area: Rect,
    /// Sum of its ink, in cells.
    mass: f32,
}

impl Digit {
    /// Whether the region is filled up to the corners, as a sheet of paper is and digits are not.
    pub(super) fn is_solid(&self) -> bool {
        let area = self.grid.full_area();
        let [width, height] = [area.width().div_ceil(8), area.height().div_ceil(8)];
        let corner = |left: usize, top: usize| {
            let corner = Rect {
                left,
                top,
                right: left + width,
                bottom: top + height,
            };
            self.grid.crop(corner, 0).mean() > 0.5
        };
        let (right, bottom) = (area.right - width, area.bottom - height);
        let corners = [corner(0, 0), corner(right, 0), corner(0, bottom), corner(right, bottom)];
        let slender = area.longer_side() > 2 * area.width().min(area.height());
        !slender && self.grid.mean() > 0.75 && corners.iter().filter(|mean| **mean).count() >= 3
    }
}

/// The digit on a grid of ink; `None` if there are only specks.
pub(super) fn extract_digit(ink: &Grid, filter: ComponentFilter) -> Option<Digit> {
    // With a margin of empty cells every inked cell has eight neighbours.
    let padded = ink.crop(ink.full_area(), 1);
    let found = extract_digit_above(BODY_THRESHOLD, &padded, filter)?;
    let spans = |area: Rect| area.width() >= ink.width || area.height() >= ink.height;
    let strong = if spans(found.area) {
        extract_digit_above(STRONG_BODY_THRESHOLD, &padded, filter)
    } else {
        None
    };
    let mut found = strong.filter(|strong| !spans(strong.area)).unwrap_or(found);
    found.area = Rect {
        left: found.area.left - 1,
        top: found.area.top - 1,
        right: found.area.right - 1,
        bottom: found.area.bottom - 1,
    };
    Some(found)
}

/// The digit on a grid with a margin of empty cells; its body has at least `body` ink per cell.
fn extract_digit_above(body: f32, ink: &Grid, filter: ComponentFilter) -> Option<Digit> {
    let mut labels = vec![0_u32; ink.values.len()];
    let mut components = label_components(body, ink, &mut labels);
    if filter == ComponentFilter::ExcludeBorder {
        let inner = ink.full_area().shrunk(2);
        for component in components
            .iter_mut()
            .filter(|component| component.area.union(inner) != inner)
        {
            component.mass = 0.0;
        }
    }
    let selected = select_components(&components, ink)?;
    let mut digit = Grid::zeros(ink.width, ink.height);
    for (index, &label) in labels.iter().enumerate() {
        if label > 0 && selected[label as usize - 1] {
            digit.values[index] = ink.values[index];
        }
    }
    grow_edges(ink, &labels, &mut digit, STRONG_EDGE_THRESHOLD);
    let edge = 3.0 * residual_noise(ink, &labels, &digit);
    if edge < STRONG_EDGE_THRESHOLD {
        grow_edges(ink, &labels, &mut digit, edge.max(EDGE_THRESHOLD));
    }
    let area = digit.bounding_box(0.0)?;
    Some(Digit {
        grid: digit.crop(area, 0),
        area,
    })
}

/// Labels the components of ink of at least `body` from 1 (8-connectivity) by flood fill.
fn label_components(body: f32, ink: &Grid, labels: &mut [u32]) -> Vec<Component> {
    let mut components = Vec::new();
    let mut pending = Vec::new();
    for (start, &value) in ink.values.iter().enumerate() {
        if value < body || labels[start] != 0 {
            continue;
        }
        let mut component = Component {
            area: Rect::cell(start % ink.width, start / ink.width),
            mass: 0.0,
        };
        let number = components.len() as u32 + 1;
        labels[start] = number;
        pending.push(start);
        while let Some(index) = pending.pop() {
            component.mass += ink.values[index];
            component.area = component.area.including(index % ink.width, index / ink.width);
            for near in neighbours(ink, index) {
                if labels[near] == 0 && ink.values[near] >= body {
                    labels[near] = number;
                    pending.push(near);
                }
            }
        }
        components.push(component);
    }
    components
}

/// Selects the heaviest component and those large enough and near enough to belong to it.
fn select_components(components: &[Component], ink: &Grid) -> Option<Vec<bool>> {
    let mut candidates: Vec<usize> = (0..components.len())
        .filter(|&index| components[index].mass > 0.0)
        .collect();
    candidates.sort_by(|&left, &right| components[right].mass.total_cmp(&components[left].mass));
    candidates.truncate(MAX_COMPONENTS);
    let is_border = |index: usize| {
        is_page_border(
            &components[index],
            candidates.iter().map(|&other| &components[other]),
            ink,
        )
    };
    let mut candidates: Vec<usize> = candidates.iter().copied().filter(|&index| !is_border(index)).collect();
    let main = &components[*candidates.first()?];
    // The heaviest component is below the minimum size: a speck on a blank image.
    if main.area.longer_side() * 64 < ink.longer_side().min(ink.width.min(ink.height) * 4) {
        return None;
    }
    let mut selected = vec![false; components.len()];
    let mut area = main.area;
    loop {
        let next = candidates
            .iter()
            .position(|&index| belongs(&components[index], main, area));
        let Some(next) = next else { break };
        let index = candidates.remove(next);
        selected[index] = true;
        area = area.union(components[index].area);
    }
    Some(selected)
}

/// Whether a component belongs to the digit, which so far covers `area`. Smaller components must be nearer.
fn belongs(component: &Component, main: &Component, area: Rect) -> bool {
    let share = component.mass / main.mass;
    let gap = component.area.gap(area) as f32 / area.longer_side() as f32;
    (share > 0.008 && gap <= 0.12) || (share > 0.04 && gap <= 0.5) || (share > 0.3 && gap <= 1.0)
}

/// Whether a component is a thin line around the whole page, such as a canvas's border, with something else inside.
fn is_page_border<'a>(component: &Component, mut components: impl Iterator<Item = &'a Component>, ink: &Grid) -> bool {
    let spans = component.area.width() * 20 >= ink.width * 19 && component.area.height() * 20 >= ink.height * 19;
    // At most the ink of a line with a width of a fortieth of the page.
    let thin = component.mass < (ink.width + ink.height) as f32 * (ink.longer_side() as f32 / 20.0).max(1.0);
    let longest = component.area.longer_side();
    spans
        && thin
        && components.any(|other| other.area.longer_side() < longest && other.area.longer_side() * 8 >= longest)
}

/// Adds the soft edges around the selected components: cells whose ink falls outward. This excludes compression
/// artefacts, faint lines that continue, and other components.
fn grow_edges(ink: &Grid, labels: &[u32], digit: &mut Grid, edge: f32) {
    let mut pending: Vec<usize> = (0..digit.values.len())
        .filter(|&index| digit.values[index] > 0.0)
        .collect();
    while let Some(index) = pending.pop() {
        for near in neighbours(ink, index) {
            let value = ink.values[near];
            let falling = value <= MAX_EDGE_RATIO * ink.values[index];
            if labels[near] == 0 && digit.values[near] == 0.0 && value > edge && falling {
                digit.values[near] = value;
                pending.push(near);
            }
        }
    }
}

/// Root mean square of the ink left around the digit. It is measured there because JPEG artefacts are strongest near
/// strokes.
fn residual_noise(ink: &Grid, labels: &[u32], digit: &Grid) -> f32 {
    let Some(area) = digit.bounding_box(0.0) else {
        return 0.0;
    };
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

/// The eight neighbours of a cell that is not on the border.
fn neighbours(grid: &Grid, index: usize) -> [usize; 8] {
    let (above, below) = (index - grid.width, index + grid.width);
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
