//! The name of an account.

use std::{fmt, str::FromStr};

/// A name that follows [`api::validation::is_username`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

/// The name breaks the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name breaks the rules")]
pub struct UsernameError;

impl Username {
    /// The name as it was chosen.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Username {
    type Err = UsernameError;

    fn from_str(name: &str) -> Result<Self, UsernameError> {
        if api::validation::is_username(name) {
            Ok(Self(name.to_owned()))
        } else {
            Err(UsernameError)
        }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_keeps_its_spelling_and_follows_the_rules() {
        assert_eq!("Ñandú_1".parse::<Username>().unwrap().as_str(), "Ñandú_1");
        assert_eq!("a b".parse::<Username>(), Err(UsernameError));
    }
}
