//! Each kind of picture with digits of many hands, and with what is no digit.

use std::sync::Mutex;
use std::thread;

use classifier::{Backend, Classifier, Notice, Reading};
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

use crate::sheet::{
    BARRED_SEVEN, BLACK, Colour, FIVE, FOOTED_ONE, HEART, HOOKED_NINE, LETTER_A, LONG_ONE, OPEN_FOUR, PENCIL, SEVEN,
    SIX, Sheet, THREE, TWO, WHITE, WOOD,
};

type Strokes = Vec<Vec<[f32; 2]>>;

const ZERO: &[&[[f32; 2]]] = &[&[
    [0.35, 0.0],
    [0.1, 0.1],
    [0.0, 0.5],
    [0.1, 0.9],
    [0.35, 1.0],
    [0.6, 0.85],
    [0.68, 0.5],
    [0.6, 0.1],
    [0.35, 0.0],
]];
const PLAIN_ONE: &[&[[f32; 2]]] = &[&[[0.3, 0.0], [0.28, 1.0]]];
const CLOSED_FOUR: &[&[[f32; 2]]] = &[&[
    [0.5, 1.0],
    [0.5, 0.0],
    [0.5, 0.0],
    [0.5, 0.0],
    [0.0, 0.65],
    [0.0, 0.65],
    [0.0, 0.65],
    [0.7, 0.65],
]];
const EIGHT: &[&[[f32; 2]]] = &[&[
    [0.6, 0.15],
    [0.35, -0.03],
    [0.08, 0.15],
    [0.15, 0.4],
    [0.5, 0.55],
    [0.65, 0.8],
    [0.35, 1.03],
    [0.03, 0.85],
    [0.15, 0.58],
    [0.5, 0.4],
    [0.6, 0.15],
]];
const NINE: &[&[[f32; 2]]] = &[&[
    [0.55, 0.12],
    [0.3, -0.03],
    [0.02, 0.15],
    [0.1, 0.48],
    [0.4, 0.48],
    [0.56, 0.12],
    [0.56, 0.12],
    [0.54, 0.6],
    [0.45, 1.0],
]];

/// A digit, and a way to write it.
type Form = (u8, &'static [&'static [[f32; 2]]]);

const FORMS: &[Form] = &[
    (0, ZERO),
    (1, PLAIN_ONE),
    (1, LONG_ONE),
    (1, FOOTED_ONE),
    (2, TWO),
    (3, THREE),
    (4, OPEN_FOUR),
    (4, CLOSED_FOUR),
    (5, FIVE),
    (6, SIX),
    (7, SEVEN),
    (7, BARRED_SEVEN),
    (8, EIGHT),
    (9, NINE),
    (9, HOOKED_NINE),
];

/// Another hand: slanted, stretched and trembling.
fn hand(form: &[&[[f32; 2]]], random: &mut Xoshiro256PlusPlus) -> Strokes {
    let slant = random.random_range(-0.15..0.3_f32);
    let stretch = random.random_range(0.8..1.15_f32);
    let turn = random.random_range(-0.1..0.1_f32);
    form.iter()
        .map(|stroke| {
            // A point that is repeated is a sharp corner, which stays one.
            let mut last = ([f32::NAN; 2].map(f32::to_bits), [0.0; 2]);
            stroke
                .iter()
                .map(|&[x, y]| {
                    if last.0 == [x, y].map(f32::to_bits) {
                        return last.1;
                    }
                    let x1 = x * stretch + slant * (0.5 - y) + random.random_range(-0.035..0.035);
                    let y1 = y + turn * (x - 0.3) + random.random_range(-0.035..0.035);
                    last = ([x, y].map(f32::to_bits), [x1, y1]);
                    [x1, y1]
                })
                .collect()
        })
        .collect()
}

fn put(sheet: Sheet, digit: &Strokes, at: [f32; 2], height: f32, pen: f32, ink: Colour) -> Sheet {
    let strokes: Vec<&[[f32; 2]]> = digit.iter().map(Vec::as_slice).collect();
    sheet.digit(&strokes, at, height, pen, ink)
}

const BLUE: Colour = [40.0, 50.0, 130.0];
const GRAPHITE: Colour = [90.0, 90.0, 92.0];

/// A kind of picture: its name, and how a digit is put on one.
type Kind = (&'static str, fn(&Strokes, &mut Xoshiro256PlusPlus) -> Sheet);

fn paper(digit: &Strokes, random: &mut Xoshiro256PlusPlus) -> Sheet {
    let height = random.random_range(120.0..220.0);
    let at = [random.random_range(180.0..300.0), random.random_range(100.0..160.0)];
    let pen = random.random_range(8.0..18.0);
    put(Sheet::new(600, 450, WHITE), digit, at, height, pen, BLUE)
}

/// Paper with lines that are `gap` apart and `tilt` lower at the right.
fn ruled(gap: f32, tilt: f32, ink: Colour) -> Sheet {
    (1..24)
        .map(|line| line as f32 * gap)
        .fold(Sheet::new(500, 660, WHITE), |sheet, y| {
            sheet.draw(&[[0.0, y], [500.0, y + tilt]], 2.0, ink)
        })
}

/// A pencil's digit on printed paper.
fn in_pencil(sheet: Sheet, digit: &Strokes, random: &mut Xoshiro256PlusPlus) -> Sheet {
    let height = random.random_range(60.0..150.0);
    let pen = random.random_range(4.0..8.0);
    let at = [random.random_range(150.0..300.0), random.random_range(150.0..400.0)];
    put(sheet, digit, at, height, pen, GRAPHITE).noise(3.0)
}

const KINDS: &[Kind] = &[
    ("plain", |d, r| paper(d, r).noise(3.0)),
    ("desk", |d, r| {
        let w = r.random_range(30.0..120.0);
        let dark = r.random_range(0.7..2.6);
        paper(d, r)
            .rectangle([0.0, 0.0, w, 450.0], WOOD.map(|v| v * dark))
            .noise(4.0)
    }),
    ("strip", |d, r| {
        let w = r.random_range(10.0..60.0);
        let s = paper(d, r).rectangle([600.0 - w, 0.0, 600.0, 450.0], BLACK);
        s.rectangle([0.0, 450.0 - w * 0.6, 600.0, 450.0], BLACK)
    }),
    ("rim", |d, r| {
        let m = r.random_range(10.0..45.0_f32);
        let tilt = r.random_range(-0.03..0.03_f32);
        paper(d, r)
            .map(|[x, y], old| {
                let (x, y) = (x + tilt * y, y - tilt * x);
                if !(m..600.0 - m).contains(&x) || !(m..450.0 - m).contains(&y) {
                    WOOD
                } else {
                    old
                }
            })
            .noise(4.0)
    }),
    ("turned", |d, r| {
        let angle = r.random_range(-0.2..0.2_f32);
        let (sine, cosine) = angle.sin_cos();
        let half = [r.random_range(180.0..230.0), r.random_range(150.0..180.0)];
        let dark = r.random_range(0.7..2.2);
        let height = r.random_range(100.0..170.0);
        let at = [r.random_range(200.0..290.0), r.random_range(130.0..170.0)];
        let pen = r.random_range(6.0..14.0);
        put(Sheet::new(600, 450, WHITE), d, at, height, pen, BLUE)
            .map(|[x, y], old| {
                let (dx, dy) = (x - 300.0, y - 225.0);
                let (u, v) = (cosine * dx + sine * dy, cosine * dy - sine * dx);
                if u.abs() < half[0] && v.abs() < half[1] {
                    old
                } else {
                    WOOD.map(|v| v * dark)
                }
            })
            .noise(4.0)
    }),
    ("sticky", |d, r| {
        let side = r.random_range(170.0..280.0);
        let at = [r.random_range(60.0..250.0), r.random_range(40.0..150.0)];
        let note = [[250.0, 235.0, 120.0], [255.0, 190.0, 200.0], [190.0, 230.0, 250.0]][r.random_range(0..3)];
        let height = side * r.random_range(0.4..0.65);
        let place = [at[0] + side * 0.3, at[1] + side * 0.18];
        let pen = r.random_range(5.0..12.0);
        let s = Sheet::new(600, 450, WOOD).rectangle([at[0], at[1], at[0] + side, at[1] + side], note);
        put(s, d, place, height, pen, BLACK).noise(5.0)
    }),
    ("holes", |d, r| {
        let height = r.random_range(50.0..110.0);
        let pen = r.random_range(2.5..7.0);
        let at = [r.random_range(140.0..320.0), r.random_range(150.0..480.0)];
        let mut s = put(Sheet::new(500, 700, WHITE), d, at, height, pen, BLUE);
        let hole = r.random_range(16.0..30.0);
        let tone = if r.random() { BLACK } else { WOOD };
        for y in [200.0, 520.0] {
            s = s.draw(&[[35.0, y], [35.5, y]], hole, tone);
        }
        s.noise(2.0)
    }),
    ("ruled", |d, r| {
        let gap = r.random_range(28.0..48.0);
        let tilt = r.random_range(-6.0..6.0);
        let ink = [r.random_range(150.0..200.0), 195.0, 215.0];
        in_pencil(ruled(gap, tilt, ink), d, r)
    }),
    ("squared", |d, r| {
        let mut s = Sheet::new(500, 660, WHITE);
        let gap = r.random_range(16.0..28.0);
        for line in 1..45 {
            let at = line as f32 * gap;
            s = s.draw(&[[0.0, at], [500.0, at]], 1.5, [195.0, 200.0, 215.0]);
            s = s.draw(&[[at, 0.0], [at, 660.0]], 1.5, [195.0, 200.0, 215.0]);
        }
        in_pencil(s, d, r)
    }),
    ("ruled, shadow", |d, r| {
        let s = ruled(r.random_range(30.0..48.0), 2.0, [185.0, 195.0, 215.0]);
        let height = r.random_range(80.0..150.0);
        let at = [r.random_range(150.0..300.0), r.random_range(150.0..400.0)];
        let (slope, edge, dark) = (
            r.random_range(-0.6..0.6),
            r.random_range(150.0..400.0),
            r.random_range(0.55..0.8),
        );
        put(s, d, at, height, 5.5, GRAPHITE)
            .map(|[x, y], old| {
                let away = ((x + slope * y - edge) / 40.0).clamp(0.0, 1.0);
                old.map(|v| v * (1.0 - (1.0 - dark) * away))
            })
            .noise(3.0)
    }),
    ("box", |d, r| {
        let [x0, y0] = [r.random_range(140.0..200.0), r.random_range(60.0..100.0)];
        let [x1, y1] = [r.random_range(420.0..480.0), r.random_range(340.0..400.0)];
        let mut j = || r.random_range(-5.0..5.0_f32);
        let corners = [
            [x0 + j(), y0 + j()],
            [x1 + j(), y0 + j()],
            [x1 + j(), y1 + j()],
            [x0 + j(), y1 + j()],
            [x0, y0],
        ];
        let height = r.random_range(120.0..190.0);
        let pen = r.random_range(6.0..14.0);
        let s = Sheet::new(600, 450, WHITE).draw(&corners, r.random_range(3.0..10.0), BLUE);
        put(s, d, [x0 + 70.0, y0 + 60.0], height, pen, BLUE).noise(2.0)
    }),
    ("circle", |d, r| {
        let (rx, ry) = (r.random_range(130.0..190.0_f32), r.random_range(140.0..190.0_f32));
        let start = r.random_range(0.0..6.0_f32);
        let over = r.random_range(38..44);
        let circle: Vec<[f32; 2]> = (0..=over)
            .map(|step| (start + step as f32 * 0.158).sin_cos())
            .map(|(sine, cosine)| [300.0 + rx * cosine, 220.0 + ry * sine])
            .collect();
        let height = r.random_range(110.0..160.0);
        let pen = r.random_range(6.0..14.0);
        let s = Sheet::new(600, 450, WHITE).draw(&circle, r.random_range(4.0..10.0), BLUE);
        put(s, d, [260.0, 220.0 - height / 2.0], height, pen, BLUE).noise(2.0)
    }),
    ("underline", |d, r| {
        let height = r.random_range(140.0..210.0_f32);
        let pen = r.random_range(8.0..16.0);
        let gap = r.random_range(0.16..0.4) * height;
        let (left, right) = (r.random_range(0.1..0.6) * height, r.random_range(0.8..1.4) * height);
        let y = 110.0 + height + gap;
        let tilt = r.random_range(-8.0..8.0);
        let s = Sheet::new(600, 500, WHITE);
        put(s, d, [250.0, 110.0], height, pen, BLACK).draw(
            &[[250.0 - left, y], [250.0 + right, y + tilt]],
            r.random_range(0.7..1.1) * pen,
            BLACK,
        )
    }),
    ("underlined twice", |d, r| {
        let height = r.random_range(140.0..200.0_f32);
        let pen = r.random_range(8.0..14.0);
        let gap = r.random_range(0.16..0.3) * height;
        let (left, right) = (r.random_range(0.1..0.6) * height, r.random_range(0.8..1.4) * height);
        let y = 90.0 + height + gap;
        let s = put(Sheet::new(600, 500, WHITE), d, [250.0, 90.0], height, pen, BLACK);
        s.draw(&[[250.0 - left, y], [250.0 + right, y - 4.0]], 0.8 * pen, BLACK)
            .draw(
                &[[250.0 - left, y + 2.5 * pen], [250.0 + right, y + 2.5 * pen - 2.0]],
                0.8 * pen,
                BLACK,
            )
    }),
    ("phone bars", |d, r| {
        let height = r.random_range(100.0..200.0);
        let pen = r.random_range(8.0..16.0);
        let s = Sheet::new(360, 800, [255.0; 3]);
        let mut s = put(
            s,
            d,
            [r.random_range(80.0..150.0), r.random_range(200.0..400.0)],
            height,
            pen,
            BLACK,
        )
        .rectangle([0.0, 0.0, 360.0, r.random_range(20.0..40.0)], [0.0; 3])
        .rectangle([0.0, 760.0, 360.0, 800.0], [0.0; 3]);
        for x in [90.0, 180.0, 270.0] {
            s = s.draw(&[[x, 780.0], [x + 0.5, 780.0]], 12.0, [255.0; 3]);
        }
        // The clock and the battery.
        s.draw(&[[16.0, 8.0], [16.0, 16.0]], 2.0, [255.0; 3])
            .rectangle([320.0, 6.0, 344.0, 16.0], [255.0; 3])
    }),
    ("light bars", |d, r| {
        let height = r.random_range(100.0..200.0);
        let pen = r.random_range(8.0..16.0);
        let s = Sheet::new(360, 800, [255.0; 3]);
        let s = put(
            s,
            d,
            [r.random_range(80.0..150.0), r.random_range(200.0..400.0)],
            height,
            pen,
            BLACK,
        )
        .rectangle([0.0, 730.0, 360.0, 800.0], [225.0, 228.0, 232.0]);
        let mut s = s
            .rectangle([130.0, 780.0, 230.0, 785.0], BLACK)
            .rectangle([0.0, 40.0, 360.0, 90.0], [33.0, 100.0, 200.0]);
        for (at, wide) in [(20.0, 3.0), (30.0, 8.0), (44.0, 8.0), (300.0, 12.0), (320.0, 16.0)] {
            s = s.rectangle([at, 12.0, at + wide, 24.0], BLACK);
        }
        s
    }),
    ("side bars", |d, r| {
        let w = r.random_range(60.0..130.0);
        let s = paper(d, r).rectangle([0.0, 0.0, w, 450.0], [0.0; 3]);
        s.rectangle([600.0 - w * 0.8, 0.0, 600.0, 450.0], [0.0; 3])
    }),
    ("shadow", |d, r| {
        let (slope, edge, dark) = (
            r.random_range(-0.7..0.7),
            r.random_range(200.0..450.0),
            r.random_range(0.4..0.75),
        );
        let soft = r.random_range(1.0..60.0);
        paper(d, r)
            .map(|[x, y], old| {
                let away = ((x + slope * y - edge) / soft).clamp(0.0, 1.0);
                old.map(|v| v * (1.0 - (1.0 - dark) * away))
            })
            .noise(3.0)
    }),
    ("faint", |d, r| {
        let tone = r.random_range(145.0..165.0);
        let s = Sheet::new(640, 480, [205.0, 202.0, 198.0]);
        let height = r.random_range(100.0..180.0);
        let pen = r.random_range(5.0..8.0);
        let at = [r.random_range(150.0..380.0), r.random_range(100.0..220.0)];
        put(s, d, at, height, pen, [tone; 3])
            .map(|[x, y], old| {
                let away = ((x - 320.0) / 640.0).hypot((y - 240.0) / 480.0);
                old.map(|v| v * (1.0 - 0.35 * away))
            })
            .noise(r.random_range(6.0..11.0))
    }),
    ("red on grey", |d, r| {
        let height = r.random_range(160.0..300.0);
        put(
            Sheet::new(480, 480, [54.0, 56.0, 64.0]),
            d,
            [140.0, 90.0],
            height,
            height / 8.0,
            [254.0, 0.0, 0.0],
        )
    }),
    ("yellow on white", |d, r| {
        let height = r.random_range(160.0..300.0);
        put(
            Sheet::new(480, 480, [255.0; 3]),
            d,
            [140.0, 90.0],
            height,
            height / 9.0,
            [255.0, 255.0, 150.0],
        )
    }),
    ("form cell", |d, r| {
        let (w, h) = (r.random_range(150.0..210.0_f32), r.random_range(200.0..260.0_f32));
        let mut s = Sheet::new(600, 450, WHITE);
        let line = r.random_range(2.0..5.0);
        for column in 0..5 {
            let x = 20.0 + column as f32 * w;
            s = s.draw(&[[x, 100.0], [x, 100.0 + h]], line, [120.0; 3]);
        }
        for y in [100.0, 100.0 + h] {
            s = s.draw(&[[0.0, y], [600.0, y]], line, [120.0; 3]);
        }
        put(
            s,
            d,
            [20.0 + w + 0.25 * w, 100.0 + 0.18 * h],
            h * r.random_range(0.5..0.66),
            r.random_range(5.0..10.0),
            BLUE,
        )
        .noise(3.0)
    }),
    ("cut out cell", |d, r| {
        let (w, h) = (r.random_range(150.0..210.0_f32), r.random_range(200.0..260.0_f32));
        let line = r.random_range(2.0..6.0);
        let m = r.random_range(2.0..14.0);
        let s = Sheet::new((w + 2.0 * m) as usize, (h + 2.0 * m) as usize, WHITE).draw(
            &[[m, m], [m + w, m], [m + w, m + h], [m, m + h], [m, m]],
            line,
            [60.0; 3],
        );
        put(
            s,
            d,
            [m + 0.25 * w, m + 0.2 * h],
            h * r.random_range(0.5..0.62),
            r.random_range(5.0..12.0),
            BLUE,
        )
        .noise(3.0)
    }),
    ("crossed by a line", |d, r| {
        let height = r.random_range(140.0..200.0_f32);
        let y = 110.0 + height * r.random_range(0.75..1.0);
        let s = Sheet::new(600, 450, WHITE).draw(&[[0.0, y], [600.0, y + 3.0]], 2.5, [120.0, 125.0, 140.0]);
        put(s, d, [240.0, 110.0], height, r.random_range(8.0..14.0), BLUE).noise(2.0)
    }),
    ("small in a corner", |d, r| {
        let height = r.random_range(30.0..60.0);
        put(
            Sheet::new(800, 1000, WHITE),
            d,
            [r.random_range(60.0..600.0), r.random_range(60.0..800.0)],
            height,
            height / 10.0,
            BLUE,
        )
        .noise(3.0)
    }),
    ("one pixel", |d, r| {
        put(
            Sheet::new(1000, 1000, [255.0; 3]),
            d,
            [300.0, 150.0],
            r.random_range(400.0..700.0),
            1.0,
            [0.0; 3],
        )
    }),
    ("thick", |d, r| {
        put(
            Sheet::new(400, 400, [255.0; 3]),
            d,
            [120.0, 70.0],
            240.0,
            r.random_range(36.0..50.0),
            [0.0; 3],
        )
    }),
    ("chalk", |d, r| {
        put(
            Sheet::new(640, 480, [45.0, 60.0, 52.0]),
            d,
            [250.0, 120.0],
            r.random_range(150.0..240.0),
            12.0,
            [215.0, 215.0, 205.0],
        )
        .noise(14.0)
    }),
    ("glare", |d, r| {
        let s = put(
            Sheet::new(640, 480, [150.0, 150.0, 155.0]),
            d,
            [260.0, 130.0],
            190.0,
            11.0,
            [70.0, 75.0, 110.0],
        );
        let at = [r.random_range(0.0..640.0_f32), r.random_range(0.0..480.0_f32)];
        s.map(|[x, y], old| {
            let away = (x - at[0]).hypot(y - at[1]) / 260.0;
            old.map(|v| (v + 110.0 * (-away * away).exp()).min(255.0))
        })
        .noise(4.0)
    }),
    ("pencil", |d, r| {
        let height = r.random_range(100.0..200.0);
        put(
            Sheet::new(640, 480, WHITE),
            d,
            [250.0, 120.0],
            height,
            r.random_range(3.0..6.0),
            PENCIL,
        )
        .noise(4.0)
    }),
    ("low", |d, r| {
        let height = r.random_range(14.0..30.0_f32);
        let side = (2.2 * height) as usize;
        put(
            Sheet::new(side, side, WHITE),
            d,
            [0.7 * height, 0.6 * height],
            height,
            0.12 * height,
            [70.0, 72.0, 90.0],
        )
        .noise(4.0)
    }),
];

const NO_DIGITS: &[&[&[[f32; 2]]]] = &[
    HEART,
    LETTER_A,
    &[&[[0.0, 0.0], [0.7, 1.0]], &[[0.7, 0.0], [0.0, 1.0]]],
    &[
        &[[0.0, 0.0], [0.0, 1.0]],
        &[[0.6, 0.0], [0.6, 1.0]],
        &[[0.0, 0.5], [0.6, 0.5]],
    ],
    &[
        &[[0.0, 0.5], [1.0, 0.5]],
        &[[0.7, 0.25], [1.0, 0.5], [1.0, 0.5], [1.0, 0.5], [0.7, 0.75]],
    ],
];

/// Hands for each form of a digit.
const HANDS: u64 = 4;

/// The shares of the pictures of each kind for which `is_right`, given the classifier's reading of `form`.
fn shares<T: Sync>(
    forms: &[T],
    strokes: fn(&T) -> &'static [&'static [[f32; 2]]],
    is_right: fn(&Reading, &T) -> bool,
) -> Vec<(&'static str, f32)> {
    let classifier = Classifier::load(Backend::Flex).unwrap();
    let kinds = Mutex::new(KINDS.iter());
    let shares = Mutex::new(Vec::new());
    let next = || kinds.lock().unwrap().next();
    let work = || {
        while let Some((name, make)) = next() {
            let (mut right, mut all) = (0.0, 0.0);
            for (number, form) in (0..).zip(forms) {
                for hand_number in 0..HANDS {
                    let mut random = Xoshiro256PlusPlus::seed_from_u64(1000 * number + hand_number);
                    let drawn = hand(strokes(form), &mut random);
                    let reading = classifier.read(&make(&drawn, &mut random).picture());
                    right += f32::from(u8::from(is_right(&reading, form)));
                    all += 1.0;
                }
            }
            shares.lock().unwrap().push((*name, right / all));
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    shares.into_inner().unwrap()
}

#[test]
fn digits_of_many_hands_in_every_kind() {
    let is_right = |reading: &Reading, form: &Form| {
        reading.prediction.digit() == form.0 && reading.notice != Some(Notice::NotADigit)
    };
    let shares = shares(FORMS, |form| form.1, is_right);
    let mean = shares.iter().map(|(_, share)| share).sum::<f32>() / shares.len() as f32;
    assert!(
        mean > 0.98 && shares.iter().all(|(_, share)| *share > 0.92),
        "{mean}: {shares:?}"
    );
}

#[test]
fn what_is_no_digit_in_every_kind() {
    let is_right = |reading: &Reading, _: &&_| reading.notice == Some(Notice::NotADigit);
    let shares = shares(NO_DIGITS, |form| form, is_right);
    let mean = shares.iter().map(|(_, share)| share).sum::<f32>() / shares.len() as f32;
    assert!(mean > 0.8, "{mean}: {shares:?}");
}
