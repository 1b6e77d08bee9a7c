//! argon2id on threads of its own, as many at once as there are permits.

use std::{sync::Arc, thread::available_parallelism};

use argon2::{
    Argon2, Params, PasswordHasher, PasswordVerifier,
    password_hash::{self, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Passwords that may wait for a permit, each: beyond, the server says it is overloaded.
const WAITING: usize = 128;

/// Hashes and checks passwords: argon2id with OWASP's parameters (19 MiB, two passes, one lane), the crate's default.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// What came of a check.
pub struct Verified {
    /// Whether it was the password.
    pub is_right: bool,
    /// Its hash by today's parameters, when the one it was checked against is older.
    pub rehashed: Option<String>,
}

/// Nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("demasiadas contraseñas esperan a ser cifradas")]
    Overloaded,
    /// The library failed, or its thread did.
    #[error("no se pudo cifrar una contraseña: {0}")]
    Broken(String),
}

impl Hasher {
    /// At most `threads` at once; one a processor when not given.
    pub fn new(threads: Option<usize>) -> Self {
        let threads = threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
        Self {
            argon2: Argon2::default(),
            permits: Arc::new(Semaphore::new(threads)),
            places: Arc::new(Semaphore::new(threads.saturating_mul(WAITING))),
        }
    }

    /// A password's hash in PHC's notation, with a salt of its own.
    ///
    /// # Errors
    ///
    /// [`HashError`].
    pub async fn hash(&self, password: &str) -> Result<String, HashError> {
        let password = password.to_owned();
        self.run(move |argon2| hash(argon2, &password)).await
    }

    /// Check a password. Without a hash (no such user) it takes as long, and is wrong.
    ///
    /// # Errors
    ///
    /// [`HashError`].
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<Verified, HashError> {
        let password = password.to_owned();
        self.run(move |argon2| verify(argon2, &password, hash.as_deref())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> password_hash::Result<T> + Send + 'static,
    ) -> Result<T, HashError> {
        let _place = self.places.try_acquire().map_err(|_| HashError::Overloaded)?;
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| HashError::Overloaded)?;
        let argon2 = self.argon2.clone();
        let span = tracing::Span::current();
        let work = tokio::task::spawn_blocking(move || {
            // Held until it is done, even if nobody waits for it any more.
            let _permit = permit;
            span.in_scope(|| work(&argon2))
        });
        let broken = |cause: &dyn std::error::Error| HashError::Broken(cause.to_string());
        work.await
            .map_err(|error| broken(&error))?
            .map_err(|error| broken(&error))
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> password_hash::Result<String> {
    Ok(argon2.hash_password(password.as_bytes())?.to_string())
}

fn verify(argon2: &Argon2<'_>, password: &str, stored: Option<&str>) -> password_hash::Result<Verified> {
    let wrong = Verified {
        is_right: false,
        rehashed: None,
    };
    let Some(stored) = stored else {
        hash(argon2, password)?;
        return Ok(wrong);
    };
    let stored = PasswordHash::new(stored)?;
    match argon2.verify_password(password.as_bytes(), &stored) {
        Ok(()) => {}
        Err(password_hash::Error::PasswordInvalid) => return Ok(wrong),
        Err(error) => return Err(error),
    }
    let rehashed = is_older(&stored, argon2.params())
        .then(|| hash(argon2, password))
        .transpose()?;
    Ok(Verified {
        is_right: true,
        rehashed,
    })
}

/// Whether a hash was made with less work than is done today.
fn is_older(stored: &PasswordHash, today: &Params) -> bool {
    Params::try_from(stored).is_ok_and(|then| {
        then.m_cost() < today.m_cost() || then.t_cost() < today.t_cost() || then.p_cost() < today.p_cost()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let hasher = Hasher::new(Some(1));
        let hash = hasher.hash("una frase larga").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let right = hasher.verify("una frase larga", Some(hash.clone())).await.unwrap();
        assert!(right.is_right && right.rehashed.is_none());
        assert!(!hasher.verify("otra frase larga", Some(hash)).await.unwrap().is_right);
        assert!(!hasher.verify("una frase larga", None).await.unwrap().is_right);
    }

    #[tokio::test]
    async fn a_hash_of_less_work_is_made_anew() {
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
