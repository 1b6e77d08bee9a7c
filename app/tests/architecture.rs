//! The directions of the dependencies between the crate's modules, read from the sources.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The modules that have the pages of one area each.
const FEATURES: [&str; 4] = ["account", "admin", "draw", "model"];

/// A source file: its path below `src/`, and its text without comments.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// The top-level module that the file belongs to.
    fn module(&self) -> String {
        let first = self.path.iter().next().unwrap();
        Path::new(first).file_stem().unwrap().to_string_lossy().into_owned()
    }

    /// The top-level modules that the file names as `crate::module`, also in a group: `crate::{a, b::{c}}`.
    fn imports(&self) -> BTreeSet<String> {
        self.text
            .split("crate::")
            .skip(1)
            .flat_map(|rest| match rest.strip_prefix('{') {
                Some(group) => first_segments(group),
                None => vec![identifier(rest)],
            })
            .filter(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase()))
            .collect()
    }

    fn names(&self, word: &str) -> bool {
        self.text.contains(word)
    }
}

fn identifier(text: &str) -> String {
    let is_part = |letter: &char| letter.is_alphanumeric() || *letter == '_';
    text.trim_start().chars().take_while(is_part).collect()
}

/// The first segment of each path in a `use` group, whose opening brace is left out.
fn first_segments(group: &str) -> Vec<String> {
    let mut segments = vec![identifier(group)];
    let mut depth = 0;
    for (index, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => segments.push(identifier(&group[index + 1..])),
            _ => {}
        }
    }
    segments
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let is_code = |line: &&str| !line.trim_start().starts_with("//");
                sources.push(Source {
                    path: path.strip_prefix(&root).unwrap().to_owned(),
                    text: text.lines().filter(is_code).collect::<Vec<_>>().join("\n"),
                });
            }
        }
    }
    sources
}

/// The sources below a folder or of a module.
fn sources_in(module: &str) -> Vec<Source> {
    let found: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.path.starts_with(module) || source.path == Path::new(&format!("{module}.rs")))
        .collect();
    assert!(!found.is_empty(), "there is no module {module}");
    found
}

/// Remove modules without remaining imports until none is left; what can't be removed is in a cycle.
#[test]
fn top_level_modules_have_no_import_cycle() {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let module = source.module();
        // The crate's root and the document around it import everything and are imported by nothing.
        if module == "lib" || module == "shell" {
            continue;
        }
        let mut imported = source.imports();
        imported.remove(&module);
        imports.entry(module).or_default().extend(imported);
    }
    assert!(imports.values().any(|imported| !imported.is_empty()));
    let mut remaining = imports;
    loop {
        let names: BTreeSet<String> = remaining.keys().cloned().collect();
        let before = remaining.len();
        remaining.retain(|_, imported| !imported.is_disjoint(&names));
        if remaining.len() == before {
            break;
        }
    }
    assert!(remaining.is_empty(), "import cycle: {remaining:?}");
}

#[test]
fn pure_modules_use_no_framework_and_no_browser() {
    for module in [
        "prometheus",
        "draw/drawing",
        "draw/description",
        "draw/explain/evidence",
        "draw/explain/variants",
    ] {
        for source in sources_in(module) {
            for word in ["leptos", "web_sys", "js_sys", "wasm_bindgen", "crate::browser"] {
                assert!(!source.names(word), "{} names {word}", source.path.display());
            }
        }
    }
}

#[test]
fn shared_modules_import_no_feature() {
    for module in ["browser", "ui", "i18n", "client", "session", "sync_view", "prometheus"] {
        for source in sources_in(module) {
            let imports = source.imports();
            for feature in FEATURES {
                assert!(
                    !imports.contains(feature),
                    "{} imports {feature}",
                    source.path.display()
                );
            }
        }
    }
}

#[test]
fn only_the_client_sends_requests() {
    for source in sources() {
        let is_client = source.path == Path::new("client.rs");
        assert_eq!(source.names("gloo_net"), is_client, "{}", source.path.display());
        let uploads = source.path == Path::new("client/upload.rs");
        assert_eq!(source.names("XmlHttpRequest"), uploads, "{}", source.path.display());
    }
}

#[test]
fn cfg_gates_stand_in_the_root_only() {
    for source in sources() {
        if source.path == Path::new("lib.rs") {
            continue;
        }
        let code = source.text.replace("#[cfg(test)]", "");
        for gate in ["#[cfg(", "#![cfg(", "cfg!("] {
            assert!(!code.contains(gate), "{} has {gate}", source.path.display());
        }
    }
}

#[test]
fn imports_are_read_from_paths_and_groups() {
    let source = Source {
        path: PathBuf::from("ui/menu.rs"),
        text: "use crate::{client::{self, ClientError}, i18n::Language};\nlet x = crate::draw::PAGE;".to_owned(),
    };
    assert_eq!(source.module(), "ui");
    let expected = ["client", "draw", "i18n"].map(str::to_owned);
    assert_eq!(source.imports(), BTreeSet::from(expected));
}
