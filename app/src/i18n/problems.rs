//! From what went wrong to what the visitor is told.

use super::{ProblemText, Texts};
use crate::{client::Refusal, draw::state::Unusable};
use api::ErrorCode;

impl Texts {
    /// Why the server gave no answer, and what to do.
    pub fn refusal(&self, refusal: &Refusal) -> ProblemText {
        match *refusal {
            Refusal::Offline => (self.offline)(),
            Refusal::TimedOut => (self.timed_out)(),
            Refusal::Refused {
                status,
                code,
                retry_after,
            } => match (code, status) {
                (ErrorCode::FileType, _) => (self.file_type)(),
                (ErrorCode::ImageUnreadable, _) => (self.unreadable)(),
                (ErrorCode::ImageTooLarge, _) => (self.too_many_pixels)(),
                (ErrorCode::FileTooLarge, _) | (_, 413) => (self.too_large)(),
                (ErrorCode::Overloaded, _) | (_, 503) => (self.overloaded)(retry_after),
                (_, 429) => (self.limited)(retry_after),
                (ErrorCode::EmailUnconfirmed, _) => (self.unconfirmed)(),
                (_, 401 | 403) => (self.sign_in)(),
                _ => (self.server_failed)(),
            },
        }
    }

    /// Why a file can't stand in the canvas, and what to do.
    pub fn unusable(&self, reason: Unusable) -> ProblemText {
        match reason {
            Unusable::NoPicture => (self.no_picture)(),
            Unusable::Unreadable => (self.unreadable)(),
            Unusable::TooLarge => (self.too_large)(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Locale, texts};

    fn refused(status: u16, code: ErrorCode, retry_after: Option<u32>) -> Refusal {
        Refusal::Refused {
            status,
            code,
            retry_after,
        }
    }

    #[test]
    fn every_refusal_says_what_to_do_in_both_languages() {
        let refusals = [
            Refusal::Offline,
            Refusal::TimedOut,
            refused(400, ErrorCode::FileType, None),
            refused(413, ErrorCode::FileTooLarge, None),
            refused(422, ErrorCode::ImageUnreadable, None),
            refused(401, ErrorCode::TokenMissing, None),
            refused(403, ErrorCode::EmailUnconfirmed, None),
            refused(429, ErrorCode::Unknown, Some(90)),
            refused(503, ErrorCode::Overloaded, Some(2)),
            refused(500, ErrorCode::Internal, None),
        ];
        for refusal in &refusals {
            let [es, en] = Locale::ALL.map(|locale| texts(locale).refusal(refusal));
            assert!(
                es != en && !es.happened.is_empty() && !es.remedy.is_empty(),
                "{refusal:?}"
            );
        }
    }

    #[test]
    fn waits_are_told_in_the_unit_that_fits() {
        let texts = texts(Locale::Es);
        let told = |seconds| texts.refusal(&refused(429, ErrorCode::Unknown, seconds)).remedy;
        assert!(told(Some(1)).contains("un segundo"));
        assert!(told(Some(90)).contains("90 segundos"));
        assert!(told(Some(121)).contains("3 minutos"));
        assert!(told(Some(86_400)).contains("24 horas"));
        assert!(told(None).contains("un momento"));
    }

    #[test]
    fn a_body_that_says_nothing_is_judged_by_its_status() {
        let texts = texts(Locale::En);
        assert_eq!(
            texts.refusal(&refused(413, ErrorCode::Unknown, None)),
            (texts.too_large)()
        );
    }
}
