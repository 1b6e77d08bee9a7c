//! Decompression bombs: they are rejected or decoded within the memory limits.

use std::fs;

use reqwest::Response;

use crate::support::{
    TestServer,
    pictures::{Kind, black_png, blocks_jpeg, png, with_chunks_behind, zlib},
    server::refused,
};

/// The answer to a file, for which the process takes no more than 64 MiB.
async fn bounded(server: &TestServer, name: &str, file: Vec<u8>) -> Response {
    let before = resident_peak();
    let response = server.predict(name, file).await;
    let grown = resident_peak() - before;
    assert!(grown <= 64 << 20, "{name} took {grown} bytes");
    response
}

#[tokio::test]
async fn a_header_with_huge_dimensions() {
    let server = TestServer::start().await;
    let rows = zlib([[0; 100].as_slice()].into_iter());
    let pngs = [Kind::Grey8, Kind::Palette8, Kind::Rgb16].into_iter().flat_map(|kind| {
        let palette = [(*b"PLTE", vec![0; 6])];
        let sizes = [(100_000, 100_000), (0x7fff_ffff, 0x7fff_ffff), (1, 0x7fff_ffff)];
        sizes.map(|(width, height)| png(width, height, kind, &palette, &rows))
    });
    for file in pngs {
        assert!(file.len() < 1_000);
        refused(bounded(&server, "a.png", file).await, 422, "image_too_large", "error").await;
    }
    // The largest dimensions of a GIF and a JPEG, baseline and progressive.
    let gif = b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;";
    let response = bounded(&server, "a.gif", gif.to_vec()).await;
    refused(response, 422, "image_too_large", "error").await;
    for frame in [0xc0, 0xc2] {
        let mut jpeg =
            b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\0\xff\xd9"
                .to_vec();
        jpeg[3] = frame;
        let response = bounded(&server, "a.jpg", jpeg).await;
        refused(response, 422, "image_too_large", "error").await;
    }
}

#[tokio::test]
async fn a_large_frame_on_a_small_gif() {
    let server = TestServer::start().await;
    let gif = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;";
    refused(
        server.predict("a.gif", gif.as_slice()).await,
        422,
        "image_unreadable",
        "error",
    )
    .await;
}

#[tokio::test]
async fn an_image_that_expands_a_thousandfold() {
    let server = TestServer::start().await;
    let file = black_png(10_000, 10_000, Kind::Grey8);
    assert!(file.len() < 200_000, "100 million pixels in {} bytes", file.len());
    refused(server.predict("a.png", file).await, 422, "image_too_large", "error").await;
}

/// Texts and profiles that expand to 300 MB, in an image of one pixel: they aren't read.
#[tokio::test]
async fn a_chunk_that_expands_a_thousandfold() {
    let server = TestServer::start().await;
    let zeros = vec![0; 1_000_000];
    let packed = zlib((0..300).map(|_| zeros.as_slice()));
    let pixel = zlib([[0, 0].as_slice()].into_iter());
    for (kind, head) in [
        (*b"zTXt", b"name\0\0".as_slice()),
        (*b"iTXt", b"name\0\x01\0\0\0"),
        // As the colour profile, and as what programs read metadata from.
        (*b"iCCP", b"name\0\0"),
        (*b"zTXt", b"Raw profile type iptc\0\0"),
        (*b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
    ] {
        let chunk = (kind, [head, &packed].concat());
        let file = png(1, 1, Kind::Grey8, &[chunk], &pixel);
        let kind = String::from_utf8_lossy(&kind).into_owned();
        assert_eq!(bounded(&server, "a.png", file).await.status(), 200, "{kind}");
    }
    let profile = (*b"iCCP", [b"name\0\0", packed.as_slice()].concat());
    let file = png(1, 1, Kind::Grey8, &vec![profile; 20], &pixel);
    assert_eq!(bounded(&server, "a.png", file).await.status(), 200, "several profiles");
}

#[tokio::test]
async fn ten_thousand_frames() {
    const FRAMES: u32 = 10_000;
    let server = TestServer::start().await;
    let side = 28;
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, side, side, &[255, 255, 255, 0, 0, 0]).unwrap();
    for frame in 0..FRAMES {
        // A pixel is blackened at a time.
        let (left, top) = (frame % u32::from(side), frame / u32::from(side) % u32::from(side));
        let [left, top] = [left, top].map(|place| u16::try_from(place).unwrap());
        let pixel = gif::Frame {
            left,
            top,
            ..gif::Frame::from_indexed_pixels(1, 1, vec![1], None)
        };
        encoder.write_frame(&pixel).unwrap();
    }
    drop(encoder);
    assert_eq!(bounded(&server, "a.gif", gif).await.status(), 200);
    let side = u32::from(side);
    let row = vec![0; side as usize + 1];
    let rows = zlib((0..side).map(|_| row.as_slice()));
    let control = |number: u32| {
        let numbers = [number, side, side, 0, 0].map(u32::to_be_bytes).concat();
        (*b"fcTL", [numbers.as_slice(), &[0, 1, 0, 10, 0, 0]].concat())
    };
    let count = (*b"acTL", [FRAMES, 0].map(u32::to_be_bytes).concat());
    let first = png(side, side, Kind::Grey8, &[count, control(0)], &rows);
    let frames = (1..FRAMES).flat_map(|frame| {
        let pixels = [(2 * frame).to_be_bytes().as_slice(), &rows].concat();
        [control(2 * frame - 1), (*b"fdAT", pixels)]
    });
    let animated = with_chunks_behind(first, frames);
    assert_eq!(bounded(&server, "a.png", animated).await.status(), 200);
}

/// Large images within the limits, 100 and 146 MB decoded each, at the same time. Two permits limit the memory, which
/// would otherwise exceed 3 GB.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_decoding_stays_within_the_permits() {
    const BOUND: u64 = 600_000_000;
    let server = TestServer::start().await;
    let files = [
        black_png(4_096, 4_096, Kind::Rgb16),
        blocks_jpeg(8_064, 6_048, |_, _| true),
    ];
    let before = resident_peak();
    for file in &files {
        let posts = (0..16_u32).map(|number| {
            // Different trailing bytes, so that none is cached.
            let request = server.upload("a.png", [file.as_slice(), &number.to_be_bytes()].concat());
            tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
        });
        for post in posts.collect::<Vec<_>>() {
            assert_eq!(post.await.unwrap(), 200);
        }
    }
    let grown = resident_peak() - before;
    println!("grew by {} MB", grown / 1_000_000);
    assert!(grown < BOUND, "grew by {grown} bytes");
}

/// Peak memory of this process, in bytes.
fn resident_peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
