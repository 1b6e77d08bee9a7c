//! The request for the server's prediction.

use classifier::Notice;
use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

use super::{
    drawing::PAGE,
    rendering::{draw_image, draw_strokes},
    state::{DrawState, ServerAnswer, ServerRequest},
};
use crate::{
    browser::{clock, document},
    client::{self, ClientError},
    session::Session,
};

/// The image types that the server decodes. Files of other types are converted to PNG.
const SERVER_TYPES: [&str; 3] = ["image/png", "image/jpeg", "image/gif"];

/// Send the drawing or the image, unless there is none or a request is pending. The result is set in the state.
pub fn request_prediction(state: DrawState, session: Session) {
    let is_pending = state
        .request
        .with_untracked(|request| matches!(request, ServerRequest::Pending { .. }));
    if is_pending || untrack(move || state.is_empty()) {
        return;
    }
    if !session.is_signed_in() {
        // The server would answer the same. The document names the user who was signed in when it was loaded.
        let error = match document::me() {
            Some(_) => ClientError::SESSION_ENDED,
            None => ClientError::SIGN_IN,
        };
        state.request.set(ServerRequest::Failed(error));
        return;
    }
    let revision = state.revision.get_untracked();
    state.request.set(ServerRequest::Pending { revision });
    let local = state.live.with_untracked(|live| live.result().cloned());
    // Several digits are asked for as a number.
    let is_number = local
        .as_ref()
        .is_some_and(|local| local.reading.notice == Some(Notice::SeveralDigits));
    spawn_local(async move {
        let outcome = match export_image(state).await {
            Some((blob, name)) => {
                let start = clock::now();
                let answer = if is_number {
                    client::predict_number(&blob, &name).await.map(ServerAnswer::from)
                } else {
                    client::predict(&blob, &name).await.map(ServerAnswer::from)
                };
                match answer {
                    Ok(answer) => ServerRequest::Done {
                        answer,
                        local,
                        milliseconds: clock::now() - start,
                        revision,
                    },
                    // The cookie may have been removed by another tab, which the server can't tell from none.
                    Err(error) if error.is_signed_out() => {
                        session.clear();
                        ServerRequest::Failed(ClientError::SESSION_ENDED)
                    }
                    Err(error) => ServerRequest::Failed(error),
                }
            }
            None => ServerRequest::Failed(ClientError::Offline),
        };
        // The canvas may have been cleared in the meantime, which cancels the request.
        if state.request.get_untracked() == (ServerRequest::Pending { revision }) {
            state.request.set(outcome);
        }
    });
}

/// The file to send and its name: the original image file, or the drawing in black on white.
async fn export_image(state: DrawState) -> Option<(Blob, String)> {
    let image = state.image.get_untracked();
    if let Some(image) = &image
        && SERVER_TYPES.contains(&image.file.type_().as_str())
    {
        return Some((
            Blob::from((*image.file).clone()),
            with_extension(&image.file_name, &image.file.type_()),
        ));
    }
    let page = f64::from(PAGE);
    let canvas = document::new_canvas(page, page)?;
    let context = document::context_2d(&canvas)?;
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, page, page);
    match image {
        Some(image) => draw_image(&context, &image.bitmap),
        None => state
            .drawing
            .with_untracked(|drawing| draw_strokes(&context, drawing.strokes(), "#000")),
    }
    Some((png(&canvas).await?, "trazo.png".to_owned()))
}

/// The name with an extension for the MIME type. The server requires one, and pasted or renamed files may have none.
fn with_extension(name: &str, mime: &str) -> String {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    if matches!(extension.as_deref(), Some("png" | "jpg" | "jpeg" | "gif")) {
        name.to_owned()
    } else {
        format!("{name}.{}", mime.trim_start_matches("image/"))
    }
}

async fn png(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let promise = Promise::new(&mut |resolve, _| {
        let callback = Closure::once_into_js(move |blob: wasm_bindgen::JsValue| {
            resolve.call1(&wasm_bindgen::JsValue::NULL, &blob).ok();
        });
        // It fails only for a canvas without pixels.
        canvas.to_blob(callback.unchecked_ref()).ok();
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
