//! Asking the server. Many visits don't, so this code, with the texts of what can fail, is in the client's file, which is
//! loaded with the first request. What the server is asked is exported in the first load, so that it can be kept where that
//! file can't be loaded.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

use std::pin::Pin;

use api::{ErrorCode, PageReading};
use classifier::{Notice, preprocess::Stroke};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};
use web_sys::{Blob, HtmlCanvasElement};

use super::{
    description::numeral,
    drawing::PAGE,
    follow::follow,
    image_file::{self, SENT_NAME},
    model, quota,
    rendering::draw_strokes,
    report::{is_number, report},
    state::{DrawState, Failure, Link, LocalResult, ServerAnswer, ServerRequest},
    texts::{DrawTexts, errors::ErrorTexts},
};
use crate::{
    browser::{canvas, clock, document},
    client::{self, ClientError, Picture, UploadError},
    i18n::{TextTable, TranslatedProblem, thousandths},
    session::Session,
};

/// What the server is asked to read: what the canvas had when the visitor asked.
pub struct Question {
    /// The file of an image, with its name, in place of the drawing.
    pub image: Option<(Blob, String)>,
    pub strokes: Vec<Stroke>,
    /// The local result for the same.
    pub local: Option<LocalResult>,
    /// [`DrawState::revision`] then.
    pub revision: u32,
}

/// Ask the server. How much has been sent is set in the state meanwhile.
pub async fn ask(state: DrawState, session: Session, question: Question) -> ServerRequest {
    if let Ok(ask) = load_lazily().await {
        return ask(state, session, question).await;
    }
    keep(state, session, question).await;
    ServerRequest::Failed(Failure {
        text: TranslatedProblem::new(|locale| DrawTexts::of(locale).offline.clone()),
        links: [None; 2],
    })
}

/// Report a question that couldn't be sent, because the code for that can't be loaded: it is kept, as others without an answer.
async fn keep(state: DrawState, session: Session, question: Question) {
    let Some((file, name)) = sent_file(question.image, question.strokes).await else {
        return;
    };
    if state.is_awaited(question.revision) {
        let error = refusal(session).unwrap_or(ClientError::Offline);
        report(&file, &name, question.local.as_ref(), Some(&error));
    }
}

/// The result of [`ask`].
type Asking = Pin<Box<dyn Future<Output = ServerRequest>>>;

#[wasm_split(client, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load_lazily() -> Result<fn(DrawState, Session, Question) -> Asking, SplitLoaderError> {
    Ok(ask_loaded)
}

fn ask_loaded(state: DrawState, session: Session, question: Question) -> Asking {
    Box::pin(async move {
        send(state, session, question).await.unwrap_or_else(|failure| {
            ServerRequest::Failed(Failure {
                text: TranslatedProblem::new(|locale| ErrorTexts::of(locale).upload_error(&failure)),
                links: links_for(&failure.error),
            })
        })
    })
}

async fn send(state: DrawState, session: Session, question: Question) -> Result<ServerRequest, UploadError> {
    let Question {
        image,
        strokes,
        local,
        revision,
    } = question;
    let (file, name) = sent_file(image, strokes).await.ok_or(ClientError::Offline)?;
    if let Some(error) = refusal(session) {
        report(&file, &name, local.as_ref(), Some(&error));
        return Err(error.into());
    }
    let reading = local.as_ref().and_then(comparable);
    let picture = Picture { file, name, reading };
    let start = clock::now();
    let on_progress = move |share| {
        state.sent.try_set(Some(thousandths(share)));
    };
    let mut headers = String::new();
    let answer = if is_number(local.as_ref()) {
        let number = client::predict_number(&picture, &mut headers, on_progress).await;
        number.map(ServerAnswer::from)
    } else {
        let prediction = client::predict(&picture, &mut headers, on_progress).await;
        prediction.map(ServerAnswer::from)
    };
    if !headers.is_empty() {
        state.quota.try_set(quota::describe(&headers, session));
    }
    if state.is_awaited(revision) {
        let error = answer.as_ref().err().map(|failure| &failure.error);
        report(&picture.file, &picture.name, local.as_ref(), error);
    }
    match answer {
        Ok(answer) => {
            let milliseconds = clock::now() - start;
            let is_other = |version: &str| *version != *answer.model;
            // What the page has read may be of the model that it had before.
            let is_other_model =
                is_other(&model::version()) || local.as_ref().is_some_and(|local| is_other(&local.model));
            if is_other_model {
                spawn_local(follow(state, None));
            }
            Ok(ServerRequest::Done {
                agrees: agreement(local.as_ref(), &answer).filter(|_| !is_other_model),
                answer,
                local,
                milliseconds,
                revision,
            })
        }
        // The cookie may have been removed by another tab, which the server can't tell from none.
        Err(failure) if failure.error.is_signed_out() && session.is_signed_in() => {
            session.clear();
            Err(ClientError::SESSION_ENDED.into())
        }
        Err(failure) => Err(failure),
    }
}

/// Whether the page has read what the server answers; `None` where it hasn't read the same picture.
pub fn agreement(local: Option<&LocalResult>, answer: &ServerAnswer) -> Option<bool> {
    comparable(local?).map(|page| page.numeral == answer.numeral)
}

/// What the server would answer to a question without an account. `None` where there is one, and in a kept document, which
/// doesn't say.
fn refusal(session: Session) -> Option<ClientError> {
    if session.is_signed_in() || document::is_kept() {
        return None;
    }
    // The document names the user who was signed in when it was loaded.
    Some(match document::me() {
        Some(_) => ClientError::SESSION_ENDED,
        None => ClientError::SIGN_IN,
    })
}

/// The file to send, with its name. `None` where the browser makes none of a drawing.
async fn sent_file(image: Option<(Blob, String)>, strokes: Vec<Stroke>) -> Option<(Blob, String)> {
    match image {
        Some(image) => Some(image),
        None => export(strokes).await.map(|file| (file, SENT_NAME.to_owned())),
    }
}

/// What the server's answer is compared with. `None` where the page knows of several digits only one.
fn comparable(local: &LocalResult) -> Option<PageReading> {
    let reading = &local.reading;
    let is_part = reading.notice == Some(Notice::SeveralDigits) && reading.lines.is_empty();
    (!is_part).then(|| PageReading {
        model: local.model.to_string(),
        numeral: numeral(reading),
    })
}

/// The file to send of a drawing: black on white. `None` where the browser makes none.
async fn export(strokes: Vec<Stroke>) -> Option<Blob> {
    if canvas::alters_pixels() {
        image_file::encode(strokes).await
    } else {
        canvas::to_file(&paint(&strokes)?, "image/png").await
    }
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

/// Links to pages where the cause of the error can be removed.
pub fn links_for(error: &ClientError) -> [Option<Link>; 2] {
    // Signing in without `next` leads back to this page.
    if error.is_session_ended() {
        [Some(("/login", |t| t.sign_in_link)), None]
    } else if error.is_signed_out() {
        [
            Some(("/login", |t| t.sign_in_link)),
            Some(("/register", |t| t.register_link)),
        ]
    } else if error.code() == Some(ErrorCode::EmailUnconfirmed) {
        [Some(("/account", |t| t.account_link)), None]
    } else {
        [None, None]
    }
}
