//! Everything that knows axum: routes, layers, extractors and the error response.

mod api_path;
mod body_size;
mod convert;
pub(crate) mod error;
pub(crate) mod error_page;
pub(crate) mod extract;
pub(crate) mod layers;
pub(crate) mod metrics_gate;
mod own_origin;
mod plain_form;
pub(crate) mod readiness;
mod request_id;
pub(crate) mod router;
pub(crate) mod routes;
pub(crate) mod session_cookie;
pub(crate) mod state;
mod user_agent;
