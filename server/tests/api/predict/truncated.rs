//! Files that break off, at each of their bytes.

use image::{DynamicImage, ImageFormat, imageops};

use crate::support::{
    TestServer,
    connection::Connection,
    pictures::{drawn, encoded},
};

#[tokio::test]
async fn at_each_byte_is_refused_or_read_over_one_connection() {
    let server = TestServer::start().await;
    let mut connection = Connection::open(&server).await;
    let digit = imageops::resize(&drawn("2-plain"), 20, 20, imageops::FilterType::Triangle);
    let colours = DynamicImage::from(digit.clone()).into_rgba8();
    for (name, whole) in [
        ("a.png", encoded(digit.clone(), ImageFormat::Png)),
        ("a.jpg", encoded(digit, ImageFormat::Jpeg)),
        ("a.gif", encoded(colours, ImageFormat::Gif)),
    ] {
        let mut read = 0;
        for length in 0..=whole.len() {
            let (status, body) = connection.predict(&server.token, name, &whole[..length]).await;
            if status == 200 {
                assert!(body["prediccion"].is_u64(), "{name} of {length} bytes: {body}");
                read += 1;
            } else {
                let refused = (status, body["code"].as_str());
                assert_eq!(refused, (422, Some("image_unreadable")), "{name} of {length} bytes");
                assert_eq!(read, 0, "{name} is read when shorter than {length} bytes");
            }
        }
        // Whole, and where nothing but an end marker is missing.
        assert!((1..40).contains(&read), "{name} is read {read} times");
    }
}
