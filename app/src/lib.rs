//! The user interface, rendered on the server and hydrated in WASM.
//!
//! This file holds the routes and every cfg gate there is: what only a browser can do ([`browser`]) compiles for the
//! server too, where nothing calls it, so that no component asks where it runs.

pub mod account;
pub mod admin;
pub mod browser;
pub mod client;
pub mod draw;
pub mod i18n;
pub mod prometheus;
pub mod session;
pub mod sync_view;
pub mod ui;

#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub use shell::shell;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy,
    components::{FlatRoutes, Route, Router},
    path,
};

use account::route::Accounts;
use admin::{status::page::StatusPage, users::page::UsersPage};
use draw::page::Draw;
use i18n::Language;
use session::Session;
use ui::{footer::Footer, header::Header, load_failed::LoadFailed, not_found::Lost};

/// The whole interface.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // The shell has shared both on the server; in the browser the document says what they were.
    let language = use_context::<Language>().unwrap_or_else(|| Language::provide(document_locale()));
    if use_context::<Session>().is_none() {
        Session::provide(document_me());
    }
    view! {
        <Router>
            <a class="skip" href="#contenido" rel="external">{language.say(|t| t.skip)}</a>
            <Header />
            <main id="contenido" tabindex="-1">
                <LoadFailed />
                <FlatRoutes fallback=Lost>
                    <Route path=path!("/") view=Draw />
                    <Route path=path!("/register") view={Lazy::<Accounts>::new()} />
                    <Route path=path!("/login") view={Lazy::<Accounts>::new()} />
                    <Route path=path!("/confirm/:token") view={Lazy::<Accounts>::new()} />
                    <Route path=path!("/forgot") view={Lazy::<Accounts>::new()} />
                    <Route path=path!("/reset/:token") view={Lazy::<Accounts>::new()} />
                    <Route path=path!("/account") view={Lazy::<Accounts>::new()} />
                    <Route path=path!("/admin/users") view={Lazy::<UsersPage>::new()} />
                    <Route path=path!("/admin/status") view={Lazy::<StatusPage>::new()} />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
    }
}

#[cfg(not(feature = "ssr"))]
use browser::document::{locale as document_locale, me as document_me};

/// On the server there is no document; without a shell (when the routes are listed) nobody reads the texts either.
#[cfg(feature = "ssr")]
fn document_locale() -> i18n::Locale {
    i18n::Locale::default()
}

/// As [`document_locale`]: nobody.
#[cfg(feature = "ssr")]
fn document_me() -> Option<api::Me> {
    None
}
