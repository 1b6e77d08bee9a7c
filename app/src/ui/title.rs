//! The text of a document's title.

use leptos::{oco::Oco, text_prop::TextProp};

use crate::IS_SERVER;

/// The text of a `<Title>`. On the server it is read at once: leptos reads a title after the page's view was rendered, when
/// the signals that the text is made of may be disposed.
pub fn title<T: Into<Oco<'static, str>>>(text: impl Fn() -> T + Send + Sync + 'static) -> TextProp {
    if IS_SERVER {
        let text: Oco<'static, str> = text().into();
        text.into()
    } else {
        text.into()
    }
}
