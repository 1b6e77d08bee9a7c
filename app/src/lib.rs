//! The user interface, rendered on the server and hydrated in WASM.
//!
//! This file has the routes and all `cfg` gates of the crate. Code that needs a browser compiles for the server as well,
//! where nothing calls it, so that components need no gates.

#![expect(
    unreachable_pub,
    reason = "leptos' component macro generates public items; private modules still show dead code"
)]

mod account;
pub mod admin;
mod browser;
mod client;
mod draw;
mod i18n;
mod model;
pub mod prometheus;
mod session;
mod sync_view;
mod ui;

#[cfg(feature = "hydrate")]
mod hydration;
#[cfg(feature = "hydrate")]
pub use hydration::hydrate;
#[cfg(feature = "ssr")]
mod load_notices;
#[cfg(feature = "ssr")]
pub mod offline;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub use shell::shell;

pub use account::history::HistoryRoom;
pub use draw::plain_upload::PlainUpload;
pub use ui::form::{FormAnswer, PlainForm};

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy,
    components::{FlatRoutes, Route, Router},
    path,
};

use account::route::AccountPage;
use admin::{models::page::ModelsPage, review::page::ReviewPage, status::page::StatusPage, users::page::UsersPage};
use draw::page::Draw;
use i18n::{Language, t};
use model::page::ModelPage;
use session::Session;
use ui::{footer::Footer, header::Header, not_found::NotFound, texts::FrameTexts};

/// Whether this is compiled for the server.
const IS_SERVER: bool = cfg!(feature = "ssr");

/// The root component.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // On the server the shell has provided both; in the browser they are read from the document.
    if use_context::<Language>().is_none() {
        Language::provide(document_locale());
    }
    if use_context::<Session>().is_none() {
        Session::provide(document_me());
    }
    view! {
        <Router>
            <a class="skip" href="#contenido" rel="external">{t(|t: &FrameTexts| t.skip)}</a>
            <Header />
            <main id="contenido" tabindex="-1">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=Draw />
                    <Route path=path!("/register") view=AccountPage::Register />
                    <Route path=path!("/login") view=AccountPage::Login />
                    <Route path=path!("/confirm/:token") view=AccountPage::Confirm />
                    <Route path=path!("/forgot") view=AccountPage::Forgot />
                    <Route path=path!("/reset/:token") view=AccountPage::Reset />
                    <Route path=path!("/account") view=AccountPage::Account />
                    <Route path=path!("/model") view={Lazy::<ModelPage>::new()} />
                    <Route path=path!("/admin/users") view={Lazy::<UsersPage>::new()} />
                    <Route path=path!("/admin/review") view={Lazy::<ReviewPage>::new()} />
                    <Route path=path!("/admin/models") view={Lazy::<ModelsPage>::new()} />
                    <Route path=path!("/admin/status") view={Lazy::<StatusPage>::new()} />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
    }
}

/// The language of the document. The server renders no document where it only lists the routes; the language doesn't matter
/// then.
fn document_locale() -> i18n::Locale {
    if IS_SERVER {
        i18n::Locale::default()
    } else {
        browser::document::locale()
    }
}

/// The user in the document, as [`document_locale`].
fn document_me() -> Option<api::Me> {
    if IS_SERVER { None } else { browser::document::me() }
}
