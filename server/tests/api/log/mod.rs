//! The log, as it is on disk and on the console.

mod files;
mod secrets;
mod shipping;
