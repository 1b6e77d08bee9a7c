//! The files in `deploy/`, with a real Prometheus and Alertmanager.

mod alerts;
mod queries;
mod rules;
