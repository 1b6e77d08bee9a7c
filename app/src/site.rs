//! The build of the front end that this server serves.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    sync::OnceLock,
};

use leptos::config::LeptosOptions;

/// The folder in the URLs of the built files, different for each build. `None` without hashed files.
///
/// cargo-leptos names a file by its content *before* it writes the other files' names into it, and WASM chunks fit only
/// the main file of their own build. With a folder for each build, all files can be cached for ever.
pub fn build(options: &LeptosOptions) -> Option<&'static str> {
    static BUILD: OnceLock<Option<String>> = OnceLock::new();
    BUILD
        .get_or_init(|| {
            if !options.hash_files {
                return None;
            }
            let beside = env::current_exe().ok()?;
            let hash_file = fs::read_to_string(beside.parent()?.join(&*options.hash_file)).ok()?;
            let mut hasher = DefaultHasher::new();
            hash_file.hash(&mut hasher);
            Some(format!("{:016x}", hasher.finish()))
        })
        .as_deref()
}
