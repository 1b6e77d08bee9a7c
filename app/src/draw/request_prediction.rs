//! The request for the server's prediction.

use leptos::{prelude::*, task::spawn_local};

use super::{
    ask::{Question, ask},
    correction, live_inference,
    state::{DrawState, LoadedImage, ServerRequest},
};
use crate::session::Session;

/// Send the drawing or the image, unless there is none or a request is pending. The result is set in the state.
pub fn request_prediction(state: DrawState, session: Session) {
    let is_pending = state
        .request
        .with_untracked(|request| matches!(request, ServerRequest::Pending { .. }));
    if is_pending || untrack(move || state.is_empty()) {
        return;
    }
    live_inference::finish(state);
    let image = |image: &LoadedImage| ((*image.upload).clone(), image.upload_name.clone());
    let revision = state.revision.get_untracked();
    let question = Question {
        image: state.image.with_untracked(|shown| shown.as_ref().map(image)),
        strokes: state.drawing.with_untracked(|drawing| drawing.strokes().to_vec()),
        local: state.live.with_untracked(|live| live.result().cloned()),
        revision,
    };
    state.sent.set(None);
    state.request.set(ServerRequest::Pending { revision });
    spawn_local(async move {
        let outcome = ask(state, session, question).await;
        if state.is_awaited(revision) {
            state.request.set(outcome);
            correction::load(state);
        }
    });
}
