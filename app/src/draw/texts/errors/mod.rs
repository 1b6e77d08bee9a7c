//! The texts of errors. What can fail is loaded when it is used, and these texts with it.

mod en;
mod es;

use crate::{
    client::{ClientError, UploadError},
    draw::state::ImageFileError,
    i18n::{ProblemText, RequestProblems, TextTable},
};
use api::{ErrorCode, TEXT_FILE};

/// The drawing page's texts of errors in one language.
#[derive(Debug)]
pub struct ErrorTexts {
    pub no_picture: ProblemText,
    pub unreadable: ProblemText,
    /// The file shows something, in a format that can't be read.
    pub other_format: &'static str,
    /// The file has this type: what to do with one that shows something, and with any other.
    pub convert: fn(&str) -> String,
    pub choose_image: fn(&str) -> String,
    /// A plain text, as a type.
    pub text_file: &'static str,
    pub link: ProblemText,
    pub file_type: ProblemText,
    pub too_large: ProblemText,
    pub too_many_pixels: ProblemText,
    pub sign_in: ProblemText,
    pub session_ended: ProblemText,
    pub unconfirmed: ProblemText,
    /// What any request can meet.
    pub request: RequestProblems,
}

impl TextTable for ErrorTexts {
    const ES: &'static Self = &es::ES;
    const EN: &'static Self = &en::EN;
}

impl ErrorTexts {
    /// Why the server gave no prediction, and what to do.
    pub fn request_error(&self, error: &ClientError) -> ProblemText {
        self.request.describe(error, |code, status| match (code, status) {
            (ErrorCode::FileType, _) => Some(&self.file_type),
            (ErrorCode::ImageUnreadable, _) => Some(&self.unreadable),
            (ErrorCode::ImageTooLarge, _) => Some(&self.too_many_pixels),
            (ErrorCode::FileTooLarge, _) | (_, 413) => Some(&self.too_large),
            (ErrorCode::EmailUnconfirmed, _) => Some(&self.unconfirmed),
            _ if error.is_session_ended() => Some(&self.session_ended),
            (ErrorCode::RequestTimeout, _) => Some(&self.request.timed_out),
            (_, 401 | 403) => Some(&self.sign_in),
            _ => None,
        })
    }

    /// As [`Self::request_error`], with the type of a file that the server refused for it.
    pub fn upload_error(&self, failure: &UploadError) -> ProblemText {
        match &failure.file_type {
            Some(file_type) => ProblemText {
                happened: self.file_type.happened,
                remedy: (self.convert)(self.type_name(file_type)).into(),
            },
            None => self.request_error(&failure.error),
        }
    }

    /// Why a file can't be used, and what to do.
    pub fn file_error(&self, error: ImageFileError) -> ProblemText {
        let text = match error {
            ImageFileError::NotAnImage(None) => &self.no_picture,
            ImageFileError::NotAnImage(Some(file_type)) => {
                return ProblemText {
                    happened: self.no_picture.happened,
                    remedy: (self.choose_image)(self.type_name(file_type)).into(),
                };
            }
            ImageFileError::OtherFormat(file_type) => {
                return ProblemText {
                    happened: self.other_format,
                    remedy: (self.convert)(file_type).into(),
                };
            }
            ImageFileError::Unreadable => &self.unreadable,
            ImageFileError::TooLarge => &self.too_large,
            ImageFileError::Link => &self.link,
        };
        text.clone()
    }

    fn type_name<'a>(&self, file_type: &'a str) -> &'a str {
        if file_type == TEXT_FILE {
            self.text_file
        } else {
            file_type
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Locale, assert_no_empty_text};

    fn refused(status: u16, code: ErrorCode, retry_after: Option<u32>) -> ClientError {
        ClientError::Rejected {
            status,
            code,
            retry_after,
        }
    }

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<ErrorTexts>();
    }

    #[test]
    fn every_error_has_a_remedy_in_both_languages() {
        let errors = [
            ClientError::Offline,
            ClientError::TimedOut,
            refused(400, ErrorCode::FileType, None),
            refused(413, ErrorCode::FileTooLarge, None),
            refused(422, ErrorCode::ImageUnreadable, None),
            ClientError::SIGN_IN,
            ClientError::SESSION_ENDED,
            refused(403, ErrorCode::EmailUnconfirmed, None),
            refused(429, ErrorCode::Unknown, Some(90)),
            refused(503, ErrorCode::Overloaded, Some(2)),
            refused(500, ErrorCode::Internal, None),
        ];
        for error in &errors {
            let [es, en] = Locale::ALL.map(|locale| ErrorTexts::of(locale).request_error(error));
            assert!(
                es != en && !es.happened.is_empty() && !es.remedy.is_empty(),
                "{error:?}"
            );
        }
    }

    #[test]
    fn the_delay_before_a_retry_is_in_the_unit_that_fits() {
        let remedy = |seconds| {
            ErrorTexts::ES
                .request_error(&refused(429, ErrorCode::Unknown, seconds))
                .remedy
        };
        assert!(remedy(Some(1)).contains("un segundo"));
        assert!(remedy(Some(90)).contains("90 segundos"));
        assert!(remedy(Some(121)).contains("3 minutos"));
        assert!(remedy(Some(86_400)).contains("24 horas"));
        assert!(remedy(None).contains("un momento"));
    }

    #[test]
    fn a_file_of_another_type_is_named_with_what_to_do() {
        let says = |text: ProblemText, words: [&str; 2]| {
            assert!(words.iter().all(|word| text.remedy.contains(word)), "{text:?}");
        };
        for name in ["HEIC", "SVG", "PDF"] {
            let refused = UploadError {
                error: refused(422, ErrorCode::ImageUnreadable, None),
                file_type: Some(name.to_owned()),
            };
            for texts in [ErrorTexts::ES, ErrorTexts::EN] {
                says(texts.file_error(ImageFileError::OtherFormat(name)), [name, "PNG"]);
                says(texts.upload_error(&refused), [name, "PNG"]);
                assert_ne!(texts.upload_error(&refused).happened, texts.unreadable.happened);
            }
        }
        let text = ImageFileError::NotAnImage(Some(TEXT_FILE));
        says(ErrorTexts::ES.file_error(text), ["un archivo de texto", "PNG"]);
        says(ErrorTexts::EN.file_error(text), ["a text file", "PNG"]);
    }

    #[test]
    fn a_response_without_a_known_code_is_judged_by_its_status() {
        let texts = ErrorTexts::EN;
        assert_eq!(
            texts.request_error(&refused(413, ErrorCode::Unknown, None)),
            texts.too_large
        );
    }
}
