//! Prometheus' text exposition in numbers, and the arithmetic that Prometheus does with them.
//!
//! Pure: no clock, no browser, no panic whatever the text. `app/tests/` holds it to the crate prometheus-parse, to what
//! other programs expose, and to the answers of a real Prometheus.

mod exposition;
mod labels;
mod quantile;
mod window;

pub use exposition::{Kind, MOST_SAMPLES, Sample, Scrape};
pub use labels::Labels;
pub use quantile::{Bucket, histogram_quantile};
pub use window::{Increase, Window};
