//! Which parts speak for the answer and which against it, and what would let the second guess win: what was read is changed
//! and read again.

use classifier::{Classifier, Notice, Prediction, Reading, THRESHOLD};

use super::variants::{Content, Line, Variant};

/// Parts that are shown, at most.
const MAX_SHOWN: usize = 9;

/// A part counts from this change of the answer's log-odds on: the odds double.
const MIN_WEIGHT: f32 = std::f32::consts::LN_2;

/// Log-odds are limited to this magnitude.
const MAX_LOG_ODDS: f32 = 20.0;

/// What was found about a reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    pub answer: u8,
    /// The second likeliest digit, and its probability.
    pub second: u8,
    pub second_probability: f32,
    /// The parts that count, those that count most first.
    pub parts: Vec<Part>,
    pub change: Change,
}

/// A part of what was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub lines: Vec<Line>,
    /// By how much the answer's log-odds fall without it: positive if it speaks for the answer.
    pub weight: f32,
}

/// What would let the second guess win.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It isn't known yet.
    Sought,
    /// Leaving out this part.
    Without(usize),
    /// Adding this piece.
    With(Vec<Line>),
    /// Nothing that was tried.
    Nothing,
}

impl Evidence {
    /// Reads what is left without each part, all in one batch.
    pub fn find(classifier: &Classifier, reading: &Reading, without: Vec<Variant>) -> Self {
        let answer = reading.prediction.digit();
        let (second, second_probability) = second(&reading.prediction);
        let whole = log_odds(&reading.prediction, answer);
        let read = outcomes(classifier, &without);
        let mut parts: Vec<(Part, bool)> = without
            .into_iter()
            .zip(read)
            .map(|(variant, outcome)| {
                let part = Part {
                    lines: variant.lines,
                    weight: whole - log_odds(&outcome.prediction, answer),
                };
                (part, outcome.digit == Some(second))
            })
            .filter(|(part, wins)| part.weight.abs() >= MIN_WEIGHT || *wins)
            .collect();
        parts.sort_by(|(one, _), (other, _)| other.weight.abs().total_cmp(&one.weight.abs()));
        parts.truncate(MAX_SHOWN);
        let winner = parts.iter().position(|(_, wins)| *wins);
        Self {
            answer,
            second,
            second_probability,
            parts: parts.into_iter().map(|(part, _)| part).collect(),
            change: winner.map_or(Change::Sought, Change::Without),
        }
    }

    /// The first of the variants that is read as the second guess.
    pub fn winner<'a>(&self, classifier: &Classifier, variants: &'a [Variant]) -> Option<&'a Variant> {
        let mut read = outcomes(classifier, variants).into_iter().zip(variants);
        read.find(|(outcome, _)| outcome.digit == Some(self.second))
            .map(|(_, variant)| variant)
    }
}

/// What is read of a variant.
struct Outcome {
    prediction: Prediction,
    /// The answer; `None` if there is no digit, or more than one.
    digit: Option<u8>,
}

/// What is read of each variant. All of them are drawings, or all are inputs.
fn outcomes(classifier: &Classifier, variants: &[Variant]) -> Vec<Outcome> {
    let drawings = variants.iter().filter_map(|variant| match &variant.content {
        Content::Drawing(strokes) => Some(strokes.as_slice()),
        Content::Input(_) => None,
    });
    let inputs: Vec<_> = variants
        .iter()
        .filter_map(|variant| match &variant.content {
            Content::Drawing(_) => None,
            Content::Input(input) => Some((**input).clone()),
        })
        .collect();
    let readings = classifier.read_each(drawings).into_iter().map(|reading| Outcome {
        prediction: reading.prediction,
        digit: matches!(reading.notice, None | Some(Notice::Uncertain)).then(|| reading.prediction.digit()),
    });
    let predictions = classifier.classify(&inputs).into_iter().map(|prediction| Outcome {
        prediction,
        digit: (prediction.is_digit >= THRESHOLD).then(|| prediction.digit()),
    });
    readings.chain(predictions).collect()
}

/// The second likeliest digit, and its probability.
fn second(prediction: &Prediction) -> (u8, f32) {
    let first = prediction.digit();
    let mut second = (first, f32::NEG_INFINITY);
    for (digit, &probability) in (0..).zip(&prediction.probabilities) {
        if digit != first && probability > second.1 {
            second = (digit, probability);
        }
    }
    second
}

/// The logarithm of the odds that it is `digit`, against all other digits and no digit. Computed from the others'
/// probabilities, it tells apart what is nearly certain.
fn log_odds(prediction: &Prediction, digit: u8) -> f32 {
    let (mut own, mut others) = (0.0, 0.0);
    for (other, probability) in (0..).zip(prediction.probabilities) {
        if other == digit {
            own = probability;
        } else {
            others += probability;
        }
    }
    let no_digit = (1.0 - prediction.is_digit) / prediction.is_digit;
    (own / (others + no_digit)).ln().clamp(-MAX_LOG_ODDS, MAX_LOG_ODDS)
}

#[cfg(test)]
mod tests {
    use classifier::{Backend, preprocess::Stroke};

    use super::*;
    use crate::draw::explain::variants::{with_patches, with_pieces, without_parts, without_patches};

    fn stroke(points: &[[f32; 2]]) -> Stroke {
        Stroke {
            points: points.to_vec(),
            width: 17.0,
        }
    }

    /// An L, and a stem through its foot.
    fn four() -> Vec<Stroke> {
        vec![
            stroke(&[[100.0, 50.0], [80.0, 150.0], [190.0, 150.0]]),
            stroke(&[[160.0, 100.0], [150.0, 240.0]]),
        ]
    }

    fn classifier() -> Classifier {
        Classifier::load(Backend::Flex).unwrap()
    }

    fn find(strokes: &[Stroke]) -> Evidence {
        let classifier = classifier();
        let reading = classifier.read_drawing(strokes);
        Evidence::find(&classifier, &reading, without_parts(strokes))
    }

    #[test]
    fn strokes_of_the_digit_speak_for_it() {
        let evidence = find(&four());
        assert_eq!(evidence.answer, 4);
        assert_ne!(evidence.second, 4);
        assert!(!evidence.parts.is_empty());
        assert!(evidence.parts[0].weight > 1.0, "{evidence:?}");
        assert!(
            evidence
                .parts
                .is_sorted_by(|one, other| one.weight.abs() >= other.weight.abs())
        );
    }

    #[test]
    fn stray_strokes_speak_against_it() {
        // A foot, a roof that nearly closes the top, and a tail.
        let strays = [
            [[110.0, 240.0], [190.0, 240.0]],
            [[100.0, 50.0], [150.0, 60.0]],
            [[150.0, 240.0], [230.0, 200.0]],
        ];
        let against = strays.iter().filter(|stray| {
            let mut strokes = four();
            strokes.push(stroke(*stray));
            let evidence = find(&strokes);
            let part = evidence.parts.iter().find(|part| part.lines[0] == strokes[2].points);
            evidence.answer == 4 && part.is_some_and(|part| part.weight < 0.0)
        });
        assert!(against.count() > 0);
    }

    #[test]
    fn what_lets_the_second_guess_win_does_so_when_it_is_read_on_its_own() {
        let classifier = classifier();
        let digits = [
            four(),
            vec![stroke(&[[60.0, 60.0], [210.0, 60.0], [120.0, 240.0]])],
            vec![stroke(&[[140.0, 50.0], [135.0, 240.0]])],
            vec![
                stroke(&[[90.0, 60.0], [190.0, 60.0], [120.0, 230.0]]),
                stroke(&[[90.0, 140.0], [190.0, 140.0]]),
            ],
            vec![stroke(&[
                [180.0, 60.0],
                [110.0, 60.0],
                [100.0, 130.0],
                [170.0, 140.0],
                [180.0, 200.0],
                [100.0, 220.0],
            ])],
        ];
        let mut won = 0;
        for strokes in &digits {
            let reading = classifier.read_drawing(strokes);
            let evidence = Evidence::find(&classifier, &reading, without_parts(strokes));
            if let Change::Without(part) = evidence.change {
                let is_left_out = |variant: &&Variant| variant.lines == evidence.parts[part].lines;
                let variant = without_parts(strokes).iter().find(is_left_out).cloned().unwrap();
                assert_reads(&classifier, &variant, evidence.second);
                won += 1;
            }
            let added = with_pieces(strokes, reading.area.unwrap());
            if let Some(variant) = evidence.winner(&classifier, &added) {
                assert_reads(&classifier, variant, evidence.second);
                won += 1;
            }
        }
        assert!(won > 0);
    }

    fn assert_reads(classifier: &Classifier, variant: &Variant, digit: u8) {
        let Content::Drawing(strokes) = &variant.content else {
            panic!("a drawing is changed as a drawing");
        };
        assert_eq!(classifier.read_unfinished(strokes).prediction.digit(), digit);
    }

    #[test]
    fn patches_of_a_picture_count_too() {
        let classifier = classifier();
        let reading = classifier.read_drawing(&four());
        let area = reading.area.unwrap();
        let evidence = Evidence::find(&classifier, &reading, without_patches(&reading.input, area));
        assert_eq!(evidence.answer, 4);
        assert!(evidence.parts.len() > 1 && evidence.parts.len() <= MAX_SHOWN);
        assert!(evidence.parts.iter().any(|part| part.weight > 0.0));
        assert!(!with_patches(&reading.input, area).is_empty());
    }

    #[test]
    fn log_odds_tell_apart_what_is_nearly_certain() {
        let with = |logit: f32| {
            let mut logits = [0.0; 10];
            logits[3] = logit;
            log_odds(&Prediction::from_logits(logits), 3)
        };
        // Against nine others with the logit 0.
        let nine = 9.0_f32.ln();
        for logit in [-2.0, 0.0, 5.0, 15.0] {
            assert!((with(logit) - (logit - nine)).abs() < 1e-3, "{logit}");
        }
        assert!((log_odds(&Reading::blank().prediction, 3) + MAX_LOG_ODDS).abs() < 1e-6);
    }
}
