//! Image files in place of a drawing. Few visits need them, so their code is in a file of its own, which is loaded with the
//! first of them. What the classifier does only with pictures is a large part of it, so an image is read here, too, and
//! once: it doesn't change.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

use std::{pin::Pin, sync::Arc};

use classifier::preprocess::{Picture, Stroke, page};
use leptos::{
    prelude::window,
    wasm_split::{SplitLoaderError, wasm_split},
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, HtmlCanvasElement, ImageBitmap};

use super::{
    drawing::PAGE,
    live_inference, model,
    reduce::reduce,
    state::{ImageFileError, LivePrediction, LoadedImage},
    texts::{DrawTexts, errors::ErrorTexts},
};
use crate::{
    browser::{canvas, file},
    i18n::{TextTable, TranslatedProblem},
};

/// Larger files are not decoded: doing so could crash the tab. In bytes.
const MAX_FILE_SIZE: f64 = 50_000_000.0;

/// Bytes that tell the type of a file.
const HEAD_LENGTH: i32 = 1024;

/// The largest file that is kept while the visitor is on another page, in bytes. Session storage takes 5 MB in Safari, two
/// bytes for each character of Base64.
const MAX_KEPT_SIZE: f64 = 1_500_000.0;

/// The name under which a drawing or what was read of an image is sent.
pub const SENT_NAME: &str = "trazo.png";

/// Where an image comes from.
pub enum Source {
    /// `None` where something else than a file was chosen.
    File(Option<File>),
    /// A data URL, and the name of the file.
    DataUrl(String, String),
    /// A link, without the image behind it.
    Link,
}

/// Why code that is loaded when it is used isn't there.
pub fn not_loaded() -> TranslatedProblem {
    TranslatedProblem::new(|locale| DrawTexts::of(locale).image_offline.clone())
}

/// Decode an image.
pub async fn load(source: Source) -> Result<LoadedImage, TranslatedProblem> {
    match load_lazily(source).await {
        Ok(loading) => loading.await,
        Err(_) => Err(not_loaded()),
    }
}

/// Read an image again, with another model. `None` without a network.
pub async fn read(picture: Arc<Picture>) -> Option<LivePrediction> {
    read_lazily(picture).await.ok()
}

/// The drawing as a PNG, without a canvas: for browsers that alter what a page reads from one.
pub async fn encode(strokes: Vec<Stroke>) -> Option<Blob> {
    encode_lazily(strokes).await.ok()?
}

/// The result of [`load`].
type Loading = Pin<Box<dyn Future<Output = Result<LoadedImage, TranslatedProblem>>>>;

#[wasm_split(image_file, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load_lazily(source: Source) -> Result<Loading, SplitLoaderError> {
    Ok(Box::pin(async {
        decode(source)
            .await
            .map_err(|error| TranslatedProblem::new(|locale| ErrorTexts::of(locale).file_error(error)))
    }))
}

#[wasm_split(image_file, wasm_split_path = ::leptos::wasm_split, fallible)]
fn read_lazily(picture: Arc<Picture>) -> Result<LivePrediction, SplitLoaderError> {
    Ok(measured(&picture))
}

#[wasm_split(image_file, wasm_split_path = ::leptos::wasm_split, fallible)]
fn encode_lazily(strokes: Vec<Stroke>) -> Result<Option<Blob>, SplitLoaderError> {
    Ok(encode_page(&strokes))
}

async fn decode(source: Source) -> Result<LoadedImage, ImageFileError> {
    let file = match source {
        Source::File(file) => file.ok_or(ImageFileError::NotAnImage(None))?,
        Source::DataUrl(url, name) => file::from_data_url(&url, &name).ok_or(ImageFileError::Unreadable)?,
        Source::Link => return Err(ImageFileError::Link),
    };
    if file.size() > MAX_FILE_SIZE {
        return Err(ImageFileError::TooLarge);
    }
    let Some(bitmap) = bitmap(&file).await else {
        return Err(cause(&file).await);
    };
    let reduced = reduce(&bitmap);
    bitmap.close();
    let (shown, picture) = reduced.ok_or(ImageFileError::Unreadable)?;
    let png = match picture {
        Some(_) => canvas::to_file(&shown, "image/png").await,
        None => None,
    };
    let (upload, upload_name) = match png {
        Some(png) => (png, SENT_NAME.to_owned()),
        None => (Blob::from(file.clone()), original_name(&file).await),
    };
    let kept = if upload.size() <= MAX_KEPT_SIZE {
        file::to_data_url(&upload).await
    } else if picture.is_some() {
        as_jpeg(&shown).await
    } else {
        None
    };
    Ok(LoadedImage {
        file_name: file.name(),
        shown: SendWrapper::new(shown),
        reading: picture.as_ref().map_or(LivePrediction::Altered, measured),
        picture: picture.map(Into::into),
        upload: SendWrapper::new(upload),
        upload_name,
        kept,
    })
}

fn measured(picture: &Picture) -> LivePrediction {
    live_inference::measured(|| model::read(picture))
}

/// `None` where the browser can't decode the file.
async fn bitmap(file: &File) -> Option<ImageBitmap> {
    let decoding = window().create_image_bitmap_with_blob(file).ok()?;
    JsFuture::from(decoding).await.ok()?.dyn_into().ok()
}

/// Why the browser can't decode the file.
async fn cause(file: &File) -> ImageFileError {
    match api::file_type(&file::head(file, HEAD_LENGTH).await) {
        Some("PNG" | "JPEG" | "GIF") => ImageFileError::Unreadable,
        Some(
            name @ ("WebP" | "AVIF" | "HEIC" | "HEIF" | "JPEG XL" | "JPEG 2000" | "TIFF" | "BMP" | "ICO" | "PSD"
            | "SVG" | "PDF"),
        ) => ImageFileError::OtherFormat(name),
        Some(name) => ImageFileError::NotAnImage(Some(name)),
        None if file.type_().starts_with("image/") => ImageFileError::Unreadable,
        None => ImageFileError::NotAnImage(None),
    }
}

/// The name under which a file is sent as it is. The server requires the extension of a type that it reads.
async fn original_name(file: &File) -> String {
    match api::file_type(&file::head(file, HEAD_LENGTH).await) {
        Some("PNG") => SENT_NAME.to_owned(),
        Some("JPEG") => "trazo.jpg".to_owned(),
        Some("GIF") => "trazo.gif".to_owned(),
        _ => file.name(),
    }
}

/// A photograph is smaller as JPEG.
async fn as_jpeg(canvas: &HtmlCanvasElement) -> Option<String> {
    let jpeg = canvas::to_file(canvas, "image/jpeg").await?;
    file::to_data_url(&jpeg).await
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the side of the page is a whole number"
)]
fn encode_page(strokes: &[Stroke]) -> Option<Blob> {
    let side = PAGE as u32;
    let pixels = page(strokes, usize::try_from(side).ok()?);
    file::new(&grey_png(side, &pixels)?, SENT_NAME, "image/png").map(Blob::from)
}

/// A square image as a PNG, given the luminance of each pixel, row by row.
pub fn grey_png(side: u32, pixels: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
