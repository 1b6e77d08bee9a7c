//! Framing: pages of several sizes, and a drawing as the page frames it at every move of the pen.

use std::hint::black_box;

use classifier::preprocess::{ImageView, Pixel, Stroke, preprocess_image, preprocess_strokes};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// A black ring, two thirds of a white page wide.
fn ring(side: u16) -> Vec<Pixel> {
    let middle = f32::from(side) / 2.0;
    let pixel = |x: u16, y: u16| {
        let distance = (f32::from(x) - middle).hypot(f32::from(y) - middle) / middle;
        Pixel {
            luma: if (0.55..0.65).contains(&distance) { 0 } else { 255 },
            alpha: 255,
        }
    };
    (0..side).flat_map(|y| (0..side).map(move |x| pixel(x, y))).collect()
}

/// Five strokes of 60 points each, as a digit with many corrections has.
fn drawing(width: f32) -> Vec<Stroke> {
    let arc = |stroke: u8| {
        let start = f32::from(stroke) * 1.2;
        let points = (0_u8..60).map(|step| {
            let turn = start + f32::from(step) / 50.0;
            [210.0 + 120.0 * turn.cos(), 210.0 + 160.0 * turn.sin()]
        });
        Stroke {
            points: points.collect(),
            width,
        }
    };
    (0..5).map(arc).collect()
}

fn page(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("preprocess/page");
    for side in [28_u16, 280, 1024, 4096] {
        let pixels = ring(side);
        let Some(page) = ImageView::new(side.into(), &pixels) else {
            continue;
        };
        group.throughput(Throughput::Elements(u64::from(side) * u64::from(side)));
        group.bench_function(BenchmarkId::from_parameter(side), |bencher| {
            bencher.iter(|| preprocess_image(black_box(page)));
        });
    }
    group.finish();
}

fn strokes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("preprocess/strokes");
    for (pen, width) in [("thin", 2.0), ("usual", 20.0), ("fat", 80.0)] {
        let strokes = drawing(width);
        group.bench_function(pen, |bencher| bencher.iter(|| preprocess_strokes(black_box(&strokes))));
    }
    group.finish();
}

criterion_group!(benches, page, strokes);
criterion_main!(benches);
