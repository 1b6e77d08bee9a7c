//! What a plain form has done, in the address of the page that says so.

/// What a form has done. The page after it has a fixed text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// An account was created.
    Registered,
    /// The email address was confirmed.
    Confirmed,
    /// The email address was confirmed, and is the one of the account in place of another.
    EmailChanged,
    /// The password was changed.
    Reset,
    /// A mail to change the password was asked for.
    ResetRequested,
    /// Another mail to confirm the address was asked for.
    ConfirmationRequested,
    /// The signed-in user has replaced the password.
    PasswordChanged,
    /// A mail to confirm another address was asked for.
    EmailRequested,
    /// The account was deleted.
    Deleted,
}

impl Done {
    /// The query parameter.
    pub const PARAMETER: &'static str = "done";

    const ALL: [Self; 9] = [
        Self::Registered,
        Self::Confirmed,
        Self::EmailChanged,
        Self::Reset,
        Self::ResetRequested,
        Self::ConfirmationRequested,
        Self::PasswordChanged,
        Self::EmailRequested,
        Self::Deleted,
    ];

    /// The value of the query parameter.
    fn tag(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Confirmed => "confirmed",
            Self::EmailChanged => "email_changed",
            Self::Reset => "reset",
            Self::ResetRequested => "reset_requested",
            Self::ConfirmationRequested => "confirmation_requested",
            Self::PasswordChanged => "password_changed",
            Self::EmailRequested => "email_requested",
            Self::Deleted => "deleted",
        }
    }

    /// Parses the value of the query parameter.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.tag() == tag)
    }

    /// The address of `page`, which may have a query, with this in it.
    pub fn at(self, page: &str) -> String {
        let mark = if page.contains('?') { '&' } else { '?' };
        format!("{page}{mark}{}={}", Self::PARAMETER, self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_was_done() {
        assert_eq!(Done::Reset.at("/login"), "/login?done=reset");
        assert_eq!(
            Done::Registered.at("/login?next=/account"),
            "/login?next=/account&done=registered"
        );
        for done in Done::ALL {
            assert_eq!(Done::from_tag(done.tag()), Some(done));
        }
        assert_eq!(Done::from_tag("<script>"), None);
    }
}
