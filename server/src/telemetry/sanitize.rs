//! Sanitizes every value before it is logged: secrets and API keys are redacted, email addresses masked on demand, control
//! characters escaped, and the length is limited.

use super::{
    escape::escape,
    mask::{mask_emails, mask_keys},
    secrets::replace_secrets,
};

/// Maximum bytes of a value. Longer ones, such as a file name sent by a client, would fill the log files.
const MAX_VALUE_BYTES: usize = 16 * 1024;

pub(super) fn sanitize(value: &str, mask_pii: bool) -> String {
    let value = replace_secrets(value);
    let value = mask_keys(&value);
    let value = if mask_pii {
        mask_emails(&value)
    } else {
        value.as_ref().into()
    };
    let mut value = escape(&value);
    if value.len() > MAX_VALUE_BYTES {
        value.truncate(value.floor_char_boundary(MAX_VALUE_BYTES));
        value.push('…');
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_truncated_at_a_character_boundary() {
        let cut = sanitize(&"ñ".repeat(100_000), false);
        assert!(cut.len() <= MAX_VALUE_BYTES + "…".len() && cut.ends_with("ñ…"));
    }

    #[test]
    fn addresses_are_masked_only_on_demand() {
        assert_eq!(sanitize("ana@example.com\n", false), "ana@example.com\\n");
        assert_eq!(sanitize("ana@example.com\n", true), "a***@example.com\\n");
    }
}
