//! The secret keys: from the settings, or generated at the first start and stored in the data folder, readable only by
//! the server's user.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::{
    settings::{SECRET_BYTES, Secret, Settings},
    telemetry,
    util::{create_private_folder, random},
};

/// The keys of the tokens in emails and of access tokens.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// `SECRET_KEY`.
    pub mail: Secret,
    /// `JWT_SECRET_KEY`.
    pub jwt: Secret,
}

/// Why a key is missing.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Its file can't be read or written.
    #[error("can't read or write the key in '{}' (DATA_DIR): {cause}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The operating system's error.
        cause: io::Error,
    },
    /// Its file contains too few bytes.
    #[error("the key in '{}' is shorter than {SECRET_BYTES} bytes", .0.display())]
    Short(PathBuf),
}

impl Keys {
    /// Reads the keys from the settings or the data folder.
    pub(crate) fn load(settings: &Settings) -> Result<Self, KeyError> {
        let folder = &settings.database.data_dir;
        let key = |given: &Option<Secret>, file: &str| match given {
            Some(key) => Ok(key.clone()),
            None => stored(&folder.join(file)),
        };
        Ok(Self {
            mail: key(&settings.accounts.secret_key, "secret_key")?,
            jwt: key(&settings.accounts.jwt_secret_key, "jwt_secret_key")?,
        })
    }
}

/// A key from its file, which is created if it doesn't exist.
fn stored(file: &Path) -> Result<Secret, KeyError> {
    let key = read_or_create(file).map_err(|cause| KeyError::File {
        file: file.to_owned(),
        cause,
    })?;
    let key = key.trim_end();
    if key.len() < SECRET_BYTES {
        return Err(KeyError::Short(file.to_owned()));
    }
    // Keys from the settings are registered with the log by `main`.
    telemetry::redact(key);
    Ok(Secret::new(key))
}

fn read_or_create(file: &Path) -> io::Result<String> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    if let Some(folder) = file.parent() {
        create_private_folder(folder)?;
    }
    let key = random::hex();
    // Linked only when complete. If two servers start at the same time, the first link wins.
    let fresh = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    let mut handle = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)?;
    writeln!(handle, "{key}")?;
    handle.sync_all()?;
    let linked = fs::hard_link(&fresh, file);
    fs::remove_file(&fresh)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::read_to_string(file),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults();
        settings.database.data_dir = folder.path().join("data");
        let first = Keys::load(&settings).unwrap();
        let second = Keys::load(&settings).unwrap();
        assert_eq!((&first.mail, &first.jwt), (&second.mail, &second.jwt));
        assert!(first.mail != first.jwt && first.mail.expose().len() == 64);
        let mode = fs::metadata(folder.path().join("data/secret_key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 2);
    }

    #[test]
    fn a_short_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secret_key"), "short\n").unwrap();
        let mut settings = Settings::defaults();
        settings.database.data_dir = folder.path().to_owned();
        assert!(matches!(Keys::load(&settings), Err(KeyError::Short(_))));
    }
}
