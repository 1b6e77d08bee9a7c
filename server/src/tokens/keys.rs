//! The secret keys: from the settings, or generated at the first start and stored in the data folder, readable only by
//! the server's user.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::hmac;
use crate::{
    settings::{SECRET_BYTES, Secret, Settings},
    telemetry,
    util::{create_private_folder, random},
};

/// What a fingerprint is an HMAC of. No purpose of `derive` begins with it.
const FINGERPRINT: &[u8] = b"key fingerprint";

/// The keys of the tokens in emails and of access tokens.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// `SECRET_KEY`.
    pub mail: Secret,
    /// `JWT_SECRET_KEYS`, or only `JWT_SECRET_KEY`. The first signs, and all are accepted.
    pub jwt: Vec<Secret>,
}

/// A kind of keys that all servers of a database have to have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// [`Keys::mail`].
    Mail,
    /// [`Keys::jwt`]; two servers have it in common if they have one of the keys in common.
    Jwt,
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
        let listed = &settings.accounts.jwt_secret_keys;
        Ok(Self {
            mail: key(&settings.accounts.secret_key, "secret_key")?,
            jwt: if listed.is_empty() {
                vec![key(&settings.accounts.jwt_secret_key, "jwt_secret_key")?]
            } else {
                listed.clone()
            },
        })
    }

    /// What identifies the keys of a kind without telling anything about them: an HMAC with each of them.
    pub(crate) fn fingerprints(&self, kind: KeyKind) -> Vec<String> {
        let keys = match kind {
            KeyKind::Mail => std::slice::from_ref(&self.mail),
            KeyKind::Jwt => &self.jwt,
        };
        let fingerprint = |key: &Secret| hex::encode(hmac(key, &[FINGERPRINT, kind.name().as_bytes()]));
        keys.iter().map(fingerprint).collect()
    }
}

impl KeyKind {
    /// All kinds.
    pub(crate) const ALL: [Self; 2] = [Self::Mail, Self::Jwt];

    /// Its name in the database, which stays the same.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Jwt => "jwt",
        }
    }

    /// The settings with the keys.
    pub(crate) fn settings(self) -> &'static str {
        match self {
            Self::Mail => "SECRET_KEY",
            Self::Jwt => "JWT_SECRET_KEY, JWT_SECRET_KEYS",
        }
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
        assert!(!first.jwt.contains(&first.mail) && first.mail.expose().len() == 64);
        let mode = fs::metadata(folder.path().join("data/secret_key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 2);
    }

    #[test]
    fn a_fingerprint_is_that_of_the_key_and_its_kind() {
        let secret = |key: &str| Secret::new(key);
        let keys = |mail, jwt: &[&str]| Keys {
            mail: secret(mail),
            jwt: jwt.iter().map(|key| secret(key)).collect(),
        };
        let (one, other) = (keys("a", &["a", "b"]), keys("b", &["b"]));
        assert_eq!(one.fingerprints(KeyKind::Jwt)[1], other.fingerprints(KeyKind::Jwt)[0]);
        assert_ne!(one.fingerprints(KeyKind::Mail), other.fingerprints(KeyKind::Mail));
        assert_ne!(one.fingerprints(KeyKind::Mail)[0], one.fingerprints(KeyKind::Jwt)[0]);
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
