//! One account: what is known of it, what can be done to it, and what has been.

use leptos::{html, prelude::*, task::spawn_local};

use super::{
    head::WIDTH,
    texts::{UsersTexts, say},
    user_list::{Act, recount},
};
use crate::{
    account::texts as account,
    browser::{dates, fetch::leave_if_signed_out, navigation},
    client::{self, Answer, Refusal},
    i18n::Language,
    session::Session,
    sync_view::IntoAnyAtOnce,
    ui::{
        error_message::Told,
        icon::{Glyph, Icon},
        menu::Menu,
    },
};
use api::{User, UserAction, UserChange, UserCounts, UserSort};

/// A row's state; copies share it.
#[derive(Clone, Copy)]
struct Doing {
    user: RwSignal<User>,
    counts: RwSignal<Option<UserCounts>>,
    /// What is asked about before it is done.
    sure: RwSignal<Option<Act>>,
    busy: RwSignal<bool>,
    done: RwSignal<Option<Act>>,
    refusal: RwSignal<Option<Refusal>>,
    menu: Menu,
    /// The admin's own name.
    admin: StoredValue<String>,
    is_me: bool,
}

impl Doing {
    fn choose(self, act: Act) {
        self.menu.close();
        self.done.set(None);
        self.refusal.set(None);
        if act.takes_away() {
            self.sure.set(Some(act));
        } else {
            self.sure.set(None);
            self.menu.focus();
            self.run(act);
        }
    }

    fn cancel(self) {
        self.sure.set(None);
        self.menu.focus();
    }

    fn run(self, act: Act) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refusal.set(None);
        let id = self.user.with_untracked(|user| user.id);
        spawn_local(async move {
            let answer = carry_out(id, act).await;
            // Another list may have taken the row's place.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) if self.is_me && act.takes_away() => navigation::to("/"),
                Ok(after) => self.succeed(act, after),
                Err(why) => {
                    leave_if_signed_out(&why);
                    self.refusal.set(Some(why));
                }
            }
        });
    }

    fn succeed(self, act: Act, after: Option<User>) {
        if self.sure.get_untracked().is_some() {
            self.cancel();
        }
        self.done.set(Some(act));
        let Some(after) = after else {
            // The server has written it down, and says so with the next list.
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

/// The account as it is after, where `act` changes it.
async fn carry_out(id: i64, act: Act) -> Answer<Option<User>> {
    match act.patch() {
        Some(patch) => client::change_user(id, &patch).await.map(Some),
        None => client::resend_to(id).await.map(|()| None),
    }
}

/// A line of facts, and a line for what is done; on a phone a card.
#[component]
pub fn Row(
    /// The account.
    user: User,
    /// The numbers above the list.
    counts: RwSignal<Option<UserCounts>>,
) -> impl IntoView {
    let me = untrack(|| Session::shared().me());
    let doing = Doing {
        is_me: me.as_ref().is_some_and(|me| me.id == user.id),
        admin: StoredValue::new(me.map(|me| me.username).unwrap_or_default()),
        user: RwSignal::new(user),
        counts,
        sure: RwSignal::new(None),
        busy: RwSignal::new(false),
        done: RwSignal::new(None),
        refusal: RwSignal::new(None),
        menu: Menu::new(),
    };
    view! {
        <tbody role="rowgroup" aria-busy=move || doing.busy.get().to_string()>
            <tr role="row">{facts(doing)} <td role="cell" class="user-actions">{actions(doing)}</td></tr>
            <tr role="row" class="user-more">
                <td role="cell" colspan=WIDTH.to_string()>
                    {move || sure(doing)} <div role="alert">
                        {move || doing.refusal.get().map(|refusal| view! { <Told refusal /> })}
                    </div> <p role="status" class="small">
                        {move || done(doing)}
                    </p> {move || changes(doing)}
                </td>
            </tr>
        </tbody>
    }
    .at_once()
}

fn facts(doing: Doing) -> AnyView {
    let language = Language::shared();
    let texts = move || UsersTexts::of(language.locale());
    let user = doing.user;
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
            {name} {doing.is_me.then(|| view! { <span class="small">" (" {say(language, |t| t.you)} ")"</span> })}
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
    .at_once()
}

fn actions(doing: Doing) -> AnyView {
    let language = Language::shared();
    let texts = move || UsersTexts::of(language.locale());
    let label = move || doing.user.with(|user| (texts().actions_on)(&user.username));
    let items = move || {
        let acts = doing.user.with(Act::open_to);
        acts.into_iter()
            .map(|act| {
                view! {
                    <li>
                        <button type="button" on:click=move |_| doing.choose(act)>
                            {move || (texts().act)(act)}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let menu = doing.menu;
    view! {
        <details
            class="menu"
            node_ref=menu.0
            on:focusout=move |event| menu.focus_out(&event)
            on:keydown=move |event| menu.key(&event)
        >
            <summary class="button quiet" aria-label=label>
                <Icon glyph=Glyph::More />
            </summary>
            <ul class="menu-items">{items}</ul>
        </details>
    }
    .at_once()
}

/// The step before something is taken away. The focus goes to the way out of it.
fn sure(doing: Doing) -> Option<AnyView> {
    let act = doing.sure.get()?;
    let language = Language::shared();
    let texts = move || UsersTexts::of(language.locale());
    let question = move || doing.user.with(|user| (texts().sure)(act, &user.username));
    let way_out = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = way_out.get() {
            button.focus().ok();
        }
    });
    let view = view! {
        <div class="sure" role="group" aria-label=move || (texts().act)(act)>
            <p role="alert">
                {question} " " {doing.is_me.then(|| view! { <strong>{say(language, |t| t.sure_of_yourself)}</strong> })}
            </p>
            <button
                type="button"
                class="primary"
                class:busy=move || doing.busy.get()
                on:click=move |_| doing.run(act)
            >
                {move || (texts().act)(act)}
            </button>
            <button type="button" node_ref=way_out on:click=move |_| doing.cancel()>
                {account::say(language, |t| t.cancel)}
            </button>
        </div>
    };
    Some(view.at_once())
}

fn done(doing: Doing) -> Option<String> {
    let texts = UsersTexts::of(Language::shared().locale());
    let act = doing.done.get()?;
    Some(doing.user.with(|user| (texts.done)(act, &user.username)))
}

fn changes(doing: Doing) -> Option<AnyView> {
    let locale = Language::shared().locale();
    let texts = UsersTexts::of(locale);
    let changes = doing.user.with(|user| user.changes.clone());
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
    Some(view.at_once())
}
