//! Framings that the network was not trained with, to show why MNIST's matters.

use super::{Area, Picture, Stroke, grid::Grid, image, strokes};
use crate::{ModelInput, PIXELS, SIDE};

/// The ink of a whole page.
#[derive(Debug)]
pub struct PageInk {
    ink: Grid,
    /// Side of a cell, in the picture's pixels or the drawing's units.
    cell: f32,
}

impl PageInk {
    /// Of a drawing on a square page with a side of `side` units.
    pub fn of_drawing(strokes: &[Stroke], side: usize) -> Self {
        Self {
            ink: strokes::page_ink(strokes, side.max(1)),
            cell: 1.0,
        }
    }

    /// Of a picture; `None` if it is blank.
    pub fn of_picture(picture: &Picture) -> Option<Self> {
        let (ink, cell) = image::page_ink(picture)?;
        Some(Self { ink, cell: cell as f32 })
    }

    /// The whole page, resized to the network's input.
    pub fn resized(&self) -> ModelInput {
        self.stretched_cells([0.0, 0.0, self.ink.width as f32, self.ink.height as f32])
    }

    /// A rectangle of the page, stretched to the network's input.
    pub fn stretched(&self, area: Area) -> ModelInput {
        self.stretched_cells(area.map(|side| side / self.cell))
    }

    fn stretched_cells(&self, [left, top, width, height]: Area) -> ModelInput {
        // At least one cell that lies on the page.
        let interval = |start: f32, length: f32, cells: usize| {
            let start = start.clamp(0.0, cells as f32 - 1.0);
            [start, start + length.clamp(1.0, cells as f32)]
        };
        let across = interval(left, width, self.ink.width);
        let down = interval(top, height, self.ink.height);
        let stretched = self.ink.stretched(across, down, SIDE as f32);
        let mut input = [0.0; PIXELS];
        for (pixel, ink) in input.iter_mut().zip(stretched.values) {
            *pixel = ink.min(1.0);
        }
        ModelInput(input)
    }
}
