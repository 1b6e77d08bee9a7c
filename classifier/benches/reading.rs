//! Whole pictures of 280 x 280, from pixels to the answer: one piece, and six.

use std::hint::black_box;

use classifier::preprocess::{Picture, Reducer, candidates};
use classifier::{Backend, Classifier};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

const SIDE: u16 = 280;

/// Black rings on white, of half the height of their place.
fn rings(columns: u16, rows: u16) -> Option<Picture> {
    let mut reducer = Reducer::new(SIDE.into(), SIDE.into())?;
    let size = SIDE / columns.max(rows);
    for y in 0..SIDE {
        let row = (0..SIDE).flat_map(|x| {
            let [dx, dy] = [x, y].map(|at| f32::from(at % size) - f32::from(size) / 2.0);
            let distance = dx.hypot(dy) / f32::from(size);
            let inside = x / size < columns && y / size < rows;
            let tone = if inside && (0.2..0.27).contains(&distance) {
                0
            } else {
                255
            };
            [tone, tone, tone, 255]
        });
        reducer.push(&row.collect::<Vec<u8>>());
    }
    Some(reducer.finish())
}

fn reading(criterion: &mut Criterion) {
    let Ok(classifier) = Classifier::load(Backend::Flex) else {
        return;
    };
    let mut group = criterion.benchmark_group("reading");
    for (columns, rows) in [(1, 1), (3, 2)] {
        let Some(picture) = rings(columns, rows) else { continue };
        let found = candidates(&picture).len();
        group.bench_function(BenchmarkId::from_parameter(format!("{found} candidates")), |bencher| {
            bencher.iter(|| classifier.read(black_box(&picture)));
        });
    }
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
