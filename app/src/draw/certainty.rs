//! How sure a reading is, in a word.

/// From sure to doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// One is wrong in twenty at most: the probabilities are calibrated.
    Sure,
    /// More likely than everything else by far.
    Likely,
    /// Look again.
    Doubtful,
}

impl Certainty {
    /// Of the likeliest digit's probability, 0 to 1.
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

/// The second likeliest digit with its probability; `None` below half a per cent, which is no second guess.
pub fn second_guess(probabilities: &[f32; 10]) -> Option<(u8, f32)> {
    let mut ranked: [(u8, f32); 10] = std::array::from_fn(|digit| {
        // Below ten.
        (u8::try_from(digit).unwrap_or(0), probabilities[digit])
    });
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(ranked[1]).filter(|(_, probability)| *probability >= 0.005)
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
