//! libFuzzer on one of the server's targets, which `TARGET` names. Built and run by scripts/fuzz.sh.

#![no_main]

use std::{env, sync::LazyLock};

use server::fuzz::TARGETS;

static RUN: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let wanted = env::var("TARGET").unwrap_or_default();
    let target = TARGETS.into_iter().find(|(name, _)| *name == wanted);
    target.expect("TARGET names a target of server/src/fuzz.rs").1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| RUN(bytes));
