//! The signature check: a provider for `jsonwebtoken` that holds RS256 and ES256 verification and
//! nothing else.
//!
//! The provider is used directly and not installed as the process default: a default can be
//! installed by anyone first, and a verifier that somebody else chose is not a verifier. What
//! `jsonwebtoken` would add on top, its decoder and its claim rules, reads the clock, accepts
//! duplicate members and ignores `crit`, so those stay in this crate.

mod es256;
mod rs256;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

pub(crate) use es256::P256Point;
pub(crate) use rs256::RsaNumbers;
pub use rs256::{MAX_RSA_BITS, MIN_RSA_BITS};

/// RS256 and ES256 verification. Everything else that a provider can do answers with an error.
pub static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        rsa_pub_components_from_public_key: |_| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ec_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        ed_pub_components_from_private_key: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
        compute_digest: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
};

/// Tells whether `signature` is the signature of `message` under `key`.
pub(crate) fn verify(
    algorithm: Algorithm,
    key: &DecodingKey,
    message: &[u8],
    signature: &Vec<u8>,
) -> bool {
    (PROVIDER.verifier_factory)(&algorithm, key)
        .is_ok_and(|verifier| verifier.verify(message, signature).is_ok())
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match algorithm {
        Algorithm::ES256 => Ok(Box::new(es256::Verifier::new(key)?)),
        Algorithm::RS256 => Ok(Box::new(rs256::Verifier::new(key)?)),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

    use super::PROVIDER;

    #[test]
    fn other_algorithms_have_no_verifier() {
        let secret = DecodingKey::from_secret(b"0123456789abcdef0123456789abcdef");
        for algorithm in [
            Algorithm::EdDSA,
            Algorithm::ES256,
            Algorithm::ES384,
            Algorithm::HS256,
            Algorithm::HS512,
            Algorithm::PS256,
            Algorithm::RS256,
            Algorithm::RS512,
        ] {
            assert!((PROVIDER.verifier_factory)(&algorithm, &secret).is_err(), "{algorithm:?}");
        }
        let secret = EncodingKey::from_secret(b"secret");
        assert!((PROVIDER.signer_factory)(&Algorithm::HS256, &secret).is_err());
    }
}
