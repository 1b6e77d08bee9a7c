//! The texts of the menu, and of the comments in what is copied.

use crate::i18n::TextTable;

/// In one language.
#[derive(Debug)]
pub(super) struct CopyTexts {
    /// The name of the language that is copied.
    pub copy: fn(&str) -> String,
    pub copied: &'static str,
    /// The canvas is empty.
    pub nothing: &'static str,
    /// The image isn't kept in the page, or is none that the server reads.
    pub not_kept: &'static str,
    /// The browser denies access to the clipboard.
    pub by_hand: &'static str,
    /// Comment: where to get what `TRAZO_TOKEN` has, given the page's own address.
    pub token: fn(&str) -> String,
    /// Comment: how to run JavaScript.
    pub run: &'static str,
}

impl TextTable for CopyTexts {
    const ES: &'static Self = &Self {
        copy: |name| format!("Copiar como {name}"),
        copied: "Copiado",
        nothing: "Dibuja algo antes.",
        not_kept: "Esta imagen no se puede copiar.",
        by_hand: "El navegador no deja copiar. Cópialo de aquí:",
        token: |origin| {
            format!(
                "TRAZO_TOKEN: una clave de API de tu cuenta ({origin}/account) o el access_token de POST {origin}/login"
            )
        },
        run: "Node 20 o posterior: node trazo.mjs",
    };
    const EN: &'static Self = &Self {
        copy: |name| format!("Copy as {name}"),
        copied: "Copied",
        nothing: "Draw something first.",
        not_kept: "This picture can't be copied.",
        by_hand: "The browser doesn't let the page copy. Copy it from here:",
        token: |origin| {
            format!(
                "TRAZO_TOKEN: an API key of your account ({origin}/account) or the access_token of POST {origin}/login"
            )
        },
        run: "Node 20 or newer: node trazo.mjs",
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<CopyTexts>();
    }
}
