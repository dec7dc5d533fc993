//! The whole way of a token: parse, choose the key, check the signature, judge the claims.

use std::fmt;

use serde_json::{Map, Value};

use crate::algorithm::Algorithm;
use crate::claims;
use crate::crypto;
use crate::error::{Error, Malformed};
use crate::header::Header;
use crate::json;
use crate::jws::CompactJws;
use crate::key_set::KeySet;
use crate::policy::Policy;

/// A payload whose signature holds. Its claims are not judged yet.
#[derive(Clone, PartialEq)]
pub struct SignedPayload {
    /// The token's header.
    pub header: Header,
    /// The payload's bytes.
    pub payload: Vec<u8>,
}

impl fmt::Debug for SignedPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedPayload").field("header", &self.header).finish_non_exhaustive()
    }
}

/// A token whose signature and claims hold.
#[derive(Clone, PartialEq)]
pub struct VerifiedToken {
    /// The token's header.
    pub header: Header,
    /// All of its claims.
    pub claims: Map<String, Value>,
}

impl fmt::Debug for VerifiedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedToken").field("header", &self.header).finish_non_exhaustive()
    }
}

/// Verifies `token` with a key of `keys` and judges its claims by `policy`.
///
/// # Errors
/// Every [`Error`] but [`Error::KeySetInvalid`] and [`Error::PolicyInvalid`], which arise before.
pub fn verify_token(token: &str, keys: &KeySet, policy: &Policy) -> Result<VerifiedToken, Error> {
    let SignedPayload { header, payload } = verify_signature(token, keys, policy.algorithms())?;
    let claims = json::parse_object(&payload)
        .map_err(|fault| Error::Malformed(Malformed::Json { part: "payload", fault }))?;
    claims::validate(&claims, policy)?;
    Ok(VerifiedToken { header, claims })
}

/// Verifies only the signature of `token`. The caller must judge the payload.
///
/// # Errors
/// [`Error::Malformed`], [`Error::UnsupportedAlgorithm`], [`Error::KeyNotFound`] or
/// [`Error::SignatureInvalid`].
pub fn verify_signature(
    token: &str,
    keys: &KeySet,
    algorithms: &[Algorithm],
) -> Result<SignedPayload, Error> {
    let jws = CompactJws::parse(token)?;
    // The header only picks among what policy and keys allow. A key verifies with its own algorithm,
    // so a public key can never end up as an HMAC secret.
    let algorithm = Algorithm::parse(&jws.header().alg)
        .filter(|algorithm| algorithms.contains(algorithm))
        .ok_or_else(|| Error::UnsupportedAlgorithm { allowed: algorithms.to_vec() })?;
    let key = keys.select(jws.header().kid.as_deref(), algorithm)?;
    if !crypto::verify(key.algorithm().into(), &key.decoding_key(), jws.signed(), jws.signature()) {
        return Err(Error::SignatureInvalid);
    }
    let (header, payload) = jws.into_parts();
    Ok(SignedPayload { header, payload })
}
