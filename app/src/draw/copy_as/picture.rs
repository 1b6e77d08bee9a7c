//! What is on the canvas as a file in Base64. Nothing here waits: Safari lets a page copy only at once after a click.

use classifier::preprocess::page;
use leptos::prelude::{WithUntracked, window};

use crate::{
    browser::{canvas, document},
    draw::{
        ask::paint,
        drawing::PAGE,
        image_file::{SENT_NAME, grey_png},
        state::{DrawState, LoadedImage},
    },
};

/// A file.
pub(super) struct File {
    pub name: &'static str,
    pub base64: String,
}

impl File {
    /// The drawing or the image, as it is sent to the server. `None` if the image is not kept, or no file that the server
    /// reads.
    pub(super) fn of(state: DrawState) -> Option<Self> {
        if state.has_image() {
            let url = |image: &Option<LoadedImage>| image.as_ref()?.kept.clone();
            return Self::of_data_url(&state.image.with_untracked(url)?);
        }
        let bytes: String = drawing(state)?.into_iter().map(char::from).collect();
        Some(Self {
            name: SENT_NAME,
            // A character for each byte.
            base64: window().btoa(&bytes).ok()?,
        })
    }

    /// The name is one of ours: that of a file that was chosen could be anything, and it becomes part of a program.
    fn of_data_url(url: &str) -> Option<Self> {
        let (mime, base64) = url.strip_prefix("data:")?.split_once(";base64,")?;
        let name = match mime {
            "image/png" => SENT_NAME,
            "image/jpeg" => "trazo.jpg",
            "image/gif" => "trazo.gif",
            _ => return None,
        };
        Some(Self {
            name,
            base64: base64.to_owned(),
        })
    }
}

/// The pixels that are sent to the server, as a PNG in shades of grey: that of a canvas has colours, and is larger.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the side of the page is a whole number"
)]
fn drawing(state: DrawState) -> Option<Vec<u8>> {
    let strokes = state.drawing.with_untracked(|drawing| drawing.strokes().to_vec());
    let side = PAGE as u32;
    if canvas::alters_pixels() {
        return grey_png(side, &page(&strokes, usize::try_from(side).ok()?));
    }
    let context = document::context_2d(&paint(&strokes)?)?;
    let page = f64::from(PAGE);
    let pixels = context.get_image_data(0.0, 0.0, page, page).ok()?.data();
    let luminance: Vec<u8> = pixels.iter().step_by(4).copied().collect();
    grey_png(side, &luminance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_the_server_reads_are_copied() {
        let name = |url| File::of_data_url(url).map(|file| (file.name, file.base64));
        assert_eq!(
            name("data:image/jpeg;base64,AAAA"),
            Some(("trazo.jpg", "AAAA".to_owned()))
        );
        assert_eq!(name("data:image/webp;base64,AAAA"), None);
        assert_eq!(name("data:image/png,AAAA"), None);
        assert_eq!(name(""), None);
    }
}
