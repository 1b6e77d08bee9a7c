//! The parameters of a paged list.

use std::num::NonZeroU32;

use api::ErrorCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::error::ApiError;

const MAX_PER_PAGE: u64 = 100;

/// The page parameters of a list.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// The page, from 1.
    #[serde(default = "first")]
    #[param(value_type = u64, minimum = 1, maximum = 4_294_967_295_u64, default = 1)]
    pub page: NonZeroU32,
    /// Entries per page: 1 to 100.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub per_page: u64,
}

/// Valid page parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// From 1.
    pub number: u64,
    /// Entries per page.
    pub size: u64,
}

fn first() -> NonZeroU32 {
    NonZeroU32::MIN
}

fn twenty() -> u64 {
    20
}

impl TryFrom<Paging> for Page {
    type Error = ApiError;

    fn try_from(paging: Paging) -> Result<Self, ApiError> {
        if (1..=MAX_PER_PAGE).contains(&paging.per_page) {
            Ok(Self {
                number: paging.page.get().into(),
                size: paging.per_page,
            })
        } else {
            let text = "per_page va de 1 a 100.";
            Err(ApiError::bad_request(ErrorCode::RequestInvalid, text))
        }
    }
}
