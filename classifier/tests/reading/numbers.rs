//! Numbers made of MNIST's training digits.

use classifier::mnist::{Dataset, Split, data_dir};
use classifier::preprocess::Reducer;
use classifier::{Backend, Classifier, Line, SIDE};

/// Numbers read for each distance.
const NUMBERS: usize = 300;

/// A picture of digits beside each other, `gap` pixels apart, twice MNIST's size. `seed` chooses them.
fn number(digits: &Dataset, seed: usize, gap: isize) -> (Vec<u8>, usize, String) {
    let count = 2 + seed % 5;
    let chosen: Vec<usize> = (0..count)
        .map(|place| (seed * 7_919 + place * 104_729) % digits.len())
        .collect();
    let mut columns: Vec<[u8; SIDE]> = vec![[0; SIDE]; 12];
    let mut right = columns.len().cast_signed();
    for &index in &chosen {
        let pixels = digits.pixels(index);
        let inked = |x: usize| (0..SIDE).any(|y| pixels[y * SIDE + x] > 40);
        let [first, last] = [
            (0..SIDE).find(|&x| inked(x)).unwrap(),
            (0..SIDE).rfind(|&x| inked(x)).unwrap(),
        ];
        let start = if right == 12 { right } else { right + gap };
        for x in first..=last {
            let column = usize::try_from(start).unwrap() + x - first;
            columns.resize(columns.len().max(column + 1), [0; SIDE]);
            for y in 0..SIDE {
                columns[column][y] = columns[column][y].max(pixels[y * SIDE + x]);
            }
        }
        right = start + (last - first + 1).cast_signed();
    }
    columns.extend([[0; SIDE]; 12]);
    let width = 2 * columns.len();
    let rows = (0..2 * SIDE + 40).flat_map(|y| (0..width).map(move |x| (x, y)));
    let picture = rows.map(|(x, y)| {
        let inside = (20..2 * SIDE + 20).contains(&y);
        255 - if inside { columns[x / 2][(y - 20) / 2] } else { 0 }
    });
    let label = chosen
        .iter()
        .map(|&index| char::from(b'0' + digits.labels[index]))
        .collect();
    (picture.collect(), width, label)
}

fn share_read(gap: isize) -> f64 {
    let digits = Dataset::read(&data_dir().unwrap(), Split::Train).unwrap();
    let classifier = Classifier::load(Backend::Flex).unwrap();
    let right = (0..NUMBERS).filter(|&seed| {
        let (picture, width, label) = number(&digits, seed, gap);
        let mut reducer = Reducer::new(width, picture.len() / width).unwrap();
        for row in picture.chunks_exact(width) {
            let row: Vec<u8> = row.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect();
            reducer.push(&row);
        }
        let lines = classifier.read_number(&reducer.finish());
        lines.iter().map(Line::number).collect::<Vec<_>>() == [label]
    });
    right.count() as f64 / NUMBERS as f64
}

#[test]
fn spaced_digits() {
    let share = share_read(8);
    assert!(share >= 0.97, "{share}");
}

#[test]
fn close_digits() {
    let share = share_read(2);
    assert!(share >= 0.96, "{share}");
}

#[test]
fn touching_digits() {
    let share = share_read(-1);
    assert!(share >= 0.86, "{share}");
}
