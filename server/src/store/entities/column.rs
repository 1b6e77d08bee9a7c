//! Columns with a fixed set of words, and what they mean outside the database.

use sea_orm::entity::prelude::*;

use crate::domain::MailPurpose;

/// `users.role`, `user_counts.role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Role {
    Admin,
    User,
}

/// `mail_tokens.purpose`, `outbox.purpose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Purpose {
    Confirm,
    Reset,
    ChangeEmail,
    PasswordChanged,
    EmailChanged,
    SecondFactorActivated,
    SecondFactorRemoved,
    AccountDeleted,
    KeyCreated,
}

/// `audit.action`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Action {
    Created,
    Promoted,
    Demoted,
    Disabled,
    Enabled,
    ConfirmationResent,
}

/// `model_changes.action`. The live model is that of the last `Live`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum ModelAction {
    Uploaded,
    Live,
    Deleted,
}

/// `corrections.state`, `correction_decisions.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum ReviewState {
    Waiting,
    Agreed,
    Dropped,
}

/// Conversions between a column's enum and the one with the same variants outside the store.
macro_rules! same_as {
    ($column:ident = $other:path { $($variant:ident),+ }) => {
        impl From<$other> for $column {
            fn from(other: $other) -> Self {
                match other {
                    $(<$other>::$variant => Self::$variant),+
                }
            }
        }

        impl From<$column> for $other {
            fn from(column: $column) -> Self {
                match column {
                    $($column::$variant => Self::$variant),+
                }
            }
        }
    };
}

same_as!(Role = api::Role { Admin, User });
same_as!(
    Purpose = MailPurpose {
        Confirm,
        Reset,
        ChangeEmail,
        PasswordChanged,
        EmailChanged,
        SecondFactorActivated,
        SecondFactorRemoved,
        AccountDeleted,
        KeyCreated
    }
);
same_as!(
    Action = api::UserAction {
        Created,
        Promoted,
        Demoted,
        Disabled,
        Enabled,
        ConfirmationResent
    }
);
same_as!(
    ReviewState = api::ReviewState {
        Waiting,
        Agreed,
        Dropped
    }
);

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveEnum, Iterable};

    use super::*;

    #[test]
    fn the_stored_words_are_those_of_the_public_api() {
        for role in Role::iter() {
            let word = serde_json::to_value(api::Role::from(role)).unwrap();
            assert_eq!(word, role.to_value());
        }
        for action in Action::iter() {
            let word = serde_json::to_value(api::UserAction::from(action)).unwrap();
            assert_eq!(word, action.to_value());
        }
        for state in ReviewState::iter() {
            let word = serde_json::to_value(api::ReviewState::from(state)).unwrap();
            assert_eq!(word, state.to_value());
        }
        for purpose in Purpose::iter() {
            assert_eq!(MailPurpose::from(purpose).as_str(), purpose.to_value());
        }
    }
}
