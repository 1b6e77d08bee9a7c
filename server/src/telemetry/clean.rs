//! What every value goes through on its way into a line: secrets out, addresses masked, controls escaped, length bound.

use super::{escape::escape, mask::mask_emails, secrets::redact};

/// Bytes of one value at most. What is longer (a client's file name may be) would push everything else out of the file.
const LONGEST: usize = 16 * 1024;

/// The value as it may stand in the log.
pub(super) fn clean(value: &str, mask_pii: bool) -> String {
    let value = redact(value);
    let value = if mask_pii {
        mask_emails(&value)
    } else {
        value.as_ref().into()
    };
    let mut value = escape(&value);
    if value.len() > LONGEST {
        value.truncate(value.floor_char_boundary(LONGEST));
        value.push('…');
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_cut_at_a_character() {
        let cut = clean(&"ñ".repeat(100_000), false);
        assert!(cut.len() <= LONGEST + "…".len() && cut.ends_with("ñ…"));
    }

    #[test]
    fn addresses_are_masked_only_on_demand() {
        assert_eq!(clean("ana@example.com\n", false), "ana@example.com\\n");
        assert_eq!(clean("ana@example.com\n", true), "a***@example.com\\n");
    }
}
