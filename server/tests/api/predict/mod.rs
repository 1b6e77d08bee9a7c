//! `POST /predict` and `POST /api/predict`.

mod accounts;
mod bombs;
mod kept;
mod kinds;
mod logs;
mod number;
mod ok;
mod overload;
mod refusal_key;
mod refused;
