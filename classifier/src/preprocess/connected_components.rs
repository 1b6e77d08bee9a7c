//! Selects the connected components that form the digit: ignores specks, keeps the parts of broken strokes together.

use super::{grid::Grid, order::sorted, rect::Rect};

/// Minimum ink of a component's body.
pub(super) const BODY_THRESHOLD: f32 = 0.25;

/// Minimum ink of a component's body where printed lines or a shadow cross the page and would be taken for strokes.
pub(super) const STRONG_BODY_THRESHOLD: f32 = 0.5;

/// Minimum ink of a soft edge on a clean image; noise raises it.
const EDGE_THRESHOLD: f32 = 0.02;

/// Minimum ink of a soft edge before the noise around it is known.
const STRONG_EDGE_THRESHOLD: f32 = 0.12;

/// On a soft edge the ink falls outward: at most this share of the ink of the cell before.
const MAX_EDGE_RATIO: f32 = 0.95;

/// Only this many components are considered, in descending order of ink.
const MAX_COMPONENTS: usize = 64;

/// The digit's ink, cropped to its bounding box, and the position of that box.
#[derive(Clone)]
pub(super) struct Digit {
    pub(super) grid: Grid,
    pub(super) area: Rect,
}

/// One connected component.
struct Component {
    area: Rect,
    /// Sum of its ink, in cells.
    mass: f32,
}

impl Component {
    /// Whether its ink is a small share of its area, as that of a frame is.
    fn is_thin(&self) -> bool {
        self.mass * 4.0 < self.area.area() as f32
    }

    /// Whether it reaches around another on all sides, or nearly.
    fn encloses(&self, other: &Self) -> bool {
        let slack = other.area.longer_side() / 8;
        self.area.longer_side() * 4 > 5 * other.area.longer_side()
            && self.area.left <= other.area.left + slack
            && self.area.top <= other.area.top + slack
            && self.area.right + slack >= other.area.right
            && self.area.bottom + slack >= other.area.bottom
    }
}

/// The components of a grid of ink.
pub(super) struct Components {
    /// The ink with a margin of one empty cell, so that every inked cell has eight neighbours.
    ink: Grid,
    /// The component of each cell of `ink`, from 1; 0 for none.
    labels: Vec<u32>,
    found: Vec<Component>,
}

/// Components that may be a digit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Indices of components, ascending.
    members: Vec<usize>,
    /// Cells of the grid, without its margin.
    pub(super) area: Rect,
    /// It is a line along the page's edge, or across the page, or lies in a corner: probably the edge of the paper, a
    /// ruling, or a shadow.
    pub(super) is_edge: bool,
    /// It has all components but specks.
    pub(super) is_whole: bool,
    /// It has a line around or under something else that may be the digit.
    pub(super) is_framed: bool,
}

/// The digit on a grid of ink; `None` if there are only specks.
pub(super) fn extract_digit(ink: &Grid) -> Option<Digit> {
    let spans = |digit: &Digit| digit.area.width() >= ink.width || digit.area.height() >= ink.height;
    let above = |body| {
        let components = Components::find(ink, body);
        let main = components.main_group()?;
        components.cut_out(&main)
    };
    let found = above(BODY_THRESHOLD)?;
    let strong = if spans(&found) {
        above(STRONG_BODY_THRESHOLD)
    } else {
        None
    };
    Some(strong.filter(|strong| !spans(strong)).unwrap_or(found))
}

impl Components {
    /// The components of at least `body` ink per cell.
    pub(super) fn find(ink: &Grid, body: f32) -> Self {
        let ink = ink.crop(ink.full_area(), 1);
        let mut labels = vec![0_u32; ink.values.len()];
        let found = label_components(body, &ink, &mut labels);
        Self { ink, labels, found }
    }

    /// The heaviest component with what belongs to it.
    fn main_group(&self) -> Option<Group> {
        let heavy = self.heaviest(|_| true);
        let components = || heavy.iter().map(|&index| &self.found[index]);
        let is_border = |index: usize| is_page_border(&self.found[index], components(), &self.ink);
        let near: Vec<usize> = heavy.iter().copied().filter(|&index| !is_border(index)).collect();
        // The heaviest component may be a speck on a blank image.
        let main = near.first().copied().filter(|&main| !self.is_short(main))?;
        self.group(self.joined(main, near))
    }

    fn group(&self, members: Vec<usize>) -> Option<Group> {
        let area = members
            .iter()
            .map(|&index| self.found[index].area)
            .reduce(Rect::union)?;
        let inner = Rect {
            right: self.ink.width - 1,
            bottom: self.ink.height - 1,
            ..Rect::cell(1, 1)
        };
        let [left, top] = [area.left <= inner.left, area.top <= inner.top];
        let [right, bottom] = [area.right >= inner.right, area.bottom >= inner.bottom];
        let touches = left || top || right || bottom;
        let is_corner = left != right && top != bottom;
        let spans = area.height() * 10 >= inner.height() * 9 || area.width() * 10 >= inner.width() * 9;
        let slender = area.longer_side() > 5 * area.width().min(area.height());
        Some(Group {
            members,
            area: Rect {
                left: area.left - 1,
                top: area.top - 1,
                right: area.right - 1,
                bottom: area.bottom - 1,
            },
            is_edge: is_corner || (touches && (spans || slender)) || (spans && slender),
            is_whole: false,
            is_framed: false,
        })
    }

    /// Groups that may be the digit, the likelier ones first, at most `limit`: each heavy component with what belongs to
    /// it, with and without what is drawn under it or around it.
    pub(super) fn groups(&self, limit: usize) -> Vec<Group> {
        let heavy = self.heaviest(|index| !self.is_speck(index));
        let mut groups: Vec<Group> = self.main_group().into_iter().collect();
        let mains = || heavy.iter().copied().take(limit);
        let grown: Vec<Vec<usize>> = mains().map(|main| self.grown(main, &heavy)).collect();
        let without_lines = mains().zip(&grown).map(|(main, near)| {
            let kept = near
                .iter()
                .copied()
                .filter(|&index| index == main || !self.is_flat(index));
            kept.collect()
        });
        // First something of every component, then the other ways to see it.
        let alone = mains().map(|main| vec![main]);
        for members in without_lines.chain(alone).chain(grown.iter().cloned()) {
            if let Some(group) = self.group(members)
                && !groups.iter().any(|known| known.members == group.members)
            {
                groups.push(group);
            }
        }
        for group in &mut groups {
            group.is_whole = heavy.iter().all(|index| group.members.binary_search(index).is_ok());
            let frames = |&member: &usize| heavy.iter().any(|&other| self.frames(member, other));
            group.is_framed = group.members.iter().any(frames);
        }
        let mut groups = sorted(groups, |group| f32::from(group.is_edge));
        groups.truncate(limit);
        groups
    }

    /// The component with those that belong to it, without those that enclose it.
    fn grown(&self, main: usize, candidates: &[usize]) -> Vec<usize> {
        let enclosing = |index: usize| self.found[index].encloses(&self.found[main]);
        let near = candidates
            .iter()
            .copied()
            .filter(|&index| index == main || !enclosing(index));
        self.joined(main, near.collect())
    }

    /// Whether a component is a line around or under another, which is large enough for the digit.
    fn frames(&self, line: usize, other: usize) -> bool {
        let (frame, inner) = (&self.found[line], &self.found[other]);
        let is_large = inner.area.longer_side() * 3 > frame.area.longer_side();
        line != other && (self.underlines(line, other) || (is_large && frame.encloses(inner)))
    }

    /// Whether a component is a line under another, apart from it and about as wide at least.
    fn underlines(&self, line: usize, other: usize) -> bool {
        let (under, above) = (&self.found[line].area, &self.found[other].area);
        let overlap = under.right.min(above.right).saturating_sub(under.left.max(above.left));
        self.is_flat(line)
            && !self.is_flat(other)
            && under.top.saturating_sub(above.bottom) * 16 > above.height()
            && under.width() * 5 > above.width() * 4
            && overlap * 2 > above.width()
    }

    /// The components of `rest` that belong to `main`, one after the other, with `main`; ascending.
    fn joined(&self, main: usize, mut rest: Vec<usize>) -> Vec<usize> {
        let mut members = vec![main];
        let mut area = self.found[main].area;
        rest.retain(|&index| index != main);
        while let Some(next) = rest
            .iter()
            .position(|&index| belongs(&self.found[index], &self.found[main], area))
        {
            let index = rest.remove(next);
            area = area.union(self.found[index].area);
            members.push(index);
        }
        members.sort_unstable();
        members
    }

    /// The components with the most ink of those to be kept, in descending order.
    fn heaviest(&self, keep: impl Fn(usize) -> bool) -> Vec<usize> {
        let heavy = (0..self.found.len()).filter(|&index| self.found[index].mass > 0.0 && keep(index));
        let mut heavy = sorted(heavy.collect(), |&index| -self.found[index].mass);
        heavy.truncate(MAX_COMPONENTS);
        heavy
    }

    /// The cells of each component on `ink`, which they were found on, with its soft edges: each inked cell belongs to the
    /// component it touches, or to none.
    pub(super) fn cells(&self, ink: &Grid) -> Vec<Vec<usize>> {
        let mut labels = self.labels.clone();
        // Twice outward, for edges of two cells.
        for _ in 0..2 {
            let before = labels.clone();
            for y in 1..=ink.height {
                for x in 1..=ink.width {
                    let index = y * self.ink.width + x;
                    if before[index] == 0 && self.ink.values[index] > 0.0 {
                        let near = neighbours(&self.ink, index).into_iter().map(|near| before[near]);
                        labels[index] = near.max().unwrap_or(0);
                    }
                }
            }
        }
        let mut cells = vec![Vec::new(); self.found.len()];
        for y in 0..ink.height {
            for x in 0..ink.width {
                let label = labels[(y + 1) * self.ink.width + x + 1];
                if label > 0 {
                    cells[label as usize - 1].push(y * ink.width + x);
                }
            }
        }
        cells
    }

    /// The lines of writing, from the top: components beside each other.
    pub(super) fn lines(&self) -> Vec<Group> {
        let mut order: Vec<usize> = (0..self.found.len())
            .filter(|&index| self.found[index].mass > 0.0 && !self.is_speck(index))
            .filter(|&index| {
                let is_edge = self.group(vec![index]).is_none_or(|group| group.is_edge);
                !is_edge || self.may_be_number(index)
            })
            .collect();
        // Frames around the writing, and lines under it, are not part of it.
        let writing = order.clone();
        order.retain(|&index| {
            let component = &self.found[index];
            let frames = || {
                writing
                    .iter()
                    .any(|&other| other != index && component.encloses(&self.found[other]))
            };
            !(component.is_thin() && frames())
        });
        let tallest = order.iter().map(|&index| self.found[index].area.height()).max();
        order.retain(|&index| {
            let is_long = self.found[index].area.width() * 4 > tallest.unwrap_or(0) * 5;
            let is_under = || writing.iter().any(|&other| self.underlines(index, other));
            !(self.is_flat(index) && (is_long || is_under())) || self.may_be_number(index)
        });
        // The highest first: what is lower joins them.
        let mut order = sorted(order, |&index| -(self.found[index].area.height() as f32));
        order.truncate(MAX_COMPONENTS);
        let mut lines: Vec<(Rect, Vec<usize>)> = Vec::new();
        let Some(highest) = order.first().map(|&index| self.found[index].area.height()) else {
            return Vec::new();
        };
        for index in order {
            let area = self.found[index].area;
            let beside = |line: &Rect| area.bottom.min(line.bottom).saturating_sub(area.top.max(line.top));
            let known = lines.iter_mut().max_by_key(|(line, _)| beside(line));
            match known {
                Some((line, members)) if beside(line) * 2 > area.height().min(line.height()) => {
                    // The line's height stays that of its highest member, so that lines don't run into each other.
                    members.push(index);
                    line.left = line.left.min(area.left);
                    line.right = line.right.max(area.right);
                }
                Some((line, members)) if area.height() * 3 < highest => {
                    // A small piece above or below, such as the bar of a 5.
                    if line.gap(area) * 4 < line.height() {
                        members.push(index);
                    }
                }
                _ => lines.push((area, vec![index])),
            }
        }
        let lines = sorted(lines, |(area, _)| area.top as f32);
        let groups = lines.into_iter().filter_map(|(_, mut members)| {
            members.sort_unstable();
            self.group(members)
        });
        groups.collect()
    }

    /// Whether a flat component may be digits that touch: it has more ink than a slanting line and less than a straight
    /// one, and ends within the page.
    fn may_be_number(&self, index: usize) -> bool {
        let Component { area, mass } = &self.found[index];
        let filled = mass / area.area() as f32;
        let is_inside =
            area.left > 1 && area.top > 1 && area.right < self.ink.width - 1 && area.bottom < self.ink.height - 1;
        self.is_flat(index) && is_inside && (0.15..0.6).contains(&filled)
    }

    /// Whether a component is a line that isn't upright.
    fn is_flat(&self, index: usize) -> bool {
        let area = self.found[index].area;
        area.width() > 3 * area.height()
    }

    /// Whether a component is far smaller than a digit on this page can be.
    fn is_speck(&self, index: usize) -> bool {
        self.is_short(index) || self.found[index].mass < 4.0
    }

    /// Whether a component is shorter than a digit on this page can be.
    fn is_short(&self, index: usize) -> bool {
        let page = self.ink.longer_side().min(self.ink.width.min(self.ink.height) * 4);
        self.found[index].area.longer_side() * 64 < page
    }

    /// The group's ink with its soft edges, cropped.
    pub(super) fn cut_out(&self, group: &Group) -> Option<Digit> {
        // In the grid with its margin.
        let area = group.area.translated(1);
        let margin = 8 + area.longer_side() / 8;
        let around = Rect {
            left: area.left.saturating_sub(margin),
            top: area.top.saturating_sub(margin),
            right: (area.right + margin).min(self.ink.width),
            bottom: (area.bottom + margin).min(self.ink.height),
        };
        // With a margin again, for the neighbours.
        let ink = self.ink.crop(around, 1);
        let mut labels = vec![0_u32; ink.values.len()];
        let mut digit = Grid::zeros(ink.width, ink.height);
        for y in around.top..around.bottom {
            for x in around.left..around.right {
                let label = self.labels[y * self.ink.width + x];
                let index = (y - around.top + 1) * ink.width + x - around.left + 1;
                labels[index] = label;
                if label > 0 && group.members.binary_search(&(label as usize - 1)).is_ok() {
                    digit.values[index] = ink.values[index];
                }
            }
        }
        grow_edges(&ink, &labels, &mut digit, STRONG_EDGE_THRESHOLD);
        let edge = 3.0 * residual_noise(&ink, &labels, &digit);
        if edge < STRONG_EDGE_THRESHOLD {
            grow_edges(&ink, &labels, &mut digit, edge.max(EDGE_THRESHOLD));
        }
        let found = digit.bounding_box(0.0)?;
        // Both margins are left out; ink lies in neither.
        let place = |cell: usize, start: usize| (cell + start).saturating_sub(2);
        Some(Digit {
            grid: digit.crop(found, 0),
            area: Rect {
                left: place(found.left, around.left),
                top: place(found.top, around.top),
                right: place(found.right, around.left),
                bottom: place(found.bottom, around.top),
            },
        })
    }
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
