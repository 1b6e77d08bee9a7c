//! Photographs as telephones and cameras write them.

use api::Prediction;
use image::{GrayImage, ImageFormat};

use crate::support::{
    TestServer,
    pictures::{blocks_jpeg, drawn, encoded, fixture},
    server::refused,
};

/// A film of telephones, with bytes in it that look like markers.
const FILM: &[u8] =
    b"\0\0\0\x18ftypmp42\0\0\0\0isommp42\0\0\x01\0mdat\xff\xda\0\x0c\x03\xff\xd9\xff\xc4\xff\xda\x11\xff";

/// What some telephones append to a picture that has no end marker.
const TRAILER: &[u8] = b"\0\0\x81\x0a\x12\0\0\0Panorama_Shot_InfoSEFHe\0\0\0\x01\0\0\0SEFT";

/// The prediction, without the number that each has of its own.
async fn read(server: &TestServer, bytes: Vec<u8>) -> Prediction {
    let response = server.predict("a.jpg", bytes).await;
    assert_eq!(response.status(), 200);
    let prediction: Prediction = response.json().await.unwrap();
    Prediction { id: None, ..prediction }
}

/// Sequential and progressive, grey, in colour and for print.
fn pictures() -> [Vec<u8>; 5] {
    let colour = image::DynamicImage::from(drawn("5-two-strokes")).into_rgb8();
    [
        encoded(drawn("5-two-strokes"), ImageFormat::Jpeg),
        encoded(colour, ImageFormat::Jpeg),
        fixture("progressive.jpg"),
        fixture("cmyk.jpg"),
        fixture("rotated.jpg"),
    ]
}

fn without_end(picture: &[u8]) -> &[u8] {
    picture.strip_suffix(b"\xff\xd9").unwrap()
}

#[tokio::test]
async fn what_follows_the_end_marker_is_ignored() {
    let server = TestServer::shipped().await;
    for picture in pictures() {
        let alone = read(&server, picture.clone()).await;
        assert_eq!(alone.digit, 5, "{alone:?}");
        for trailer in [FILM, TRAILER, picture.as_slice(), b"\0"] {
            assert_eq!(read(&server, [picture.as_slice(), trailer].concat()).await, alone);
        }
    }
}

#[tokio::test]
async fn a_whole_picture_needs_no_end_marker() {
    let server = TestServer::shipped().await;
    for picture in pictures() {
        let alone = read(&server, picture.clone()).await;
        for trailer in [
            b"".as_slice(),
            TRAILER,
            b"\xff",
            b"\0\0\0\0\0\0\0\0\0\0\0\xff\xd8\xff\xe0",
        ] {
            let bytes = [without_end(&picture), trailer].concat();
            assert_eq!(read(&server, bytes).await, alone, "{trailer:?}");
        }
    }
}

#[tokio::test]
async fn a_picture_that_breaks_off_is_refused_wherever_it_does() {
    let server = TestServer::start().await;
    for picture in pictures() {
        let whole = without_end(&picture).len();
        let ends = (0..whole).step_by(whole / 60).chain(whole - 40..whole);
        for end in ends {
            let response = server.predict("a.jpg", &picture[..end]).await;
            assert_eq!(response.status(), 422, "{end} of {whole}");
            refused(response, 422, "image_unreadable", "error").await;
        }
    }
}

/// The sizes of today's telephones, in both directions.
#[tokio::test]
async fn of_24_and_48_megapixels_are_read() {
    let server = TestServer::shipped().await;
    let digit = drawn("7-plain");
    for (width, height) in [(5_712, 4_284), (8_064, 6_048), (6_120, 8_160)] {
        let answer = read(&server, large(&digit, width, height)).await;
        assert_eq!(answer.digit, 7, "{width} x {height}: {answer:?}");
        let [left, top, box_width, box_height] = answer.area.unwrap();
        assert!(left + box_width <= width.into() && top + box_height <= height.into());
        assert!(box_height > u32::from(height) / 4, "{:?}", answer.area);
    }
}

/// The digit in the middle of white paper, as high as the picture.
fn large(digit: &GrayImage, width: u16, height: u16) -> Vec<u8> {
    let side = u32::from(width.min(height));
    let [left, top] = [width, height].map(|length| (u32::from(length) - side) / 2);
    blocks_jpeg(width, height, |x, y| {
        let [x, y] = [(x, left), (y, top)].map(|(place, start)| place.checked_sub(start).unwrap_or(u32::MAX));
        x < side && y < side && digit.get_pixel(x * digit.width() / side, y * digit.height() / side).0[0] < 128
    })
}

#[tokio::test]
async fn of_more_pixels_or_memory_than_allowed_are_refused() {
    let server = TestServer::start().await;
    let too_large =
        async |bytes: Vec<u8>| refused(server.predict("a.jpg", bytes).await, 422, "image_too_large", "error").await;
    // 68 megapixels.
    too_large(blocks_jpeg(8_256, 8_256, |_, _| false)).await;
    // The coefficients of a progressive picture are held in memory, too: 600 MB.
    let mut progressive = blocks_jpeg(8_192, 8_192, |_, _| false);
    let start = progressive.windows(2).position(|pair| pair == b"\xff\xc0").unwrap();
    progressive[start + 1] = 0xc2;
    too_large(progressive).await;
}
