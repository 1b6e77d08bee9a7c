//! Writes a picture of MNIST's misread test digits, in rows of twelve, and prints what each is and was read as:
//! `cargo run --release --package classifier --features mnist --example misread -- docs/images/misread.png`.

#![expect(clippy::print_stdout, reason = "the report is what the program is for")]

use std::error::Error;

use classifier::mnist::{Dataset, Split, data_dir};
use classifier::{Backend, Classifier, SIDE};
use image::{GrayImage, Luma};

/// Digits of a row, and the side of one with its margin, in pixels.
const COLUMNS: usize = 12;
const ENLARGED: usize = 2;
const CELL: usize = SIDE * ENLARGED + 4;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    let digits = Dataset::read(&data_dir()?, Split::Test)?;
    let classifier = Classifier::load(Backend::Flex)?;
    let inputs: Vec<_> = (0..digits.len()).map(|index| digits.input(index)).collect();
    let predictions = inputs.chunks(100).flat_map(|inputs| classifier.classify(inputs));
    let misread: Vec<_> = predictions
        .enumerate()
        .filter(|(index, prediction)| prediction.digit() != digits.labels[*index])
        .collect();
    let rows = misread.len().div_ceil(COLUMNS);
    let mut sheet = GrayImage::from_pixel(u32::try_from(COLUMNS * CELL)?, u32::try_from(rows * CELL)?, Luma([255]));
    for (place, (index, prediction)) in misread.iter().enumerate() {
        let (left, top) = (place % COLUMNS * CELL + 2, place / COLUMNS * CELL + 2);
        for y in 0..SIDE * ENLARGED {
            for x in 0..SIDE * ENLARGED {
                let ink = digits.pixels(*index)[y / ENLARGED * SIDE + x / ENLARGED];
                sheet.put_pixel(u32::try_from(left + x)?, u32::try_from(top + y)?, Luma([255 - ink]));
            }
        }
        let line_end = place % COLUMNS == COLUMNS - 1 || place + 1 == misread.len();
        print!(
            "{}→{}{}",
            digits.labels[*index],
            prediction.digit(),
            if line_end { "\n" } else { " " }
        );
    }
    sheet.save(path)?;
    Ok(())
}
