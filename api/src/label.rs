//! What an image shows, according to a person or to a model.

use serde::{Deserialize, Serialize};

/// A digit, or that there is none. In JSON a text, `0` to `9` or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Label {
    /// The digit 0.
    #[serde(rename = "0")]
    Zero,
    /// The digit 1.
    #[serde(rename = "1")]
    One,
    /// The digit 2.
    #[serde(rename = "2")]
    Two,
    /// The digit 3.
    #[serde(rename = "3")]
    Three,
    /// The digit 4.
    #[serde(rename = "4")]
    Four,
    /// The digit 5.
    #[serde(rename = "5")]
    Five,
    /// The digit 6.
    #[serde(rename = "6")]
    Six,
    /// The digit 7.
    #[serde(rename = "7")]
    Seven,
    /// The digit 8.
    #[serde(rename = "8")]
    Eight,
    /// The digit 9.
    #[serde(rename = "9")]
    Nine,
    /// No digit.
    #[serde(rename = "none")]
    NoDigit,
}

impl Label {
    /// All labels: the digits in their order, and that there is none.
    pub const ALL: [Self; 11] = [
        Self::Zero,
        Self::One,
        Self::Two,
        Self::Three,
        Self::Four,
        Self::Five,
        Self::Six,
        Self::Seven,
        Self::Eight,
        Self::Nine,
        Self::NoDigit,
    ];

    /// The label of a digit; `None` if it is more than 9.
    pub fn of_digit(digit: u8) -> Option<Self> {
        Self::of_index(digit).filter(|label| *label != Self::NoDigit)
    }

    /// The digit; `None` if there is none.
    pub fn digit(self) -> Option<u8> {
        (self != Self::NoDigit).then(|| self.index())
    }

    /// Its place in [`Label::ALL`].
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The label at a place of [`Label::ALL`].
    pub fn of_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "none"][usize::from(self.index())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_belong_to_the_digits() {
        for (index, label) in (0..).zip(Label::ALL) {
            assert_eq!((label.index(), Label::of_index(index)), (index, Some(label)));
            assert_eq!(serde_json::to_value(label).unwrap(), label.name());
            assert_eq!(serde_json::from_value::<Label>(label.name().into()).unwrap(), label);
            assert_eq!(label.digit().and_then(Label::of_digit), label.digit().map(|_| label));
        }
        assert_eq!(Label::of_digit(7).map(Label::name), Some("7"));
        assert_eq!((Label::of_digit(10), Label::of_index(11)), (None, None));
    }
}
