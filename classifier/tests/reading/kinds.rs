//! Photographs, scans and screenshots.

use classifier::{Backend, Classifier, Notice, Reading};

use crate::sheet::{BLACK, FIVE, HEART, LETTER_A, OPEN_FOUR, PENCIL, SEVEN, SIX, Sheet, THREE, TWO, WHITE, WOOD};

fn read(sheet: &Sheet) -> Reading {
    Classifier::load(Backend::Flex).unwrap().read(&sheet.picture())
}

#[track_caller]
fn assert_digit(sheet: &Sheet, digit: u8) {
    let reading = read(sheet);
    assert_eq!(
        reading.prediction.digit(),
        digit,
        "{:?} {:?}",
        reading.notice,
        reading.area
    );
    assert_ne!(reading.notice, Some(Notice::NotADigit), "{:?}", reading.area);
}

#[track_caller]
fn assert_no_digit(sheet: &Sheet) {
    let reading = read(sheet);
    let notice = reading.notice;
    assert!(
        matches!(notice, Some(Notice::NotADigit)),
        "{notice:?}: {} at {}",
        reading.prediction.digit(),
        reading.prediction.is_digit
    );
}

/// Paper with a pen's digit in the middle of it.
fn paper(digit: &[&[[f32; 2]]]) -> Sheet {
    Sheet::new(600, 450, WHITE).digit(digit, [240.0, 130.0], 180.0, 16.0, [40.0, 50.0, 130.0])
}

#[test]
fn a_desk_beside_the_sheet() {
    assert_digit(&paper(FIVE).rectangle([0.0, 0.0, 85.0, 450.0], WOOD).noise(4.0), 5);
}

#[test]
fn a_scanners_black_strip() {
    let sheet = paper(THREE).rectangle([560.0, 0.0, 600.0, 450.0], BLACK);
    assert_digit(&sheet.rectangle([0.0, 425.0, 600.0, 450.0], BLACK), 3);
}

#[test]
fn a_rim_of_desk() {
    let sheet = paper(TWO).map(|[x, y], old| {
        if !(30.0..570.0).contains(&x) || !(25.0..425.0).contains(&y) {
            WOOD
        } else {
            old
        }
    });
    assert_digit(&sheet.noise(4.0), 2);
}

#[test]
fn a_turned_sheet_on_a_desk() {
    let sheet = paper(SEVEN).map(|[x, y], old| {
        let (dx, dy) = (x - 300.0, y - 225.0);
        let (u, v) = (0.990 * dx + 0.139 * dy, 0.990 * dy - 0.139 * dx);
        if u.abs() < 180.0 && v.abs() < 150.0 { old } else { WOOD }
    });
    assert_digit(&sheet.noise(4.0), 7);
}

#[test]
fn a_sticky_note_on_wood() {
    let sheet = Sheet::new(600, 450, WOOD)
        .rectangle([200.0, 100.0, 420.0, 320.0], [250.0, 235.0, 120.0])
        .digit(SIX, [270.0, 140.0], 130.0, 10.0, BLACK);
    assert_digit(&sheet.noise(5.0), 6);
}

#[test]
fn filing_holes() {
    let mut sheet = Sheet::new(500, 700, WHITE).digit(TWO, [240.0, 320.0], 70.0, 4.0, [40.0, 50.0, 130.0]);
    for y in [200.0, 520.0] {
        sheet = sheet.draw(&[[35.0, y], [35.5, y]], 24.0, BLACK);
    }
    assert_digit(&sheet, 2);
}

#[test]
fn ruled_paper_and_a_pencil() {
    let mut sheet = Sheet::new(500, 660, WHITE);
    for line in 1..16 {
        let y = line as f32 * 40.0;
        sheet = sheet.draw(&[[0.0, y], [500.0, y + 3.0]], 2.0, [185.0, 195.0, 215.0]);
    }
    assert_digit(
        &sheet
            .digit(FIVE, [200.0, 255.0], 110.0, 6.0, [90.0, 90.0, 92.0])
            .noise(3.0),
        5,
    );
}

#[test]
fn squared_paper_and_a_pencil() {
    let mut sheet = Sheet::new(500, 660, WHITE);
    for line in 1..33 {
        let at = line as f32 * 20.0;
        sheet = sheet.draw(&[[0.0, at], [500.0, at]], 1.5, [195.0, 200.0, 215.0]);
        sheet = sheet.draw(&[[at, 0.0], [at, 660.0]], 1.5, [195.0, 200.0, 215.0]);
    }
    assert_digit(
        &sheet
            .digit(SEVEN, [200.0, 255.0], 110.0, 6.0, [90.0, 90.0, 92.0])
            .noise(3.0),
        7,
    );
}

#[test]
fn a_box_around_the_digit() {
    let corners = [
        [190.0, 90.0],
        [430.0, 90.0],
        [430.0, 350.0],
        [190.0, 350.0],
        [190.0, 90.0],
    ];
    assert_digit(&paper(SEVEN).draw(&corners, 6.0, BLACK), 7);
}

#[test]
fn a_circle_around_the_digit() {
    let circle: Vec<[f32; 2]> = (0..=40)
        .map(|step| (step as f32 * 0.158).sin_cos())
        .map(|(sine, cosine)| [300.0 + 150.0 * cosine, 220.0 + 150.0 * sine])
        .collect();
    assert_digit(&paper(FIVE).draw(&circle, 9.0, [40.0, 50.0, 130.0]), 5);
}

#[test]
fn an_underline() {
    assert_digit(&paper(SEVEN).draw(&[[220.0, 340.0], [400.0, 334.0]], 10.0, BLACK), 7);
}

#[test]
fn a_phones_bars() {
    let mut sheet = Sheet::new(360, 800, [255.0; 3]).digit(THREE, [120.0, 300.0], 140.0, 10.0, BLACK);
    sheet = sheet
        .rectangle([0.0, 0.0, 360.0, 26.0], [0.0; 3])
        .rectangle([0.0, 760.0, 360.0, 800.0], [0.0; 3]);
    for x in [90.0, 180.0, 270.0] {
        sheet = sheet.draw(&[[x, 780.0], [x + 0.5, 780.0]], 12.0, [255.0; 3]);
    }
    assert_digit(&sheet, 3);
}

#[test]
fn black_bars_at_the_sides() {
    let sheet = paper(TWO).rectangle([0.0, 0.0, 110.0, 450.0], [0.0; 3]);
    assert_digit(&sheet.rectangle([490.0, 0.0, 600.0, 450.0], [0.0; 3]), 2);
}

#[test]
fn a_windows_shadow() {
    let sheet = paper(FIVE).map(|[x, y], old| {
        if x + 0.4 * y > 420.0 {
            old.map(|value| value * 0.6)
        } else {
            old
        }
    });
    assert_digit(&sheet.noise(3.0), 5);
}

#[test]
fn a_faint_pencil_under_noise() {
    let sheet =
        Sheet::new(640, 480, [205.0, 202.0, 198.0]).digit(SIX, [270.0, 170.0], 130.0, 6.0, [150.0, 149.0, 147.0]);
    let light = |[x, y]: [f32; 2], old: [f32; 3]| {
        let away = ((x - 320.0) / 640.0).hypot((y - 240.0) / 480.0);
        old.map(|value| value * (1.0 - 0.35 * away))
    };
    assert_digit(&sheet.map(light).noise(9.0), 6);
}

#[test]
fn red_on_grey_of_the_same_luminance() {
    let sheet = Sheet::new(480, 480, [54.0, 56.0, 64.0]).digit(SIX, [150.0, 110.0], 260.0, 34.0, [254.0, 0.0, 0.0]);
    assert_digit(&sheet, 6);
}

#[test]
fn yellow_on_white() {
    let sheet = Sheet::new(480, 480, [255.0; 3]).digit(OPEN_FOUR, [150.0, 110.0], 260.0, 34.0, [255.0, 255.0, 150.0]);
    assert_digit(&sheet, 4);
}

#[test]
fn a_pencil_on_white_paper() {
    let sheet = Sheet::new(640, 480, WHITE).digit(THREE, [270.0, 170.0], 130.0, 5.0, PENCIL);
    assert_digit(&sheet.noise(4.0), 3);
}

#[test]
fn scans_of_low_resolution() {
    // Forms at 72 dots per inch and less: digits of 14 to 30 pixels with soft strokes and noise.
    for (digit, strokes) in [(2, TWO), (3, THREE), (5, FIVE), (6, SIX), (7, SEVEN), (4, OPEN_FOUR)] {
        for height in [14.0, 20.0, 30.0] {
            let side = (2.2 * height) as usize;
            let place = [0.75 * height, 0.6 * height];
            let sheet = Sheet::new(side, side, WHITE).digit(strokes, place, height, 0.12 * height, [70.0, 72.0, 90.0]);
            assert_digit(&sheet.noise(4.0), digit);
        }
    }
}

#[test]
fn a_heart_is_no_digit() {
    let sheet = Sheet::new(640, 640, WHITE).digit(HEART, [150.0, 150.0], 340.0, 18.0, BLACK);
    assert_no_digit(&sheet);
}

#[test]
fn a_letter_is_no_digit() {
    let sheet = Sheet::new(640, 640, WHITE).digit(LETTER_A, [180.0, 150.0], 340.0, 20.0, BLACK);
    assert_no_digit(&sheet);
}

#[test]
fn an_empty_page_is_blank() {
    for sheet in [
        Sheet::new(400, 300, WHITE),
        Sheet::new(400, 300, WHITE).noise(3.0),
        Sheet::new(400, 300, BLACK),
    ] {
        let reading = read(&sheet);
        assert!(
            matches!(reading.notice, Some(Notice::Blank | Notice::NotADigit)),
            "{:?}",
            reading.notice
        );
        if reading.notice == Some(Notice::Blank) {
            assert!(
                reading
                    .prediction
                    .probabilities
                    .iter()
                    .all(|probability| (probability - 0.1).abs() < 1e-6)
            );
            assert_eq!(reading.area, None);
        }
    }
}

#[test]
fn two_digits_are_several() {
    let sheet = Sheet::new(640, 640, WHITE)
        .digit(OPEN_FOUR, [120.0, 220.0], 200.0, 18.0, BLACK)
        .digit(TWO, [340.0, 220.0], 200.0, 18.0, BLACK);
    assert_eq!(read(&sheet).notice, Some(Notice::SeveralDigits));
}

#[test]
fn the_digit_is_where_it_was_found() {
    let [left, top, width, height] = read(&paper(SEVEN)).area.unwrap();
    let near = |found: f32, expected: f32| assert!((found - expected).abs() < 8.0, "{found} {expected}");
    near(left, 232.0);
    near(top, 122.0);
    near(left + width, 356.0);
    near(top + height, 318.0);
}
