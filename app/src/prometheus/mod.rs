//! Prometheus in the page: a parser of the text exposition format, and the arithmetic of its query functions.
//!
//! Pure: no clock, no browser, and no panic for any input. `app/tests/` compares it with the crate prometheus-parse, with
//! the output of other programs, and with the answers of a real Prometheus.

mod exposition;
mod labels;
mod quantile;
mod window;

pub use exposition::{MAX_SAMPLES, Sample, Scrape};
pub use labels::Labels;
pub use quantile::{Bucket, histogram_quantile};
pub use window::{Increase, Window};
