//! The directions of imports between the server's top-level modules, and between those of `http`, as docs/architecture.md
//! describes them.

#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Modules that put the others together: they may import everything, and nothing imports them.
const COMPOSITION: [&str; 5] = ["commands", "fuzz", "lib", "main", "serve"];

fn source_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Whether a file of the sources is compiled for tests only.
fn is_test(file: &str) -> bool {
    file == "fuzz.rs" || file.starts_with("fuzz/")
}

/// The code of a file without its comments and its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The module directly in `folder` that a file belongs to, and whether `super` names `folder` in that file.
fn module(folder: &Path, file: &Path) -> (String, bool) {
    let relative = file.strip_prefix(folder).unwrap();
    let names: Vec<_> = relative.iter().map(|name| name.to_str().unwrap()).collect();
    let is_root = matches!(names[..], [_] | [_, "mod.rs"]);
    (names[0].trim_end_matches(".rs").to_owned(), is_root)
}

fn identifier(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The modules that `code` names after `prefix`, also in groups: `crate::{a, b::c}`.
fn imports(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, rest) in code
        .match_indices(prefix)
        .map(|(at, name)| code.split_at(at + name.len()))
    {
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(identifier(rest).to_owned());
            continue;
        };
        let (mut depth, mut start) = (0, true);
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                letter if start && !letter.is_whitespace() => {
                    found.insert(identifier(&group[at..]).to_owned());
                    start = false;
                }
                _ => {}
            }
        }
    }
    found
}

type Graph = BTreeMap<String, BTreeSet<String>>;

/// What each module directly in `folder` names after `prefix`, the path of `folder`.
fn graph(folder: &Path, prefix: &str) -> Graph {
    let mut graph = Graph::new();
    for file in rust_files(folder) {
        let (module, is_root) = module(folder, &file);
        let code = code(&file);
        let imported = graph.entry(module).or_default();
        imported.extend(imports(&code, prefix));
        if is_root {
            imported.extend(imports(&code, "super::"));
        }
    }
    for (module, imported) in &mut graph {
        imported.remove(module);
    }
    graph
}

/// The graph of the top-level modules, composition modules left out.
fn top_level() -> Graph {
    let mut graph = graph(&source_dir(), "crate::");
    graph.retain(|module, _| !COMPOSITION.contains(&module.as_str()));
    graph
}

/// Asserts that no modules import each other in a cycle. Names that are no module of the graph are ignored.
fn assert_no_cycle(mut left: Graph) {
    assert!(left.len() > 8, "the modules were not found: {left:?}");
    loop {
        let free: Vec<_> = left
            .iter()
            .filter(|(_, imported)| imported.iter().all(|module| !left.contains_key(module)))
            .map(|(module, _)| module.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        left.retain(|module, _| !free.contains(module));
    }
    assert!(left.is_empty(), "these modules import each other in a cycle: {left:#?}");
}

fn files_that_name(text: &str) -> Vec<String> {
    let named = rust_files(&source_dir())
        .into_iter()
        .filter(|file| code(file).contains(text));
    named
        .map(|file| file.strip_prefix(source_dir()).unwrap().display().to_string())
        .filter(|file| !is_test(file))
        .collect()
}

#[test]
fn top_level_modules_form_no_cycle() {
    assert_no_cycle(top_level());
}

#[test]
fn modules_of_http_form_no_cycle() {
    assert_no_cycle(graph(&source_dir().join("http"), "http::"));
}

#[test]
fn the_core_knows_no_http() {
    let graph = top_level();
    for (module, imported) in &graph {
        assert!(module == "http" || !imported.contains("http"), "{module} imports http");
    }
    for file in files_that_name("axum::") {
        let is_edge = file.starts_with("http/") || file == "serve.rs";
        assert!(is_edge, "{file} names axum");
    }
}

#[test]
fn only_the_store_knows_the_database_library() {
    for name in ["sea_orm", "entities::"] {
        for file in files_that_name(name) {
            assert!(file.starts_with("store/"), "{file} names {name}");
        }
    }
}

#[test]
fn the_store_and_the_core_do_not_know_the_interface() {
    for file in files_that_name("app::") {
        let is_edge = file.starts_with("http/");
        assert!(is_edge, "{file} names the interface's crate");
    }
}
