//! The texts of the pages for registering and signing in, and of a user's account page. In a table of their own, so that
//! they are loaded with those pages.

mod en;
mod es;
mod own;

pub use own::OwnTexts;

use crate::i18n::TextTable;

/// The account pages' texts in one language.
#[derive(Debug)]
pub struct AccountTexts {
    // The fields.
    pub username: &'static str,
    pub username_help: &'static str,
    pub username_or_email: &'static str,
    pub email: &'static str,
    pub email_help: &'static str,
    pub password: &'static str,
    pub new_password: &'static str,
    pub password_help: &'static str,

    // Signing up.
    pub register_title: &'static str,
    pub register_lead: &'static str,
    pub register: &'static str,
    pub registering: &'static str,
    pub registered_title: &'static str,
    pub registered: fn(&str) -> String,
    /// After a plain form, whose next page doesn't know the address.
    pub registered_by_form: &'static str,
    pub have_account: &'static str,

    // Signing in.
    pub signing_in: &'static str,
    pub no_account: &'static str,
    pub forgot_link: &'static str,
    pub signed_in_title: &'static str,
    pub signed_in: fn(&str) -> String,
    pub continue_link: &'static str,

    // Confirming the address.
    pub confirm_title: &'static str,
    pub confirm_lead: &'static str,
    pub confirm: &'static str,
    pub confirming: &'static str,
    pub confirmed_title: &'static str,
    pub confirmed: &'static str,
    pub email_changed_title: &'static str,
    pub email_changed: &'static str,
    pub resend_title: &'static str,
    pub resend_lead: &'static str,
    pub resend: &'static str,
    pub sending: &'static str,
    pub resent: &'static str,
    pub resent_to_you: &'static str,

    // A new password.
    pub forgot_title: &'static str,
    pub forgot_lead: &'static str,
    pub forgot: &'static str,
    pub forgot_sent: &'static str,
    pub back_to_sign_in: &'static str,
    pub reset_title: &'static str,
    pub reset: &'static str,
    pub resetting: &'static str,
    pub reset_done_title: &'static str,
    pub reset_done: &'static str,
    pub ask_again: &'static str,

    // One's own page.
    pub account_title: &'static str,
    pub since: &'static str,
    pub is_confirmed: &'static str,
    pub is_not_confirmed: &'static str,
    pub unconfirmed_help: &'static str,
    pub quota_title: &'static str,
    /// What is left, of how many.
    pub quota: fn(u32, u32) -> String,
    pub quota_lifted: &'static str,
    /// None is left: seconds until there is one.
    pub quota_next: fn(u64) -> String,
    /// Seconds until all of them are there again.
    pub quota_reset: fn(u64) -> String,
    pub unconfirmed_left: fn(u64) -> String,
    pub sessions_title: &'static str,
    pub sessions: fn(u64) -> String,
    pub sign_out_everywhere: &'static str,
    pub signing_out: &'static str,
    pub history_title: &'static str,
    pub history_total: fn(u64) -> String,
    pub history_empty: &'static str,
    pub history_beyond: &'static str,
    pub picture: fn(&str) -> String,
    pub read_as: fn(&str, &str) -> String,
}

impl TextTable for AccountTexts {
    const ES: &'static Self = &es::ES;
    const EN: &'static Self = &en::EN;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<AccountTexts>();
    }
}
