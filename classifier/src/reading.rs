//! The reading of a picture or a drawing: of all candidates the one that the network finds most like a digit, or that
//! there is no digit.

use crate::preprocess::{Area, Candidate};
use crate::{CLASSES, Line, ModelInput, PIXELS, Prediction};

/// Below this probability of being a digit there is none. 0.5 % of the MNIST digits held back for validation lie below.
/// Written by `make train` with the weights.
pub const THRESHOLD: f32 = include!("../weights/threshold.txt");

/// A second digit elsewhere in the picture is at least so probable, and at least so high in comparison.
const SECOND_DIGIT: f32 = 0.9;
const SECOND_HEIGHT: f32 = 0.5;

/// Below this probability of the answered digit there is doubt.
const MIN_CERTAIN_PROBABILITY: f32 = 0.6;

/// From this probability of all its digits, a line of several digits is a number.
const MIN_NUMBER_PROBABILITY: f32 = 0.8;

/// From this probability of all its digits, what looks like no digit is a number: the halves of a letter may be digits.
const MIN_TOUCHING_PROBABILITY: f32 = 0.97;

/// From this probability of being a digit, parts of what was found need not be read.
const MIN_SINGLE_DIGIT_PROBABILITY: f32 = 0.99;

/// How much of its probability of being a digit a line along an edge keeps.
const EDGE_FACTOR: f32 = 0.1;

/// A remark beside the digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Nothing is drawn.
    Blank,
    /// What is drawn doesn't look like a digit.
    NotADigit,
    /// There is more than one digit.
    SeveralDigits,
    /// The digit may be another.
    Uncertain,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The ten probabilities; flat where nothing is drawn.
    pub prediction: Prediction,
    /// Where the digit was found: left, top, width, height, in the picture's pixels or the drawing's units.
    pub area: Option<Area>,
    /// A remark beside the digit.
    pub notice: Option<Notice>,
    /// What the network saw; 0 where nothing is drawn.
    pub input: ModelInput,
    /// The numbers that were read in place of one digit, if there are several digits.
    pub lines: Vec<Line>,
}

impl Reading {
    /// The reading of a picture without a stroke.
    pub fn blank() -> Self {
        Self {
            prediction: Prediction {
                is_digit: 0.0,
                ..Prediction::from_logits([0.0; CLASSES])
            },
            area: None,
            notice: Some(Notice::Blank),
            input: ModelInput([0.0; PIXELS]),
            lines: Vec::new(),
        }
    }

    /// Whether [`Reading::with_lines`] can say more: there is no digit, or there are several.
    pub fn may_be_number(&self) -> bool {
        matches!(self.notice, Some(Notice::NotADigit | Notice::SeveralDigits))
    }

    /// The reading, given the lines of writing of the same picture. Digits that touch are one piece, which looks like none.
    #[must_use]
    pub fn with_lines(self, lines: Vec<Line>) -> Self {
        let is_number = |line: &Line| line.parts.iter().filter(|part| part.is_digit).count() > 1;
        let least = if self.notice == Some(Notice::SeveralDigits) {
            MIN_NUMBER_PROBABILITY
        } else {
            MIN_TOUCHING_PROBABILITY
        };
        let several = lines.iter().filter(|line| line.probability > least);
        let digits = several
            .clone()
            .flat_map(|line| &line.parts)
            .filter(|part| part.is_digit);
        let apart = self.notice == Some(Notice::SeveralDigits) && digits.count() > 1;
        if several.clone().any(is_number) || apart {
            Self {
                notice: Some(Notice::SeveralDigits),
                lines,
                ..self
            }
        } else {
            self
        }
    }

    /// Whether the other candidates need not be read, given the first one's prediction: it is all that was found, and
    /// surely a digit.
    pub fn first_is_enough(candidates: &[Candidate], predictions: &[Prediction]) -> bool {
        let first = candidates.first().zip(predictions.first());
        first.is_none_or(|(candidate, prediction)| {
            candidate.is_whole && prediction.is_digit > MIN_SINGLE_DIGIT_PROBABILITY
        })
    }

    /// The best of a picture's candidates, given the network's predictions for them, in their order, or for the first if
    /// that [is enough](Self::first_is_enough).
    pub fn best(candidates: &[Candidate], predictions: &[Prediction]) -> Self {
        let pairs = || candidates.iter().zip(predictions);
        let digits = || pairs().filter(|(candidate, prediction)| !candidate.is_edge && prediction.is_digit > 0.5);
        let largest = digits().map(|(candidate, _)| side(candidate)).fold(1.0, f32::max);
        // Parts of a digit may be digits, too: the larger one counts more.
        let score = |candidate: &Candidate, prediction: &Prediction| {
            let edge = if candidate.is_edge && candidates.len() > 1 {
                EDGE_FACTOR
            } else {
                1.0
            };
            prediction.is_digit * edge * (0.6 + 0.4 * (side(candidate) / largest).min(1.0))
        };
        let mut best: Option<(&Candidate, &Prediction)> = None;
        for (candidate, prediction) in pairs() {
            if best.is_none_or(|(other, of_other)| score(candidate, prediction) > score(other, of_other)) {
                best = Some((candidate, prediction));
            }
        }
        let Some((candidate, prediction)) = best else {
            return Self::blank();
        };
        let second = digits().any(|(other, prediction)| {
            prediction.is_digit > SECOND_DIGIT
                && apart(other.area, candidate.area)
                && other.area[3] > SECOND_HEIGHT * candidate.area[3]
        });
        let notice = if prediction.is_digit < THRESHOLD {
            Some(Notice::NotADigit)
        } else if second {
            Some(Notice::SeveralDigits)
        } else if prediction.probability() < MIN_CERTAIN_PROBABILITY {
            Some(Notice::Uncertain)
        } else {
            None
        };
        Self {
            prediction: *prediction,
            area: Some(candidate.area),
            notice,
            input: candidate.input.clone(),
            lines: Vec::new(),
        }
    }
}

/// The longer side.
fn side(candidate: &Candidate) -> f32 {
    candidate.area[2].max(candidate.area[3])
}

/// Whether two rectangles share nothing.
fn apart(one: Area, other: Area) -> bool {
    one[0] + one[2] <= other[0]
        || other[0] + other[2] <= one[0]
        || one[1] + one[3] <= other[1]
        || other[1] + other[3] <= one[1]
}
