//! From the types of the core to those of the API.

use api::{ApiKey, Label, Me, OwnPrediction, PastPrediction, Session, User, UserChange};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};
use classifier::{PIXELS, SIDE};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use std::io::Cursor;

use crate::{
    domain,
    store::{AuditEntry, ListedKey, ListedSession, StoredPrediction},
};

/// RFC 3339 in UTC, with milliseconds.
pub(crate) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// What a user sees of their own account.
pub(crate) fn me(user: &domain::User) -> Me {
    Me {
        id: user.id,
        username: user.username.clone(),
        email: user.email.clone(),
        role: user.role,
        email_confirmed: user.email_confirmed,
        created_at: rfc3339(user.created_at),
    }
}

/// A session of a user whose current one is `current`. Its identifier gives no access: it is only valid in a signed token.
pub(crate) fn session(row: ListedSession, current: &str) -> Session {
    Session {
        current: row.id == current,
        id: row.id,
        created_at: rfc3339(row.created_at),
        expires_at: rfc3339(row.expires_at),
        client: row.client,
    }
}

/// An API key of the signed-in user.
pub(crate) fn api_key(row: ListedKey) -> ApiKey {
    ApiKey {
        id: row.id,
        name: row.name,
        hint: row.hint,
        scopes: row.scopes,
        created_at: rfc3339(row.created_at),
        expires_at: row.expires_at.map(rfc3339),
        last_used_at: row.last_used_at.map(rfc3339),
    }
}

/// What an admin sees of an account, with its number of API keys and those of `changes` that concern it.
pub(crate) fn user(user: &domain::User, keys: u64, changes: &[AuditEntry]) -> User {
    User {
        id: user.id,
        username: user.username.clone(),
        email: user.email.clone(),
        role: user.role,
        email_confirmed: user.email_confirmed,
        disabled: user.disabled,
        created_at: rfc3339(user.created_at),
        last_login_at: user.last_login_at.map(rfc3339),
        predictions: user.predictions,
        keys,
        changes: changes
            .iter()
            .filter(|change| change.user_id == user.id)
            .map(user_change)
            .collect(),
    }
}

fn user_change(entry: &AuditEntry) -> UserChange {
    UserChange {
        at: rfc3339(entry.created_at),
        by: entry.actor.clone(),
        action: entry.action,
    }
}

/// A prediction of the history.
pub(crate) fn past_prediction(row: &StoredPrediction) -> PastPrediction {
    PastPrediction {
        id: row.id,
        created_at: rfc3339(row.created_at),
        digit: row.digit,
        number: row.number.clone(),
        probability: row.probability,
        model: row.model.clone(),
        correction: row.correction.and_then(|correction| correction.said.digit()),
        not_a_digit: row
            .correction
            .is_some_and(|correction| correction.said == Label::NoDigit),
        image: png_data_url(&row.image),
    }
}

/// A prediction of the history with what has become of its correction.
pub(crate) fn own_prediction(row: &StoredPrediction) -> OwnPrediction {
    OwnPrediction {
        prediction: past_prediction(row),
        corrected_at: row.correction.map(|correction| rfc3339(correction.created_at)),
        review: row.correction.map(|correction| correction.state),
        label: row.correction.and_then(|correction| correction.label),
    }
}

/// A 28x28 grayscale image as a PNG in a `data:` URL; empty if `pixels` has another size.
pub(crate) fn png_data_url(pixels: &[u8]) -> String {
    // The encoder panics then.
    if pixels.len() != PIXELS {
        return String::new();
    }
    // 28 fits.
    let side = u32::try_from(SIDE).unwrap_or_default();
    let mut png = Cursor::new(Vec::new());
    match PngEncoder::new(&mut png).write_image(pixels, side, side, ExtendedColorType::L8) {
        Ok(()) => format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png.into_inner())),
        Err(_) => String::new(),
    }
}
