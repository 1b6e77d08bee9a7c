//! The message of a caught panic.

use std::any::Any;

/// The text a panic was raised with, for the log.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a reason").to_owned()
}
