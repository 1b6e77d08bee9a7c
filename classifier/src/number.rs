//! Numbers: the likeliest reading of a line of writing.

use crate::preprocess::{Area, Cutting, Part, WrittenLine};
use crate::{Notice, Prediction, THRESHOLD};

/// What a sign that is no digit costs beside its improbability, as a negative logarithm.
const SIGN: f32 = 5.0;

/// What each end costs at which a digit was cut off, as a negative logarithm: a whole piece is likelier to be one digit.
const CUT: f32 = 0.3;

/// The least probability, so that logarithms are finite.
const LEAST: f32 = 1e-6;

/// One digit of a number, or a sign that is none.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberPart {
    /// The network's answer; the digit counts only if it is one.
    pub prediction: Prediction,
    /// Whether it is a digit.
    pub is_digit: bool,
    /// Its place: left, top, width, height, in the picture's pixels or the drawing's units.
    pub area: Area,
}

impl NumberPart {
    /// The digit; `None` for a sign that is none.
    pub fn digit(&self) -> Option<u8> {
        self.is_digit.then(|| self.prediction.digit())
    }

    /// The probability that it is this digit, or that it is none.
    pub fn probability(&self) -> f32 {
        if self.is_digit {
            self.prediction.is_digit * self.prediction.probability()
        } else {
            1.0 - self.prediction.is_digit
        }
    }
}

/// One line of writing.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The digits and signs, from left to right.
    pub parts: Vec<NumberPart>,
    /// The probability that all digits are right.
    pub probability: f32,
    /// What should be said beside the number.
    pub notice: Option<Notice>,
}

impl Line {
    /// The number: the digits, and `?` for each sign that is none.
    pub fn number(&self) -> String {
        let signs = self.parts.iter().map(NumberPart::digit);
        signs
            .map(|digit| digit.map_or('?', |digit| char::from(b'0' + digit)))
            .collect()
    }

    /// The likeliest reading of each line, given the network's predictions for all their parts, in their order.
    pub fn best_of_each(lines: &[WrittenLine], predictions: &[Prediction]) -> Vec<Self> {
        let mut rest = predictions;
        let read = |line: &WrittenLine| {
            let readings = line.cuttings.iter().map(|cutting| {
                let (own, others) = rest.split_at(cutting.parts.len().min(rest.len()));
                rest = others;
                Self::of_cutting(cutting, own)
            });
            let cheapest = readings.min_by(|(one, _), (other, _)| one.total_cmp(other));
            cheapest.map_or_else(|| Self::of_parts(Vec::new()), |(_, reading)| reading)
        };
        lines.iter().map(read).collect()
    }

    /// The likeliest reading of a line that is cut in one way, given the network's predictions for its parts, in their
    /// order; and what it costs.
    fn of_cutting(line: &Cutting, predictions: &[Prediction]) -> (f32, Self) {
        // The least cost of the atoms before each place, and the part that ends there.
        let mut costs: Vec<(f32, Option<(usize, bool)>)> = vec![(f32::INFINITY, None); line.atoms + 1];
        costs[0].0 = 0.0;
        // Parts are in the order of their first atoms, so what lies before a part is known.
        for (index, (part, prediction)) in line.parts.iter().zip(predictions).enumerate() {
            let [begin, end] = part.atoms;
            let (cost, is_digit) = cost(part, prediction);
            let total = costs[begin].0 + cost;
            if total < costs[end].0 {
                costs[end] = (total, Some((index, is_digit)));
            }
        }
        let mut parts = Vec::new();
        let mut place = line.atoms;
        while let Some((index, is_digit)) = costs[place].1 {
            let part = &line.parts[index];
            parts.push(NumberPart {
                prediction: predictions[index],
                is_digit,
                area: part.area,
            });
            place = part.atoms[0];
        }
        parts.reverse();
        (costs[line.atoms].0, Self::of_parts(parts))
    }

    fn of_parts(parts: Vec<NumberPart>) -> Self {
        let digits = || parts.iter().filter(|part| part.is_digit);
        let probability = digits().map(NumberPart::probability).product::<f32>();
        let notice = if digits().next().is_none() {
            Some(Notice::NotADigit)
        } else if probability < 0.5 {
            Some(Notice::Uncertain)
        } else {
            None
        };
        Self {
            probability: if digits().next().is_none() { 0.0 } else { probability },
            parts,
            notice,
        }
    }
}

/// All numbers of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The lines of writing, from the top; those without a digit only if none has one.
    pub lines: Vec<Line>,
    /// The probability that all digits are right; 0 if there are none.
    pub probability: f32,
    /// What should be said beside the numbers.
    pub notice: Option<Notice>,
}

impl Numbers {
    /// The numbers of the lines that were read.
    pub fn of(mut lines: Vec<Line>) -> Self {
        let has_digit = |line: &Line| line.parts.iter().any(|part| part.is_digit);
        if lines.iter().any(has_digit) {
            lines.retain(has_digit);
        }
        let notice = lines.iter().find_map(|line| line.notice);
        Self {
            probability: lines
                .iter()
                .map(|line| line.probability)
                .reduce(|one, other| one * other)
                .unwrap_or(0.0),
            notice: if lines.is_empty() { Some(Notice::Blank) } else { notice },
            lines,
        }
    }

    /// The numbers, one per line.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(Line::number).collect();
        lines.join("\n")
    }

    /// The digits of all lines.
    pub fn digits(&self) -> impl Iterator<Item = u8> {
        self.lines
            .iter()
            .flat_map(|line| &line.parts)
            .filter_map(NumberPart::digit)
    }
}

/// The negative logarithm of a part's probability, and whether it is taken for a digit.
fn cost(part: &Part, prediction: &Prediction) -> (f32, bool) {
    let digit = (prediction.is_digit * prediction.probability()).max(LEAST);
    let sign = (1.0 - prediction.is_digit).max(LEAST);
    // A sign is a whole piece: what remains of a cut digit is none.
    let sign = -sign.ln() + SIGN * if part.cut_ends == 0 { 1.0 } else { 3.0 };
    let digit = -digit.ln() + CUT * f32::from(part.cut_ends);
    // A digit below the threshold is none, where it stands alone.
    if sign < digit
        || (part.cut_ends == 0 && part.atoms[1] == part.atoms[0] + 1 && prediction.is_digit < THRESHOLD / 4.0)
    {
        (sign, false)
    } else {
        (digit, true)
    }
}
