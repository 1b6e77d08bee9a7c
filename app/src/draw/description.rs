//! A reading in words: what was read, how sure that is, and what to do where it is not.

use classifier::{Notice, Numbers, Prediction, Reading};

use super::{
    certainty::{Certainty, second_guess},
    texts::DrawTexts,
};
use crate::i18n::{Locale, percent, thousandths};

/// What the panel shows of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The digit or the number, in large figures; `None` if there is no digit.
    pub numeral: Option<String>,
    /// What it is, in a few words.
    pub headline: String,
    /// The second guess, or what to do.
    pub detail: String,
}

impl Description {
    /// Describe a reading.
    pub fn of(reading: &Reading, texts: &DrawTexts, locale: Locale) -> Self {
        let prediction = &reading.prediction;
        let numeral = numeral(reading);
        match reading.notice {
            Some(Notice::Blank) => Self {
                numeral: None,
                headline: texts.blank.to_owned(),
                detail: texts.blank_help.to_owned(),
            },
            Some(Notice::NotADigit) => Self {
                numeral: None,
                headline: texts.not_a_digit.to_owned(),
                detail: texts.not_a_digit_help.to_owned(),
            },
            Some(Notice::SeveralDigits) => Self {
                numeral,
                headline: (texts.several)(&numbers(reading).digits().collect::<Vec<_>>()),
                detail: texts.several_help.to_owned(),
            },
            Some(Notice::Uncertain) => Self {
                numeral,
                headline: second_guess(&prediction.probabilities).map_or_else(
                    || certainty(prediction, texts, locale),
                    |(other, _)| (texts.doubt)(prediction.digit(), other),
                ),
                detail: texts.doubt_help.to_owned(),
            },
            None => Self {
                numeral,
                headline: certainty(prediction, texts, locale),
                detail: second_guess(&prediction.probabilities).map_or_else(
                    || texts.no_second.to_owned(),
                    |(other, probability)| (texts.or_maybe)(other, &percent(thousandths(probability), locale)),
                ),
            },
        }
    }

    /// The reading as one text for a screen reader.
    pub fn aloud(reading: &Reading, texts: &DrawTexts, locale: Locale) -> String {
        if reading.notice.is_some() {
            let Self { headline, detail, .. } = Self::of(reading, texts, locale);
            return format!("{headline}. {detail}");
        }
        let probability = reading.prediction.probability();
        (texts.prediction_aloud)(
            reading.prediction.digit(),
            (texts.certainty)(Certainty::of(probability)),
            &percent(thousandths(probability), locale),
        )
    }
}

/// The certainty as a word and a percentage.
fn certainty(prediction: &Prediction, texts: &DrawTexts, locale: Locale) -> String {
    let probability = prediction.probability();
    let word = (texts.certainty)(Certainty::of(probability));
    format!("{word}, {}", percent(thousandths(probability), locale))
}

/// The digit or the number of a reading; `None` if there is none.
pub fn numeral(reading: &Reading) -> Option<String> {
    match reading.notice {
        Some(Notice::Blank | Notice::NotADigit) => None,
        Some(Notice::SeveralDigits) if !reading.lines.is_empty() => Some(api::on_one_line(&numbers(reading).text())),
        _ => Some(reading.prediction.digit().to_string()),
    }
}

/// The probability of [`numeral`].
pub fn probability(reading: &Reading) -> f32 {
    if reading.lines.is_empty() {
        reading.prediction.probability()
    } else {
        numbers(reading).probability
    }
}

/// The numbers that were read in place of one digit.
fn numbers(reading: &Reading) -> Numbers {
    Numbers::of(reading.lines.clone())
}

#[cfg(test)]
mod tests {
    use classifier::{Classifier, preprocess::Stroke};

    use super::*;
    use crate::i18n::TextTable;

    fn stroke(points: &[[f32; 2]]) -> Stroke {
        Stroke {
            points: points.to_vec(),
            width: 14.0,
        }
    }

    fn describe(strokes: &[Stroke]) -> [Description; 2] {
        let classifier = Classifier::load(classifier::Backend::Flex).unwrap();
        let reading = classifier.read_drawing(strokes);
        Locale::ALL.map(|locale| Description::of(&reading, DrawTexts::of(locale), locale))
    }

    #[test]
    fn one_digit_has_its_certainty_and_two_are_a_number() {
        let one = stroke(&[[60.0, 60.0], [60.0, 220.0]]);
        let [spanish, english] = describe(std::slice::from_ref(&one));
        assert_eq!(spanish.numeral.as_deref(), Some("1"));
        assert!(spanish.headline.starts_with("seguro, "), "{spanish:?}");
        assert!(english.headline.starts_with("sure, "), "{english:?}");
        let seven = stroke(&[[140.0, 60.0], [230.0, 60.0], [170.0, 220.0]]);
        let [spanish, english] = describe(&[one, seven]);
        assert_eq!(spanish.numeral.as_deref(), Some("17"));
        assert_eq!(spanish.headline, "veo dos dígitos: 1 y 7");
        assert_eq!(english.headline, "two digits: 1 and 7");
    }

    #[test]
    fn what_is_no_digit_has_no_numeral_and_says_what_to_do() {
        let cross = [
            stroke(&[[40.0, 140.0], [240.0, 140.0]]),
            stroke(&[[140.0, 40.0], [140.0, 240.0]]),
        ];
        let [spanish, english] = describe(&cross);
        assert_eq!(spanish.numeral, None);
        assert_eq!(spanish.headline, "no parece un dígito");
        assert_eq!(english.headline, "not a digit, it seems");
        assert!(!spanish.detail.is_empty() && spanish.detail != english.detail);
    }
}
