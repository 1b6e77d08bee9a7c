//! The documentation names what exists: modules, settings, metrics, error codes, files and links.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders whose files the documentation refers to by their path.
const FOLDERS: [&str; 14] = [
    ".cargo",
    ".ci",
    "api",
    "app",
    "classifier",
    "deploy",
    "docs",
    "end2end",
    "frontend",
    "fuzz",
    "migration",
    "scripts",
    "server",
    "style",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The text of the section that begins with `heading`.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("\n{heading}\n")).unwrap();
    rest.split("\n## ").next().unwrap()
}

/// All Markdown files of the repository's root, `docs/` and `docs/adr/`, by their path.
fn documents() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "docs/", "docs/adr/"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    found
}

/// A document's lines outside of fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_fenced = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_fenced ^= is_fence;
        !is_fence && !is_fenced
    })
}

/// The anchor that a heading is linked by.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.flat_map(char::to_lowercase)
        .collect::<String>()
        .trim()
        .replace(' ', "-")
}

#[test]
fn the_map_lists_every_top_level_module() {
    let map = read("docs/architecture.md");
    let mut missing = Vec::new();
    for folder in ["api/src", "app/src", "classifier/src", "server/src", "server/src/http"] {
        let heading = format!("## `{}/`", folder.trim_end_matches("/http"));
        let section = section(&map, &heading);
        let within = folder
            .strip_prefix("server/src/")
            .map_or(String::new(), |folder| format!("{folder}/"));
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let is_module = path.is_dir() || path.extension().is_some_and(|extension| extension == "rs");
            if !is_module || matches!(name, "lib" | "mod") {
                continue;
            }
            let is_listed = ["`", "/"]
                .iter()
                .any(|end| section.contains(&format!("`{within}{name}{end}")));
            if !is_listed {
                missing.push(format!("{folder}/{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "docs/architecture.md doesn't list {missing:#?}");
}

/// The variables that the row of `variable` is about, and the cell of their defaults.
fn setting_row<'a>(documented: &'a str, variable: &str) -> Option<(Vec<&'a str>, &'a str)> {
    documented.lines().find_map(|line| {
        let (names, rest) = line.strip_prefix("| ")?.split_once(" | ")?;
        let names: Vec<_> = names.split(", ").map(|name| name.trim_matches('`')).collect();
        names.contains(&variable).then_some((names, rest.split(" | ").next()?))
    })
}

#[test]
fn every_setting_is_documented_with_its_default() {
    let documented = read("docs/settings.md");
    let mut settings = 0;
    for entry in fs::read_dir(root().join("server/src/settings")).unwrap() {
        let code = fs::read_to_string(entry.unwrap().path()).unwrap();
        for (_, rest) in code.match_indices("#[arg(long, env").map(|(at, _)| code.split_at(at)) {
            let field = rest
                .lines()
                .find_map(|line| line.trim_start().strip_prefix("pub "))
                .unwrap();
            let variable = field.split(':').next().unwrap().to_uppercase();
            let row = setting_row(&documented, &variable);
            let (names, default) = row.unwrap_or_else(|| panic!("docs/settings.md lacks {variable}"));
            let (attribute, _) = rest.split_once(")]\n").unwrap();
            if let Some((_, set)) = attribute.split_once("default_value = \"") {
                let defaults: Vec<_> = default.split(", ").map(|default| default.trim_matches('`')).collect();
                let at = names.iter().position(|name| *name == variable).unwrap();
                let found = *defaults.get(at).unwrap_or(&defaults[0]);
                assert_eq!(
                    Some(found),
                    set.split('"').next(),
                    "default of {variable} in docs/settings.md"
                );
            }
            settings += 1;
        }
    }
    assert!(settings > 30, "{settings} settings found");
}

#[test]
fn every_metric_is_documented() {
    let documented = read("docs/operations.md");
    let code = read("api/src/metrics.rs");
    let names: Vec<_> = code.lines().filter_map(|line| line.split_once(": &str = \"")).collect();
    assert!(names.len() > 20, "{names:?}");
    for (_, name) in names {
        let name = name.trim_end_matches("\";");
        let is_named = documented.contains(&format!("`{name}`"));
        assert!(
            is_named || name.starts_with("process_"),
            "docs/operations.md lacks {name}"
        );
    }
}

#[test]
fn every_error_code_is_documented() {
    let documented = read("docs/api.md");
    let code = read("api/src/error.rs");
    let (_, variants) = code.split_once("pub enum ErrorCode {").unwrap();
    let (variants, _) = variants.split_once("\n}").unwrap();
    let variants = variants.lines().filter_map(|line| line.trim().strip_suffix(','));
    for variant in variants.filter(|variant| !variant.contains([' ', '(']) && *variant != "Unknown") {
        let mut code = String::new();
        for letter in variant.chars() {
            if letter.is_uppercase() && !code.is_empty() {
                code.push('_');
            }
            code.extend(letter.to_lowercase());
        }
        assert!(documented.contains(&format!("`{code}`")), "docs/api.md lacks {code}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = read(&document);
        let folder = Path::new(&document).parent().unwrap();
        for line in prose(&text) {
            for link in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                if link.contains("://") {
                    continue;
                }
                let (file, heading) = link.split_once('#').unwrap_or((link, ""));
                let file = if file.is_empty() {
                    Path::new(&document).to_owned()
                } else {
                    folder.join(file)
                };
                let mut leads = root().join(&file).exists();
                if leads && !heading.is_empty() {
                    let linked = fs::read_to_string(root().join(&file)).unwrap();
                    leads = prose(&linked).any(|line| {
                        let text = line.trim_start_matches('#');
                        text.len() < line.len() && anchor(text) == heading
                    });
                }
                if !leads {
                    broken.push(format!("{document}: {link}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_file_that_is_named_exists() {
    let mut missing = Vec::new();
    // The changelog and the decision records name files as they were at their time.
    let is_history = |document: &str| document == "CHANGELOG.md" || document.starts_with("docs/adr/");
    for document in documents().iter().filter(|document| !is_history(document)) {
        let text = read(document);
        for line in prose(&text) {
            for path in line.split('`').skip(1).step_by(2) {
                let folder = path.split('/').next().unwrap_or_default();
                let is_plain = path
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
                if is_plain && path.contains('/') && FOLDERS.contains(&folder) && !root().join(path).exists() {
                    missing.push(format!("{document}: {path}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// All files below `folder` that can refer to a document.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        if path.is_dir() && !matches!(name, "node_modules" | "target") {
            found.extend(sources(&path));
        } else if matches!(extension, "css" | "rs" | "sh" | "toml" | "ts" | "yaml" | "yml") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_document_that_the_code_names_exists() {
    let mut missing = Vec::new();
    for file in FOLDERS.iter().flat_map(|folder| sources(&root().join(folder))) {
        let code = fs::read_to_string(&file).unwrap();
        for (_, rest) in code.match_indices("docs/").map(|(at, _)| code.split_at(at)) {
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"/._-".contains(letter));
            let path = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
            if path.contains(".md") && !root().join(path).exists() {
                missing.push(format!("{}: {path}", file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_profile_that_a_script_names_is_defined() {
    let defined = [read("Cargo.toml"), read(".config/nextest.toml")].concat();
    let mut scripts = vec![root().join("Makefile"), root().join("deploy/Dockerfile")];
    scripts.extend(
        ["scripts", "server/benches"]
            .iter()
            .flat_map(|folder| sources(&root().join(folder))),
    );
    let (mut named, mut missing) = (0, Vec::new());
    for file in scripts {
        let code = fs::read_to_string(&file).unwrap();
        // Also after `--cargo-profile`.
        for rest in code.split("-profile ").skip(1) {
            let end = rest.find(|letter: char| !letter.is_ascii_lowercase() && letter != '-');
            let name = &rest[..end.unwrap_or(rest.len())];
            // A variable, or a profile of rustup.
            if matches!(name, "" | "minimal") {
                continue;
            }
            named += 1;
            if !defined.contains(&format!("[profile.{name}]")) {
                missing.push(format!("{}: {name}", file.display()));
            }
        }
    }
    assert!(named > 5, "{named} profiles are named");
    assert!(missing.is_empty(), "{missing:#?}");
}
