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

/// A line along an edge is no digit beside something else, if its longer side is at most this multiple of the other's.
const EDGE_RATIO: f32 = 4.0;

/// How much of its score what has a line around or under a digit keeps, and a line read as a 1 beside another digit.
const FRAME_FACTOR: f32 = 0.6;
const LINE_FACTOR: f32 = 0.6;

/// The longer side of that line is at most this multiple of the digit's.
const LINE_RATIO: f32 = 3.0;

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
            candidate.is_whole
                && !candidate.is_framed
                && prediction.digit() != 1
                && prediction.is_digit > MIN_SINGLE_DIGIT_PROBABILITY
        })
    }

    /// The best of a picture's candidates, given the network's predictions for them, in their order, or for the first if
    /// that [is enough](Self::first_is_enough).
    pub fn best(candidates: &[Candidate], predictions: &[Prediction]) -> Self {
        let read: Vec<Read> = candidates.iter().zip(predictions).collect();
        let mut best: Option<(Read, f32)> = None;
        for &one in &read {
            let score = score(one, &read);
            if best.is_none_or(|(_, other)| score > other) {
                best = Some((one, score));
            }
        }
        let Some(((candidate, prediction), _)) = best else {
            return Self::blank();
        };
        let second = sure_digits(&read)
            .any(|(other, _)| apart(other.area, candidate.area) && other.area[3] > SECOND_HEIGHT * candidate.area[3]);
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

/// A candidate and the network's prediction for it.
type Read<'a> = (&'a Candidate, &'a Prediction);

/// How much a candidate counts among all: how probably it is a digit, and whether another is likelier the one meant.
fn score((candidate, prediction): Read, all: &[Read]) -> f32 {
    let is_inner = |&(other, _): &Read| !other.is_edge && side(other) * EDGE_RATIO > side(candidate);
    if candidate.is_edge && all.iter().any(is_inner) {
        return 0.0;
    }
    let is_digit = |&&(other, prediction): &&Read| !other.is_edge && prediction.is_digit > 0.5;
    let largest = all
        .iter()
        .filter(is_digit)
        .map(|(other, _)| side(other))
        .fold(1.0, f32::max);
    // Parts of a digit may be digits, too: the larger one counts more.
    let mut score = prediction.is_digit * candidate.strength * (0.6 + 0.4 * (side(candidate) / largest).min(1.0));
    if candidate.is_framed && sure_digits(all).any(|(other, _)| is_within(other.area, candidate.area)) {
        score *= FRAME_FACTOR;
    }
    let is_other_digit = |(other, read): Read| {
        let is_elsewhere = shared(other.area, candidate.area) < 0.5 * size(other.area);
        is_elsewhere && !other.is_framed && read.digit() != 1 && side(other) * LINE_RATIO > side(candidate)
    };
    if prediction.digit() == 1 && sure_digits(all).any(is_other_digit) {
        score *= LINE_FACTOR;
    }
    score
}

/// What is surely a digit, except lines along an edge.
fn sure_digits<'a>(all: &[Read<'a>]) -> impl Iterator<Item = Read<'a>> {
    let is_sure = |(candidate, prediction): &Read| !candidate.is_edge && prediction.is_digit > SECOND_DIGIT;
    all.iter().copied().filter(is_sure)
}

/// The longer side.
fn side(candidate: &Candidate) -> f32 {
    candidate.area[2].max(candidate.area[3])
}

/// Whether a rectangle lies in a larger one.
fn is_within(inner: Area, outer: Area) -> bool {
    let [left, top, width, height] = inner;
    left >= outer[0]
        && top >= outer[1]
        && left + width <= outer[0] + outer[2]
        && top + height <= outer[1] + outer[3]
        && size(inner) < 0.9 * size(outer)
}

/// The area of a rectangle.
fn size([_, _, width, height]: Area) -> f32 {
    width * height
}

/// The area that two rectangles share.
fn shared(one: Area, other: Area) -> f32 {
    let along = |axis: usize| {
        let end = (one[axis] + one[axis + 2]).min(other[axis] + other[axis + 2]);
        (end - one[axis].max(other[axis])).max(0.0)
    };
    along(0) * along(1)
}

/// Whether two rectangles share nothing. Compared along each axis: the product of small sides could be 0.
fn apart(one: Area, other: Area) -> bool {
    let before = |axis: usize, one: Area, other: Area| one[axis] + one[axis + 2] <= other[axis];
    (0..2).any(|axis| before(axis, one, other) || before(axis, other, one))
}
