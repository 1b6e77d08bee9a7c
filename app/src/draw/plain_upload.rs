//! The upload for a browser that doesn't run the page's WASM: a plain form, and the page that answers it. The server renders
//! both as HTML that the drawing page only takes over, so that neither their texts nor their code are part of the WASM.

use classifier::Reading;
use leptos::{prelude::*, tachys::view::RenderHtml};

use super::{
    ask::links_for,
    description::Description,
    texts::{DrawTexts, errors::ErrorTexts},
};
use crate::{
    account::texts::AccountTexts,
    client::ClientError,
    i18n::{Locale, ProblemText, TextTable},
    ui::texts::FrameTexts,
};
use api::{ErrorCode, Notice, Prediction, Quota};

/// HTML for the drawing page; a context that the server provides.
#[derive(Debug, Clone, Default)]
pub struct PlainUpload {
    /// The HTML.
    pub html: String,
    /// Whether it answers an upload. It then stands in place of the drawing page, and isn't hydrated.
    pub is_answer: bool,
}

/// The texts in one language.
#[derive(Debug)]
struct UploadTexts {
    title: &'static str,
    file: &'static str,
    send: &'static str,
    answer: &'static str,
    failed: &'static str,
    sign_in: ProblemText,
    session_ended: ProblemText,
    no_file: ProblemText,
}

impl TextTable for UploadTexts {
    const ES: &'static Self = &UploadTexts {
        title: "Sube una imagen y el servidor la lee",
        file: "Imagen con un dígito: PNG, JPG o GIF",
        send: "Leer la imagen",
        answer: "El servidor lee",
        failed: "El servidor no ha leído la imagen",
        sign_in: ProblemText::new(
            "El servidor solo lee imágenes de quien tiene cuenta.",
            "Entra o crea una.",
        ),
        session_ended: ProblemText::new(
            "Tu sesión se ha cerrado.",
            "Entra otra vez y vuelve a elegir la imagen.",
        ),
        no_file: ProblemText::new("No has elegido ninguna imagen.", "Elige un PNG, un JPG o un GIF."),
    };
    const EN: &'static Self = &UploadTexts {
        title: "Upload a picture and the server reads it",
        file: "Picture of a digit: PNG, JPG or GIF",
        send: "Read the picture",
        answer: "The server reads",
        failed: "The server hasn’t read the picture",
        sign_in: ProblemText::new(
            "The server only reads pictures of those who have an account.",
            "Sign in or create one.",
        ),
        session_ended: ProblemText::new(
            "Your session has ended.",
            "Sign in again and choose the picture once more.",
        ),
        no_file: ProblemText::new("You haven’t chosen a picture.", "Choose a PNG, JPG or GIF."),
    };
}

impl PlainUpload {
    /// The form; without a session, where to sign in.
    pub fn form(locale: Locale, is_signed_in: bool) -> Self {
        let texts = UploadTexts::of(locale);
        let content = if is_signed_in {
            upload_form(texts)
        } else {
            problem(&ClientError::SIGN_IN, locale)
        };
        let view = view! {
            <h2>{texts.title}</h2>
            {content}
        };
        Self {
            html: view.to_html(),
            is_answer: false,
        }
    }

    /// What the server has read, and what is left of the quota.
    pub fn reading(locale: Locale, prediction: &Prediction, quota: Option<&Quota>) -> Self {
        let texts = UploadTexts::of(locale);
        let blank = Reading::blank();
        let reading = Reading {
            prediction: classifier::Prediction {
                probabilities: prediction.probabilities,
                ..blank.prediction
            },
            notice: prediction.notice.map(notice),
            ..blank
        };
        let Description {
            numeral,
            headline,
            detail,
        } = Description::of(&reading, DrawTexts::of(locale), locale);
        // Its remedy is one for drawings.
        let detail = (prediction.notice != Some(Notice::SeveralDigits)).then_some(detail);
        let view = view! {
            <h1>{texts.answer}</h1>
            <div role="status">
                <p class="numeral" data-testid="reading">{numeral.unwrap_or_else(|| "–".to_owned())}</p>
                <p class="certainty">{headline}</p>
                <p class="second">{detail}</p>
            </div>
            {quota.map(|quota| left(quota, AccountTexts::of(locale)))}
            {upload_form(texts)}
            {drawing_link(locale)}
        };
        Self {
            html: view.to_html(),
            is_answer: true,
        }
    }

    /// Why the server has read nothing, from the API's error response.
    pub fn refused(locale: Locale, status: u16, code: ErrorCode, retry_after: Option<u32>) -> Self {
        let texts = UploadTexts::of(locale);
        let error = ClientError::Rejected {
            status,
            code,
            retry_after,
        };
        let view = view! {
            <h1>{texts.failed}</h1>
            <div role="alert">{problem(&error, locale)}</div>
            {(!error.is_signed_out()).then(|| upload_form(texts))}
            {drawing_link(locale)}
        };
        Self {
            html: view.to_html(),
            is_answer: true,
        }
    }
}

fn upload_form(texts: &'static UploadTexts) -> AnyView {
    view! {
        <form method="post" action="/" enctype="multipart/form-data">
            <label for="picture">{texts.file}</label>
            <input id="picture" type="file" name="file" accept="image/png,image/jpeg,image/gif" required />
            <button type="submit" class="primary">
                {texts.send}
            </button>
        </form>
    }
    .into_any()
}

fn problem(error: &ClientError, locale: Locale) -> AnyView {
    let (texts, errors) = (UploadTexts::of(locale), ErrorTexts::of(locale));
    let text = match error.code() {
        _ if error.is_session_ended() => texts.session_ended.clone(),
        _ if error.is_signed_out() => texts.sign_in.clone(),
        Some(ErrorCode::FileMissing | ErrorCode::FileNotSelected) => texts.no_file.clone(),
        _ => errors.request_error(error),
    };
    // What the drawing page says of a failed server is about the drawing.
    let remedy = if text == errors.request.server_failed {
        (errors.request.retry)(None)
    } else {
        text.remedy.into_owned()
    };
    let links = links_for(error)
        .map(|link| link.map(|(path, label)| view! { <a href=path>{label(FrameTexts::of(locale))}</a> }));
    view! {
        <p class="error-message">
            <strong>{text.happened}</strong>
            " "
            {remedy}
        </p>
        <p class="ways">{links}</p>
    }
    .into_any()
}

/// What is left of the quota, as on the account page.
fn left(quota: &Quota, texts: &'static AccountTexts) -> AnyView {
    let left = match (quota.remaining, quota.limit) {
        (Some(left), Some(limit)) => (texts.quota)(left, limit),
        _ => texts.quota_lifted.to_owned(),
    };
    view! {
        <h2>{texts.quota_title}</h2>
        <p>{left}</p>
        {quota.unconfirmed_remaining.map(|left| view! { <p>{(texts.unconfirmed_left)(left)}</p> })}
    }
    .into_any()
}

fn drawing_link(locale: Locale) -> AnyView {
    view! { <a href="/">{FrameTexts::of(locale).not_found_link}</a> }.into_any()
}

fn notice(notice: Notice) -> classifier::Notice {
    match notice {
        Notice::EmptyImage => classifier::Notice::Blank,
        Notice::NotADigit => classifier::Notice::NotADigit,
        Notice::SeveralDigits => classifier::Notice::SeveralDigits,
        Notice::Uncertain => classifier::Notice::Uncertain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    fn prediction(notice: Option<Notice>) -> Prediction {
        let mut probabilities = [0.0; 10];
        probabilities[7] = 0.98;
        probabilities[1] = 0.02;
        Prediction {
            digit: 7,
            probability: 0.98,
            cached: false,
            probabilities,
            model: String::new(),
            notice,
            area: None,
            id: None,
        }
    }

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<UploadTexts>();
    }

    #[test]
    fn a_reading_has_its_digit_certainty_and_notice() {
        let html = PlainUpload::reading(Locale::Es, &prediction(None), None)
            .html
            .replace("<!>", "");
        assert!(html.contains(">7</p>") && html.contains("seguro, 98,0"), "{html}");
        assert!(html.contains("o quizá un 1: 2,0"), "{html}");
        let html = PlainUpload::reading(Locale::En, &prediction(Some(Notice::NotADigit)), None).html;
        let html = html.replace("<!>", "");
        assert!(
            html.contains(">–</p>") && html.contains("not a digit, it seems"),
            "{html}"
        );
    }

    #[test]
    fn only_a_visitor_without_a_session_is_offered_an_account() {
        let page = |code| PlainUpload::refused(Locale::Es, 401, code, None).html;
        for (code, is_offered) in [
            (ErrorCode::TokenMissing, true),
            (ErrorCode::TokenInvalid, false),
            (ErrorCode::TokenExpired, false),
        ] {
            let html = page(code);
            assert!(html.contains("href=\"/login\"") && !html.contains("<form"), "{html}");
            assert_eq!(html.contains("href=\"/register\""), is_offered, "{html}");
            assert_eq!(html.contains("Entra o crea una."), is_offered, "{html}");
            assert_eq!(html.contains("Tu sesión se ha cerrado."), !is_offered, "{html}");
        }
    }

    #[test]
    fn without_a_session_there_is_no_form() {
        let html = PlainUpload::form(Locale::Es, false).html;
        assert!(html.contains("href=\"/login\"") && !html.contains("<form"), "{html}");
        assert!(PlainUpload::form(Locale::Es, true).html.contains("type=\"file\""));
    }
}
