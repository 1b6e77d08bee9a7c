//! Who has signed in, as the server said with the page. Signing in and out load a new page, so it is never stale for
//! longer than that page, and nothing private outlives it.

use leptos::prelude::*;

use api::{Me, Role};

/// Id of the block in the document that tells the browser what the server knew.
pub const BLOCK: &str = "me";

/// Who has signed in, shared by the whole interface.
#[derive(Clone, Copy)]
pub struct Session(RwSignal<Option<Me>>);

impl Session {
    /// Share `me` with every component below.
    pub fn provide(me: Option<Me>) -> Self {
        let session = Self(RwSignal::new(me));
        provide_context(session);
        session
    }

    /// The session shared by [`Session::provide`]; nobody's where there is none.
    pub fn shared() -> Self {
        use_context().unwrap_or_else(|| Self::provide(None))
    }

    /// The user; a reader of it is run again when it changes.
    pub fn me(self) -> Option<Me> {
        self.0.get()
    }

    /// Whether somebody has signed in; doesn't subscribe.
    pub fn is_signed_in(self) -> bool {
        self.0.with_untracked(Option::is_some)
    }

    /// Whether an admin has signed in.
    pub fn is_admin(self) -> bool {
        self.0.with(|me| me.as_ref().is_some_and(|me| me.role == Role::Admin))
    }

    /// The server said that nobody has signed in any more.
    pub fn end(self) {
        self.0.set(None);
    }

    /// The server said something new of the user.
    pub fn set(self, me: Me) {
        self.0.set(Some(me));
    }
}
