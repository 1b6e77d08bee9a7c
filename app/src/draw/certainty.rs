//! Categories of certainty.

/// How certain a prediction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// At most one in twenty is wrong: the probabilities are calibrated.
    Sure,
    Likely,
    Doubtful,
}

impl Certainty {
    /// From the most likely digit's probability, 0 to 1.
    pub fn of(probability: f32) -> Self {
        if probability >= 0.95 {
            Self::Sure
        } else if probability >= 0.6 {
            Self::Likely
        } else {
            Self::Doubtful
        }
    }
}

/// The second most likely digit with its probability; `None` below half a per cent.
pub fn second_guess(probabilities: &[f32; 10]) -> Option<(u8, f32)> {
    let ranked = || (0_u8..).zip(probabilities.iter().copied());
    let likelier = |one: (u8, f32), other: (u8, f32)| if other.1 > one.1 { other } else { one };
    let (best, _) = ranked().reduce(likelier)?;
    let second = ranked().filter(|(digit, _)| *digit != best).reduce(likelier);
    second.filter(|(_, probability)| *probability >= 0.005)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_probability() {
        assert_eq!(Certainty::of(0.999), Certainty::Sure);
        assert_eq!(Certainty::of(0.95), Certainty::Sure);
        assert_eq!(Certainty::of(0.7), Certainty::Likely);
        assert_eq!(Certainty::of(0.31), Certainty::Doubtful);
        assert_eq!(Certainty::of(f32::NAN), Certainty::Doubtful);
    }

    #[test]
    fn the_second_guess_is_the_second_likeliest() {
        let mut probabilities = [0.0; 10];
        probabilities[7] = 0.8;
        probabilities[1] = 0.15;
        assert_eq!(second_guess(&probabilities), Some((1, 0.15)));
        probabilities[1] = 0.001;
        assert_eq!(second_guess(&probabilities), None);
    }
}
