//! What every table of texts has in common.

use std::fmt::Debug;

use super::Locale;

/// The texts of one feature: a struct with one field per text, and a value of it for each language. A text that is
/// missing in one language doesn't compile.
///
/// Texts with a part that varies are functions.
pub trait TextTable: Debug + Sync + 'static {
    /// In Spanish.
    const ES: &'static Self;
    /// In English.
    const EN: &'static Self;

    /// In `locale`.
    fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::Es => Self::ES,
            Locale::En => Self::EN,
        }
    }
}

/// Fails if a text of the table is empty in one of the languages. Functions are not called.
#[cfg(test)]
pub fn assert_no_empty_text<T: TextTable>() {
    for locale in Locale::ALL {
        let listed = format!("{:#?}", T::of(locale));
        for line in listed.lines() {
            assert!(!line.contains("\"\""), "{locale:?}: {}", line.trim());
        }
    }
}
