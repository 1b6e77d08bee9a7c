//! What a page asks the server for once it is shown, and again when its address says something else.

use std::{future::Future, pin::Pin};

use leptos::{prelude::*, task::spawn_local};

use super::navigation;
use crate::client::{Answer, Refusal};
use api::access::sign_in_for;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded<T> {
    /// Nothing yet.
    Waiting,
    /// This.
    Here(T),
    /// Nothing, for this reason.
    Refused(Refusal),
}

/// A question being kept answered; copies share it.
pub struct Load<T: Send + Sync + 'static> {
    /// The newest answer. It stays while another is on its way.
    pub now: RwSignal<Loaded<T>>,
    /// Whether one is on its way.
    pub busy: RwSignal<bool>,
    again: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

/// A question on its way.
pub type Asking<T> = Pin<Box<dyn Future<Output = Answer<T>>>>;

impl<T: Clone + Send + Sync + 'static> Load<T> {
    /// Ask now, and whenever what `ask` reads changes. Only the answer to the last question counts.
    pub fn keep(ask: impl Fn() -> Asking<T> + 'static) -> Self {
        let load = Self {
            now: RwSignal::new(Loaded::Waiting),
            busy: RwSignal::new(true),
            again: Trigger::new(),
        };
        let newest = StoredValue::new(0_u32);
        Effect::new(move |_| {
            load.again.track();
            let asking = ask();
            newest.update_value(|number| *number += 1);
            let number = newest.get_value();
            load.busy.set(true);
            spawn_local(async move {
                let answer = asking.await;
                // The page may be gone by now.
                if newest.try_get_value() != Some(number) {
                    return;
                }
                load.busy.set(false);
                load.now.set(match answer {
                    Ok(answer) => Loaded::Here(answer),
                    Err(refusal) => {
                        leave_if_signed_out(&refusal);
                        Loaded::Refused(refusal)
                    }
                });
            });
        });
        load
    }

    /// Ask once more.
    pub fn again(self) {
        self.again.notify();
    }

    /// Change the answer that is here.
    pub fn change(self, change: impl FnOnce(&mut T)) {
        self.now.update(|now| {
            if let Loaded::Here(answer) = now {
                change(answer);
            }
        });
    }
}

/// A session that has ended takes its page along: to the sign-in page, which leads back here.
pub fn leave_if_signed_out(refusal: &Refusal) {
    if refusal.is_signed_out() {
        navigation::to(&sign_in_for(&navigation::here()));
    }
}
