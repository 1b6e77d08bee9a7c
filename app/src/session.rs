//! The signed-in user. The server writes it into the document; signing in or out loads a new document, so it is never older
//! than the page.

use leptos::prelude::*;

use api::Me;

/// Id of the script element that holds the user as JSON.
pub const ELEMENT_ID: &str = "me";

/// The signed-in user, if any, as a context.
#[derive(Clone, Copy)]
pub struct Session(RwSignal<Option<Me>>);

impl Session {
    /// Provide `me` to all child components.
    pub fn provide(me: Option<Me>) -> Self {
        let session = Self(RwSignal::new(me));
        provide_context(session);
        session
    }

    /// The session from the context; signed out where none was provided.
    pub fn shared() -> Self {
        use_context().unwrap_or_else(|| Self::provide(None))
    }

    /// The user. Tracks the signal.
    pub fn me(self) -> Option<Me> {
        self.0.get()
    }

    /// Whether a user is signed in. Doesn't track the signal.
    pub fn is_signed_in(self) -> bool {
        self.0.with_untracked(Option::is_some)
    }

    /// Whether the user's address is confirmed. Doesn't track the signal.
    pub fn is_confirmed(self) -> bool {
        self.0
            .with_untracked(|me| me.as_ref().is_some_and(|me| me.email_confirmed))
    }

    /// Sign out, in this page only.
    pub fn clear(self) {
        self.0.set(None);
    }

    /// Replace the user with what the server answered. Equal values notify no one, so that an open menu stays open.
    pub fn set(self, me: Me) {
        self.0.maybe_update(|current| {
            let changes = current.as_ref() != Some(&me);
            if changes {
                *current = Some(me);
            }
            changes
        });
    }
}
