//! Password hashing with argon2id, on a bounded pool of threads.

use std::thread::available_parallelism;

use argon2::{
    Argon2, Params, PasswordHasher, PasswordVerifier,
    password_hash::{self, phc::PasswordHash},
};

use crate::{
    domain::{Password, password::normalized},
    util::{BlockingPool, PoolError},
};

/// Passwords that may wait for each thread; the server refuses further ones as overloaded.
const QUEUE_PER_THREAD: usize = 127;

/// Hashes and verifies passwords: argon2id with OWASP's parameters (19 MiB, two passes, one lane), the crate's default.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    pool: BlockingPool,
}

/// The result of a verification.
pub(crate) struct Verified {
    /// Whether the password is right.
    pub is_right: bool,
    /// A hash as they are made today, if the stored one was made with weaker parameters or of the password as it was typed.
    pub rehashed: Option<String>,
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The queue is full.
    #[error("demasiadas contraseñas esperan a ser cifradas")]
    Overloaded,
    /// The library or its thread failed.
    #[error("no se pudo cifrar una contraseña: {0}")]
    Broken(String),
}

impl Hasher {
    /// Runs at most `threads` hashes at a time; one per processor if `None`.
    pub(crate) fn new(threads: Option<usize>) -> Self {
        let threads = threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
        Self {
            argon2: Argon2::default(),
            pool: BlockingPool::new(threads, threads.saturating_mul(QUEUE_PER_THREAD)),
        }
    }

    /// Can't make a hash: it would be longer than the PHC string format allows.
    #[cfg(test)]
    pub(super) fn failing() -> Self {
        Self {
            argon2: Params::new(8, 1, 1, Some(100)).unwrap().into(),
            pool: BlockingPool::new(1, 1),
        }
    }

    /// A password's hash in PHC string format, with a random salt.
    pub(crate) async fn hash(&self, password: &Password) -> Result<String, HashError> {
        let password = password.clone();
        self.run(move |argon2| hash(argon2, password.expose())).await
    }

    /// Verifies a password. Without a hash (an unknown user) it takes as long, and the password is wrong.
    pub(crate) async fn verify(&self, password: &str, hash: Option<String>) -> Result<Verified, HashError> {
        let password = password.to_owned();
        self.run(move |argon2| verify(argon2, &password, hash.as_deref())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> password_hash::Result<T> + Send + 'static,
    ) -> Result<T, HashError> {
        let argon2 = self.argon2.clone();
        let result = self.pool.run(move || work(&argon2)).await?;
        result.map_err(|error| HashError::Broken(error.to_string()))
    }
}

impl From<PoolError> for HashError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Overloaded => Self::Overloaded,
            PoolError::Broken(cause) => Self::Broken(cause),
        }
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> password_hash::Result<String> {
    Ok(argon2.hash_password(password.as_bytes())?.to_string())
}

fn verify(argon2: &Argon2<'_>, password: &str, stored: Option<&str>) -> password_hash::Result<Verified> {
    let normal = normalized(password);
    // Older hashes are of the password as it was typed. Both forms are always tried, so that the time says nothing about
    // the hash.
    let typed = (normal != password).then_some(password);
    let Some(stored) = stored else {
        for form in [Some(normal.as_str()), typed].into_iter().flatten() {
            hash(argon2, form)?;
        }
        return Ok(Verified {
            is_right: false,
            rehashed: None,
        });
    };
    let stored = PasswordHash::new(stored)?;
    let is_normal = is_right(argon2, &normal, &stored)?;
    let is_typed = typed.map_or(Ok(false), |typed| is_right(argon2, typed, &stored))?;
    let is_outdated = is_typed || (is_normal && is_weaker(&stored, argon2.params()));
    Ok(Verified {
        is_right: is_normal || is_typed,
        rehashed: is_outdated.then(|| hash(argon2, &normal)).transpose()?,
    })
}

fn is_right(argon2: &Argon2<'_>, password: &str, stored: &PasswordHash) -> password_hash::Result<bool> {
    match argon2.verify_password(password.as_bytes(), stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a hash was made with weaker parameters than today's.
fn is_weaker(stored: &PasswordHash, current: &Params) -> bool {
    Params::try_from(stored).is_ok_and(|old| {
        old.m_cost() < current.m_cost() || old.t_cost() < current.t_cost() || old.p_cost() < current.p_cost()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let hasher = Hasher::new(Some(1));
        let hash = hasher.hash(&"una frase larga".parse().unwrap()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let right = hasher.verify("una frase larga", Some(hash.clone())).await.unwrap();
        assert!(right.is_right && right.rehashed.is_none());
        assert!(!hasher.verify("otra frase larga", Some(hash)).await.unwrap().is_right);
        assert!(!hasher.verify("una frase larga", None).await.unwrap().is_right);
    }

    #[tokio::test]
    async fn a_password_is_right_in_every_unicode_form() {
        let hasher = Hasher::new(Some(1));
        let forms = ["una contraseña", "una contrasen\u{303}a"];
        let new = hasher.hash(&forms[1].parse().unwrap()).await.unwrap();
        for form in forms {
            let verified = hasher.verify(form, Some(new.clone())).await.unwrap();
            assert!(verified.is_right && verified.rehashed.is_none(), "{form}");
        }
        // Of an older version, which hashed what was typed.
        let old = hash(&Argon2::default(), forms[1]).unwrap();
        assert!(!hasher.verify(forms[0], Some(old.clone())).await.unwrap().is_right);
        let verified = hasher.verify(forms[1], Some(old)).await.unwrap();
        assert!(verified.is_right);
        let rehashed = verified.rehashed;
        assert!(hasher.verify(forms[0], rehashed).await.unwrap().is_right);
    }

    #[tokio::test]
    async fn a_weaker_hash_is_replaced() {
        let old = Argon2::from(Params::new(8192, 1, 1, None).unwrap());
        let hash = hash(&old, "una frase larga").unwrap();
        let verified = Hasher::new(Some(1))
            .verify("una frase larga", Some(hash))
            .await
            .unwrap();
        let rehashed = verified.rehashed.unwrap();
        assert!(verified.is_right && rehashed.contains("m=19456,t=2,p=1"));
    }
}
