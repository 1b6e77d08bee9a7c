//! What works without the server, as scripts that the server sends (docs/adr/0021-offline.md). None of it is part of the
//! first load.
//!
//! `queue.js` keeps what the server was asked and couldn't answer. `page.js`, with `notices.js` and `list.js`, shows it, and
//! offers a new version of the page. `worker.js` is the service worker: it keeps the drawing page. Both contain the queue.

mod texts;

use serde_json::json;

use crate::i18n::Locale;

const QUEUE: &str = include_str!("queue.js");

/// The styles of what [`page_script`] shows.
pub const STYLES: &str = include_str!("../../../style/offline.css");

/// The script of every page, which `load-guard.js` loads. It belongs to the page of this build; without one it registers no
/// service worker, which would keep files whose names stay the same.
pub fn page_script(build: Option<&str>) -> String {
    let constants = format!("const BUILD = {}, TEXTS = {};", json!(build), texts::by_locale());
    let parts = [
        include_str!("notices.js"),
        include_str!("list.js"),
        include_str!("page.js"),
    ];
    assemble(&constants, &parts)
}

/// The service worker that keeps the drawing page of this build, which consists of `files`.
pub fn worker_script(build: &str, files: &[String]) -> String {
    let constants = format!(
        "const BUILD = {}, FILES = {}, LOCALES = {}, LOCALE_COOKIE = {};",
        json!(build),
        json!(files),
        json!(Locale::ALL.map(Locale::tag)),
        json!(Locale::COOKIE),
    );
    assemble(&constants, &[include_str!("worker.js")])
}

fn assemble(constants: &str, parts: &[&str]) -> String {
    let parts = [QUEUE].iter().chain(parts).map(|part| without_comments(part));
    [constants.to_owned()]
        .into_iter()
        .chain(parts)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A script without the lines that are comments, and without its indentation.
pub fn without_comments(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let code = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_have_their_constants_and_no_comments() {
        let files = ["/0/pkg/a.js".to_owned()];
        let worker = worker_script("0123456789abcdef", &files);
        assert!(
            worker.starts_with(
                "const BUILD = \"0123456789abcdef\", FILES = [\"/0/pkg/a.js\"], LOCALES = [\"es\",\"en\"]"
            ),
            "{worker}"
        );
        for script in [worker, page_script(None)] {
            assert!(script.contains("indexedDB.open"), "{script}");
            assert!(!script.lines().any(|line| line.starts_with("//")), "{script}");
        }
        assert!(page_script(None).starts_with("const BUILD = null, TEXTS = {"));
    }

    #[test]
    fn the_script_is_the_same_each_time() {
        // Its hash is part of the URLs of the site's files.
        assert_eq!(page_script(None), page_script(None));
    }
}
