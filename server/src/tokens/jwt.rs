//! Access tokens: JWT, HS256, checked in every claim.

use std::{collections::HashSet, time::Duration};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::Keys;
use crate::util::Clock;

/// The issuer and the audience of every token.
const TRAZO: &str = "trazo";

/// Tokens whose signature isn't checked again; the least used are forgotten first.
const VERIFIED_TOKENS: u64 = 10_000;

/// The claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The issuer.
    pub iss: String,
    /// The audience.
    pub aud: String,
    /// The account's number.
    pub sub: String,
    /// The session's identifier.
    pub sid: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
}

/// Signs and verifies access tokens.
pub(crate) struct AccessTokens {
    encoding_key: EncodingKey,
    decoding_keys: Vec<DecodingKey>,
    validation: Validation,
    ttl: Duration,
    clock: Clock,
    /// The claims of tokens that were verified before, expired ones included.
    verified: Cache<String, Claims>,
}

/// A token that can't be signed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct SignError(#[from] jsonwebtoken::errors::Error);

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// Valid, but expired.
    #[error("the token has expired")]
    Expired,
    /// Not a token of this server.
    #[error("the token is invalid")]
    Invalid,
}

impl AccessTokens {
    /// Tokens signed with the first of [`Keys::jwt`] that expire after `ttl`. Those that were signed with the others are valid
    /// too.
    pub(crate) fn new(keys: &Keys, ttl: Duration, clock: Clock) -> Self {
        let mut all = keys.jwt.iter().map(|key| key.expose().as_bytes());
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[TRAZO]);
        validation.set_issuer(&[TRAZO]);
        // By default the library accepts a token without these claims.
        validation.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub"].map(ToOwned::to_owned));
        // Compared with this server's clock instead of the library's.
        validation.validate_exp = false;
        Self {
            decoding_keys: all.clone().map(DecodingKey::from_secret).collect(),
            encoding_key: EncodingKey::from_secret(all.next().unwrap_or_default()),
            validation,
            ttl,
            clock,
            verified: Cache::new(VERIFIED_TOKENS),
        }
    }

    /// A token for a session.
    pub(crate) fn sign(&self, user_id: i64, session_id: &str) -> Result<String, SignError> {
        let now = self.clock.now().timestamp();
        let ttl = i64::try_from(self.ttl.as_secs()).unwrap_or(i64::MAX);
        let claims = Claims {
            iss: TRAZO.to_owned(),
            aud: TRAZO.to_owned(),
            sub: user_id.to_string(),
            sid: session_id.to_owned(),
            iat: now,
            exp: now.saturating_add(ttl),
        };
        Ok(encode(&Header::new(Algorithm::HS256), &claims, &self.encoding_key)?)
    }

    /// The claims of a token of this server that hasn't expired.
    pub(crate) fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        let claims = if let Some(claims) = self.verified.get(token) {
            claims
        } else {
            let verify = |key: &DecodingKey| decode::<Claims>(token, key, &self.validation).ok();
            let claims = self
                .decoding_keys
                .iter()
                .find_map(verify)
                .ok_or(TokenError::Invalid)?
                .claims;
            self.verified.insert(token.to_owned(), claims.clone());
            claims
        };
        if claims.exp < self.clock.now().timestamp() {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use super::*;
    use crate::settings::Secret;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn tokens() -> AccessTokens {
        tokens_at(Clock::system())
    }

    fn tokens_at(clock: Clock) -> AccessTokens {
        with_keys(&[KEY], clock)
    }

    fn with_keys(jwt: &[&str], clock: Clock) -> AccessTokens {
        let keys = Keys {
            mail: Secret::new(KEY),
            jwt: jwt.iter().map(|key| Secret::new(*key)).collect(),
        };
        AccessTokens::new(&keys, Duration::from_mins(15), clock)
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
        let now = Clock::system().now().timestamp();
        json!({ "iss": "trazo", "aud": "trazo", "sub": "7", "sid": "s", "iat": now, "exp": now + 900 })
    }

    #[test]
    fn a_token_names_its_user_and_its_session() {
        let claims = tokens().verify(&tokens().sign(7, "s").unwrap()).unwrap();
        assert_eq!((claims.sub.as_str(), claims.sid.as_str()), ("7", "s"));
        assert_eq!(claims.exp - claims.iat, 900);
    }

    #[test]
    fn a_token_of_an_older_key_is_valid_while_the_key_is_listed() {
        let new = "a newer key, a newer key, a newer key";
        let [old, both, only_new] = [&[KEY][..], &[new, KEY], &[new]].map(|keys| with_keys(keys, Clock::system()));
        let token = old.sign(7, "s").unwrap();
        assert_eq!(both.verify(&token).unwrap().sub, "7");
        assert_eq!(only_new.verify(&token), Err(TokenError::Invalid));
        let token = both.sign(7, "s").unwrap();
        assert_eq!(only_new.verify(&token).unwrap().sub, "7");
        assert_eq!(old.verify(&token), Err(TokenError::Invalid));
    }

    #[test]
    fn a_token_expires_by_the_clock() {
        let clock = Clock::mock();
        let tokens = tokens_at(clock.clone());
        let token = tokens.sign(7, "s").unwrap();
        clock.advance(TimeDelta::minutes(14));
        assert!(tokens.verify(&token).is_ok());
        clock.advance(TimeDelta::minutes(2));
        assert_eq!(tokens.verify(&token), Err(TokenError::Expired));
    }

    #[test]
    fn an_expired_token_is_told_apart_from_an_invalid_one() {
        let mut old = claims();
        old["exp"] = json!(Clock::system().now().timestamp() - 1);
        assert_eq!(
            tokens().verify(&signed(&old, Algorithm::HS256, KEY)),
            Err(TokenError::Expired)
        );
        assert_eq!(tokens().verify("nonsense"), Err(TokenError::Invalid));
        let other = signed(&claims(), Algorithm::HS256, "another key, another key, another");
        assert_eq!(tokens().verify(&other), Err(TokenError::Invalid));
        let stronger = signed(&claims(), Algorithm::HS512, KEY);
        assert_eq!(tokens().verify(&stronger), Err(TokenError::Invalid));
        // {"alg":"none"} and our claims, without a signature.
        let unsigned = format!(
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.",
            signed(&claims(), Algorithm::HS256, KEY).split('.').nth(1).unwrap()
        );
        assert_eq!(tokens().verify(&unsigned), Err(TokenError::Invalid));
    }

    #[test]
    fn every_claim_is_required_and_checked() {
        assert!(tokens().verify(&signed(&claims(), Algorithm::HS256, KEY)).is_ok());
        for name in ["iss", "aud", "sub", "sid", "exp"] {
            for wrong in [Value::Null, json!("other"), json!(["x"])] {
                if name == "sub" || name == "sid" {
                    continue;
                }
                let mut claims = claims();
                claims[name] = wrong.clone();
                let read = tokens().verify(&signed(&claims, Algorithm::HS256, KEY));
                assert_eq!(read, Err(TokenError::Invalid), "{name}: {wrong}");
            }
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            let read = tokens().verify(&signed(&claims, Algorithm::HS256, KEY));
            assert_eq!(read, Err(TokenError::Invalid), "without {name}");
        }
    }
}
