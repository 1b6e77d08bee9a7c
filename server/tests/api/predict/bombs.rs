//! Decompression bombs: they are rejected or decoded within the memory limits.

use std::{fs, time::Instant};

use crate::support::{
    TestServer,
    pictures::{Kind, black_png, blocks_jpeg, png, zlib},
    server::refused,
};

#[tokio::test]
async fn a_header_with_huge_dimensions() {
    let server = TestServer::start().await;
    let file = png(
        100_000,
        100_000,
        Kind::Grey8,
        &[],
        &zlib([[0; 100].as_slice()].into_iter()),
    );
    assert!(file.len() < 1_000);
    refused(server.predict("a.png", file).await, 422, "image_too_large", "error").await;
    // The largest dimensions of a GIF and a JPEG.
    let gif = b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;";
    refused(
        server.predict("a.gif", gif.as_slice()).await,
        422,
        "image_too_large",
        "error",
    )
    .await;
    let jpeg = b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\0\xff\xd9";
    refused(
        server.predict("a.jpg", jpeg.as_slice()).await,
        422,
        "image_too_large",
        "error",
    )
    .await;
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

/// Text and profiles that expand to 300 MB, in an image of one pixel.
#[tokio::test]
async fn a_chunk_that_expands_a_thousandfold() {
    let server = TestServer::start().await;
    let zeros = vec![0; 1_000_000];
    let mut packed = b"name\0\0".to_vec();
    packed.extend(zlib((0..300).map(|_| zeros.as_slice())));
    let pixel = zlib([[0, 0].as_slice()].into_iter());
    for kind in [*b"zTXt", *b"iCCP"] {
        let (before, start) = (resident_peak(), Instant::now());
        let status = server
            .predict("a.png", png(1, 1, Kind::Grey8, &[(kind, packed.clone())], &pixel))
            .await
            .status();
        assert!(status == 200 || status == 422, "{status}");
        let grown = resident_peak() - before;
        assert!(
            grown < 150_000_000,
            "{} took {grown} bytes",
            String::from_utf8_lossy(&kind)
        );
        assert!(start.elapsed().as_secs() < 10);
    }
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
