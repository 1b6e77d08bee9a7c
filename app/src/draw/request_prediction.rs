//! The request for the server's prediction.

use api::PageReading;
use classifier::{Notice, Reading, preprocess::Stroke};
use leptos::{prelude::*, task::spawn_local};
use web_sys::{Blob, HtmlCanvasElement};

use super::{
    description::numeral,
    drawing::PAGE,
    image_file::{self, SENT_NAME},
    live_inference, quota,
    rendering::draw_strokes,
    report::{is_number, report},
    state::{DrawState, LoadedImage, ServerAnswer, ServerRequest},
};
use crate::{
    browser::{canvas, clock, document},
    client::{self, ClientError, Picture},
    i18n::thousandths,
    session::Session,
};

/// Send the drawing or the image, unless there is none or a request is pending. The result is set in the state.
pub fn request_prediction(state: DrawState, session: Session) {
    let is_pending = state
        .request
        .with_untracked(|request| matches!(request, ServerRequest::Pending { .. }));
    if is_pending || untrack(move || state.is_empty()) {
        return;
    }
    let local = state.live.with_untracked(|live| live.result().cloned());
    if !session.is_signed_in() && !document::is_kept() {
        // The server would answer the same. The document names the user who was signed in when it was loaded.
        let error = match document::me() {
            Some(_) => ClientError::SESSION_ENDED,
            None => ClientError::SIGN_IN,
        };
        state.request.set(ServerRequest::Failed(error.clone().into()));
        spawn_local(async move {
            if let Some((blob, name)) = export(state).await {
                report(&blob, &name, local.as_ref(), Some(&error));
            }
        });
        return;
    }
    let revision = state.revision.get_untracked();
    state.sent.set(None);
    state.request.set(ServerRequest::Pending { revision });
    live_inference::finish(state);
    let local = state.live.with_untracked(|live| live.result().cloned());
    let reading = local.as_ref().and_then(|local| comparable(&local.reading));
    spawn_local(async move {
        // The canvas may have been cleared in the meantime, which cancels the request, or the page left.
        let is_awaited = move || state.request.try_get_untracked() == Some(ServerRequest::Pending { revision });
        let mut headers = String::new();
        let outcome = match export(state).await {
            Some((file, name)) => {
                let picture = Picture { file, name, reading };
                let start = clock::now();
                let on_progress = move |share| {
                    state.sent.try_set(Some(thousandths(share)));
                };
                let answer = if is_number(local.as_ref()) {
                    let number = client::predict_number(&picture, &mut headers, on_progress).await;
                    number.map(ServerAnswer::from)
                } else {
                    let prediction = client::predict(&picture, &mut headers, on_progress).await;
                    prediction.map(ServerAnswer::from)
                };
                if is_awaited() {
                    let error = answer.as_ref().err().map(|failure| &failure.error);
                    report(&picture.file, &picture.name, local.as_ref(), error);
                }
                match answer {
                    Ok(answer) => ServerRequest::Done {
                        agrees: picture.reading.map(|page| page.numeral == answer.numeral),
                        answer,
                        local,
                        milliseconds: clock::now() - start,
                        revision,
                    },
                    // The cookie may have been removed by another tab, which the server can't tell from none.
                    Err(failure) if failure.error.is_signed_out() && session.is_signed_in() => {
                        session.clear();
                        ServerRequest::Failed(ClientError::SESSION_ENDED.into())
                    }
                    Err(failure) => ServerRequest::Failed(failure),
                }
            }
            None => ServerRequest::Failed(ClientError::Offline.into()),
        };
        if is_awaited() {
            state.request.set(outcome);
        }
        if !headers.is_empty() {
            let texts = quota::describe(headers, session).await;
            state.quota.try_set(texts);
        }
    });
}

/// What the server's answer is compared with. `None` where the page knows of several digits only one.
fn comparable(reading: &Reading) -> Option<PageReading> {
    let is_part = reading.notice == Some(Notice::SeveralDigits) && reading.lines.is_empty();
    (!is_part).then(|| PageReading {
        model: classifier::model_version().to_owned(),
        numeral: numeral(reading),
    })
}

/// The file to send and its name: what the page read of an image, or the drawing in black on white. `None` where the
/// browser makes no file.
async fn export(state: DrawState) -> Option<(Blob, String)> {
    let image = |image: &Option<LoadedImage>| {
        let image = image.as_ref()?;
        Some(((*image.upload).clone(), image.upload_name.clone()))
    };
    if let Some(image) = state.image.with_untracked(image) {
        return Some(image);
    }
    let strokes = state.drawing.with_untracked(|drawing| drawing.strokes().to_vec());
    let file = if canvas::alters_pixels() {
        image_file::encode(strokes).await
    } else {
        canvas::to_file(&paint(&strokes)?, "image/png").await
    };
    Some((file?, SENT_NAME.to_owned()))
}

/// The drawing in black on white, one pixel for each unit of its page.
pub fn paint(strokes: &[Stroke]) -> Option<HtmlCanvasElement> {
    let page = f64::from(PAGE);
    let canvas = document::new_canvas(page, page)?;
    let context = document::context_2d(&canvas)?;
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, page, page);
    draw_strokes(&context, strokes, "#000");
    Some(canvas)
}
