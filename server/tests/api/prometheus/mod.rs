//! The files in `deploy/`, and the figures of the service, with a real Prometheus and Alertmanager.

mod alerts;
mod expected;
mod queries;
mod rules;
mod service;
