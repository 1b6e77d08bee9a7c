//! Extractors: typed parts of a request.

pub(crate) mod auth;
pub(crate) mod client_ip;
mod content_disposition;
pub(crate) mod denials;
mod endpoint;
mod form;
mod json;
pub(crate) mod locale;
mod page_reading;
mod paging;
mod query;
mod request_id;

pub(crate) use auth::{Admin, CurrentUser, HistoryUser, PredictUser};
pub(crate) use client_ip::{ClientIp, TrustedProxies, resolve_client_ip};
pub(crate) use content_disposition::ContentDisposition;
pub(crate) use endpoint::Endpoint;
pub(crate) use form::{Form, LineEnds};
pub(crate) use json::JsonBody;
pub(crate) use locale::RequestLocale;
pub(crate) use page_reading::ReadByPage;
pub(crate) use paging::{Cursors, PER_PAGE, PageRequest, Paging, cursor_invalid};
pub(crate) use query::QueryParams;
pub(crate) use request_id::RequestId;
