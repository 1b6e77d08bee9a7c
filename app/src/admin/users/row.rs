//! One user: the facts, the actions, and the changes so far.

use leptos::{prelude::*, task::spawn_local};

use super::{
    action::{AdminAction, recount},
    table_header::COLUMN_COUNT,
    texts::UsersTexts,
};
use crate::{
    browser::{dates, fetch::redirect_if_signed_out, navigation},
    client::{self, ApiResult, ClientError},
    i18n::{Language, t},
    session::Session,
    sync_view::IntoSyncAny,
    ui::{
        error_message::ErrorMessage,
        icon::{Glyph, Icon},
        menu::Menu,
        question::Question,
    },
};
use api::{User, UserAction, UserChange, UserCounts, UserSort};

/// The state of a row; copies share it.
#[derive(Clone, Copy)]
struct RowState {
    user: RwSignal<User>,
    counts: RwSignal<Option<UserCounts>>,
    /// The action that waits for a confirmation.
    confirming: RwSignal<Option<AdminAction>>,
    busy: RwSignal<bool>,
    done: RwSignal<Option<AdminAction>>,
    error: RwSignal<Option<ClientError>>,
    menu: Menu,
    /// The name of the signed-in admin.
    admin: StoredValue<String>,
    is_me: bool,
}

impl RowState {
    fn choose(self, action: AdminAction) {
        self.menu.close();
        self.done.set(None);
        self.error.set(None);
        if action.needs_confirmation() {
            self.confirming.set(Some(action));
        } else {
            self.confirming.set(None);
            self.menu.focus();
            self.run(action);
        }
    }

    fn cancel(self) {
        self.confirming.set(None);
        self.menu.focus();
    }

    fn run(self, action: AdminAction) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let id = self.user.with_untracked(|user| user.id);
        spawn_local(async move {
            let answer = execute(id, action).await;
            // The row is gone if another list was loaded.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) if self.is_me && action.needs_confirmation() => navigation::redirect("/"),
                Ok(after) => self.succeed(action, after),
                Err(why) => {
                    redirect_if_signed_out(&why);
                    self.error.set(Some(why));
                }
            }
        });
    }

    fn succeed(self, action: AdminAction, after: Option<User>) {
        if self.confirming.get_untracked().is_some() {
            self.cancel();
        }
        self.done.set(Some(action));
        let Some(after) = after else {
            // The server has recorded this; the next list contains it.
            let change = UserChange {
                at: dates::now(),
                by: self.admin.get_value(),
                action: UserAction::ConfirmationResent,
            };
            self.user.update(|user| user.changes.insert(0, change));
            return;
        };
        let before = self.user.get_untracked();
        self.counts
            .update(|counts| *counts = counts.map(|counts| recount(counts, &before, &after)));
        self.user.set(after);
    }
}

/// Returns the changed account; `None` if the action only sends an email.
async fn execute(id: i64, action: AdminAction) -> ApiResult<Option<User>> {
    match action.patch() {
        Some(patch) => client::change_user(id, &patch).await.map(Some),
        None => client::resend_to(id).await.map(|()| None),
    }
}

/// A row of facts, and a row for confirmations and results; a card on a phone.
#[component]
pub fn Row(
    /// The user.
    user: User,
    /// The numbers above the list.
    counts: RwSignal<Option<UserCounts>>,
) -> impl IntoView {
    let me = untrack(|| Session::shared().me());
    let row = RowState {
        is_me: me.as_ref().is_some_and(|me| me.id == user.id),
        admin: StoredValue::new(me.map(|me| me.username).unwrap_or_default()),
        user: RwSignal::new(user),
        counts,
        confirming: RwSignal::new(None),
        busy: RwSignal::new(false),
        done: RwSignal::new(None),
        error: RwSignal::new(None),
        menu: Menu::new(),
    };
    view! {
        <tbody role="rowgroup" aria-busy=move || row.busy.get().to_string()>
            <tr role="row">{facts(row)} <td role="cell" class="user-actions">{actions(row)}</td></tr>
            <tr role="row" class="user-more">
                <td role="cell" colspan=COLUMN_COUNT.to_string()>
                    {move || confirmation(row)} <div role="alert">
                        {move || row.error.get().map(|error| view! { <ErrorMessage error /> })}
                    </div> <p role="status" class="small">
                        {move || done(row)}
                    </p> {move || keys(row)} {move || changes(row)}
                </td>
            </tr>
        </tbody>
    }
    .into_sync_any()
}

fn facts(row: RowState) -> AnyView {
    let language = Language::shared();
    let texts = move || language.texts::<UsersTexts>();
    let user = row.user;
    let label = move |sort| move || (texts().column)(sort);
    let name = move || user.with(|user| user.username.clone());
    let confirmation = move || {
        if user.with(|user| user.email_confirmed) {
            view! { <span class="state good">{texts().is_confirmed}</span> }
        } else {
            view! { <span class="state warn">{texts().is_unconfirmed}</span> }
        }
    };
    let state = move || {
        if user.with(|user| user.disabled) {
            view! { <span class="state bad">{texts().is_disabled}</span> }
        } else {
            view! { <span class="state good">{texts().is_enabled}</span> }
        }
    };
    let created = move || user.with(|user| dates::date(&user.created_at, language.locale()));
    let last_login = move || {
        user.with(|user| match &user.last_login_at {
            Some(at) => dates::date_and_time(at, language.locale()),
            None => texts().never.to_owned(),
        })
    };
    view! {
        <th scope="row" role="rowheader" class="breakable">
            {name} {row.is_me.then(|| view! { <span class="small">" (" {t(|t: &UsersTexts| t.you)} ")"</span> })}
        </th>
        <td role="cell" class="breakable" data-label=label(UserSort::Email)>
            {move || user.with(|user| user.email.clone())}
        </td>
        <td role="cell" data-label=label(UserSort::Role)>
            {move || (texts().of_role)(user.with(|user| user.role))}
        </td>
        <td role="cell" data-label=label(UserSort::EmailConfirmed)>{confirmation}</td>
        <td role="cell" data-label=label(UserSort::Disabled)>{state}</td>
        <td role="cell" data-label=label(UserSort::CreatedAt)>{created}</td>
        <td role="cell" data-label=label(UserSort::LastLoginAt)>{last_login}</td>
        <td role="cell" class="number" data-label=label(UserSort::Predictions)>
            {move || user.with(|user| user.predictions)}
        </td>
    }
    .into_sync_any()
}

fn actions(row: RowState) -> AnyView {
    let language = Language::shared();
    let texts = move || language.texts::<UsersTexts>();
    let label = move || row.user.with(|user| (texts().actions_on)(&user.username));
    let items = move || {
        let available = row.user.with(AdminAction::available_for);
        available
            .into_iter()
            .map(|action| {
                view! {
                    <li>
                        <button type="button" on:click=move |_| row.choose(action)>
                            {move || (texts().action)(action)}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let menu = row.menu;
    view! {
        <details
            class="menu"
            node_ref=menu.0
            on:focusout=move |event| menu.on_focus_out(&event)
            on:keydown=move |event| menu.on_key_down(&event)
        >
            <summary class="button quiet" aria-label=label>
                <Icon glyph=Glyph::More />
            </summary>
            <ul class="menu-items">{items}</ul>
        </details>
    }
    .into_sync_any()
}

/// Asks for a confirmation.
fn confirmation(row: RowState) -> Option<AnyView> {
    let action = row.confirming.get()?;
    let language = Language::shared();
    let texts = move || language.texts::<UsersTexts>();
    let question = move || row.user.with(|user| (texts().confirm)(action, &user.username));
    let action_label = Signal::derive(move || (texts().action)(action));
    let view = view! {
        <Question
            label=Signal::derive(move || action_label.get().to_owned())
            text=Signal::derive(question)
            warning=row.is_me.then(|| t(|t: &UsersTexts| t.confirm_own))
            yes=action_label
            busy=row.busy
            on_yes=Callback::new(move |()| row.run(action))
            on_no=Callback::new(move |()| row.cancel())
        />
    };
    Some(view.into_sync_any())
}

fn done(row: RowState) -> Option<String> {
    let texts = Language::shared().texts::<UsersTexts>();
    let action = row.done.get()?;
    Some(row.user.with(|user| (texts.done)(action, &user.username)))
}

fn keys(row: RowState) -> Option<AnyView> {
    let count = row.user.with(|user| user.keys);
    let text = Language::shared().texts::<UsersTexts>().keys;
    (count > 0).then(|| view! { <p class="small">{text(count)}</p> }.into_sync_any())
}

fn changes(row: RowState) -> Option<AnyView> {
    let language = Language::shared();
    let locale = language.locale();
    let texts = language.texts::<UsersTexts>();
    let changes = row.user.with(|user| user.changes.clone());
    if changes.is_empty() {
        return None;
    }
    let count = changes.len();
    let line = |UserChange { at, by, action }: UserChange| {
        let (when, by) = (dates::date_and_time(&at, locale), (texts.by)(&by));
        view! {
            <li>
                {(texts.change)(action)} " " {by} ", " <time datetime=at>{when}</time>
            </li>
        }
    };
    let view = view! {
        <details class="changes">
            <summary class="small">{(texts.changes)(count)}</summary>
            <ol>{changes.into_iter().map(line).collect_view()}</ol>
        </details>
    };
    Some(view.into_sync_any())
}
