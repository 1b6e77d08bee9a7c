//! The page reads with the server's model. Where that isn't the one that is part of the page, its weights are loaded: when the
//! page is opened, and with an answer of another model. Few visits need it, so its code is in the client's file. Until the
//! weights are there, and where they can't be had, the page reads with the model that it has.

#![expect(
    clippy::unnecessary_wraps,
    reason = "`wasm_split` adds the error of loading to what its functions return"
)]

use std::{pin::Pin, sync::Arc};

use leptos::{
    logging::warn,
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};

use super::{
    ask::agreement,
    image_file, live_inference, model,
    state::{DrawState, LoadedImage, ServerRequest},
};
use crate::{browser::document, client};
use api::LiveModel;

/// Load the model that the document names, if it names one.
pub fn follow_document(state: DrawState) {
    let Some(live) = document::take_live_model() else {
        return;
    };
    spawn_local(async move {
        // Without a network nothing changes.
        if let Ok(following) = follow_lazily(state, live).await {
            following.await;
        }
    });
}

#[wasm_split(client, wasm_split_path = ::leptos::wasm_split, fallible)]
fn follow_lazily(state: DrawState, live: LiveModel) -> Result<Pin<Box<dyn Future<Output = ()>>>, SplitLoaderError> {
    Ok(Box::pin(follow(state, Some(live))))
}

/// Load the live model, which the server is asked for if it isn't known, and read what is shown again. It is not tried again
/// here: the next answer does.
pub async fn follow(state: DrawState, live: Option<LiveModel>) {
    if load(live).await.is_some() {
        read_again(state).await;
    } else {
        warn!("The server's model can't be loaded. The page goes on with its own.");
    }
    compare_again(state);
}

async fn load(live: Option<LiveModel>) -> Option<()> {
    let live = match live {
        Some(live) => live,
        None => client::live_model().await.ok()?,
    };
    let is_loaded = if *live.version == *model::version() {
        true
    } else if live.version == classifier::model_version() {
        model::restore()
    } else {
        model::replace(&live.version, &client::weights(&live).await.ok()?)
    };
    is_loaded.then_some(())
}

/// Read the drawing or the image with the model that the page has now. Does nothing after the page was left.
async fn read_again(state: DrawState) {
    let picture = |image: &Option<LoadedImage>| image.as_ref()?.picture.clone();
    let Some(picture) = state.image.try_with_untracked(picture) else {
        return;
    };
    if let Some(picture) = picture
        && let Some(reading) = image_file::read(Arc::clone(&picture)).await
    {
        let is_same = |image: &LoadedImage| image.picture.as_ref().is_some_and(|other| Arc::ptr_eq(other, &picture));
        // It may have been replaced meanwhile.
        state.image.try_maybe_update(|image| {
            let image = image.as_mut().filter(|image| is_same(image));
            (image.map(|image| image.reading = reading).is_some(), ())
        });
    }
    if state.model.try_set(model::version()).is_none() {
        live_inference::read_again(state);
    }
}

/// Compare the server's answer with what the page reads now, if that is what the server was asked.
fn compare_again(state: DrawState) {
    let Some(revision) = state.revision.try_get_untracked() else {
        return;
    };
    let now = state.live.with_untracked(|live| live.result().cloned());
    state.request.maybe_update(|request| {
        let ServerRequest::Done {
            answer,
            local,
            agrees,
            revision: asked,
            ..
        } = request
        else {
            return false;
        };
        if *asked == revision {
            *local = now;
        }
        *agrees = agreement(local.as_ref(), answer);
        true
    });
}
