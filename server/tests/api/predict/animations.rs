//! Animated GIFs: the picture that shows the most counts.

use api::{Notice, Prediction};
use gif::{DisposalMethod, Encoder, Frame};
use image::GrayImage;

use crate::support::{TestServer, pictures::drawn, server::refused};

/// White, black, and transparent.
const PALETTE: [u8; 9] = [255, 255, 255, 0, 0, 0, 7, 7, 7];
const CLEAR: u8 = 2;

/// A frame of the given colour indices at a place.
fn frame(size: (u32, u32), place: (u32, u32), dispose: DisposalMethod, pixels: Vec<u8>) -> Frame<'static> {
    let [width, height, left, top] = [size.0, size.1, place.0, place.1].map(|value| u16::try_from(value).unwrap());
    Frame {
        transparent: Some(CLEAR),
        left,
        top,
        dispose,
        ..Frame::from_indexed_pixels(width, height, pixels, Some(CLEAR))
    }
}

/// A frame of the whole canvas with the ink of the given rows, on `paper`.
fn rows(digit: &GrayImage, rows: std::ops::Range<u32>, paper: u8, dispose: DisposalMethod) -> Frame<'static> {
    let ink = |(_, y, pixel): (u32, u32, &image::Luma<u8>)| {
        if rows.contains(&y) && pixel.0[0] < 128 {
            1
        } else {
            paper
        }
    };
    let pixels = digit.enumerate_pixels().map(ink).collect();
    frame(digit.dimensions(), (0, 0), dispose, pixels)
}

fn animation(width: u32, height: u32, frames: impl IntoIterator<Item = Frame<'static>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let [width, height] = [width, height].map(|value| u16::try_from(value).unwrap());
    let mut encoder = Encoder::new(&mut bytes, width, height, &PALETTE).unwrap();
    for frame in frames {
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    bytes
}

async fn read(server: &TestServer, bytes: Vec<u8>) -> Prediction {
    let response = server.predict("a.gif", bytes).await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

/// Drawings that come in steps: as whole pictures, and as what is added, on white paper or on none.
#[tokio::test]
async fn a_drawing_in_steps_is_read() {
    use DisposalMethod::{Any, Background, Keep, Previous};
    let server = TestServer::shipped().await;
    let digit = drawn("7-plain");
    let (width, height) = digit.dimensions();
    let white = || rows(&digit, 0..0, 0, Keep);
    let clear = || rows(&digit, 0..0, CLEAR, Keep);
    let steps = || (0..height).step_by(20);
    let cases: [(&str, Vec<Frame<'static>>); 7] = [
        (
            "whole pictures",
            steps().map(|step| rows(&digit, 0..step + 20, 0, Keep)).collect(),
        ),
        (
            "pictures that replace each other",
            steps().map(|step| rows(&digit, 0..step + 20, 0, Background)).collect(),
        ),
        (
            "additions",
            [white()]
                .into_iter()
                .chain(steps().map(|step| rows(&digit, step..step + 20, CLEAR, Any)))
                .collect(),
        ),
        (
            "additions on nothing",
            [clear()]
                .into_iter()
                .chain(steps().map(|step| rows(&digit, step..step + 20, CLEAR, Keep)))
                .collect(),
        ),
        (
            "a picture that is taken back",
            vec![
                white(),
                frame((width, height), (0, 0), Previous, vec![1; (width * height) as usize]),
                rows(&digit, 0..height, CLEAR, Keep),
            ],
        ),
        (
            "white paper in the end",
            vec![white(), rows(&digit, 0..height, CLEAR, Keep), white()],
        ),
        (
            "nothing in the end",
            vec![rows(&digit, 0..height, 0, Background), clear()],
        ),
    ];
    for (case, frames) in cases {
        let answer = read(&server, animation(width, height, frames)).await;
        assert_eq!(answer.digit, 7, "{case}: {answer:?}");
    }
    let answer = read(&server, animation(width, height, [white(), white()])).await;
    assert_eq!(answer.notice, Some(Notice::EmptyImage));
}

#[tokio::test]
async fn frames_may_lie_beside_the_canvas() {
    let server = TestServer::shipped().await;
    let digit = drawn("7-plain");
    let (width, height) = digit.dimensions();
    for place in [(width, 0), (60_000, 60_000), (width - 1, height - 1)] {
        let beside = frame((90, 90), place, DisposalMethod::Background, vec![0; 8_100]);
        let answer = read(
            &server,
            animation(
                width,
                height,
                [rows(&digit, 0..height, 0, DisposalMethod::Keep), beside],
            ),
        )
        .await;
        assert_eq!(answer.digit, 7, "{place:?}: {answer:?}");
    }
}

#[tokio::test]
async fn what_follows_the_last_frame_may_be_missing_but_no_part_of_a_frame() {
    let server = TestServer::start().await;
    let digit = drawn("7-plain");
    let (width, height) = digit.dimensions();
    let first = rows(&digit, 0..60, 0, DisposalMethod::Keep);
    let second = rows(&digit, 60..height, CLEAR, DisposalMethod::Keep);
    let start = animation(width, height, [first.clone()]).len() - 1;
    let whole = animation(width, height, [first, second]);
    for bytes in [
        &whole[..whole.len() - 1],
        &[&whole[..whole.len() - 1], b"junk"].concat(),
    ] {
        read(&server, bytes.to_vec()).await;
    }
    // Without the 18 bytes before the pixels of the second frame, and the code that ends them.
    for end in (1..start - 6).chain(start + 20..whole.len() - 6).step_by(7) {
        refused(
            server.predict("a.gif", &whole[..end]).await,
            422,
            "image_unreadable",
            "error",
        )
        .await;
    }
}

/// Frames that are much larger than their canvas, or more than anybody looks at.
#[tokio::test]
async fn memory_and_work_are_bounded() {
    let server = TestServer::with(|settings| {
        settings.decode.max_image_pixels = 100_000;
        settings.decode.decode_memory_bytes = 300_000;
    })
    .await;
    let digit = drawn("7-plain");
    let (width, height) = digit.dimensions();
    let black = |side: u32| {
        frame(
            (side, side),
            (0, 0),
            DisposalMethod::Keep,
            vec![1; (side * side) as usize],
        )
    };
    let first = || rows(&digit, 0..height, 0, DisposalMethod::Keep);
    let alone = read(&server, animation(width, height, [first()])).await;
    let clear = || rows(&digit, 0..0, CLEAR, DisposalMethod::Keep);
    let many = animation(width, height, [first(), clear(), clear(), black(70)]);
    assert_eq!(read(&server, many).await.area, alone.area);
    let few = animation(width, height, [first(), black(70)]);
    assert_ne!(read(&server, few).await.area, alone.area);
    let large = animation(1, 1, [black(280)]);
    refused(server.predict("a.gif", large).await, 422, "image_too_large", "error").await;
}
