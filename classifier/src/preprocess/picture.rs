//! The one reduction of pictures: the page and the server hand over full-size pixels, row by row, and get the same cells.

use super::{Pixel, alpha, colour, grid::Grid};

/// Cells of a reduced picture. Larger pictures are averaged in squares.
const MAX_CELLS: usize = 1 << 20;

/// Reduces a picture row by row; memory is bounded by [`MAX_CELLS`] and the picture's width.
#[derive(Debug)]
pub struct Reducer {
    width: usize,
    height: usize,
    factor: usize,
    /// Rows given so far.
    rows: usize,
    /// Sums of the colours, weighted by opacity, and of the opacities, for the current row of cells.
    sums: Vec<[u64; 4]>,
    cells: Vec<[u8; 4]>,
}

/// A picture reduced to at most a million cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    width: usize,
    height: usize,
    /// Side of a cell in pixels.
    factor: usize,
    /// Red, green, blue, opacity of each cell.
    cells: Vec<[u8; 4]>,
}

impl Reducer {
    /// For a picture of the given size; `None` if it has no pixels.
    pub fn new(width: usize, height: usize) -> Option<Self> {
        if width == 0 || height == 0 {
            return None;
        }
        let cells = |factor: usize| width.div_ceil(factor).saturating_mul(height.div_ceil(factor));
        let mut factor = 1;
        while cells(factor) > MAX_CELLS {
            factor += 1;
        }
        Some(Self {
            width,
            height,
            factor,
            rows: 0,
            sums: vec![[0; 4]; width.div_ceil(factor)],
            cells: Vec::with_capacity(cells(factor)),
        })
    }

    /// Takes the next row: red, green, blue and opacity of each pixel. Pixels beyond the picture are ignored.
    pub fn push(&mut self, row: &[u8]) {
        if self.rows == self.height {
            return;
        }
        let pixels = &row.as_chunks::<4>().0[..self.width.min(row.len() / 4)];
        self.rows += 1;
        if self.factor == 1 {
            // Transparent cells have no colour.
            let cells = pixels.iter().map(|pixel| if pixel[3] > 0 { *pixel } else { [0; 4] });
            self.cells.extend(cells);
            self.cells.resize(self.rows * self.width, [0; 4]);
            return;
        }
        for (sums, side) in self.sums.iter_mut().zip(pixels.chunks(self.factor)) {
            // Sums of one row fit in 32 bits, which take half the time of 64.
            let mut of_row = [0_u32; 4];
            for &[red, green, blue, opacity] in side {
                let opacity = u32::from(opacity);
                of_row[0] += u32::from(red) * opacity;
                of_row[1] += u32::from(green) * opacity;
                of_row[2] += u32::from(blue) * opacity;
                of_row[3] += opacity;
            }
            for (sum, of_row) in sums.iter_mut().zip(of_row) {
                *sum += u64::from(of_row);
            }
        }
        if self.rows.is_multiple_of(self.factor) || self.rows == self.height {
            self.finish_cells();
        }
    }

    fn finish_cells(&mut self) {
        let rows = (self.rows - 1) % self.factor + 1;
        for (column, sums) in self.sums.iter_mut().enumerate() {
            let columns = self.factor.min(self.width - column * self.factor);
            let pixels = (rows * columns) as u64;
            let [.., opacity] = *sums;
            // Rounded to the nearest; transparent cells have no colour.
            let mean = |sum: u64, count: u64| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX);
            self.cells.push([
                mean(sums[0], opacity),
                mean(sums[1], opacity),
                mean(sums[2], opacity),
                mean(opacity, pixels),
            ]);
            *sums = [0; 4];
        }
    }

    /// The reduced picture. Rows that weren't given are transparent.
    pub fn finish(mut self) -> Picture {
        while self.rows < self.height {
            self.push(&[]);
        }
        Picture {
            width: self.width,
            height: self.height,
            factor: self.factor,
            cells: self.cells,
        }
    }
}

impl Picture {
    /// Width and height in pixels.
    pub fn size(&self) -> [usize; 2] {
        [self.width, self.height]
    }

    /// Side of a cell in pixels.
    pub(super) fn factor(&self) -> usize {
        self.factor
    }

    /// The cells as opaque pixels, on the tone of paper that shows their strokes, and how many of them are in a row: red,
    /// green, blue and opacity of each, row by row. Read as a picture they give the same strokes.
    pub fn on_paper(&self) -> (usize, Vec<u8>) {
        let paper = self.paper().unwrap_or(255) as f32;
        let pixels = self.cells.iter().flat_map(|&cell| {
            let [red, green, blue] = colour::on_background(cell, paper).map(|value| value.round() as u8);
            [red, green, blue, 255]
        });
        (self.columns(), pixels.collect())
    }

    /// Cells in a row.
    fn columns(&self) -> usize {
        self.width.div_ceil(self.factor)
    }

    /// The luminance of the background on which the strokes can be seen, 0 to 255; `None` if the picture is wholly
    /// transparent.
    fn paper(&self) -> Option<u32> {
        let pixels: Vec<Pixel> = self
            .cells
            .iter()
            .map(|&[red, green, blue, alpha]| Pixel {
                luma: colour::luma([red, green, blue].map(f32::from)) as u8,
                alpha,
            })
            .collect();
        alpha::background_luma(super::ImageView {
            width: self.columns(),
            pixels: &pixels,
        })
    }

    /// The tone of each cell, 0 to 255, on the axis of colours that tells ink from paper; `None` if the picture is wholly
    /// transparent.
    pub(super) fn tones(&self) -> Option<Grid> {
        let opaque = self.cells.iter().all(|cell| cell[3] == 255);
        let background = if opaque { 255 } else { self.paper()? };
        let axis = colour::axis(&self.cells, background as f32);
        let colours = self
            .cells
            .iter()
            .map(|cell| colour::on_background(*cell, background as f32));
        Some(Grid {
            width: self.columns(),
            height: self.height.div_ceil(self.factor),
            values: match axis {
                None if opaque => self
                    .cells
                    .iter()
                    .map(|cell| colour::luma([cell[0], cell[1], cell[2]].map(f32::from)))
                    .collect(),
                None => colours.map(colour::luma).collect(),
                Some(axis) => colours.map(|colour| colour::project(colour, axis)).collect(),
            },
        })
    }
}
