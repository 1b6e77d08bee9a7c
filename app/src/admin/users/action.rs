//! What an admin can do to an account.

use api::{Role, User, UserCounts, UserPatch};

/// What an admin can do to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminAction {
    /// Give the role of admin.
    Promote,
    /// Give the role of user.
    Demote,
    /// Disable the account.
    Disable,
    /// Enable the account.
    Enable,
    /// Send the confirmation email again.
    Resend,
}

impl AdminAction {
    /// The actions that change something for `user`.
    pub fn available_for(user: &User) -> Vec<Self> {
        let role = match user.role {
            Role::User => Self::Promote,
            Role::Admin => Self::Demote,
        };
        let switch = if user.disabled { Self::Enable } else { Self::Disable };
        let resend = (!user.email_confirmed).then_some(Self::Resend);
        resend.into_iter().chain([role, switch]).collect()
    }

    /// Whether the user loses something, so that a confirmation is asked for first.
    pub fn needs_confirmation(self) -> bool {
        matches!(self, Self::Demote | Self::Disable)
    }

    /// The change to the account; `None` if only an email is sent.
    pub fn patch(self) -> Option<UserPatch> {
        let (role, disabled) = match self {
            Self::Promote => (Some(Role::Admin), None),
            Self::Demote => (Some(Role::User), None),
            Self::Disable => (None, Some(true)),
            Self::Enable => (None, Some(false)),
            Self::Resend => return None,
        };
        Some(UserPatch { role, disabled })
    }
}

/// The counts after `before` has become `after`.
#[must_use]
pub fn recount(counts: UserCounts, before: &User, after: &User) -> UserCounts {
    let moved = |count: u64, was: bool, is: bool| (count + u64::from(is)).saturating_sub(u64::from(was));
    let is_admin = |user: &User| user.role == Role::Admin;
    UserCounts {
        total: counts.total,
        admins: moved(counts.admins, is_admin(before), is_admin(after)),
        unconfirmed: moved(counts.unconfirmed, !before.email_confirmed, !after.email_confirmed),
        disabled: moved(counts.disabled, before.disabled, after.disabled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> User {
        User {
            id: 7,
            username: "ana".to_owned(),
            email: "ana@example.com".to_owned(),
            role: Role::User,
            email_confirmed: false,
            disabled: false,
            created_at: "2026-11-24T10:00:00Z".to_owned(),
            last_login_at: None,
            predictions: 0,
            keys: 0,
            changes: Vec::new(),
        }
    }

    #[test]
    fn only_what_changes_something_is_offered() {
        assert_eq!(
            AdminAction::available_for(&user()),
            [AdminAction::Resend, AdminAction::Promote, AdminAction::Disable]
        );
        let admin = User {
            role: Role::Admin,
            email_confirmed: true,
            disabled: true,
            ..user()
        };
        assert_eq!(
            AdminAction::available_for(&admin),
            [AdminAction::Demote, AdminAction::Enable]
        );
    }

    #[test]
    fn the_counts_follow_a_change() {
        let counts = UserCounts {
            total: 9,
            admins: 1,
            unconfirmed: 2,
            disabled: 0,
        };
        let after = User {
            role: Role::Admin,
            disabled: true,
            ..user()
        };
        let now = recount(counts, &user(), &after);
        assert_eq!((now.total, now.admins, now.unconfirmed, now.disabled), (9, 2, 2, 1));
        assert_eq!(recount(now, &after, &user()), counts);
    }
}
