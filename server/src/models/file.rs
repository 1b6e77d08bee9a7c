//! The file of a model and its card.

use api::{LiveModel, ModelCard};
use base64::{Engine, prelude::BASE64_STANDARD};
use classifier::{Backend, CheckError, Classifier, LoadError, model_card, version_of};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{prediction::LoadedModel, store::StoredWeights};

/// The largest file of weights. Those of the network have an eighth of this.
pub(crate) const MAX_MODEL_BYTES: usize = 1024 * 1024;

/// The largest card.
pub(crate) const MAX_CARD_BYTES: usize = 256 * 1024;

/// Why a file or its card isn't accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The weights can't be loaded, or they don't read digits.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The network gives other outputs than its card says.
    #[error("the network's outputs aren't those that its card says")]
    Fingerprint,
    /// The card isn't one.
    #[error("the card can't be read")]
    Card,
    /// The card is that of another model.
    #[error("the card is that of another model")]
    OtherCard,
}

impl From<LoadError> for Refusal {
    fn from(error: LoadError) -> Self {
        Self::Check(error.into())
    }
}

/// A model that can answer.
pub(super) struct Loaded {
    pub(super) model: LoadedModel,
    pub(super) live: LiveModel,
    /// Its card, in JSON.
    pub(super) card: Option<String>,
}

impl Loaded {
    /// The shipped model.
    pub(super) fn shipped(backend: Backend) -> Result<Self, Refusal> {
        let model = LoadedModel::shipped(backend)?;
        let (_version, integrity) = identity(&classifier::shipped_weights());
        let version = model.version.to_string();
        Ok(Self {
            model,
            live: LiveModel { version, integrity },
            card: Some(model_card().to_owned()),
        })
    }

    /// An uploaded model, with all checks: it may have been damaged since its upload. CPU-bound.
    pub(super) fn checked(stored: &StoredWeights, backend: Backend) -> Result<Self, Refusal> {
        let (version, integrity) = identity(&stored.weights);
        if version != stored.version {
            return Err(LoadError::Unreadable.into());
        }
        let classifier = Classifier::load_checked(&stored.weights, backend)?;
        if let Some(json) = &stored.card {
            let card = Card::parse(json)?;
            if card.summary.model != version {
                return Err(Refusal::OtherCard);
            }
            if card
                .extra
                .fingerprint
                .is_some_and(|expected| !classifier.has_fingerprint(&expected))
            {
                return Err(Refusal::Fingerprint);
            }
        }
        Ok(Self {
            model: LoadedModel::new(version.as_str(), classifier, backend),
            live: LiveModel { version, integrity },
            card: stored.card.clone(),
        })
    }
}

/// The version of a file of weights, and its digest as browsers check it.
pub(super) fn identity(weights: &[u8]) -> (String, String) {
    let digest = Sha256::digest(weights);
    (
        version_of(digest.into()),
        format!("sha256-{}", BASE64_STANDARD.encode(digest)),
    )
}

/// A model card, as far as the server reads it.
pub(crate) struct Card {
    /// What the page shows.
    pub(crate) summary: ModelCard,
    extra: Extra,
}

/// What only some cards have.
#[derive(Deserialize)]
struct Extra {
    /// That of [`Classifier::fingerprint`].
    fingerprint: Option<Vec<u16>>,
    retraining: Option<Retraining>,
}

#[derive(Deserialize)]
struct Retraining {
    corrections: Option<u64>,
}

impl Card {
    /// Reads a card.
    pub(crate) fn parse(json: &str) -> Result<Self, Refusal> {
        let summary = serde_json::from_str(json).map_err(|_| Refusal::Card)?;
        let extra = serde_json::from_str(json).map_err(|_| Refusal::Card)?;
        Ok(Self { summary, extra })
    }

    /// How many corrections the model was trained with; `None` if the card doesn't say so.
    pub(crate) fn corrections(&self) -> Option<u64> {
        self.extra.retraining.as_ref()?.corrections
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(weights: Vec<u8>, card: Option<String>) -> StoredWeights {
        let (version, _) = identity(&weights);
        StoredWeights { version, weights, card }
    }

    #[test]
    fn the_version_is_that_of_the_training_and_the_digest_that_of_browsers() {
        let (version, integrity) = identity(&classifier::shipped_weights());
        assert_eq!(version, classifier::model_version());
        // printf abc | openssl dgst -sha256 -binary | base64
        assert_eq!(
            identity(b"abc").1,
            "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
        );
        assert_eq!(integrity.len(), 7 + 44);
    }

    #[test]
    fn a_card_has_to_be_that_of_the_model() {
        let weights = classifier::shipped_weights();
        let checked = |card: Option<String>| Loaded::checked(&stored(weights.clone(), card), Backend::Flex);
        assert!(checked(None).unwrap().card.is_none());
        let card = model_card().to_owned();
        assert_eq!(checked(Some(card.clone())).unwrap().card, Some(card.clone()));
        assert_eq!(checked(Some("{}".to_owned())).err(), Some(Refusal::Card));
        let other = card.replacen(classifier::model_version(), "digits-00000000", 1);
        assert_eq!(checked(Some(other)).err(), Some(Refusal::OtherCard));
        let with = |fingerprint: &[u16]| {
            let mut json: serde_json::Value = serde_json::from_str(&card).unwrap();
            json["fingerprint"] = fingerprint.into();
            Some(json.to_string())
        };
        let mut fingerprint = Classifier::load(Backend::Flex).unwrap().fingerprint();
        assert!(checked(with(&fingerprint)).is_ok());
        fingerprint[3] /= 2;
        assert_eq!(checked(with(&fingerprint)).err(), Some(Refusal::Fingerprint));
    }

    #[test]
    fn weights_that_were_damaged_in_the_database_are_refused() {
        let damaged = StoredWeights {
            version: "digits-00000000".to_owned(),
            ..stored(classifier::shipped_weights(), None)
        };
        let error = Loaded::checked(&damaged, Backend::Flex).err();
        assert_eq!(error, Some(LoadError::Unreadable.into()));
    }
}
