//! Reads the pictures of a folder, whose names end in what is on them (`seven_7.png`, `heart_none.png`, `two_42.png`), and
//! prints what is misread: `cargo run --release --package classifier --example pictures -- <folder> [--candidates]`.

#![expect(clippy::print_stdout, reason = "the report is what the program is for")]

use std::{
    error::Error,
    path::{Path, PathBuf},
};

use classifier::preprocess::{Picture, Reducer};
use classifier::{Backend, Classifier, Notice};

fn picture(path: &Path) -> Option<Picture> {
    let reader = image::ImageReader::open(path).ok()?.with_guessed_format().ok()?;
    let image = reader.decode().ok()?.to_rgba8();
    let width = image.width() as usize;
    let mut reducer = Reducer::new(width, image.height() as usize)?;
    image.as_raw().chunks_exact(4 * width).for_each(|row| reducer.push(row));
    Some(reducer.finish())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let with_candidates = arguments.next().is_some_and(|argument| argument == "--candidates");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    let classifier = Classifier::load(Backend::Flex)?;
    let (mut right, mut all) = (0, 0);
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let wanted = name.rsplit('_').next().unwrap_or_default().to_owned();
        let Some(picture) = picture(&path) else {
            println!("-     {name}: not decoded");
            continue;
        };
        let reading = classifier.read(&picture);
        let numbers: Vec<String> = classifier
            .read_number(&picture)
            .iter()
            .map(classifier::Line::number)
            .collect();
        if with_candidates {
            for candidate in classifier::preprocess::candidates(&picture) {
                let prediction = classifier.classify(&[candidate.input])[0];
                println!(
                    "      {} at {:.3}, a digit at {:.3}, {:?}, edge {}",
                    prediction.digit(),
                    prediction.probability(),
                    prediction.is_digit,
                    candidate.area,
                    candidate.is_edge
                );
            }
        }
        let digit = reading.prediction.digit().to_string();
        let is_right = match wanted.as_str() {
            "none" => matches!(reading.notice, Some(Notice::NotADigit | Notice::Blank)),
            number if number.len() > 1 => {
                matches!(reading.notice, Some(Notice::SeveralDigits | Notice::NotADigit)) && numbers == [number]
            }
            wanted => digit == wanted && !matches!(reading.notice, Some(Notice::NotADigit | Notice::Blank)),
        };
        all += 1;
        right += usize::from(is_right);
        println!(
            "{} {name}: {digit} at {:.3}, a digit at {:.3}, {:?}, {:?}, numbers {numbers:?}",
            if is_right { "right" } else { "WRONG" },
            reading.prediction.probability(),
            reading.prediction.is_digit,
            reading.notice,
            reading.area,
        );
    }
    println!("{right} of {all} right");
    Ok(())
}
