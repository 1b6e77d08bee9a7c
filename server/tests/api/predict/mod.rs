//! `POST /predict` and `POST /api/predict`.

mod accounts;
mod agreement;
mod animations;
mod batch;
mod bodies;
mod bombs;
mod error_key;
mod errors;
mod file_types;
mod forms;
mod history;
mod kinds;
mod logs;
mod number;
mod ok;
mod overload;
mod photos;
mod polyglots;
mod truncated;
