//! The page's reading beside the server's.

use leptos::prelude::*;

use super::state::{Asked, Desk, Glance};
use crate::{
    client::Refusal,
    i18n::{Language, Say, Texts, milliseconds, percent, thousandths},
    sync_view::IntoAnyAtOnce,
};
use api::{ErrorCode, Notice};

/// What one side says.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Facts {
    digit: u8,
    probability: f32,
    milliseconds: f64,
}

impl From<&Glance> for Facts {
    fn from(glance: &Glance) -> Self {
        Self {
            digit: glance.reading.digit(),
            probability: glance.reading.probability(),
            milliseconds: glance.milliseconds,
        }
    }
}

/// Both answers side by side. The room is the same before and after the server was asked.
#[component]
pub fn Comparison() -> impl IntoView {
    let language = Language::shared();
    let desk = Desk::shared();
    let here = Memo::new(move |_| {
        desk.asked.with(|asked| match asked {
            // The reading of the same drawing: the live one may have moved on.
            Asked::Answered { here, .. } => here.as_ref().map(Facts::from),
            _ => desk.live.with(|live| live.glance().map(Facts::from)),
        })
    });
    let server = Memo::new(move |_| {
        desk.asked.with(|asked| match asked {
            Asked::Answered {
                prediction,
                milliseconds,
                ..
            } => Some(Facts {
                digit: prediction.digit,
                probability: prediction.probability,
                milliseconds: *milliseconds,
            }),
            _ => None,
        })
    });
    let is_earlier = Memo::new(move |_| desk.is_earlier());
    let source = Signal::derive(move || {
        desk.asked.with(|asked| match asked {
            Asked::Answered { prediction, .. } if prediction.cached => language.texts().cached,
            Asked::Answered { .. } => language.texts().fresh,
            _ => "",
        })
    });
    let agree = move || here.get().map(|here| here.digit) == server.get().map(|server| server.digit);
    let verdict = move || {
        let texts = language.texts();
        desk.asked.with(|asked| match asked {
            Asked::Nothing => view! { <p>{texts.not_asked}</p> }.at_once(),
            Asked::Waiting { .. } => view! { <p>{texts.asking}</p> }.at_once(),
            Asked::Refused(refusal) => {
                let text = texts.refusal(refusal);
                let ways = ways_on(refusal).map(|way| way.map(|(page, say)| view! { <a href=page>{say(texts)}</a> }));
                view! {
                    <p class="refusal" role="alert">
                        <strong>{text.happened}</strong>
                        " "
                        {text.remedy}
                    </p>
                    <p class="ways">{ways}</p>
                }
                .at_once()
            }
            Asked::Answered { prediction, .. } => {
                let is_blank = prediction.notice == Some(Notice::EmptyImage);
                let remark = move || match (is_earlier.get(), is_blank, agree()) {
                    (true, ..) => texts.earlier,
                    (false, true, _) => texts.server_blank,
                    (false, false, true) => texts.agree,
                    (false, false, false) => texts.differ,
                };
                view! {
                    <p>{remark}</p>
                    <p>{texts.model} " " {prediction.model.clone()}</p>
                }
                .at_once()
            }
        })
    };
    view! {
        <section class="desk-comparison" aria-labelledby="comparison-title">
            <h2 id="comparison-title">{language.say(|t| t.comparison)}</h2>
            <div class="sides" class:earlier=move || is_earlier.get()>
                <div class="side">
                    <Side title=language.say(|t| t.here) facts=here source=language.say(|t| t.here_time) />
                </div>
                <div
                    class="side"
                    data-testid="server-answer"
                    data-digit=move || server.get().map(|facts| facts.digit.to_string())
                >
                    <Side title=language.say(|t| t.server) facts=server source />
                </div>
            </div>
            <div class="verdict">{verdict}</div>
        </section>
    }
    .at_once()
}

/// Where a refusal is mended, and what the link there says.
fn ways_on(refusal: &Refusal) -> [Option<Way>; 2] {
    if refusal.is_signed_out() {
        [
            Some(("/login", |t| t.sign_in_link)),
            Some(("/register", |t| t.register_link)),
        ]
    } else if refusal.code() == Some(ErrorCode::EmailUnconfirmed) {
        [Some(("/account", |t| t.account_link)), None]
    } else {
        [None, None]
    }
}

/// A page and the text of the link to it.
type Way = (&'static str, fn(&Texts) -> &'static str);

/// One answer with its certainty, its time and where it came from.
#[component]
fn Side(title: Say, facts: Memo<Option<Facts>>, source: Say) -> impl IntoView {
    let language = Language::shared();
    let line = move |tell: fn(Facts, Language) -> String| {
        move || {
            facts
                .get()
                .map_or_else(|| "\u{a0}".to_owned(), |facts| tell(facts, language))
        }
    };
    view! {
        <h3>{title}</h3>
        <p class="side-digit" class:none=move || facts.get().is_none()>
            {move || facts.get().map_or_else(|| "–".to_owned(), |facts| facts.digit.to_string())}
        </p>
        <p class="side-facts">
            <span>{line(|facts, language| percent(thousandths(facts.probability), language.locale()))}</span>
            <span>{line(|facts, language| milliseconds(facts.milliseconds, language.locale()))}</span>
            <span>{move || if facts.get().is_some() { source.get() } else { "\u{a0}" }}</span>
        </p>
    }
    .at_once()
}
