//! The network alone: one picture and a batch of 32, on each device.

use std::hint::black_box;

use classifier::preprocess::{Stroke, preprocess_strokes};
use classifier::{Backend, Classifier, ModelInput};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn pictures(count: u8) -> Vec<ModelInput> {
    let leaning = |lean: u8| {
        let lean = f32::from(lean);
        let points = vec![[0.0, 0.0], [80.0, 0.0], [40.0 - lean, 120.0]];
        preprocess_strokes(&[Stroke { points, width: 12.0 }]).input
    };
    (0..count).map(leaning).collect()
}

fn network(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("network");
    for backend in [Backend::Flex, Backend::Ndarray] {
        let Ok(classifier) = Classifier::load(backend) else {
            continue;
        };
        for batch in [1, 32] {
            let pictures = pictures(batch);
            group.throughput(Throughput::Elements(batch.into()));
            group.bench_function(BenchmarkId::new(backend.to_string(), batch), |bencher| {
                bencher.iter(|| classifier.classify(black_box(&pictures)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, network);
criterion_main!(benches);
