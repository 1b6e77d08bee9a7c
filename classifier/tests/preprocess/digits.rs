//! MNIST's own digits: framed as they were, and still read from any page.

use std::io::Cursor;

use classifier::mnist::{Digits, Part, folder};
use classifier::preprocess::{ImageView, Pixel, Preprocessed, preprocess_image};
use classifier::{Backend, Classifier, ModelInput, SIDE};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{GrayImage, ImageFormat};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

use crate::paper::{centre, difference, ink_box};

/// Side of the page the digits are pasted on, in pixels.
const PAGE: u32 = 280;

#[derive(Clone, Copy, PartialEq)]
enum Tone {
    DarkOnLight,
    LightOnDark,
}

#[derive(Clone, Copy)]
enum Format {
    Png,
    Jpeg,
}

/// Digit `index`, `size` pixels high and wide with MNIST's own margin, somewhere on a page.
fn pasted(digits: &Digits, index: usize, size: u32, tone: Tone, random: &mut Xoshiro256PlusPlus) -> GrayImage {
    let original_side = u32::try_from(SIDE).unwrap();
    let original = GrayImage::from_raw(original_side, original_side, digits.pixels(index).to_vec()).unwrap();
    let digit = imageops::resize(&original, size, size, FilterType::Triangle);
    let mut page = GrayImage::new(PAGE, PAGE);
    let (left, top) = (
        random.random_range(0..=PAGE - size),
        random.random_range(0..=PAGE - size),
    );
    imageops::replace(&mut page, &digit, left.into(), top.into());
    if tone == Tone::DarkOnLight {
        imageops::invert(&mut page);
    }
    page
}

fn through(format: Format, page: &GrayImage) -> GrayImage {
    let mut bytes = Vec::new();
    match format {
        Format::Png => page.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap(),
        // The quality most programs write by default.
        Format::Jpeg => JpegEncoder::new_with_quality(&mut bytes, 75)
            .encode_image(page)
            .unwrap(),
    }
    image::load_from_memory(&bytes).unwrap().to_luma8()
}

fn framed(page: &GrayImage) -> Preprocessed {
    let pixels: Vec<Pixel> = page.iter().map(|&luma| Pixel { luma, alpha: 255 }).collect();
    preprocess_image(ImageView::new(page.width() as usize, &pixels).unwrap())
}

#[test]
fn a_digit_pasted_unscaled_comes_out_as_it_was() {
    let digits = Digits::read(&folder().unwrap(), Part::Train).unwrap();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut differences: Vec<f32> = (0..1000)
        .map(|index| {
            let page = pasted(&digits, index, 28, Tone::LightOnDark, &mut random);
            let framed = framed(&page);
            assert!(!framed.blank);
            let [across, down] = centre(&framed.input);
            assert!(
                (across - 14.0).abs() <= 0.51 && (down - 14.0).abs() <= 0.51,
                "digit {index}: {across} {down}"
            );
            let [left, top, right, bottom] = ink_box(&framed.input);
            assert_eq!((right - left + 1).max(bottom - top + 1), 20, "digit {index}");
            difference(&digits.input(index), &framed.input)
        })
        .collect();
    differences.sort_by(f32::total_cmp);
    // Of the others, 13 in 100 have a thinner or fatter pen than is left alone; a few have specks that MNIST framed too.
    assert!(differences[500] < 0.02, "median {}", differences[500]);
    assert!(differences[850] < 0.06, "85 of 100 {}", differences[850]);
}

#[track_caller]
fn assert_read(tone: Tone, format: Format) {
    let digits = Digits::read(&folder().unwrap(), Part::Test).unwrap();
    let classifier = Classifier::load(Backend::Flex).unwrap();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let pictures: Vec<ModelInput> = (0..digits.len())
        .map(|index| {
            let size = random.random_range(20..=200);
            framed(&through(format, &pasted(&digits, index, size, tone, &mut random))).input
        })
        .collect();
    let readings = pictures.chunks(100).flat_map(|batch| classifier.classify(batch));
    let right = readings
        .zip(&digits.labels)
        .filter(|(reading, label)| reading.digit() == **label)
        .count();
    println!("{right} of {} read", digits.len());
    assert!(right * 100 >= digits.len() * 99, "only {right} of {}", digits.len());
}

#[test]
fn dark_digits_are_read_from_png_pages() {
    assert_read(Tone::DarkOnLight, Format::Png);
}

#[test]
fn dark_digits_are_read_from_jpeg_pages() {
    assert_read(Tone::DarkOnLight, Format::Jpeg);
}

#[test]
fn light_digits_are_read_from_png_pages() {
    assert_read(Tone::LightOnDark, Format::Png);
}

#[test]
fn light_digits_are_read_from_jpeg_pages() {
    assert_read(Tone::LightOnDark, Format::Jpeg);
}
