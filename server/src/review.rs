//! What today's model says about the corrections that wait for review, and which of them show nearly the same.

use std::time::Duration;

use api::Label;
use classifier::{ModelInput, PIXELS, Prediction, THRESHOLD};
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tracing::error;

use crate::{
    prediction::{PredictError, Predictor},
    store::{Reread, ReviewRow, Store, StoreError, Unread},
};

/// How often the corrections are searched for those that the model hasn't read, as after an update.
const INTERVAL: Duration = Duration::from_mins(1);

/// Corrections that are read one after the other. The rest waits for the next search.
const MAX_READ: u64 = 512;

/// Images that are read together, between the requests of users.
const STEP: usize = 8;

/// The largest difference between the ink of nearly the same images, as a share of all their ink.
const MAX_DIFFERENCE: f32 = 0.25;

/// Reads what waits for review.
pub(crate) struct Rereader {
    pub(crate) store: Store,
    pub(crate) predictor: Predictor,
}

/// Why corrections can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RereadError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model failed, or is busy.
    #[error(transparent)]
    Predict(#[from] PredictError),
}

impl Rereader {
    /// Starts to search now and then. It can be aborted at any time.
    pub(crate) fn start(self) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut ticks = interval(INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                match read_waiting(&self.store, &self.predictor, MAX_READ).await {
                    // It is tried again.
                    Ok(()) | Err(RereadError::Predict(PredictError::Overloaded)) => {}
                    Err(cause) => error!("No se pudieron leer las correcciones que esperan: {cause}"),
                }
            }
        })
    }
}

/// Reads up to `limit` corrections that today's model hasn't read, a few at a time, so that users hardly wait for it.
pub(crate) async fn read_waiting(store: &Store, predictor: &Predictor, limit: u64) -> Result<(), RereadError> {
    let model = predictor.model().await?;
    for unread in store.unread_corrections(&model.version, limit).await?.chunks(STEP) {
        let inputs = unread.iter().map(|unread| input(&unread.image)).collect();
        let predictions = predictor.infer_when_idle(&model, inputs).await?;
        let rereads: Vec<_> = unread.iter().zip(&predictions).map(reread).collect();
        store.save_rereads(&model.version, &rereads).await?;
    }
    Ok(())
}

fn reread((unread, prediction): (&Unread, &Prediction)) -> Reread {
    let (reading, confidence) = reading(prediction);
    Reread {
        id: unread.id,
        said: unread.said,
        reading,
        confidence,
        disagreement: 1.0 - probability(prediction, unread.said),
    }
}

/// What a model reads, and how probable that is according to it.
pub(crate) fn reading(prediction: &Prediction) -> (Label, f32) {
    let reading = if prediction.is_digit < THRESHOLD {
        Label::NoDigit
    } else {
        Label::of_digit(prediction.digit()).unwrap_or(Label::NoDigit)
    };
    (reading, probability(prediction, reading))
}

/// How probable it is that the image shows this.
fn probability(prediction: &Prediction, label: Label) -> f32 {
    match label.digit() {
        Some(digit) => prediction.is_digit * prediction.probabilities[usize::from(digit)],
        None => 1.0 - prediction.is_digit,
    }
}

/// The network's input of a stored image; blank for a damaged one.
pub(crate) fn input(image: &[u8]) -> ModelInput {
    let mut input = ModelInput([0.0; PIXELS]);
    for (pixel, ink) in input.0.iter_mut().zip(image) {
        *pixel = f32::from(*ink) / 255.0;
    }
    input
}

/// For each row the index of the first row whose image is nearly the same, and of which the same is said. Each is compared
/// with the first one of each group, of the rows of a page.
pub(crate) fn groups(rows: &[ReviewRow]) -> Vec<usize> {
    let mut leaders: Vec<usize> = Vec::new();
    let group = |(index, row): (usize, &ReviewRow)| {
        let found = leaders.iter().copied().find(|&leader| {
            let other = &rows[leader];
            other.correction.said == row.correction.said && is_near(&other.prediction.image, &row.prediction.image)
        });
        found.unwrap_or_else(|| {
            leaders.push(index);
            index
        })
    };
    rows.iter().enumerate().map(group).collect()
}

/// Whether the images are nearly the same. All are framed alike, so that they can be compared point by point.
fn is_near(one: &[u8], other: &[u8]) -> bool {
    let (mut difference, mut ink) = (0_u32, 0_u32);
    for (one, other) in one.iter().zip(other) {
        difference += u32::from(one.abs_diff(*other));
        ink += u32::from(*one) + u32::from(*other);
    }
    #[expect(clippy::cast_precision_loss, reason = "784 points of 510 at most")]
    let (difference, ink) = (difference as f32, ink as f32);
    difference <= ink * MAX_DIFFERENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vertical stroke at a column.
    fn stroke(column: usize) -> Vec<u8> {
        let is_ink = |index: usize| (column..column + 4).contains(&(index % 28));
        (0..PIXELS).map(|index| if is_ink(index) { 255 } else { 0 }).collect()
    }

    #[test]
    fn images_with_nearly_all_of_their_ink_in_common_are_near() {
        let image = stroke(12);
        let mut other = image.clone();
        other[12..30].fill(0);
        assert!(is_near(&image, &image) && is_near(&image, &other) && is_near(&other, &image));
        assert!(is_near(&[0; PIXELS], &[0; PIXELS]));
        assert!(!is_near(&image, &stroke(16)) && !is_near(&image, &stroke(14)) && !is_near(&image, &[0; PIXELS]));
    }

    #[test]
    fn what_the_model_doubts_and_contradicts_is_told() {
        let mut prediction = Prediction::from_logits([0.0; classifier::CLASSES]);
        prediction.probabilities = [0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.0, 0.0];
        let unread = |said| Unread {
            id: 1,
            said,
            image: Vec::new(),
        };
        let read = reread((&unread(Label::Seven), &prediction));
        assert_eq!(read.reading, Label::One);
        assert!(
            (read.confidence - 0.9).abs() < 1e-6 && (read.disagreement - 0.9).abs() < 1e-6,
            "{read:?}"
        );
        prediction.is_digit = THRESHOLD / 2.0;
        let read = reread((&unread(Label::NoDigit), &prediction));
        assert_eq!(read.reading, Label::NoDigit);
        assert!((read.confidence + read.disagreement - 1.0).abs() < 1e-6, "{read:?}");
    }
}
