//! Pictures made for the tests: paper, pens, light, and what lies around.

use classifier::preprocess::{Picture, Reducer};

pub(crate) type Colour = [f32; 3];

pub(crate) const WHITE: Colour = [245.0, 245.0, 240.0];
pub(crate) const BLACK: Colour = [20.0, 20.0, 22.0];
pub(crate) const WOOD: Colour = [62.0, 44.0, 34.0];
pub(crate) const PENCIL: Colour = [120.0, 120.0, 122.0];

/// A picture in the making.
#[derive(Clone)]
pub(crate) struct Sheet {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: Vec<Colour>,
}

impl Sheet {
    pub(crate) fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self {
            width,
            height,
            pixels: vec![colour; width * height],
        }
    }

    /// Each pixel becomes what `change` makes of its position and colour.
    pub(crate) fn map(mut self, change: impl Fn([f32; 2], Colour) -> Colour) -> Self {
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            *pixel = change([(index % self.width) as f32, (index / self.width) as f32], *pixel);
        }
        self
    }

    /// Draws a path with round ends and soft edges.
    pub(crate) fn draw(mut self, path: &[[f32; 2]], pen: f32, colour: Colour) -> Self {
        for pair in path.windows(2) {
            let [from, to] = [pair[0], pair[1]];
            let reach = pen / 2.0 + 1.0;
            let range = |axis: usize, side: usize| {
                let low = (from[axis].min(to[axis]) - reach).max(0.0) as usize;
                let high = ((from[axis].max(to[axis]) + reach).max(0.0) as usize + 1).min(side);
                low..high
            };
            for y in range(1, self.height) {
                for x in range(0, self.width) {
                    let cover = (pen / 2.0 + 0.5 - distance([x as f32, y as f32], from, to)).clamp(0.0, 1.0);
                    let pixel = &mut self.pixels[y * self.width + x];
                    // The pen doesn't get darker where its own line overlaps.
                    for (value, ink) in pixel.iter_mut().zip(colour) {
                        let mixed = *value + cover * (ink - *value);
                        *value = if (mixed - ink).abs() < (*value - ink).abs() {
                            mixed
                        } else {
                            *value
                        };
                    }
                }
            }
        }
        self
    }

    /// Draws a digit `height` high with its top left corner at `at`.
    pub(crate) fn digit(self, digit: &[&[[f32; 2]]], at: [f32; 2], height: f32, pen: f32, colour: Colour) -> Self {
        digit.iter().fold(self, |sheet, stroke| {
            let path: Vec<[f32; 2]> = curve(stroke)
                .iter()
                .map(|[x, y]| [at[0] + x * height, at[1] + y * height])
                .collect();
            sheet.draw(&path, pen, colour)
        })
    }

    pub(crate) fn rectangle(self, [left, top, right, bottom]: [f32; 4], colour: Colour) -> Self {
        self.map(|[x, y], old| {
            if x >= left && x < right && y >= top && y < bottom {
                colour
            } else {
                old
            }
        })
    }

    /// Adds noise of the given standard deviation.
    pub(crate) fn noise(self, deviation: f32) -> Self {
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / 16_777_216.0 - 0.5
        };
        let mut sheet = self;
        for pixel in &mut sheet.pixels {
            // Three uniform numbers are nearly normal.
            let noise = (next() + next() + next()) * 2.0 * deviation;
            *pixel = pixel.map(|value| value + noise);
        }
        sheet
    }

    pub(crate) fn picture(&self) -> Picture {
        let mut reducer = Reducer::new(self.width, self.height).unwrap();
        for row in self.pixels.chunks_exact(self.width) {
            let bytes: Vec<u8> = row
                .iter()
                .flat_map(|colour| {
                    let [red, green, blue] = colour.map(|value| value.round().clamp(0.0, 255.0) as u8);
                    [red, green, blue, 255]
                })
                .collect();
            reducer.push(&bytes);
        }
        reducer.finish()
    }
}

/// Distance of a point from a segment.
fn distance(point: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let squared = dx * dx + dy * dy;
    let along = if squared > 0.0 {
        (((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (point[0] - from[0] - along * dx).hypot(point[1] - from[1] - along * dy)
}

/// Rounds the corners of a path that aren't sharp, by Chaikin's cuts.
fn curve(path: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut points = path.to_vec();
    for _ in 0..3 {
        let mut cut = vec![points[0]];
        for pair in points.windows(2) {
            let mix = |share: f32| [0, 1].map(|axis| pair[0][axis] + share * (pair[1][axis] - pair[0][axis]));
            cut.extend([mix(0.25), mix(0.75)]);
        }
        cut.push(points[points.len() - 1]);
        points = cut;
    }
    points
}

/// Digits in a square of side 1; a point given three times is a sharp corner.
pub(crate) const TWO: &[&[[f32; 2]]] = &[&[
    [0.05, 0.25],
    [0.15, 0.02],
    [0.45, 0.0],
    [0.62, 0.2],
    [0.5, 0.5],
    [0.0, 1.0],
    [0.0, 1.0],
    [0.0, 1.0],
    [0.65, 0.97],
]];
pub(crate) const THREE: &[&[[f32; 2]]] = &[&[
    [0.05, 0.08],
    [0.3, -0.05],
    [0.65, 0.1],
    [0.55, 0.4],
    [0.25, 0.45],
    [0.25, 0.45],
    [0.6, 0.48],
    [0.72, 0.8],
    [0.4, 1.02],
    [0.0, 0.92],
]];
pub(crate) const FIVE: &[&[[f32; 2]]] = &[
    &[
        [0.12, 0.0],
        [0.08, 0.45],
        [0.08, 0.45],
        [0.08, 0.45],
        [0.4, 0.36],
        [0.68, 0.6],
        [0.55, 1.0],
        [0.2, 1.03],
        [0.0, 0.9],
    ],
    &[[0.12, 0.0], [0.6, 0.0]],
];
pub(crate) const SIX: &[&[[f32; 2]]] = &[&[
    [0.5, 0.0],
    [0.15, 0.3],
    [0.0, 0.7],
    [0.15, 1.0],
    [0.5, 0.98],
    [0.6, 0.7],
    [0.35, 0.52],
    [0.08, 0.68],
]];
pub(crate) const SEVEN: &[&[[f32; 2]]] = &[&[[0.0, 0.02], [0.6, 0.0], [0.6, 0.0], [0.6, 0.0], [0.4, 0.5], [0.22, 1.0]]];
pub(crate) const BARRED_SEVEN: &[&[[f32; 2]]] = &[
    &[[0.0, 0.02], [0.6, 0.0], [0.6, 0.0], [0.6, 0.0], [0.4, 0.5], [0.22, 1.0]],
    &[[0.2, 0.5], [0.58, 0.48]],
];
pub(crate) const LONG_ONE: &[&[[f32; 2]]] = &[&[[0.0, 0.6], [0.4, 0.0], [0.4, 0.0], [0.4, 0.0], [0.4, 1.0]]];
pub(crate) const FOOTED_ONE: &[&[[f32; 2]]] = &[
    &[[0.1, 0.3], [0.35, 0.0], [0.35, 0.0], [0.35, 0.0], [0.35, 1.0]],
    &[[0.1, 1.0], [0.6, 1.0]],
];
pub(crate) const OPEN_FOUR: &[&[[f32; 2]]] = &[
    &[[0.15, 0.0], [0.02, 0.6], [0.02, 0.6], [0.02, 0.6], [0.65, 0.58]],
    &[[0.5, 0.12], [0.45, 1.0]],
];
pub(crate) const HOOKED_NINE: &[&[[f32; 2]]] = &[&[
    [0.55, 0.12],
    [0.3, -0.03],
    [0.02, 0.15],
    [0.1, 0.48],
    [0.4, 0.48],
    [0.56, 0.12],
    [0.56, 0.12],
    [0.58, 0.6],
    [0.45, 1.02],
    [0.05, 0.9],
]];
pub(crate) const HEART: &[&[[f32; 2]]] = &[&[
    [0.5, 0.25],
    [0.5, 0.25],
    [0.3, -0.05],
    [0.0, 0.0],
    [-0.02, 0.4],
    [0.5, 1.0],
    [0.5, 1.0],
    [0.5, 1.0],
    [1.02, 0.4],
    [1.0, 0.0],
    [0.7, -0.05],
    [0.5, 0.25],
    [0.5, 0.25],
]];
pub(crate) const LETTER_A: &[&[[f32; 2]]] = &[
    &[[0.0, 1.0], [0.4, 0.0], [0.4, 0.0], [0.4, 0.0], [0.8, 1.0]],
    &[[0.15, 0.65], [0.66, 0.65]],
];
