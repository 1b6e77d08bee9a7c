//! `POST /`: the digit on an uploaded image, as a page.

use api::{Account, Prediction, Quota};
use app::PlainUpload;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, request::Parts},
    response::Response,
};

use super::{PlainForms, error_of, read, request_by, response_of};
use crate::http::{error_page::ErrorResponder, extract::locale};

/// Passes the image on to `POST /api/predict`.
pub(crate) async fn upload(State(forms): State<PlainForms>, form: Request) -> Response {
    if let Err(error) = forms.check(&form) {
        return ErrorResponder::new(&form).respond(error);
    }
    let (parts, image) = form.into_parts();
    let request = request_by(&parts, Method::POST, "/api/predict", image);
    let response = response_of(&forms.api, request).await;
    let (status, headers) = (response.status(), response.headers().clone());
    let error = error_of(&response);
    let locale = locale::of(&parts.headers);
    let answer = match read::<Prediction>(response).await {
        Some(prediction) => PlainUpload::reading(locale, &prediction, quota(&forms, &parts).await.as_ref()),
        None => PlainUpload::refused(locale, status.as_u16(), error.code, error.retry_after),
    };
    forms.page(&parts, "/", answer, status, &headers).await
}

/// What is left of the user's quota.
async fn quota(forms: &PlainForms, form: &Parts) -> Option<Quota> {
    let request = request_by(form, Method::GET, "/api/me", Body::empty());
    let account: Account = read(response_of(&forms.api, request).await).await?;
    Some(account.quota)
}
