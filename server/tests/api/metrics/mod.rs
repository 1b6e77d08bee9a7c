//! `GET /metrics`.

mod access;
mod requests;
mod start;
mod values;
