//! Image formats and colour types.

use api::Prediction;
use image::{
    Delay, DynamicImage, Frame, GrayImage, ImageFormat, Luma, LumaA, Rgb, Rgba, RgbaImage, codecs::gif::GifEncoder,
};

use crate::support::{
    TestServer,
    pictures::{Kind, drawn, encoded, fixture, inverted, png, zlib},
};

async fn read(server: &TestServer, name: &str, bytes: Vec<u8>) -> Prediction {
    let response = server.predict(name, bytes).await;
    assert_eq!(response.status(), 200, "{name}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn the_fixtures_are_predicted_as_five() {
    let server = TestServer::shipped().await;
    for name in [
        "cmyk.jpg",
        "progressive.jpg",
        "palette.png",
        "one_bit.png",
        "grey16.png",
        "rotated.jpg",
    ] {
        let answer = read(&server, name, fixture(name)).await;
        assert_eq!(answer.digit, 5, "{name}: {answer:?}");
    }
}

#[tokio::test]
async fn depth_and_transparency_change_nothing() {
    let server = TestServer::shipped().await;
    let ink = inverted(drawn("2-plain"));
    let (width, height) = ink.dimensions();
    let deep = image::ImageBuffer::from_fn(width, height, |x, y| {
        let Luma([value]) = *ink.get_pixel(x, y);
        Rgb([u16::from(value) * 257; 3])
    });
    let black_on_clear = image::ImageBuffer::from_fn(width, height, |x, y| LumaA([0, ink.get_pixel(x, y).0[0]]));
    let white_on_clear = RgbaImage::from_fn(width, height, |x, y| Rgba([255, 255, 255, ink.get_pixel(x, y).0[0]]));
    let pictures: [DynamicImage; 3] = [deep.into(), black_on_clear.into(), white_on_clear.into()];
    for picture in pictures {
        let kind = picture.color();
        let answer = read(&server, "a.png", encoded(picture, ImageFormat::Png)).await;
        assert_eq!(answer.digit, 2, "{kind:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_palette_with_transparency_is_read() {
    let server = TestServer::shipped().await;
    let digit = drawn("2-plain");
    let rows: Vec<Vec<u8>> = digit
        .rows()
        .map(|row| {
            let indices = row.map(|pixel| u8::from(pixel.0[0] < 128));
            [0].into_iter().chain(indices).collect()
        })
        .collect();
    // The paper is clear, of the colour of the ink or another.
    for colours in [[0; 6], [255; 6], [255, 255, 255, 0, 0, 0], [0, 0, 0, 255, 255, 255]] {
        let chunks = [(*b"PLTE", colours.to_vec()), (*b"tRNS", vec![0])];
        let rows = zlib(rows.iter().map(Vec::as_slice));
        let file = png(digit.width(), digit.height(), Kind::Palette8, &chunks, &rows);
        let answer = read(&server, "a.png", file).await;
        assert_eq!(answer.digit, 2, "{colours:?}: {answer:?}");
    }
}

#[tokio::test]
async fn an_interlaced_image_is_read() {
    /// First column and row, and steps, of the passes.
    const PASSES: [[u32; 4]; 7] = [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
    ];
    let server = TestServer::shipped().await;
    let digit = drawn("2-plain");
    let (width, height) = digit.dimensions();
    let mut rows = Vec::new();
    for [left, top, across, down] in PASSES {
        for y in (top..height).step_by(down as usize) {
            rows.push(0);
            rows.extend(
                (left..width)
                    .step_by(across as usize)
                    .map(|x| digit.get_pixel(x, y).0[0]),
            );
        }
    }
    let rows = zlib([rows.as_slice()].into_iter());
    let mut file = png(width, height, Kind::Grey8, &[], &rows);
    file[28] = 1;
    let sum = crc32fast::hash(&file[12..29]);
    file[29..33].copy_from_slice(&sum.to_be_bytes());
    let answer = read(&server, "a.png", file).await;
    assert_eq!(answer.digit, 2, "{answer:?}");
}

#[tokio::test]
async fn an_image_of_one_pixel_is_accepted() {
    let server = TestServer::shipped().await;
    for value in [0, 128, 255] {
        let dot = GrayImage::from_pixel(1, 1, Luma([value]));
        read(&server, "dot.png", encoded(dot, ImageFormat::Png)).await;
    }
    read(
        &server,
        "dot.gif",
        encoded(RgbaImage::from_pixel(1, 1, Rgba([0, 0, 0, 0])), ImageFormat::Gif),
    )
    .await;
}

#[tokio::test]
async fn the_extension_may_differ_from_the_format() {
    let server = TestServer::start().await;
    read(
        &server,
        "really-a-jpeg.gif",
        encoded(drawn("2-plain"), ImageFormat::Jpeg),
    )
    .await;
}

#[tokio::test]
async fn an_animation_of_thousands_of_frames_is_decoded() {
    let server = TestServer::shipped().await;
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
    let first = DynamicImage::from(drawn("7-plain")).into_rgba8();
    let delay = Delay::from_numer_denom_ms(10, 1);
    encoder.encode_frame(Frame::from_parts(first, 0, 0, delay)).unwrap();
    for number in 0..5_000_u32 {
        let shade = u8::try_from(number % 256).unwrap();
        let frame = RgbaImage::from_pixel(2, 2, Rgba([shade, 0, 0, 255]));
        encoder
            .encode_frame(Frame::from_parts(frame, number % 100, 0, delay))
            .unwrap();
    }
    drop(encoder);
    let answer = read(&server, "animation.gif", bytes).await;
    assert_eq!(answer.digit, 7, "{answer:?}");
}
