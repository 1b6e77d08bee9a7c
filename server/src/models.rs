//! Which model answers. Models are uploaded, checked, and put live while the server runs: the new one is loaded beside the
//! one that answers, and takes its place between two requests. Other servers on the same database follow.

mod evaluation;
mod file;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use api::LiveModel;
use classifier::{Backend, model_version};
use moka::sync::Cache;
use tokio::{
    sync::{Mutex, Semaphore},
    task::{JoinHandle, spawn_blocking},
    time::{MissedTickBehavior, interval},
};
use tracing::{error, info};

pub(crate) use evaluation::{Example, Kept};
pub(crate) use file::{Card, MAX_CARD_BYTES, MAX_MODEL_BYTES, Refusal};

use crate::{
    metrics::Metrics,
    prediction::{LoadedModel, PredictError, Predictor},
    store::{AddModelError, DeleteModelError, LiveChange, Store, StoreError, StoredModel, StoredWeights},
};
use file::{Loaded, identity};

/// How often a server looks which model is live.
const INTERVAL: Duration = Duration::from_secs(2);

/// Uploaded weights that are kept in memory to be downloaded: those of the live model and of the one before.
const CACHED_WEIGHTS: u64 = 2;

/// The models of one server; cheap to clone.
#[derive(Clone)]
pub(crate) struct Models(Arc<Inner>);

struct Inner {
    store: Store,
    predictor: Predictor,
    metrics: Metrics,
    backend: Backend,
    shipped: Arc<[u8]>,
    live: RwLock<Arc<Live>>,
    weights: Cache<String, Arc<[u8]>>,
    /// One change at a time, so that at most one model is loaded beside the one that answers.
    turn: Mutex<()>,
    evaluating: Arc<Semaphore>,
}

/// The model that answers in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Live {
    /// The last change of the live model that this process knows; `None` before the first.
    change: Option<i64>,
    /// What answers.
    pub(crate) model: LiveModel,
    /// Its card, in JSON.
    pub(crate) card: Option<String>,
    /// The version that was live before, and still exists.
    previous: Option<String>,
}

/// The models of the database.
pub(crate) struct Listing {
    /// The version that is live.
    pub(crate) live: String,
    /// Since when, and who put it live; `None` if it has always been the shipped one.
    pub(crate) change: Option<LiveChange>,
    /// The version that was live before, and still exists.
    pub(crate) previous: Option<String>,
    /// Those that were uploaded, newest first.
    pub(crate) uploaded: Vec<StoredModel>,
}

/// Why something can't be done with a model.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelError {
    /// There is no such model.
    #[error("no such model")]
    NotFound,
    /// The file or its card isn't accepted.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is live, or it is part of the program.
    #[error("the model is live, or part of the program")]
    InUse,
    /// As many are stored as may be.
    #[error("too many models")]
    TooMany,
    /// Another evaluation is in progress.
    #[error("another evaluation is in progress")]
    Evaluating,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model that answers failed.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// Loading has panicked.
    #[error("loading has failed: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

/// The model with which a server starts.
pub(crate) struct Initial {
    change: Option<i64>,
    /// `None` for the shipped one.
    loaded: Option<Loaded>,
}

impl Initial {
    /// The live model of the database. If it can't be loaded, the shipped one answers.
    pub(crate) async fn read(store: &Store, backend: Backend, metrics: &Metrics) -> Self {
        let (change, loaded) = match store.live_change().await {
            Ok(None) => (None, Ok(None)),
            Ok(Some(change)) => {
                let loaded = match change.version {
                    None => Ok(None),
                    Some(version) => load(store, backend, Some(&version)).await.map(Some),
                };
                (Some(change.id), loaded)
            }
            // It is tried again.
            Err(error) => (None, Err(error.into())),
        };
        let loaded = loaded.unwrap_or_else(|cause| {
            error!("No se pudo cargar el modelo en vivo, y responde el del programa: {cause}");
            metrics.model_fallback(true);
            None
        });
        Self { change, loaded }
    }

    /// Separates what the inference thread takes.
    pub(crate) fn split(self, backend: Backend) -> (impl FnOnce() -> Result<LoadedModel, String> + Send, InitialLive) {
        let (model, live) = match self.loaded {
            Some(loaded) => (Some(loaded.model), Some((loaded.live, loaded.card))),
            None => (None, None),
        };
        let load = move || match model {
            Some(model) => Ok(model),
            None => LoadedModel::shipped(backend).map_err(|error| error.to_string()),
        };
        let change = self.change;
        (load, InitialLive { change, live })
    }
}

/// What is known of the model with which a server starts.
#[derive(Default)]
pub(crate) struct InitialLive {
    change: Option<i64>,
    live: Option<(LiveModel, Option<String>)>,
}

impl Models {
    pub(crate) async fn new(
        store: Store,
        predictor: Predictor,
        metrics: Metrics,
        backend: Backend,
        initial: InitialLive,
    ) -> Self {
        let shipped: Arc<[u8]> = classifier::shipped_weights().into();
        let (model, card) = initial.live.unwrap_or_else(|| {
            let (_version, integrity) = identity(&shipped);
            let version = model_version().to_owned();
            (
                LiveModel { version, integrity },
                Some(classifier::model_card().to_owned()),
            )
        });
        let live = Live {
            change: initial.change,
            model,
            card,
            previous: None,
        };
        let models = Self(Arc::new(Inner {
            store,
            predictor,
            metrics,
            backend,
            shipped,
            live: RwLock::new(Arc::new(live)),
            weights: Cache::new(CACHED_WEIGHTS),
            turn: Mutex::default(),
            evaluating: Arc::new(Semaphore::new(1)),
        }));
        let previous = models.previous().await;
        models.change_live(|live| live.previous = previous);
        models
    }

    /// Starts to follow what other servers put live. It can be aborted at any time.
    pub(crate) fn start(self) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut ticks = interval(INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut is_failing = false;
            loop {
                ticks.tick().await;
                let followed = self.follow().await;
                if let Err(cause) = &followed
                    && !is_failing
                {
                    error!("No se pudo saber qué modelo está en vivo: {cause}");
                }
                is_failing = followed.is_err();
            }
        })
    }

    /// The model that answers.
    pub(crate) fn live(&self) -> Arc<Live> {
        Arc::clone(&self.0.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the page needs to know of the model that answers; `None` if it is the one that the page has.
    pub(crate) fn other_than_shipped(&self) -> Option<LiveModel> {
        let live = self.live();
        (live.model.version != model_version()).then(|| live.model.clone())
    }

    fn change_live(&self, change: impl FnOnce(&mut Live)) {
        let mut live = self.0.live.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut live));
    }

    /// Loads and puts live what another server has put live.
    async fn follow(&self) -> Result<(), ModelError> {
        let is_new = |change: &LiveChange| self.live().change != Some(change.id);
        if !self.0.store.live_change().await?.as_ref().is_some_and(is_new) {
            return Ok(());
        }
        let _turn = self.0.turn.lock().await;
        // This server may have put it live itself meanwhile.
        let Some(change) = self.0.store.live_change().await?.filter(is_new) else {
            return Ok(());
        };
        match load(&self.0.store, self.0.backend, change.version.as_deref()).await {
            Ok(loaded) => self.answer_with(change.id, loaded).await,
            Err(ModelError::Store(error)) => return Err(error.into()),
            Err(cause) => {
                error!(
                    "No se pudo cargar el modelo en vivo, y sigue respondiendo {}: {cause}",
                    self.live().model.version
                );
                self.0.metrics.model_fallback(true);
                // It isn't tried again until another one is put live, or this one once more.
                self.change_live(|live| live.change = Some(change.id));
            }
        }
        Ok(())
    }

    /// From now on this model answers.
    async fn answer_with(&self, change: i64, loaded: Loaded) {
        let previous = self.previous().await;
        let version = loaded.live.version.clone();
        self.0.predictor.replace_model(loaded.model);
        self.change_live(|live| {
            *live = Live {
                change: Some(change),
                model: loaded.live,
                card: loaded.card,
                previous,
            };
        });
        self.0.metrics.model_fallback(false);
        info!("Modelo en vivo: {version}.");
    }

    /// The version that was live before, and still exists.
    async fn previous(&self) -> Option<String> {
        match self.list().await {
            Ok(listing) => listing.previous,
            Err(cause) => {
                error!("No se pudo saber qué modelo estaba antes en vivo: {cause}");
                None
            }
        }
    }

    /// The models of the database.
    pub(crate) async fn list(&self) -> Result<Listing, StoreError> {
        let uploaded = self.0.store.models().await?;
        let changes = self.0.store.live_changes().await?;
        let live = changes.first().map_or(model_version(), version);
        let exists =
            |version: &str| version == model_version() || uploaded.iter().any(|model| model.version == version);
        let before = changes.iter().map(version).chain([model_version()]);
        let previous = before.into_iter().find(|version| *version != live && exists(version));
        Ok(Listing {
            live: live.to_owned(),
            previous: previous.map(str::to_owned),
            change: changes.first().cloned(),
            uploaded,
        })
    }

    /// The weights of the live model, the one before it, or the shipped one; `None` for others.
    pub(crate) async fn weights(&self, version: &str) -> Result<Option<Arc<[u8]>>, StoreError> {
        if version == model_version() {
            return Ok(Some(Arc::clone(&self.0.shipped)));
        }
        let live = self.live();
        if version != live.model.version && Some(version) != live.previous.as_deref() {
            return Ok(None);
        }
        if let Some(weights) = self.0.weights.get(version) {
            return Ok(Some(weights));
        }
        let Some(stored) = self.0.store.model_weights(version).await? else {
            return Ok(None);
        };
        let weights: Arc<[u8]> = stored.weights.into();
        self.0.weights.insert(stored.version, Arc::clone(&weights));
        Ok(Some(weights))
    }

    /// Checks a model and stores it. Returns whether it wasn't there yet.
    pub(crate) async fn upload(&self, weights: Vec<u8>, card: Option<String>, actor: &str) -> Result<bool, ModelError> {
        let (version, _) = identity(&weights);
        if version == model_version() {
            return Ok(false);
        }
        let new = StoredWeights {
            version: version.clone(),
            weights,
            card,
        };
        let backend = self.0.backend;
        let _turn = self.0.turn.lock().await;
        let check = move || Loaded::checked(&new, backend).map(|_| new);
        let new = spawn_blocking(check).await??;
        match self.0.store.add_model(new, actor).await {
            Ok(()) => {
                info!("Administrador '{actor}' subió el modelo {version}.");
                Ok(true)
            }
            Err(AddModelError::Exists) => Ok(false),
            Err(AddModelError::TooMany) => Err(ModelError::TooMany),
            Err(AddModelError::Store(error)) => Err(error.into()),
        }
    }

    /// Deletes a model that isn't live.
    pub(crate) async fn delete(&self, version: &str, actor: &str) -> Result<(), ModelError> {
        if version == model_version() {
            return Err(ModelError::InUse);
        }
        self.0
            .store
            .delete_model(version, actor)
            .await
            .map_err(|error| match error {
                DeleteModelError::NotFound => ModelError::NotFound,
                DeleteModelError::Live => ModelError::InUse,
                DeleteModelError::Store(error) => error.into(),
            })?;
        info!("Administrador '{actor}' borró el modelo {version}.");
        Ok(())
    }

    /// Puts a model live, in this process before this returns. One that is live already is loaded only if it couldn't be
    /// loaded before.
    pub(crate) async fn put_live(&self, version: &str, actor: &str) -> Result<(), ModelError> {
        let stored = (version != model_version()).then_some(version);
        let _turn = self.0.turn.lock().await;
        let change = self.0.store.live_change().await?;
        let is_live = change.as_ref().map_or(model_version(), self::version) == version;
        if is_live && self.live().model.version == version {
            return Ok(());
        }
        let loaded = load(&self.0.store, self.0.backend, stored).await?;
        let change = match change {
            Some(change) if is_live => change.id,
            _ => {
                let change = self.0.store.put_model_live(stored, actor).await?;
                let change = change.ok_or(ModelError::NotFound)?;
                info!("Administrador '{actor}' puso en vivo el modelo {version}.");
                change
            }
        };
        self.answer_with(change, loaded).await;
        Ok(())
    }
}

/// The version that a change has put live.
fn version(change: &LiveChange) -> &str {
    change.version.as_deref().unwrap_or(model_version())
}

/// Loads and checks a model of the database, or the shipped one (`None`).
async fn load(store: &Store, backend: Backend, version: Option<&str>) -> Result<Loaded, ModelError> {
    let Some(version) = version else {
        return Ok(spawn_blocking(move || Loaded::shipped(backend)).await??);
    };
    let stored = store.model_weights(version).await?.ok_or(ModelError::NotFound)?;
    Ok(spawn_blocking(move || Loaded::checked(&stored, backend)).await??)
}
