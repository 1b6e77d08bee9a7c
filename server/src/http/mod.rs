//! Everything that knows axum: routes, layers, extractors and the error response.

pub mod error;
pub mod error_page;
pub mod extract;
pub mod layers;
pub mod request_id;
pub mod router;
pub mod routes;
pub mod session_cookie;
