//! `POST /api/predict/batch`: the digits on several uploaded images.
//!
//! The form is received as a whole, so that its files are counted before the first is decoded, and then predicted a few at
//! a time. Neither waits for a slow reader: the answers are kept for it, which are small, and not the files.

use std::{convert::Infallible, panic::AssertUnwindSafe, pin::pin};

use api::{BatchLine, FileAnswer, FileRejection, PredictErrorBody, Prediction};
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, StreamExt, stream};
use tokio::{
    select,
    sync::mpsc::{self, Sender},
};
use tracing::{Instrument, Span};
use utoipa::ToSchema;

use super::{
    Admitted, PredictRejection,
    files::{Files, NamedFile},
};
use crate::{
    accounts::Accounts,
    domain::User,
    http::{
        error::ApiError,
        extract::{Form, PredictUser},
        layers::rate_limit::Charge,
        request_id,
    },
    prediction::{Predictor, Upload},
};

/// Files that one request may have.
const MAX_FILES: usize = 100;

/// Characters of a file name in a response.
const MAX_NAME: usize = 255;

/// Files of one request that are predicted at the same time.
const CONCURRENCY: usize = 4;

/// The schema of the form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct PicturesForm {
    #[schema(min_items = 1, max_items = 100)]
    file: Vec<PictureFile>,
}

/// The schema of a file, as of `POST /api/predict`.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct PictureFile(String);

/// Predicts the digits on up to 100 images. Each line of the response is the answer to one file, in their order.
#[utoipa::path(post, path = "/predict/batch", tag = "predictions",
    security(("token" = []), ("session" = []), ("key" = ["predict"])),
    request_body(content = PicturesForm, content_type = "multipart/form-data"), responses(
    (status = 200, description = "A line for each file", body = BatchLine, content_type = "application/x-ndjson"),
    (status = 400, description = "file_missing, form_invalid", body = PredictErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = PredictErrorBody),
    (status = 403, description = "email_unconfirmed, origin_forbidden", body = PredictErrorBody),
    (status = 413, description = "file_too_large, batch_too_large", body = PredictErrorBody),
    (status = 503, description = "overloaded, database_unavailable", body = PredictErrorBody),
))]
pub(crate) async fn predict_batch(
    State(predictor): State<Predictor>,
    State(accounts): State<Accounts>,
    PredictUser(user): PredictUser,
    Extension(charge): Extension<Charge>,
    form: Form,
) -> Result<Response, ApiError> {
    let admitted = Admitted::check(&predictor, &accounts, &user)?;
    let files = receive(&predictor, form).await?;
    admitted.check_count(files.len())?;
    charge.take_others(files.len()).await?;
    drop(admitted);
    let (sender, lines) = mpsc::channel(files.len());
    let batch = Batch {
        predictor,
        accounts,
        user,
        charge,
    };
    let work = request_id::scope(request_id::current(), batch.answer_all(files, sender));
    tokio::spawn(work.instrument(Span::current()));
    let lines = stream::unfold(lines, async |mut lines| {
        let line: Bytes = lines.recv().await?;
        Some((Ok::<_, Infallible>(line), lines))
    });
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response())
}

/// The files of the form. If there are too many, the rest is read and dropped, because a client that writes its whole body
/// before it reads would otherwise see a connection reset instead of the error response.
async fn receive(predictor: &Predictor, form: Form) -> Result<Vec<NamedFile>, PredictRejection> {
    let mut form = Files::of(form, predictor.uploads())?;
    let mut files = Vec::new();
    let mut fits = true;
    while let Some(mut file) = form.next().await? {
        fits = files.len() < MAX_FILES;
        if fits {
            if let Some((end, _)) = file.name.char_indices().nth(MAX_NAME) {
                file.name.truncate(end);
            }
            files.push(file);
        }
    }
    if !fits {
        return Err(PredictRejection::TooMany);
    }
    if files.is_empty() {
        return Err(PredictRejection::NoFile);
    }
    Ok(files)
}

/// What the answers to the files need.
struct Batch {
    predictor: Predictor,
    accounts: Accounts,
    user: User,
    charge: Charge,
}

impl Batch {
    /// Sends the lines of the response, in order. Ends with the last one, or when the client has gone.
    async fn answer_all(self, files: Vec<NamedFile>, sender: Sender<Bytes>) {
        let files = stream::iter(files.into_iter().enumerate());
        let mut lines = pin!(
            files
                .map(|(index, file)| self.answer(index, file))
                .buffered(CONCURRENCY)
        );
        loop {
            let line = select! {
                line = lines.next() => line,
                () = sender.closed() => None,
            };
            let Some(line) = line else { return };
            // There is room for all lines; without a receiver the loop ends.
            let _gone = sender.try_send(line);
        }
    }

    /// The line of one file. What is free of charge as a request of its own is free here.
    async fn answer(&self, index: usize, file: NamedFile) -> Bytes {
        let predicted = AssertUnwindSafe(self.predict(file.upload)).catch_unwind().await;
        let answer = match predicted.unwrap_or_else(|_| Err(ApiError::internal())) {
            Ok(prediction) => FileAnswer::Prediction(prediction),
            Err(error) => {
                self.charge.settle(error.status).await;
                FileAnswer::Rejection(FileRejection {
                    status: error.status.as_u16(),
                    error: error.into(),
                })
            }
        };
        let line = BatchLine {
            index,
            file_name: file.name,
            answer,
        };
        // Writing to memory doesn't fail.
        let mut json = serde_json::to_vec(&line).unwrap_or_default();
        json.push(b'\n');
        json.into()
    }

    async fn predict(&self, upload: Result<Upload, PredictRejection>) -> Result<Prediction, ApiError> {
        let admitted = Admitted::check(&self.predictor, &self.accounts, &self.user)?;
        Ok(admitted.predict(&self.predictor, upload?).await?)
    }
}
