//! The texts about the quota.

use crate::i18n::TextTable;

/// In one language.
#[derive(Debug)]
pub(super) struct QuotaWords {
    /// How many are left, of how many.
    pub left: fn(u64, u64) -> String,
    /// What follows if the quota is one of a day.
    pub today: &'static str,
    /// What follows if the account has fewer until its address is confirmed.
    pub if_confirmed: &'static str,
    /// The quota is spent: its limit, and the time when one more request is allowed.
    pub none: fn(u64, &str) -> String,
}

impl TextTable for QuotaWords {
    const ES: &'static Self = &Self {
        left: |left, limit| match left {
            1 => format!("Te queda 1 de {limit}"),
            _ => format!("Te quedan {left} de {limit}"),
        },
        today: " hoy",
        if_confirmed: " si confirmas tu correo",
        none: |limit, next| format!("No te queda ninguna de {limit}. La próxima: {next}"),
    };
    const EN: &'static Self = &Self {
        left: |left, limit| format!("{left} of {limit} left"),
        today: " today",
        if_confirmed: " once you confirm your address",
        none: |limit, next| format!("None of {limit} left. The next one: {next}"),
    };
}
