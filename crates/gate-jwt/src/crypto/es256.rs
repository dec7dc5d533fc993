//! ES256: ECDSA over P-256 with SHA-256 and the 64-byte form of RFC 7518 section 3.4.

use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// Length of the two numbers of a signature and of a coordinate.
const NUMBER_BYTES: usize = 32;

/// A point on the curve, in uncompressed form.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct P256Point(Vec<u8>);

impl P256Point {
    /// Length of a coordinate in bytes.
    pub(crate) const COORDINATE_BYTES: usize = NUMBER_BYTES;

    /// The point with these coordinates; `None` when it does not lie on the curve.
    pub(crate) fn new(x: &[u8], y: &[u8]) -> Option<Self> {
        let mut point = Vec::with_capacity(1 + 2 * NUMBER_BYTES);
        point.push(4);
        point.extend_from_slice(x);
        point.extend_from_slice(y);
        // Refuses other lengths and points off the curve, the point at infinity among them.
        VerifyingKey::from_sec1_bytes(&point).ok()?;
        Some(Self(point))
    }

    /// The key as `jsonwebtoken` holds it.
    pub(crate) fn decoding_key(&self) -> DecodingKey {
        DecodingKey::from_ec_der(&self.0)
    }
}

pub(super) struct Verifier(VerifyingKey);

impl Verifier {
    pub(super) fn new(key: &DecodingKey) -> Result<Self> {
        if key.family() != AlgorithmFamily::Ec {
            return Err(ErrorKind::InvalidKeyFormat.into());
        }
        let key = VerifyingKey::from_sec1_bytes(key.try_get_as_bytes()?)
            .map_err(|_| ErrorKind::InvalidEcdsaKey)?;
        Ok(Self(key))
    }

    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        // The raw form only, never DER. `from_slice` refuses r and s of zero and those not below the
        // group's order. A high s stays valid: RFC 7518 asks for no normal form and half of all
        // signatures that WebCrypto makes have one.
        Signature::from_slice(signature).is_ok_and(|signature| {
            self.0.verify_prehash(&Sha256::digest(message), &signature).is_ok()
        })
    }
}

impl jsonwebtoken::signature::Verifier<Vec<u8>> for Verifier {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> std::result::Result<(), jsonwebtoken::signature::Error> {
        if self.accepts(message, signature) {
            Ok(())
        } else {
            Err(jsonwebtoken::signature::Error::new())
        }
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}
