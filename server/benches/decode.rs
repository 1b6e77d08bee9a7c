//! From a file's bytes to the model's input: decoding and preprocessing.

#![expect(clippy::expect_used, reason = "a benchmark that can't run should fail")]

use std::{fs, hint::black_box, io::Cursor, path::Path};

use classifier::preprocess::candidates;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use image::{DynamicImage, ImageFormat, imageops::FilterType};
use server::prediction::decode::{DecodeLimits, decode};

const LIMITS: DecodeLimits = DecodeLimits {
    pixels: 1 << 26,
    memory: 96 << 20,
};

fn digit() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/digits/5.png")).expect("the digit")
}

/// The digit as a colour image of another size.
fn scaled(side: u32, format: ImageFormat) -> Vec<u8> {
    let picture = image::load_from_memory(&digit()).expect("the digit").into_rgb8();
    let picture = DynamicImage::from(picture).resize_exact(side, side, FilterType::Triangle);
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a file");
    bytes.into_inner()
}

fn benchmark(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    let files = [
        ("png 28x28 grey", digit()),
        ("png 280x280", scaled(280, ImageFormat::Png)),
        ("jpeg 280x280", scaled(280, ImageFormat::Jpeg)),
        ("gif 280x280", scaled(280, ImageFormat::Gif)),
        ("jpeg 4000x4000", scaled(4_000, ImageFormat::Jpeg)),
    ];
    for (name, bytes) in files {
        assert!(decode(&bytes, LIMITS, candidates, |_, _| {}).is_ok(), "{name}");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.sample_size(if bytes.len() > 100_000 { 10 } else { 100 });
        group.bench_function(name, |bencher| {
            bencher.iter(|| decode(black_box(&bytes), LIMITS, candidates, |_, _| {}));
        });
    }
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
