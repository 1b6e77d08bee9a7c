//! `GET /metrics`.

mod access;
mod requests;
mod values;
