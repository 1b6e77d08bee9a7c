//! Addresses as lettre takes them.

use lettre::Address;

/// Whether mail can be sent to it: the form's rule, and lettre's own parser besides.
pub fn is_deliverable(email: &str) -> bool {
    api::validation::is_email(email) && email.parse::<Address>().is_ok()
}
