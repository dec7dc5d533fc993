//! One public key and what it verifies.

use std::fmt;

use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value, json};

use crate::algorithm::Algorithm;
use crate::crypto::{P256Point, RsaNumbers};

/// The key's numbers, by type. Both kinds were checked when they were made.
#[derive(Clone, Eq, PartialEq)]
pub(crate) enum Material {
    Ec(P256Point),
    Rsa(RsaNumbers),
}

/// A public key that verifies signatures of one algorithm.
#[derive(Clone, Eq, PartialEq)]
pub struct PublicKey {
    kid: Option<String>,
    material: Material,
    /// The key's members as they were written, without any private or unknown one.
    members: Map<String, Value>,
}

impl PublicKey {
    /// A key from checked numbers and the members (`x`, `y` or `n`, `e`) that they were read from.
    pub(crate) fn new(
        kid: Option<String>,
        material: Material,
        members: Map<String, Value>,
    ) -> Self {
        Self { kid, material, members }
    }

    /// The only algorithm that this key verifies. It follows from the key's type.
    pub fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Ec(_) => Algorithm::Es256,
            Material::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// The key's id.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The key as a JWK with `alg`, `kid` and `use`, and no private member.
    pub fn to_jwk(&self) -> Map<String, Value> {
        let mut jwk = self.members.clone();
        jwk.insert("alg".to_owned(), json!(self.algorithm().name()));
        jwk.insert("use".to_owned(), json!("sig"));
        if let Some(kid) = &self.kid {
            jwk.insert("kid".to_owned(), json!(kid));
        }
        match self.material {
            Material::Ec(_) => {
                jwk.insert("kty".to_owned(), json!("EC"));
                jwk.insert("crv".to_owned(), json!("P-256"));
            }
            Material::Rsa(_) => {
                jwk.insert("kty".to_owned(), json!("RSA"));
            }
        }
        jwk
    }

    /// The key as `jsonwebtoken` holds it.
    pub(crate) fn decoding_key(&self) -> DecodingKey {
        match &self.material {
            Material::Ec(point) => point.decoding_key(),
            Material::Rsa(numbers) => numbers.decoding_key(),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}
