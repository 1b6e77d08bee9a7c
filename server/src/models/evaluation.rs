//! What a model reads otherwise than the live one: of all corrections, and of as many of the newest stored pictures as fit
//! into half a minute. Both read between the requests of users.

use std::{sync::Arc, time::Duration};

use api::{EvaluationState, EvaluationSummary, Label};
use chrono::{DateTime, SecondsFormat, Utc};
use classifier::{Prediction, model_version};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep},
};
use tracing::{error, info};

use super::{ModelError, Models, load};
use crate::{
    prediction::{LoadedModel, PredictError},
    review::{input, reading},
};

/// How long stored pictures are read.
const TIME: Duration = Duration::from_secs(30);

/// How long it waits for a moment without requests.
const PATIENCE: Duration = Duration::from_mins(1);

/// The pause before the next attempt to find one.
const PAUSE: Duration = Duration::from_millis(100);

/// Pictures per query.
const CHUNK: u64 = 256;

/// Pictures in a batch. It is larger than what is predicted in the task that asks, so that the inference thread predicts it.
const STEP: usize = 32;

/// Pictures that are shown.
const MAX_EXAMPLES: usize = 50;

/// How often the numbers so far are stored.
const SAVE_INTERVAL: Duration = Duration::from_secs(1);

/// If they weren't for this long, the evaluation has stopped with its server.
const STOPPED_AFTER: i64 = 20;

/// An evaluation as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    summary: EvaluationSummary,
    /// When it was stored, in seconds since 1970.
    stored_at: i64,
    /// The newest pictures that the two read differently.
    pub(crate) examples: Vec<Example>,
}

/// A picture that two models read differently.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Example {
    /// The prediction's number.
    pub(crate) id: i64,
    /// What the model reads, and how probable that is.
    pub(crate) reading: Label,
    pub(crate) confidence: f32,
    /// The same of the live model.
    pub(crate) reading_live: Label,
    pub(crate) confidence_live: f32,
}

impl Kept {
    /// What is stored; `None` if another version of this program has written it otherwise.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The numbers. One that its server hasn't ended has failed.
    pub(crate) fn summary(&self, now: DateTime<Utc>) -> EvaluationSummary {
        let mut summary = self.summary.clone();
        if summary.state == EvaluationState::Running && now.timestamp() - self.stored_at > STOPPED_AFTER {
            summary.state = EvaluationState::Failed;
        }
        summary
    }
}

impl Models {
    /// Starts to compare a model with the live one.
    pub(crate) async fn evaluate(&self, version: &str) -> Result<Kept, ModelError> {
        let permit = Arc::clone(&self.0.evaluating).try_acquire_owned();
        let permit = permit.map_err(|_| ModelError::Evaluating)?;
        let now = self.0.store.now();
        let is_running = |kept: &Kept| kept.summary(now).state == EvaluationState::Running;
        let models = self.0.store.models().await?;
        let mut evaluations = models
            .iter()
            .filter_map(|model| Kept::parse(model.evaluation.as_deref()?));
        if evaluations.any(|kept| is_running(&kept)) {
            // By another server.
            return Err(ModelError::Evaluating);
        }
        if version == model_version() {
            return Err(ModelError::NotFound);
        }
        let candidate = load(&self.0.store, self.0.backend, Some(version)).await?.model;
        let live = self.0.predictor.model().await?;
        let kept = Kept {
            summary: EvaluationSummary {
                state: EvaluationState::Running,
                started_at: now.to_rfc3339_opts(SecondsFormat::Millis, true),
                progress: 0.0,
                against: live.version.to_string(),
                corrections: 0,
                right: 0,
                right_live: 0,
                pictures: 0,
                disagreements: 0,
            },
            stored_at: now.timestamp(),
            examples: Vec::new(),
        };
        let mut evaluation = Evaluation {
            models: self.clone(),
            candidate: Arc::new(candidate),
            live,
            kept: kept.clone(),
            saved_at: Instant::now(),
            _permit: permit,
        };
        evaluation.save().await?;
        tokio::spawn(evaluation.run());
        Ok(kept)
    }
}

/// An evaluation in progress.
struct Evaluation {
    models: Models,
    candidate: Arc<LoadedModel>,
    live: Arc<LoadedModel>,
    kept: Kept,
    saved_at: Instant,
    /// Only one of this process.
    _permit: OwnedSemaphorePermit,
}

/// What both models read of a picture.
struct Read {
    reading: (Label, f32),
    reading_live: (Label, f32),
}

impl Evaluation {
    async fn run(mut self) {
        let result = self.compare().await;
        let (version, summary) = (&self.candidate.version, &mut self.kept.summary);
        match result {
            Ok(()) => {
                summary.state = EvaluationState::Done;
                summary.progress = 1.0;
                info!(
                    "Modelo {version} comparado con {}: {} y {} aciertos en {} correcciones; lecturas distintas en {} de \
                     {} imágenes.",
                    summary.against,
                    summary.right,
                    summary.right_live,
                    summary.corrections,
                    summary.disagreements,
                    summary.pictures
                );
            }
            Err(cause) => {
                summary.state = EvaluationState::Failed;
                error!("No se pudo comparar el modelo {version}: {cause}");
            }
        }
        if let Err(cause) = self.save().await {
            error!("No se pudo guardar la comparación de modelos: {cause}");
        }
    }

    async fn compare(&mut self) -> Result<(), ModelError> {
        self.compare_corrections().await?;
        self.compare_pictures().await
    }

    async fn compare_corrections(&mut self) -> Result<(), ModelError> {
        let total = self.models.0.store.count_corrections().await?.max(1);
        let mut after = 0;
        while let Some((last, corrections)) = self.models.0.store.corrections_after(after, CHUNK).await? {
            after = last;
            for step in corrections.chunks(STEP) {
                let images = step.iter().map(|correction| correction.image.as_slice());
                let reads = self.read(images, Instant::now() + PATIENCE).await?;
                let summary = &mut self.kept.summary;
                for (correction, read) in step.iter().zip(reads) {
                    summary.corrections += 1;
                    summary.right += u32::from(read.reading.0 == correction.label);
                    summary.right_live += u32::from(read.reading_live.0 == correction.label);
                }
                #[expect(clippy::cast_precision_loss, reason = "a share for people")]
                let share = summary.corrections as f32 / total as f32;
                summary.progress = share.min(1.0) / 2.0;
                self.save_now_and_then().await?;
            }
        }
        Ok(())
    }

    async fn compare_pictures(&mut self) -> Result<(), ModelError> {
        let (begin, mut before) = (Instant::now(), i64::MAX);
        loop {
            let pictures = self.models.0.store.images_before(before, CHUNK).await?;
            let Some((last, _)) = pictures.last() else {
                return Ok(());
            };
            before = *last;
            for step in pictures.chunks(STEP) {
                if begin.elapsed() >= TIME {
                    return Ok(());
                }
                let images = step.iter().map(|(_, image)| image.as_slice());
                let reads = match self.read(images, begin + TIME).await {
                    // What was read before is of use.
                    Err(PredictError::Overloaded) if self.kept.summary.pictures > 0 => return Ok(()),
                    reads => reads?,
                };
                for ((id, _), read) in step.iter().zip(reads) {
                    self.note(*id, &read);
                }
                self.kept.summary.progress = 0.5 + begin.elapsed().div_duration_f32(TIME).min(1.0) / 2.0;
                self.save_now_and_then().await?;
            }
        }
    }

    fn note(&mut self, id: i64, read: &Read) {
        let Kept { summary, examples, .. } = &mut self.kept;
        summary.pictures += 1;
        let (reading, confidence) = read.reading;
        let (reading_live, confidence_live) = read.reading_live;
        if reading == reading_live {
            return;
        }
        summary.disagreements += 1;
        if examples.len() < MAX_EXAMPLES {
            examples.push(Example {
                id,
                reading,
                confidence,
                reading_live,
                confidence_live,
            });
        }
    }

    /// What both models read of these pictures, until `deadline`.
    async fn read<'a>(
        &self,
        images: impl Iterator<Item = &'a [u8]>,
        deadline: Instant,
    ) -> Result<Vec<Read>, PredictError> {
        let inputs: Vec<_> = images.map(input).collect();
        let mut both: [Vec<Prediction>; 2] = Default::default();
        for (model, predictions) in [&self.candidate, &self.live].into_iter().zip(&mut both) {
            *predictions = loop {
                match self.models.0.predictor.infer_when_idle(model, inputs.clone()).await {
                    Err(PredictError::Overloaded) if Instant::now() < deadline => sleep(PAUSE).await,
                    result => break result?,
                }
            };
        }
        let [own, live] = both;
        let read = |(own, live): (&Prediction, &Prediction)| Read {
            reading: reading(own),
            reading_live: reading(live),
        };
        Ok(own.iter().zip(&live).map(read).collect())
    }

    async fn save_now_and_then(&mut self) -> Result<(), ModelError> {
        if self.saved_at.elapsed() < SAVE_INTERVAL {
            return Ok(());
        }
        self.save().await
    }

    async fn save(&mut self) -> Result<(), ModelError> {
        let store = &self.models.0.store;
        self.kept.stored_at = store.now().timestamp();
        let json = serde_json::to_string(&self.kept).unwrap_or_default();
        store.save_evaluation(&self.candidate.version, &json).await?;
        self.saved_at = Instant::now();
        Ok(())
    }
}
