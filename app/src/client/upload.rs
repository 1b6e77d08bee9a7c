//! Uploads of files. They are sent by `XMLHttpRequest`, because it alone reports how much has been sent.

use std::{cell::Cell, rc::Rc, time::Duration};

use js_sys::Promise;
use leptos::leptos_dom::helpers::debounce;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FormData, ProgressEvent, XmlHttpRequest};

use super::{ApiResult, ClientError, parse};
use api::{ErrorCode, Models, Number, PAGE_READING, PageReading, PredictErrorBody, Prediction};

/// An upload is aborted when nothing of it or of its response has moved for this long.
const STALL_TIMEOUT: Duration = Duration::from_secs(20);

/// Why an upload has no usable response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadError {
    pub error: ClientError,
    /// What the file is, such as `WebP`, if the server refused it for that.
    pub file_type: Option<String>,
}

impl From<ClientError> for UploadError {
    fn from(error: ClientError) -> Self {
        Self { error, file_type: None }
    }
}

/// An image file for the server to read.
pub struct Picture {
    pub file: Blob,
    /// The file name that is sent.
    pub name: String,
    /// What the page has read on it, if anything.
    pub reading: Option<PageReading>,
}

/// `POST /api/predict`, with the image file as multipart form data. `headers` are set to those of the response, if there is
/// one, and `on_progress` is given the share that has been sent.
pub async fn predict(
    picture: &Picture,
    headers: &mut String,
    on_progress: impl Fn(f32) + 'static,
) -> Result<Prediction, UploadError> {
    let text = upload_picture("/api/predict", picture, headers, Box::new(on_progress)).await?;
    Ok(parse(&text)?)
}

/// `POST /api/predict/number`, as [`predict`].
pub async fn predict_number(
    picture: &Picture,
    headers: &mut String,
    on_progress: impl Fn(f32) + 'static,
) -> Result<Number, UploadError> {
    let text = upload_picture("/api/predict/number", picture, headers, Box::new(on_progress)).await?;
    Ok(parse(&text)?)
}

/// `POST /api/admin/models`: the file with the weights and that with the card, if there is one. `on_progress` is given the
/// share that has been sent.
pub async fn upload_model(
    weights: &File,
    card: Option<&File>,
    on_progress: impl Fn(f32) + 'static,
) -> ApiResult<Models> {
    let mut files = vec![("file", &**weights, weights.name())];
    files.extend(card.map(|card| ("card", &**card, card.name())));
    let text = upload(
        "/api/admin/models",
        &files,
        None,
        &mut String::new(),
        Box::new(on_progress),
    )
    .await;
    parse(&text.map_err(|failure| failure.error)?)
}

async fn upload_picture(
    path: &str,
    picture: &Picture,
    headers: &mut String,
    on_progress: Box<dyn Fn(f32)>,
) -> Result<String, UploadError> {
    let file = ("file", &picture.file, picture.name.clone());
    upload(path, &[file], picture.reading.as_ref(), headers, on_progress).await
}

/// A field of a form, with its file and the name under which that is sent.
type FileField<'a> = (&'static str, &'a Blob, String);

/// Returns the body of a successful response.
async fn upload(
    path: &str,
    files: &[FileField<'_>],
    reading: Option<&PageReading>,
    headers: &mut String,
    on_progress: Box<dyn Fn(f32)>,
) -> Result<String, UploadError> {
    let request = XmlHttpRequest::new().map_err(|_| ClientError::Offline)?;
    let is_stalled = exchange(&request, path, files, reading, on_progress)
        .await
        .ok_or(ClientError::Offline)?;
    *headers = request.get_all_response_headers().unwrap_or_default();
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match request.status().unwrap_or(0) {
        0 if is_stalled => Err(ClientError::TimedOut.into()),
        0 => Err(ClientError::Offline.into()),
        200..300 => Ok(text),
        status => {
            let body = serde_json::from_str::<PredictErrorBody>(&text).ok();
            let retry_after = request.get_response_header("retry-after").ok().flatten();
            Err(UploadError {
                error: ClientError::Rejected {
                    status,
                    code: body.as_ref().map_or(ErrorCode::Unknown, |body| body.code),
                    retry_after: retry_after.and_then(|seconds| seconds.parse().ok()),
                },
                file_type: body.and_then(|body| body.file_type),
            })
        }
    }
}

/// Send the form and wait for the response. Returns whether it was aborted because nothing moved; `None` where the browser
/// sends nothing.
async fn exchange(
    request: &XmlHttpRequest,
    path: &str,
    files: &[FileField<'_>],
    reading: Option<&PageReading>,
    on_progress: Box<dyn Fn(f32)>,
) -> Option<bool> {
    let form = FormData::new().ok()?;
    for (field, file, name) in files {
        form.append_with_blob_and_filename(field, file, name).ok()?;
    }
    request.open("POST", path).ok()?;
    request.set_request_header("accept", "application/json").ok()?;
    if let Some(reading) = reading {
        request.set_request_header(PAGE_READING, &reading.header()).ok()?;
    }

    let is_stalled = Rc::new(Cell::new(false));
    let mut moved = debounce(STALL_TIMEOUT, {
        let (request, is_stalled) = (request.clone(), Rc::clone(&is_stalled));
        move |()| {
            is_stalled.set(true);
            // Nothing happens if the response is complete by now.
            request.abort().ok();
        }
    });
    moved(());
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        moved(());
        if event.length_computable() && event.total() > 0.0 {
            #[expect(clippy::cast_possible_truncation, reason = "a share of one")]
            on_progress((event.loaded() / event.total()) as f32);
        }
    });
    let listener = progress.as_ref().unchecked_ref();
    request.upload().ok()?.set_onprogress(Some(listener));
    request.set_onprogress(Some(listener));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_form_data(Some(&form)).ok()?;
    JsFuture::from(ended).await.ok()?;
    // It must live as long as the browser may call it.
    drop(progress);
    Some(is_stalled.get())
}
