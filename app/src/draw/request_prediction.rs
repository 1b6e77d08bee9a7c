//! Asking the server for its reading.

use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

use super::{
    drawing::PAGE,
    rendering::ink_strokes,
    state::{Asked, Desk},
};
use crate::{
    browser::{clock, document},
    client::{self, Refusal},
    session::Session,
};

/// Types that the server decodes; a picture of another type is sent as PNG.
const SERVER_TYPES: [&str; 3] = ["image/png", "image/jpeg", "image/gif"];

/// Send the drawing or picture, and put what comes of it on the desk. The drawing stays whatever happens.
pub fn ask(desk: Desk, session: Session) {
    if desk
        .asked
        .with_untracked(|asked| matches!(asked, Asked::Waiting { .. }))
        || untrack(move || desk.is_empty())
    {
        return;
    }
    if !session.is_signed_in() {
        // The server would say the same.
        desk.asked.set(Asked::Refused(Refusal::SIGN_IN));
        return;
    }
    let revision = desk.revision.get_untracked();
    desk.asked.set(Asked::Waiting { revision });
    let here = desk.live.with_untracked(|live| live.glance().cloned());
    spawn_local(async move {
        let asked = match sheet(desk).await {
            Some((blob, name)) => {
                let begun = clock::now();
                match client::predict(&blob, &name).await {
                    Ok(prediction) => Asked::Answered {
                        prediction,
                        here,
                        milliseconds: clock::now() - begun,
                        revision,
                    },
                    Err(refusal) => Asked::Refused(refusal),
                }
            }
            None => Asked::Refused(Refusal::Offline),
        };
        if matches!(&asked, Asked::Refused(refusal) if refusal.is_signed_out()) {
            session.end();
        }
        // After a clear nobody waits for it any more.
        if desk.asked.get_untracked() == (Asked::Waiting { revision }) {
            desk.asked.set(asked);
        }
    });
}

/// The file to send, with its name: the original of an upload, or the drawing afresh, dark on white.
async fn sheet(desk: Desk) -> Option<(Blob, String)> {
    let upload = desk.upload.get_untracked();
    if let Some(upload) = &upload
        && SERVER_TYPES.contains(&upload.file.type_().as_str())
    {
        return Some((
            Blob::from((*upload.file).clone()),
            with_extension(&upload.name, &upload.file.type_()),
        ));
    }
    let page = f64::from(PAGE);
    let canvas = document::new_canvas(page, page)?;
    let context = document::context(&canvas)?;
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, page, page);
    match upload {
        Some(upload) => super::rendering::show(&context, &upload.bitmap),
        None => desk
            .drawing
            .with_untracked(|drawing| ink_strokes(&context, drawing.strokes(), "#000")),
    }
    Some((png(&canvas).await?, "trazo.png".to_owned()))
}

/// The name with an ending that fits the type: a pasted or renamed file may have none, and the server wants one.
fn with_extension(name: &str, mime: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    if matches!(ending.as_deref(), Some("png" | "jpg" | "jpeg" | "gif")) {
        name.to_owned()
    } else {
        format!("{name}.{}", mime.trim_start_matches("image/"))
    }
}

async fn png(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let promise = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: wasm_bindgen::JsValue| {
            resolve.call1(&wasm_bindgen::JsValue::NULL, &blob).ok();
        });
        // A canvas without pixels can't be encoded; ours has them.
        canvas.to_blob(done.unchecked_ref()).ok();
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::with_extension;

    #[test]
    fn a_name_the_server_takes_is_kept() {
        assert_eq!(with_extension("Siete.JPG", "image/jpeg"), "Siete.JPG");
    }

    #[test]
    fn a_name_without_an_ending_gets_one() {
        assert_eq!(with_extension("image", "image/png"), "image.png");
        assert_eq!(with_extension("foto.bin", "image/jpeg"), "foto.bin.jpeg");
    }
}
