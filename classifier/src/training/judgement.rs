//! Whether a retrained network takes the place of the one before: it must read the corrections that were kept back better,
//! and what the other has learned no worse.

use anyhow::Result;
use serde::Serialize;

use super::Judges;
use super::evaluate::{Evaluation, evaluate};
use super::export::chosen;
use super::mixture::{Example, Kind};

/// Images, and how many of them are read right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Score {
    pub(crate) right: usize,
    pub(crate) images: usize,
}

/// How a network reads the images that it is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Scores {
    /// MNIST's validation digits: the digit alone, as in [`super::model_card::SplitMetrics`]. How many are turned away is
    /// fixed.
    pub(crate) mnist: Score,
    /// Validation images that are made: a digit isn't turned away, what is none is.
    pub(crate) made: Score,
    /// Corrections that were kept back, in the same way.
    pub(crate) kept_back: Score,
}

impl Score {
    /// The share that is read right.
    fn share(self) -> f64 {
        self.right as f64 / self.images.max(1) as f64
    }

    /// The standard error of the share: how far that of other images like these would typically lie from it.
    fn standard_error(self) -> f64 {
        (self.share() * (1.0 - self.share()) / self.images.max(1) as f64).sqrt()
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { right, images } = self;
        write!(formatter, "{right} of {images} ({:.2} %)", 100.0 * self.share())
    }
}

impl Scores {
    /// Those of an exported network, where below `threshold` there is no digit.
    pub(crate) fn of(network: &[u8], threshold: f32, judges: &Judges, kept_back: &[Example]) -> Result<Self> {
        let score = |evaluation: &Evaluation| Score {
            right: evaluation.right(threshold),
            images: evaluation.len(),
        };
        let mnist = evaluate(network, &chosen(judges, |kind| kind == Kind::Mnist))?;
        Ok(Self {
            mnist: Score {
                right: (mnist.accuracy() * mnist.len() as f64).round() as usize,
                images: mnist.len(),
            },
            made: score(&evaluate(network, &chosen(judges, |kind| kind != Kind::Mnist))?),
            kept_back: score(&evaluate(network, kept_back)?),
        })
    }

    /// What speaks against a network with the scores `after`, with by how much; nothing if it is better.
    pub(crate) fn objections(&self, after: &Self) -> Vec<String> {
        let mut objections = Vec::new();
        for (name, before, after) in [
            ("MNIST's validation digits", self.mnist, after.mnist),
            ("the validation images that are made", self.made, after.made),
        ] {
            let (loss, allowed) = (before.share() - after.share(), before.standard_error());
            if loss > allowed {
                objections.push(format!(
                    "{name}: {after} right, before {before}: {:.2} points worse, where {:.2} are allowed",
                    100.0 * loss,
                    100.0 * allowed
                ));
            }
        }
        if after.kept_back.right <= self.kept_back.right {
            let missing = self.kept_back.right - after.kept_back.right + 1;
            objections.push(format!(
                "the corrections that were kept back: {} right, before {}: at least {missing} more would have to be",
                after.kept_back, self.kept_back
            ));
        }
        objections
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores([mnist, made, kept_back]: [usize; 3]) -> Scores {
        let score = |right, images| Score { right, images };
        Scores {
            mnist: score(mnist, 5_000),
            made: score(made, 7_500),
            kept_back: score(kept_back, 20),
        }
    }

    #[test]
    fn better_on_corrections_and_no_worse_else_is_accepted() {
        let before = scores([4_986, 7_450, 4]);
        let objections = |after| before.objections(&scores(after));
        // One standard error is 3.7 digits, or 7.0 images.
        assert!(objections([4_983, 7_443, 5]).is_empty());
        for (after, named) in [
            ([4_982, 7_450, 20], "MNIST"),
            ([5_000, 7_442, 20], "made"),
            ([5_000, 7_500, 4], "at least 1 more"),
            ([5_000, 7_500, 2], "at least 3 more"),
        ] {
            let [objection] = &objections(after)[..] else {
                panic!("{after:?}: {:?}", objections(after));
            };
            assert!(objection.contains(named), "{objection}");
        }
        assert_eq!(objections([4_000, 7_000, 0]).len(), 3);
        assert!(objections([4_982, 7_450, 20])[0].contains("0.08 points worse, where 0.07 are allowed"));
    }
}
