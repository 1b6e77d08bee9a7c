//! The parameters of a paged list.

use std::num::NonZeroU32;

use api::ErrorCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::{
    http::error::ApiError,
    store::{Page, Position},
};

const MAX_PER_PAGE: u64 = 100;

/// Entries per page, unless the request says how many.
pub(crate) const PER_PAGE: u64 = 20;

/// The page parameters of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// The page, from 1. The later a page is, the longer it takes; `cursor` always takes as long as the first page.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 4_294_967_295_u64, default = 1)]
    page: Option<NonZeroU32>,
    /// Entries per page: 1 to 100.
    #[serde(default = "per_page")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    per_page: u64,
    /// `next` or `previous` of another answer of this list, in the same order. Not together with `page`.
    cursor: Option<String>,
}

/// Valid page parameters; `K` is the key of the list's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageRequest<K> {
    pub(crate) position: Position<K>,
    /// Entries per page.
    pub(crate) size: u64,
}

/// What a cursor says, in JSON and base64.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Cursor<K> {
    After(K),
    Before(K),
}

/// The cursors of the rows beside those of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursors {
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

fn per_page() -> u64 {
    PER_PAGE
}

impl Paging {
    /// The entries per page, if they are valid. For what takes a list's parameters and has no pages.
    pub(crate) fn size(&self) -> Result<u64, ApiError> {
        if (1..=MAX_PER_PAGE).contains(&self.per_page) {
            Ok(self.per_page)
        } else {
            Err(invalid("per_page va de 1 a 100."))
        }
    }

    pub(crate) fn request<K: DeserializeOwned>(&self) -> Result<PageRequest<K>, ApiError> {
        let position = match (self.page, &self.cursor) {
            (Some(_), Some(_)) => return Err(invalid("page y cursor no van juntos.")),
            (page, None) => Position::Page(page.unwrap_or(NonZeroU32::MIN).get().into()),
            (None, Some(cursor)) => parse(cursor).ok_or_else(cursor_invalid)?,
        };
        Ok(PageRequest {
            position,
            size: self.size()?,
        })
    }
}

/// A cursor that isn't one of this list and order.
pub(crate) fn cursor_invalid() -> ApiError {
    invalid("cursor no es de esta lista y orden.")
}

impl<K> PageRequest<K> {
    /// The page's number, where it was asked for by its number.
    pub(crate) fn number(&self) -> Option<u64> {
        match self.position {
            Position::Page(number) => Some(number),
            Position::After(_) | Position::Before(_) => None,
        }
    }
}

impl Cursors {
    pub(crate) fn of<T, K: Serialize>(page: &Page<T, K>) -> Self {
        Self {
            previous: page.previous.as_ref().and_then(|key| text(&Cursor::Before(key))),
            next: page.next.as_ref().and_then(|key| text(&Cursor::After(key))),
        }
    }
}

fn invalid(text: &'static str) -> ApiError {
    ApiError::bad_request(ErrorCode::RequestInvalid, text)
}

/// `None` never happens: keys have a JSON form.
fn text<K: Serialize>(cursor: &Cursor<K>) -> Option<String> {
    let json = serde_json::to_vec(cursor).ok()?;
    Some(BASE64_URL_SAFE_NO_PAD.encode(json))
}

fn parse<K: DeserializeOwned>(text: &str) -> Option<Position<K>> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    Some(match serde_json::from_slice(&json).ok()? {
        Cursor::After(key) => Position::After(key),
        Cursor::Before(key) => Position::Before(key),
    })
}
