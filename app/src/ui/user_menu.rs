//! The signed-in user's menu.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::menu::Menu;
use crate::{
    browser::navigation,
    client,
    i18n::{Language, t},
    sync_view::IntoSyncAny,
    ui::texts::FrameTexts,
};
use api::{Me, Role};

/// Links for the user, and sign-out. Opens without WASM as well: it is a `details` element.
#[component]
pub fn UserMenu(me: Me) -> impl IntoView {
    let language = Language::shared();
    let menu = Menu::new();
    let failed = RwSignal::new(false);
    let sign_out = move |event: SubmitEvent| {
        event.prevent_default();
        failed.set(false);
        spawn_local(async move {
            match client::sign_out().await {
                Ok(()) => navigation::redirect("/"),
                // The session has ended already.
                Err(error) if error.is_signed_out() => navigation::redirect("/"),
                Err(_) => failed.set(true),
            }
        });
    };
    let admin_links = (me.role == Role::Admin).then(|| {
        view! {
            <li>
                <a href="/admin/users">{t(|t: &FrameTexts| t.users_link)}</a>
            </li>
            <li>
                <a href="/admin/review">{t(|t: &FrameTexts| t.review_link)}</a>
            </li>
            <li>
                <a href="/admin/models">{t(|t: &FrameTexts| t.models_link)}</a>
            </li>
            <li>
                <a href="/admin/status">{t(|t: &FrameTexts| t.status_link)}</a>
            </li>
        }
    });
    view! {
        <details class="menu user-menu" node_ref=menu.0 on:focusout=move |event| menu.on_focus_out(&event) on:keydown=move |event| menu.on_key_down(&event)>
            <summary class="button quiet">
                <span class="user-name">{me.username}</span>
            </summary>
            <ul class="menu-items" on:click=move |_| if !failed.get_untracked() { menu.close() }>
                <li>
                    <a href="/account">{t(|t: &FrameTexts| t.account_link)}</a>
                </li>
                {admin_links}
                <li>
                    <form method="post" action="/logout" on:submit=sign_out>
                        <button type="submit">{t(|t: &FrameTexts| t.sign_out)}</button>
                    </form>
                </li>
            </ul>
            <p class="menu-problem" role="alert">
                {move || failed.get().then(|| language.texts::<FrameTexts>().sign_out_failed)}
            </p>
        </details>
    }
    .into_sync_any()
}
