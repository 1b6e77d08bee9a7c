//! The log, as it is on disk and on the console.

mod files;
mod panics;
mod secrets;
mod shipping;
