//! The error of a body that is larger than allowed, from the layer that finds it to the handlers that read the body.

use std::error::Error;

/// The body is larger than allowed.
#[derive(Debug, thiserror::Error)]
#[error("the body is larger than allowed")]
pub(crate) struct BodyTooLargeError;

/// Whether reading a body failed because of its size. Libraries wrap the error, so its sources are searched.
pub(crate) fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<BodyTooLargeError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
