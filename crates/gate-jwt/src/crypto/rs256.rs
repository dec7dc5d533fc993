//! RS256: RSASSA-PKCS1-v1_5 with SHA-256, verification only.
//!
//! The known timing weakness of the `rsa` crate is one of private-key operations; there are none.

use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use rsa::BoxedUint;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256};

/// The smallest RSA modulus, in bits (RFC 7518 section 3.3).
pub const MIN_RSA_BITS: usize = 2048;

/// The largest RSA modulus, in bits. Larger ones only cost time.
pub const MAX_RSA_BITS: usize = 8192;

/// Modulus and public exponent, big-endian, within the accepted sizes.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct RsaNumbers {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl RsaNumbers {
    /// A public key; `None` when the numbers are not a usable one (even, or too large).
    pub(crate) fn new(modulus: Vec<u8>, exponent: Vec<u8>) -> Option<Self> {
        public_key(&modulus, &exponent)?;
        Some(Self { modulus, exponent })
    }

    /// The key as `jsonwebtoken` holds it.
    pub(crate) fn decoding_key(&self) -> DecodingKey {
        DecodingKey::from_rsa_raw_components(&self.modulus, &self.exponent)
    }
}

fn public_key(modulus: &[u8], exponent: &[u8]) -> Option<rsa::PublicKey> {
    rsa::PublicKey::new_with_size_limits(
        BoxedUint::from_be_slice_vartime(modulus),
        BoxedUint::from_be_slice_vartime(exponent),
        MIN_RSA_BITS..=MAX_RSA_BITS,
    )
    .ok()
}

pub(super) struct Verifier(VerifyingKey<Sha256>);

impl Verifier {
    pub(super) fn new(key: &DecodingKey) -> Result<Self> {
        // `SecretOrDer` holds encoded keys and HMAC secrets; only bare numbers are ever made here.
        let DecodingKeyKind::RsaModulusExponent { n, e } = key.kind() else {
            return Err(ErrorKind::InvalidKeyFormat.into());
        };
        let key = public_key(n, e).ok_or(ErrorKind::InvalidKeyFormat)?;
        Ok(Self(VerifyingKey::new(key)))
    }

    fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        // The length must be the modulus', and the number below it: the crate checks both.
        Signature::try_from(signature).is_ok_and(|signature| {
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
        Algorithm::RS256
    }
}
