//! Test images and measures for comparing results.

use classifier::preprocess::{ImageView, Picture, Pixel, Preprocessed, Reducer, Stroke, preprocess_image};
use classifier::{ModelInput, SIDE};

/// An image of luminance and opacity that tests draw on.
#[derive(Clone)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) pixels: Vec<Pixel>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, luma: u8) -> Self {
        Self {
            width,
            pixels: vec![Pixel { luma, alpha: 255 }; width * height],
        }
    }

    /// Applies `change` to the position and value of every pixel.
    pub(crate) fn map(mut self, change: impl Fn([f32; 2], Pixel) -> Pixel) -> Self {
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            *pixel = change([(index % self.width) as f32, (index / self.width) as f32], *pixel);
        }
        self
    }

    /// Applies `change` to the position and luminance of every pixel; the result is rounded.
    pub(crate) fn map_luma(self, change: impl Fn([f32; 2], f32) -> f32) -> Self {
        self.map(|position, pixel| Pixel {
            luma: change(position, f32::from(pixel.luma)).round() as u8,
            ..pixel
        })
    }

    /// Draws a stroke with the luminance `luma` and anti-aliased edges.
    pub(crate) fn draw(mut self, stroke: &Stroke, luma: u8) -> Self {
        let radius = stroke.width / 2.0;
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            let position = [(index % self.width) as f32 + 0.5, (index / self.width) as f32 + 0.5];
            let nearest = stroke
                .points
                .windows(2)
                .map(|ends| distance(position, ends[0], ends[1]))
                .fold(f32::MAX, f32::min);
            let ink = (radius + 0.5 - nearest).clamp(0.0, 1.0);
            pixel.luma = (f32::from(pixel.luma) * (1.0 - ink) + f32::from(luma) * ink).round() as u8;
        }
        self
    }

    /// Fills a square of `side` pixels.
    pub(crate) fn fill_square(mut self, left: usize, top: usize, side: usize, luma: u8) -> Self {
        for y in top..top + side {
            self.pixels[y * self.width + left..][..side].fill(Pixel { luma, alpha: 255 });
        }
        self
    }

    /// The image, reduced.
    pub(crate) fn picture(&self) -> Picture {
        let mut reducer = Reducer::new(self.width, self.pixels.len() / self.width).unwrap();
        for row in self.pixels.chunks_exact(self.width) {
            let rgba = row
                .iter()
                .flat_map(|pixel| [pixel.luma, pixel.luma, pixel.luma, pixel.alpha]);
            reducer.push(&rgba.collect::<Vec<u8>>());
        }
        reducer.finish()
    }

    pub(crate) fn preprocess(&self) -> Preprocessed {
        preprocess_image(ImageView::new(self.width, &self.pixels).unwrap())
    }
}

/// The digit five, 100 x 160: the upper bar and the rest, 10 wide.
pub(crate) fn five(left: f32, top: f32) -> [Stroke; 2] {
    let stroke = |points: &[[f32; 2]]| Stroke {
        points: points.iter().map(|[x, y]| [x + left, y + top]).collect(),
        width: 10.0,
    };
    let belly = (0..=20).map(|step| {
        let turn = (step as f32 / 20.0 * 230.0 - 100.0).to_radians();
        [45.0 + 50.0 * turn.cos(), 110.0 + 48.0 * turn.sin()]
    });
    let rest: Vec<[f32; 2]> = [[20.0, 0.0], [15.0, 70.0]].into_iter().chain(belly).collect();
    [stroke(&[[20.0, 0.0], [90.0, 0.0]]), stroke(&rest)]
}

/// A black five on a white image of 280 x 280.
pub(crate) fn image_of_five() -> Canvas {
    let [bar, rest] = five(90.0, 60.0);
    Canvas::new(280, 280, 255).draw(&bar, 0).draw(&rest, 0)
}

/// Sum of absolute differences relative to the ink of `one`: 0 for equal inputs, 2 if no ink overlaps.
pub(crate) fn difference(one: &ModelInput, other: &ModelInput) -> f32 {
    let total: f32 = one.0.iter().zip(&other.0).map(|(one, other)| (one - other).abs()).sum();
    total / one.0.iter().sum::<f32>()
}

/// The smallest difference over shifts by up to one pixel, for a centre of mass near a rounding boundary.
pub(crate) fn min_shifted_difference(one: &ModelInput, other: &ModelInput) -> f32 {
    let shifts = (0..9).map(|index| (index / 3 * SIDE + index % 3) as isize - SIDE as isize - 1);
    shifts
        .map(|by| difference(one, &shifted(other, by)))
        .fold(f32::MAX, f32::min)
}

/// Shifts by a number of pixels; the margin of 28 x 28 is wide enough.
fn shifted(input: &ModelInput, by: isize) -> ModelInput {
    let from = |index: usize| index.checked_add_signed(by).and_then(|index| input.0.get(index));
    ModelInput(std::array::from_fn(|index| from(index).copied().unwrap_or(0.0)))
}

/// Bounding box of the ink: left, top, right, bottom, all inclusive.
pub(crate) fn ink_box(input: &ModelInput) -> [usize; 4] {
    let inked = |index: &usize| input.0[*index] > 0.0;
    let columns = || (0..input.0.len()).filter(inked).map(|index| index % SIDE);
    let rows = || (0..input.0.len()).filter(inked).map(|index| index / SIDE);
    [
        columns().min().unwrap(),
        rows().min().unwrap(),
        columns().max().unwrap(),
        rows().max().unwrap(),
    ]
}

/// Mean column and row of the ink, counted from 0.
pub(crate) fn centre(input: &ModelInput) -> [f32; 2] {
    let mass: f32 = input.0.iter().sum();
    let moment = |position: fn(usize) -> usize| {
        input
            .0
            .iter()
            .enumerate()
            .map(|(index, ink)| ink * position(index) as f32)
            .sum::<f32>()
            / mass
    };
    [moment(|index| index % SIDE), moment(|index| index / SIDE)]
}

/// Distance from a point to a line segment.
fn distance(position: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let direction = [to[0] - from[0], to[1] - from[1]];
    let offset = [position[0] - from[0], position[1] - from[1]];
    let squared = direction[0] * direction[0] + direction[1] * direction[1];
    let along =
        ((offset[0] * direction[0] + offset[1] * direction[1]) / squared.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    (offset[0] - along * direction[0]).hypot(offset[1] - along * direction[1])
}
