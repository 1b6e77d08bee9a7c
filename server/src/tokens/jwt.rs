//! The API's tokens: JWT, HS256, checked in every claim.

use std::{collections::HashSet, time::Duration};

use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, errors::ErrorKind};
use serde::{Deserialize, Serialize};

use super::Keys;

/// Who makes the tokens, and for whom they are.
const TRAZO: &str = "trazo";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// The user's number.
    pub sub: String,
    /// The session, whose row says whether it still holds.
    pub sid: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

/// Signs and reads tokens.
pub struct Tokens {
    signing: EncodingKey,
    reading: DecodingKey,
    validation: Validation,
    life: Duration,
}

/// A token that isn't believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good once.
    #[error("the token is over")]
    Expired,
    /// It never was.
    #[error("the token is none of ours")]
    Invalid,
}

impl Tokens {
    /// With the key of `JWT_SECRET_KEY`, holding for `life`.
    pub fn new(keys: &Keys, life: Duration) -> Self {
        let key = keys.jwt.expose().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[TRAZO]);
        validation.set_issuer(&[TRAZO]);
        // By itself the library takes a token without these.
        validation.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub"].map(ToOwned::to_owned));
        validation.leeway = 0;
        Self {
            signing: EncodingKey::from_secret(key),
            reading: DecodingKey::from_secret(key),
            validation,
            life,
        }
    }

    /// A token for a session.
    ///
    /// # Errors
    ///
    /// When the library can't sign.
    pub fn sign(&self, user_id: i64, session_id: &str) -> jsonwebtoken::errors::Result<String> {
        let now = Utc::now().timestamp();
        let life = i64::try_from(self.life.as_secs()).unwrap_or(i64::MAX);
        let claims = Claims {
            iss: TRAZO.to_owned(),
            aud: TRAZO.to_owned(),
            sub: user_id.to_string(),
            sid: session_id.to_owned(),
            iat: now,
            exp: now.saturating_add(life),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
    }

    /// What a token says, if it is ours and holds.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub fn read(&self, token: &str) -> Result<Claims, TokenError> {
        decode::<Claims>(token, &self.reading, &self.validation)
            .map(|token| token.claims)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Invalid,
            })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::settings::Secret;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn tokens() -> Tokens {
        let key = || Secret::new(KEY);
        let keys = Keys {
            mail: key(),
            jwt: key(),
        };
        Tokens::new(&keys, Duration::from_mins(15))
    }

    fn signed(claims: &Value, algorithm: Algorithm, key: &str) -> String {
        encode(
            &Header::new(algorithm),
            claims,
            &EncodingKey::from_secret(key.as_bytes()),
        )
        .unwrap()
    }

    fn claims() -> Value {
        let now = Utc::now().timestamp();
        json!({ "iss": "trazo", "aud": "trazo", "sub": "7", "sid": "s", "iat": now, "exp": now + 900 })
    }

    #[test]
    fn a_token_says_whose_it_is() {
        let claims = tokens().read(&tokens().sign(7, "s").unwrap()).unwrap();
        assert_eq!((claims.sub.as_str(), claims.sid.as_str()), ("7", "s"));
        assert_eq!(claims.exp - claims.iat, 900);
    }

    #[test]
    fn what_is_over_is_told_apart_from_what_never_was() {
        let mut old = claims();
        old["exp"] = json!(Utc::now().timestamp() - 1);
        assert_eq!(
            tokens().read(&signed(&old, Algorithm::HS256, KEY)),
            Err(TokenError::Expired)
        );
        assert_eq!(tokens().read("nonsense"), Err(TokenError::Invalid));
        let other = signed(&claims(), Algorithm::HS256, "another key, another key, another");
        assert_eq!(tokens().read(&other), Err(TokenError::Invalid));
        let stronger = signed(&claims(), Algorithm::HS512, KEY);
        assert_eq!(tokens().read(&stronger), Err(TokenError::Invalid));
        // {"alg":"none"} and our claims, without a signature.
        let unsigned = format!(
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.",
            signed(&claims(), Algorithm::HS256, KEY).split('.').nth(1).unwrap()
        );
        assert_eq!(tokens().read(&unsigned), Err(TokenError::Invalid));
    }

    #[test]
    fn every_claim_is_needed_and_has_to_be_right() {
        assert!(tokens().read(&signed(&claims(), Algorithm::HS256, KEY)).is_ok());
        for name in ["iss", "aud", "sub", "sid", "exp"] {
            for wrong in [Value::Null, json!("other"), json!(["x"])] {
                if name == "sub" || name == "sid" {
                    continue;
                }
                let mut claims = claims();
                claims[name] = wrong.clone();
                let read = tokens().read(&signed(&claims, Algorithm::HS256, KEY));
                assert_eq!(read, Err(TokenError::Invalid), "{name}: {wrong}");
            }
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            let read = tokens().read(&signed(&claims, Algorithm::HS256, KEY));
            assert_eq!(read, Err(TokenError::Invalid), "without {name}");
        }
    }
}
