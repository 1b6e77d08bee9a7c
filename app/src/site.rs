//! The build of the front end that this server serves.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    sync::OnceLock,
};

use leptos::config::LeptosOptions;

use crate::offline;

/// The folder in the URLs of the built files, different for each build. `None` without hashed files.
///
/// cargo-leptos names a file by its content *before* it writes the other files' names into it, and WASM chunks fit only
/// the main file of their own build. With a folder for each build, all files can be cached for ever.
pub fn build(options: &LeptosOptions) -> Option<&'static str> {
    static BUILD: OnceLock<Option<String>> = OnceLock::new();
    BUILD
        .get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            hashes(options)?.hash(&mut hasher);
            // They are in the same folder, and part of the server.
            (offline::page_script(None), offline::STYLES).hash(&mut hasher);
            Some(format!("{:016x}", hasher.finish()))
        })
        .as_deref()
}

/// The URLs of what the drawing page of this build loads, at once or later. The code of other pages isn't among them.
pub fn drawing_files(options: &LeptosOptions) -> Vec<String> {
    let (Some(build), Some(hashes)) = (build(options), hashes(options)) else {
        return Vec::new();
    };
    let hash_of = |kind: &str| {
        let mut lines = hashes.lines().filter_map(|line| line.split_once(": "));
        lines.find_map(|(found, hash)| (found == kind).then(|| hash.trim().to_owned()))
    };
    let named = ["js", "wasm", "css"].map(|kind| Some(format!("{}.{}.{kind}", options.output_name, hash_of(kind)?)));
    let loader = hash_of("split").map(|hash| format!("__wasm_split.{hash}.js"));
    let manifest = hash_of("manifest").and_then(|hash| {
        let folder = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
        fs::read_to_string(folder.join(format!("__wasm_split_manifest.{hash}.json"))).ok()
    });
    let files = named.into_iter().chain([loader]).flatten();
    files
        .chain(chunks(&manifest.unwrap_or_default()))
        .map(|file| format!("/{build}/{}/{file}", options.site_pkg_dir))
        .collect()
}

/// The WASM files that the drawing page loads on demand: in cargo-leptos' manifest, those of functions with `wasm_split`. To
/// the names of lazy pages leptos adds a number.
fn chunks(manifest: &str) -> BTreeSet<String> {
    let manifest: BTreeMap<String, Vec<String>> = serde_json::from_str(manifest).unwrap_or_default();
    let is_page = |name: &str| {
        let number = name.rsplit('_').next().unwrap_or_default();
        number.bytes().all(|letter| letter.is_ascii_digit())
    };
    let of_drawing = manifest.into_iter().filter(|(name, _)| !is_page(name));
    of_drawing
        .flat_map(|(_, files)| files)
        .map(|file| format!("{file}.wasm"))
        .collect()
}

/// The file with the hashes in the names of the built files, where they have any.
fn hashes(options: &LeptosOptions) -> Option<String> {
    if !options.hash_files {
        return None;
    }
    let beside = env::current_exe().ok()?;
    fs::read_to_string(beside.parent()?.join(&*options.hash_file)).ok()
}

#[cfg(test)]
mod tests {
    use super::chunks;

    #[test]
    fn the_code_of_pages_is_left_out() {
        let manifest = r#"{
            "image_file": ["chunk_2.AA", "chunk_1.BB", "split_image_file.CC"],
            "client": ["chunk_1.BB", "split_client.DD"],
            "account_page_123": ["chunk_1.BB", "chunk_3.EE", "split_account_page_123.FF"]
        }"#;
        let files: Vec<_> = chunks(manifest).into_iter().collect();
        let expected = [
            "chunk_1.BB.wasm",
            "chunk_2.AA.wasm",
            "split_client.DD.wasm",
            "split_image_file.CC.wasm",
        ];
        assert_eq!(files, expected);
        assert!(chunks("").is_empty());
    }
}
