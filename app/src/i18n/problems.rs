//! Errors in words.

use std::borrow::Cow;

use super::Locale;
use crate::client::ClientError;
use api::ErrorCode;

/// An error in two sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemText {
    /// What happened.
    pub happened: &'static str,
    /// What to do about it.
    pub remedy: Cow<'static, str>,
}

impl ProblemText {
    /// For the tables.
    pub const fn new(happened: &'static str, remedy: &'static str) -> Self {
        Self {
            happened,
            remedy: Cow::Borrowed(remedy),
        }
    }
}

/// An error in each language. It is what code that is loaded when it is used hands to the page, which then needs no table
/// of its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslatedProblem {
    es: ProblemText,
    en: ProblemText,
}

impl TranslatedProblem {
    /// `text` gives the error in a language.
    pub fn new(text: impl Fn(Locale) -> ProblemText) -> Self {
        Self {
            es: text(Locale::Es),
            en: text(Locale::En),
        }
    }

    /// In `locale`.
    pub fn of(&self, locale: Locale) -> &ProblemText {
        match locale {
            Locale::Es => &self.es,
            Locale::En => &self.en,
        }
    }
}

/// The texts for what any request to the server can meet, in a page's own words.
#[derive(Debug)]
pub struct RequestProblems {
    pub offline: ProblemText,
    pub timed_out: ProblemText,
    pub rate_limited: &'static str,
    pub overloaded: &'static str,
    /// When to try again, in seconds if the server says so.
    pub retry: fn(Option<u64>) -> String,
    pub server_failed: ProblemText,
}

impl RequestProblems {
    /// The text for a request that failed. `by_code` looks up the texts that only this page has, by the code and the
    /// status of the response.
    pub fn describe<'a>(
        &'a self,
        error: &ClientError,
        by_code: impl FnOnce(ErrorCode, u16) -> Option<&'a ProblemText>,
    ) -> ProblemText {
        let (status, code, retry_after) = match *error {
            ClientError::Offline => return self.offline.clone(),
            ClientError::TimedOut => return self.timed_out.clone(),
            ClientError::Rejected {
                status,
                code,
                retry_after,
            } => (status, code, retry_after),
        };
        if let Some(text) = by_code(code, status) {
            return text.clone();
        }
        let happened = match (code, status) {
            (ErrorCode::Overloaded, _) | (_, 503) => self.overloaded,
            (_, 429) => self.rate_limited,
            _ => return self.server_failed.clone(),
        };
        ProblemText {
            happened,
            remedy: Cow::Owned((self.retry)(retry_after.map(u64::from))),
        }
    }
}
