//! Password hashing with argon2id, on a bounded pool of threads.

use std::thread::available_parallelism;

use argon2::{
    Argon2, Params, PasswordHasher, PasswordVerifier,
    password_hash::{self, phc::PasswordHash},
};

use crate::{
    domain::Password,
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
    /// A hash with today's parameters, if the stored one was made with weaker ones.
    pub rehashed: Option<String>,
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashError {
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

    /// A password's hash in PHC string format, with a random salt.
    ///
    /// # Errors
    ///
    /// [`HashError`].
    pub(crate) async fn hash(&self, password: &Password) -> Result<String, HashError> {
        let password = password.clone();
        self.run(move |argon2| hash(argon2, password.expose())).await
    }

    /// Verifies a password. Without a hash (an unknown user) it takes as long, and the password is wrong.
    ///
    /// # Errors
    ///
    /// [`HashError`].
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
    let rehashed = is_weaker(&stored, argon2.params())
        .then(|| hash(argon2, password))
        .transpose()?;
    Ok(Verified {
        is_right: true,
        rehashed,
    })
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
