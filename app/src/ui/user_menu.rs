//! Under the signed-in user's name: where they can go, and the way out.

use leptos::{prelude::*, task::spawn_local};

use super::menu::Menu;
use crate::{browser::navigation, client, i18n::Language, sync_view::IntoAnyAtOnce};
use api::{Me, Role};

/// The menu, closed until it is pressed; without the program it opens all the same.
#[component]
pub fn UserMenu(
    /// Whose.
    me: Me,
) -> impl IntoView {
    let language = Language::shared();
    let menu = Menu::new();
    let failed = RwSignal::new(false);
    let sign_out = move |_| {
        failed.set(false);
        spawn_local(async move {
            match client::sign_out().await {
                Ok(()) => navigation::to("/"),
                // Who is signed out already is where they wanted to be.
                Err(refusal) if refusal.is_signed_out() => navigation::to("/"),
                Err(_) => failed.set(true),
            }
        });
    };
    let admin_links = (me.role == Role::Admin).then(|| {
        view! {
            <li>
                <a href="/admin/users">{language.say(|t| t.users_link)}</a>
            </li>
            <li>
                <a href="/admin/status">{language.say(|t| t.status_link)}</a>
            </li>
        }
    });
    view! {
        <details class="menu user-menu" node_ref=menu.0 on:focusout=move |event| menu.focus_out(&event) on:keydown=move |event| menu.key(&event)>
            <summary class="button quiet">
                <span class="user-name">{me.username}</span>
            </summary>
            <ul class="menu-items" on:click=move |_| if !failed.get_untracked() { menu.close() }>
                <li>
                    <a href="/account">{language.say(|t| t.account_link)}</a>
                </li>
                {admin_links}
                <li>
                    <button type="button" on:click=sign_out>
                        {language.say(|t| t.sign_out)}
                    </button>
                </li>
            </ul>
            <p class="menu-problem" role="alert">
                {move || failed.get().then(|| language.texts().sign_out_failed)}
            </p>
        </details>
    }
    .at_once()
}
