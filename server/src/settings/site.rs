//! The Leptos options, read from Leptos.toml at run time.

use std::{
    env, fs,
    path::{Path, PathBuf, absolute},
};

use leptos::config::{LeptosOptions, get_configuration};

use super::{ListenSettings, Settings};

const FILE: &str = "Leptos.toml";

/// Leptos.toml is missing or invalid.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Not in the working directory and not beside the program.
    #[error("Leptos.toml is neither in the working directory nor beside the program")]
    Missing,
    /// The file or an overriding `LEPTOS_` variable is invalid.
    #[error("Leptos.toml, or a LEPTOS_… variable that overrides it, is invalid: {0}")]
    Invalid(String),
}

impl Settings {
    /// The Leptos options: Leptos.toml, overridden by `LEPTOS_…` variables, overridden by `HOST` and `PORT`.
    ///
    /// # Errors
    ///
    /// [`SiteError`] when Leptos.toml is missing or invalid.
    pub fn site(&self) -> Result<LeptosOptions, SiteError> {
        let beside = env::current_exe()
            .ok()
            .and_then(|program| Some(program.parent()?.to_owned()));
        let folder = [Some(PathBuf::new()), beside.clone()]
            .into_iter()
            .flatten()
            .find(|folder| folder.join(FILE).is_file())
            .ok_or(SiteError::Missing)?;
        let mut options = read(&folder.join(FILE))?;
        if env::var_os("LEPTOS_SITE_ROOT").is_none() {
            // Relative to the file, so that a deployed folder can be started from any working directory.
            options.site_root = folder.join(&*options.site_root).to_string_lossy().into();
        }
        // leptos panics in every page when `hash_files` is set and the file is missing. Without it, a server built without
        // the page still serves the API, and pages without WASM.
        if options.hash_files {
            match hash_file(&options, beside.as_deref(), &folder) {
                Some(file) => options.hash_file = file.to_string_lossy().into(),
                None => options.hash_files = false,
            }
        }
        self.listen.apply(&mut options);
        Ok(options)
    }
}

impl ListenSettings {
    fn apply(&self, options: &mut LeptosOptions) {
        if let Some(host) = self.host {
            options.site_addr.set_ip(host);
        }
        if let Some(port) = self.port {
            options.site_addr.set_port(port);
        }
    }
}

/// The file with the hashes in the site's file names: beside the program, where cargo-leptos writes it, in the site, where
/// `make build` puts a copy, or beside Leptos.toml. One that names a file which the site lacks is another build's and isn't
/// taken, nor is one without hashes.
///
/// Absolute: leptos takes a relative one as beside the program.
fn hash_file(options: &LeptosOptions, beside: Option<&Path>, folder: &Path) -> Option<PathBuf> {
    [beside, Some(Path::new(&*options.site_root)), Some(folder)]
        .into_iter()
        .flatten()
        .filter_map(|folder| absolute(folder.join(&*options.hash_file)).ok())
        .find(|file| {
            let hashes = fs::read_to_string(file).unwrap_or_default();
            let hash_of = |extension: &str| {
                let mut lines = hashes.lines().filter_map(|line| line.split_once(": "));
                lines.find_map(|(kind, hash)| (kind == extension).then_some(hash))
            };
            // The script names the other files.
            ["js", "wasm", "css"].iter().all(|extension| {
                hash_of(extension).is_some_and(|hash| site_file(options, Some(hash), extension).is_file())
            })
        })
}

/// A file of the page, whose name holds a hash or not.
fn site_file(options: &LeptosOptions, hash: Option<&str>, extension: &str) -> PathBuf {
    let hash = hash.map(|hash| format!(".{hash}")).unwrap_or_default();
    Path::new(&*options.site_root)
        .join(&*options.site_pkg_dir)
        .join(format!("{}{hash}.{extension}", options.output_name))
}

/// Whether a built site's files have other names than those that the pages load.
pub(crate) fn is_mismatched(options: &LeptosOptions) -> bool {
    let files = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
    files.is_dir() && !options.hash_files && !site_file(options, None, "js").is_file()
}

fn read(file: &Path) -> Result<LeptosOptions, SiteError> {
    get_configuration(file.to_str())
        .map(|configuration| configuration.leptos_options)
        .map_err(|error| SiteError::Invalid(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(file: &str) -> toml::Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let table: toml::Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        table["workspace"]["metadata"]["leptos"].clone()
    }

    #[test]
    fn leptos_toml_is_equal_to_the_workspace_metadata() {
        assert_eq!(metadata("Leptos.toml"), metadata("Cargo.toml"));
    }

    #[test]
    fn host_and_port_win_over_the_file() {
        let mut options = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../Leptos.toml")).unwrap();
        let listen = ListenSettings {
            host: Some([0, 0, 0, 0].into()),
            port: None,
        };
        listen.apply(&mut options);
        assert_eq!(options.site_addr.to_string(), "0.0.0.0:3000");
    }
}
