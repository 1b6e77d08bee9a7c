//! What the tests draw on and compare by.

use classifier::preprocess::{ImageView, Pixel, Preprocessed, Stroke, preprocess_image};
use classifier::{ModelInput, SIDE};

/// A page of luminance and opacity.
#[derive(Clone)]
pub(crate) struct Paper {
    pub(crate) width: usize,
    pub(crate) pixels: Vec<Pixel>,
}

impl Paper {
    pub(crate) fn new(width: usize, height: usize, luma: u8) -> Self {
        Self {
            width,
            pixels: vec![Pixel { luma, alpha: 255 }; width * height],
        }
    }

    /// Pass every pixel with its place through `change`.
    pub(crate) fn map(mut self, change: impl Fn([f32; 2], Pixel) -> Pixel) -> Self {
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            *pixel = change([(index % self.width) as f32, (index / self.width) as f32], *pixel);
        }
        self
    }

    /// Pass every pixel's luminance through `change`, to the nearest step.
    pub(crate) fn relit(self, change: impl Fn([f32; 2], f32) -> f32) -> Self {
        self.map(|place, pixel| Pixel {
            luma: change(place, f32::from(pixel.luma)).round() as u8,
            ..pixel
        })
    }

    /// Mix `luma` in along a stroke, its edge softened.
    pub(crate) fn draw(mut self, stroke: &Stroke, luma: u8) -> Self {
        let radius = stroke.width / 2.0;
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            let place = [(index % self.width) as f32 + 0.5, (index / self.width) as f32 + 0.5];
            let far = stroke
                .points
                .windows(2)
                .map(|ends| distance(place, ends[0], ends[1]))
                .fold(f32::MAX, f32::min);
            let ink = (radius + 0.5 - far).clamp(0.0, 1.0);
            pixel.luma = (f32::from(pixel.luma) * (1.0 - ink) + f32::from(luma) * ink).round() as u8;
        }
        self
    }

    /// A `side` x `side` square of another tone.
    pub(crate) fn spot(mut self, left: usize, top: usize, side: usize, luma: u8) -> Self {
        for y in top..top + side {
            self.pixels[y * self.width + left..][..side].fill(Pixel { luma, alpha: 255 });
        }
        self
    }

    pub(crate) fn framed(&self) -> Preprocessed {
        preprocess_image(ImageView::new(self.width, &self.pixels).unwrap())
    }
}

/// A five of 100 x 160: its upper bar, then the rest, 10 wide.
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

/// That five in black on a white page of 280 x 280.
pub(crate) fn page_with_five() -> Paper {
    let [bar, rest] = five(90.0, 60.0);
    Paper::new(280, 280, 255).draw(&bar, 0).draw(&rest, 0)
}

/// How much two pictures differ: 0 for the same, 2 when no ink is shared.
pub(crate) fn difference(one: &ModelInput, other: &ModelInput) -> f32 {
    let differing: f32 = one.0.iter().zip(&other.0).map(|(one, other)| (one - other).abs()).sum();
    differing / one.0.iter().sum::<f32>()
}

/// The same where the centre of mass may have fallen one pixel farther: the least difference of the moves by one.
pub(crate) fn difference_moved(one: &ModelInput, other: &ModelInput) -> f32 {
    let moves = (0..9).map(|index| (index / 3 * SIDE + index % 3) as isize - SIDE as isize - 1);
    moves
        .map(|by| difference(one, &moved(other, by)))
        .fold(f32::MAX, f32::min)
}

/// By a number of pixels; the margin of 28 x 28 is wide enough.
fn moved(picture: &ModelInput, by: isize) -> ModelInput {
    let from = |index: usize| index.checked_add_signed(by).and_then(|index| picture.0.get(index));
    ModelInput(std::array::from_fn(|index| from(index).copied().unwrap_or(0.0)))
}

/// Rows and columns that hold ink: left, top, right, bottom, all within.
pub(crate) fn ink_box(picture: &ModelInput) -> [usize; 4] {
    let inked = |index: &usize| picture.0[*index] > 0.0;
    let columns = || (0..picture.0.len()).filter(inked).map(|index| index % SIDE);
    let rows = || (0..picture.0.len()).filter(inked).map(|index| index / SIDE);
    [
        columns().min().unwrap(),
        rows().min().unwrap(),
        columns().max().unwrap(),
        rows().max().unwrap(),
    ]
}

/// Mean column and row of the ink, counted from 0.
pub(crate) fn centre(picture: &ModelInput) -> [f32; 2] {
    let mass: f32 = picture.0.iter().sum();
    let moment = |place: fn(usize) -> usize| {
        picture
            .0
            .iter()
            .enumerate()
            .map(|(index, ink)| ink * place(index) as f32)
            .sum::<f32>()
            / mass
    };
    [moment(|index| index % SIDE), moment(|index| index / SIDE)]
}

/// From a place to a line.
fn distance(place: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let way = [to[0] - from[0], to[1] - from[1]];
    let offset = [place[0] - from[0], place[1] - from[1]];
    let squared = way[0] * way[0] + way[1] * way[1];
    let along = ((offset[0] * way[0] + offset[1] * way[1]) / squared.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
    (offset[0] - along * way[0]).hypot(offset[1] - along * way[1])
}
