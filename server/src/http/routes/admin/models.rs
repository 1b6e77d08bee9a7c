//! `/api/admin/models…`: the models that were uploaded, which of them is live, and what they read otherwise, for admins.

use api::{
    CardSummary, Disagreement, ErrorBody, ErrorCode, Evaluation, Models as ModelList, StoredModel as ListedModel,
};
use axum::{
    Json,
    extract::{
        Path, State,
        multipart::{Field, MultipartError},
        rejection::PathRejection,
    },
    http::StatusCode,
};
use classifier::{CheckError, LoadError, model_card, model_version, shipped_weights};
use tracing::{error, warn};
use utoipa::ToSchema;

use crate::{
    http::{
        body_size::is_too_large,
        convert::{png_data_url, rfc3339},
        error::ApiError,
        extract::{Admin, ContentDisposition, Form},
    },
    models::{Card, Kept, Listing, MAX_CARD_BYTES, MAX_MODEL_BYTES, ModelError, Models, Refusal},
    prediction::{PredictError, Predictor, UploadError, UploadMemory},
    store::{LiveChange, MAX_MODELS, Store, StoredModel},
};

type Version = Result<Path<String>, PathRejection>;

/// All models, and which of them is live.
#[utoipa::path(get, path = "/admin/models", tag = "admin", operation_id = "admin_models", responses(
    (status = 200, description = "The models", body = ModelList),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn list(
    State(models): State<Models>,
    State(store): State<Store>,
    _admin: Admin,
) -> Result<Json<ModelList>, ApiError> {
    Ok(Json(listed(&models, &store).await?))
}

/// The schema of the form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct ModelForm {
    /// The weights: `digits.bpk`, as the training writes it.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// The model card: `model_card.json`, as the training writes it.
    card: Option<String>,
}

/// Checks a model and stores it. It doesn't answer until it is put live.
#[utoipa::path(post, path = "/admin/models", tag = "admin", operation_id = "upload_model",
    request_body(content = ModelForm, content_type = "multipart/form-data"), responses(
    (status = 200, description = "The model is there already", body = ModelList),
    (status = 201, description = "Stored", body = ModelList),
    (status = 400, description = "file_missing", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 409, description = "too_many_models", body = ErrorBody),
    (status = 413, description = "file_too_large", body = ErrorBody),
    (status = 422, description = "model_unreadable, model_shapes, model_not_finite, model_fails_check, card_invalid",
        body = ErrorBody),
))]
pub(crate) async fn upload(
    State(models): State<Models>,
    State(store): State<Store>,
    State(predictor): State<Predictor>,
    Admin(admin): Admin,
    form: Form,
) -> Result<(StatusCode, Json<ModelList>), ApiError> {
    let Files { weights, card } = receive(form, predictor.uploads()).await?;
    let is_new = models.upload(weights, card, &admin.username).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(listed(&models, &store).await?)))
}

/// Deletes a model that isn't live.
#[utoipa::path(delete, path = "/admin/models/{version}", tag = "admin", operation_id = "delete_model",
    params(("version" = String, Path, description = "The model's version")), responses(
    (status = 200, description = "Deleted", body = ModelList),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
    (status = 409, description = "model_in_use", body = ErrorBody),
))]
pub(crate) async fn delete(
    State(models): State<Models>,
    State(store): State<Store>,
    Admin(admin): Admin,
    version: Version,
) -> Result<Json<ModelList>, ApiError> {
    models.delete(&known(version)?, &admin.username).await?;
    Ok(Json(listed(&models, &store).await?))
}

/// Puts a model live: it answers all requests that begin from now on. Other servers on the same database follow within
/// seconds.
#[utoipa::path(post, path = "/admin/models/{version}/live", tag = "admin", operation_id = "put_model_live",
    params(("version" = String, Path, description = "The model's version")), responses(
    (status = 200, description = "The model is live", body = ModelList),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
    (status = 422, description = "model_unreadable, model_shapes, model_not_finite, model_fails_check, card_invalid: it was \
        damaged after its upload, or the program has another network since", body = ErrorBody),
))]
pub(crate) async fn put_live(
    State(models): State<Models>,
    State(store): State<Store>,
    Admin(admin): Admin,
    version: Version,
) -> Result<Json<ModelList>, ApiError> {
    models.put_live(&known(version)?, &admin.username).await?;
    Ok(Json(listed(&models, &store).await?))
}

/// Starts to compare an uploaded model with the live one, which takes half a minute, and longer if there are many
/// corrections.
#[utoipa::path(post, path = "/admin/models/{version}/evaluation", tag = "admin", operation_id = "evaluate_model",
    params(("version" = String, Path, description = "The model's version")), responses(
    (status = 202, description = "It has begun", body = Evaluation),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
    (status = 409, description = "evaluation_running", body = ErrorBody),
    (status = 422, description = "model_unreadable, model_shapes, model_not_finite, model_fails_check, card_invalid: as for \
        `live`", body = ErrorBody),
))]
pub(crate) async fn evaluate(
    State(models): State<Models>,
    State(store): State<Store>,
    _admin: Admin,
    version: Version,
) -> Result<(StatusCode, Json<Evaluation>), ApiError> {
    let version = known(version)?;
    let kept = models.evaluate(&version).await?;
    Ok((StatusCode::ACCEPTED, Json(evaluated(&store, version, &kept).await?)))
}

/// What was found when a model was compared with the live one last, or what is so far.
#[utoipa::path(get, path = "/admin/models/{version}/evaluation", tag = "admin", operation_id = "model_evaluation",
    params(("version" = String, Path, description = "The model's version")), responses(
    (status = 200, description = "The evaluation", body = Evaluation),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
))]
pub(crate) async fn evaluation(
    State(store): State<Store>,
    _admin: Admin,
    version: Version,
) -> Result<Json<Evaluation>, ApiError> {
    let version = known(version)?;
    let models = store.models().await?;
    let model = models.into_iter().find(|model| model.version == version);
    let kept = model.and_then(|model| Kept::parse(&model.evaluation?));
    let kept = kept.ok_or_else(ApiError::not_found)?;
    Ok(Json(evaluated(&store, version, &kept).await?))
}

fn known(version: Version) -> Result<String, ApiError> {
    version.map(|Path(version)| version).map_err(|_| ApiError::not_found())
}

/// The parts of the form.
struct Files {
    weights: Vec<u8>,
    card: Option<String>,
}

async fn receive(form: Form, uploads: &UploadMemory) -> Result<Files, ApiError> {
    let mut parts = form.parts.map_err(|_| file_missing())?;
    let (mut weights, mut card) = (None, None);
    while let Some(part) = parts.next_field().await.map_err(|error| broken(&error))? {
        match ContentDisposition::of(part.headers()).name.as_deref() {
            Some("file") => weights = Some(read(part, MAX_MODEL_BYTES, uploads).await?),
            Some("card") => card = Some(read(part, MAX_CARD_BYTES, uploads).await?),
            _ => {}
        }
    }
    // A form without a card may have an empty part for it.
    let card = card.filter(|card| !card.is_empty()).map(String::from_utf8).transpose();
    Ok(Files {
        weights: weights.ok_or_else(file_missing)?,
        card: card.map_err(|_| ModelError::from(Refusal::Card))?,
    })
}

/// The bytes of a part, in the memory that uploads share while they arrive.
async fn read(mut part: Field<'_>, limit: usize, uploads: &UploadMemory) -> Result<Vec<u8>, ApiError> {
    let mut upload = uploads.upload();
    while let Some(chunk) = part.chunk().await.map_err(|error| broken(&error))? {
        if upload.bytes().len() + chunk.len() > limit {
            return Err(too_large());
        }
        upload.push(&chunk).map_err(|error| match error {
            UploadError::TooLarge => too_large(),
            UploadError::Full => ApiError::overloaded(1),
        })?;
    }
    Ok(upload.bytes().to_vec())
}

fn broken(error: &MultipartError) -> ApiError {
    if is_too_large(error) {
        ApiError::body_too_large()
    } else {
        file_missing()
    }
}

fn file_missing() -> ApiError {
    let text = "Falta el archivo del modelo, o el formulario llegó incompleto.";
    ApiError::bad_request(ErrorCode::FileMissing, text)
}

fn too_large() -> ApiError {
    let text = "El archivo es demasiado grande para ser de este modelo.";
    warn!("Modelo rechazado: {text}");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::FileTooLarge, text)
}

impl From<ModelError> for ApiError {
    /// Logs the rejection of a file.
    fn from(error: ModelError) -> Self {
        let conflict = |code, text: &'static str| Self::new(StatusCode::CONFLICT, code, text);
        match error {
            ModelError::NotFound => Self::not_found(),
            ModelError::InUse => conflict(
                ErrorCode::ModelInUse,
                "El modelo está en vivo o es parte del programa. Pon antes otro en vivo.",
            ),
            ModelError::TooMany => conflict(ErrorCode::TooManyModels, "Ya hay 20 modelos. Borra antes alguno."),
            ModelError::Evaluating => conflict(
                ErrorCode::EvaluationRunning,
                "Ya se están comparando dos modelos. Espera hasta el final.",
            ),
            ModelError::Refused(refusal) => {
                let (code, text) = refused(refusal);
                warn!("Modelo rechazado: {refusal}");
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, text)
            }
            ModelError::Store(error) => error.into(),
            ModelError::Predict(PredictError::Overloaded) => Self::overloaded(1),
            ModelError::Predict(_) | ModelError::Stopped(_) => {
                error!("Error interno: {error}");
                Self::internal()
            }
        }
    }
}

fn refused(refusal: Refusal) -> (ErrorCode, &'static str) {
    match refusal {
        Refusal::Check(CheckError::Load(LoadError::Unreadable | LoadError::Backend)) => (
            ErrorCode::ModelUnreadable,
            "El archivo no es el de un modelo, o está incompleto. Sube el digits.bpk que escribe el entrenamiento.",
        ),
        Refusal::Check(CheckError::Load(LoadError::Shapes)) => (
            ErrorCode::ModelShapes,
            "El modelo es de otra red: sus capas no son las de este programa.",
        ),
        Refusal::Check(CheckError::Load(LoadError::NotFinite)) => (
            ErrorCode::ModelNotFinite,
            "El modelo tiene pesos que no son números, infinitos o enormes. Entrénalo de nuevo.",
        ),
        Refusal::Check(CheckError::Misreads { .. }) => (
            ErrorCode::ModelFailsCheck,
            "El modelo lee mal los dígitos de prueba. Entrénalo de nuevo.",
        ),
        Refusal::Fingerprint => (
            ErrorCode::ModelFailsCheck,
            "El modelo no responde a los dígitos de prueba lo que dice su ficha. Sube la ficha que le corresponde.",
        ),
        Refusal::Card => (
            ErrorCode::CardInvalid,
            "La ficha no se puede leer. Sube el model_card.json que escribe el entrenamiento.",
        ),
        Refusal::OtherCard => (
            ErrorCode::CardInvalid,
            "La ficha es de otro modelo. Sube la que le corresponde.",
        ),
    }
}

async fn listed(models: &Models, store: &Store) -> Result<ModelList, ApiError> {
    let listing = models.list().await?;
    let shipped = ListedModel {
        version: model_version().to_owned(),
        bytes: u32::try_from(shipped_weights().len()).unwrap_or(u32::MAX),
        shipped: true,
        live_since: None,
        live_by: None,
        uploaded_at: None,
        uploaded_by: None,
        card: card(model_card()),
        evaluation: None,
    };
    let uploaded = listing.uploaded.iter().map(|model| uploaded(model, store));
    let mut all: Vec<ListedModel> = uploaded.chain([shipped]).collect();
    // The live one first; the others stay in their order.
    all.sort_by_key(|model| model.version != listing.live);
    for model in all.iter_mut().filter(|model| model.version == listing.live) {
        let change: Option<&LiveChange> = listing.change.as_ref();
        model.live_since = change.map(|change| rfc3339(change.created_at));
        model.live_by = change.map(|change| change.actor.clone());
    }
    let Listing { live, previous, .. } = listing;
    Ok(ModelList {
        live,
        previous,
        models: all,
        max_bytes: u32::try_from(MAX_MODEL_BYTES).unwrap_or(u32::MAX),
        max_models: u32::try_from(MAX_MODELS).unwrap_or(u32::MAX),
    })
}

fn uploaded(model: &StoredModel, store: &Store) -> ListedModel {
    let evaluation = model.evaluation.as_deref().and_then(Kept::parse);
    ListedModel {
        version: model.version.clone(),
        bytes: model.bytes,
        shipped: false,
        live_since: None,
        live_by: None,
        uploaded_at: Some(rfc3339(model.created_at)),
        uploaded_by: Some(model.uploaded_by.clone()),
        card: model.card.as_deref().and_then(card),
        evaluation: evaluation.map(|kept| kept.summary(store.now())),
    }
}

fn card(json: &str) -> Option<CardSummary> {
    let card = Card::parse(json).ok()?;
    Some(CardSummary {
        corrections: card.corrections(),
        date: card.summary.date,
        test_accuracy: card.summary.test.accuracy,
    })
}

async fn evaluated(store: &Store, version: String, kept: &Kept) -> Result<Evaluation, ApiError> {
    let ids: Vec<i64> = kept.examples.iter().map(|example| example.id).collect();
    let labels = store.labels(&ids).await?;
    let images = store.images(ids.into_iter()).await?;
    let example = |example: &crate::models::Example| {
        // What was deleted meanwhile is left out.
        Some(Disagreement {
            id: example.id,
            image: png_data_url(images.get(&example.id)?),
            reading: example.reading,
            confidence: example.confidence,
            reading_live: example.reading_live,
            confidence_live: example.confidence_live,
            said: labels.get(&example.id).copied(),
        })
    };
    Ok(Evaluation {
        version,
        summary: kept.summary(store.now()),
        examples: kept.examples.iter().filter_map(example).collect(),
    })
}
