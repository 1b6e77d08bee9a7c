//! Data that a page requests when it is shown, and again when its parameters change.

use std::{future::Future, pin::Pin};

use leptos::{prelude::*, task::spawn_local};

use super::navigation;
use crate::client::{ApiResult, ClientError};
use api::access::sign_in_for;

/// The state of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchState<T> {
    /// No response yet.
    Loading,
    /// The latest data.
    Ready(T),
    /// The latest request failed.
    Failed(ClientError),
}

/// A request that is repeated when its parameters change. Copies share their state.
pub struct Fetch<T: Send + Sync + 'static> {
    /// The latest result. It stays while another request is pending.
    pub state: RwSignal<FetchState<T>>,
    /// Whether a request is pending.
    pub busy: RwSignal<bool>,
    refetch: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Fetch<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetch<T> {}

/// A pending request.
pub type FetchFuture<T> = Pin<Box<dyn Future<Output = ApiResult<T>>>>;

impl<T: Clone + Send + Sync + 'static> Fetch<T> {
    /// Send `request` now, and again whenever a signal that it reads changes. A response to any but the last request is
    /// ignored.
    pub fn new(request: impl Fn() -> FetchFuture<T> + 'static) -> Self {
        let fetch = Self {
            state: RwSignal::new(FetchState::Loading),
            busy: RwSignal::new(true),
            refetch: Trigger::new(),
        };
        let latest = StoredValue::new(0_u32);
        Effect::new(move |_| {
            fetch.refetch.track();
            let pending = request();
            latest.update_value(|number| *number += 1);
            let number = latest.get_value();
            fetch.busy.set(true);
            spawn_local(async move {
                let result = pending.await;
                // `None` after the page was left.
                if latest.try_get_value() != Some(number) {
                    return;
                }
                fetch.busy.set(false);
                fetch.state.set(match result {
                    Ok(data) => FetchState::Ready(data),
                    Err(error) => {
                        redirect_if_signed_out(&error);
                        FetchState::Failed(error)
                    }
                });
            });
        });
        fetch
    }

    /// Send the request again.
    pub fn refetch(self) {
        self.refetch.notify();
    }
}

/// Go to the sign-in page, which leads back to this one, where `error` says that the session has ended.
pub fn redirect_if_signed_out(error: &ClientError) {
    if error.is_signed_out() {
        navigation::redirect(&sign_in_for(&navigation::current_path()));
    }
}
