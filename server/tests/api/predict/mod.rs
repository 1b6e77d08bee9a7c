//! `POST /predict` and `POST /api/predict`.

mod accounts;
mod bombs;
mod error_key;
mod errors;
mod history;
mod kinds;
mod logs;
mod number;
mod ok;
mod overload;
