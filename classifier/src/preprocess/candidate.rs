//! A place where a digit may be.

use super::{connected_components::Group, grid::Grid, model_input, rect::Rect};
use crate::ModelInput;

/// Candidates of one picture, at most.
pub(super) const MAX_CANDIDATES: usize = 16;

/// A rectangle in a picture's pixels, or in a drawing's units: left, top, width, height.
pub type Area = [f32; 4];

/// A part of a picture that may be a digit, prepared for the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The network's input.
    pub input: ModelInput,
    /// Its place in the picture.
    pub area: Area,
    /// It looks like the edge of something, and less probably like a digit.
    pub is_edge: bool,
    /// It is all that was found in the picture, but for specks.
    pub is_whole: bool,
    /// It has a line around or under something else that may be the digit.
    pub is_framed: bool,
    /// 1, or how much its ink counts beside stronger ink, which may be that of the digit.
    pub strength: f32,
    /// Its place in cells of the reduced picture.
    pub(super) cells: Rect,
}

impl Candidate {
    /// The ink of a group, cropped, that lies at `cells` of `scale` pixels each; `None` if there is none.
    pub(super) fn new(ink: &Grid, cells: Rect, scale: usize, group: &Group) -> Option<Self> {
        (!ink.values.is_empty()).then(|| Self {
            input: model_input::to_model_input(ink),
            area: [cells.left, cells.top, cells.width(), cells.height()].map(|side| (side * scale) as f32),
            is_edge: group.is_edge,
            is_whole: group.is_whole,
            is_framed: group.is_framed,
            strength: 1.0,
            cells,
        })
    }
}
