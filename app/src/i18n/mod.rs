//! The machinery of the interface's two languages, Spanish (the default) and English: how a text is looked up, and how
//! numbers and durations are written.
//!
//! The texts themselves stand in each feature's `texts` module, in a table that implements [`TextTable`]
//! (docs/adr/0005-texts.md). Pages that are loaded lazily have tables of their own: the WASM splitter moves a table to
//! the file of the only page that uses it.

mod delay;
mod language;
mod numbers;
mod problems;
pub mod quantities;
mod table;

pub use api::Locale;
pub use delay::delay;
pub use language::{Language, Text, t, tag};
pub use numbers::{milliseconds, percent, percent_in_full, thousandths};
pub use problems::{ProblemText, RequestProblems, TranslatedProblem};
pub use table::TextTable;

#[cfg(test)]
pub use table::assert_no_empty_text;
