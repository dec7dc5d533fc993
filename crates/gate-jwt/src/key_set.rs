//! Key sets: a JWKS document or our own static key entries, and the choice of a key.

use serde_json::{Value, json};

use crate::algorithm::Algorithm;
use crate::error::{Error, KeyFault, KeyLabel};
use crate::json;
use crate::key::PublicKey;
use crate::key_entry::{Entry, PrivateMembers, read_jwk, read_static};

/// The longest key set that is looked at, in bytes.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// The most keys in a set.
const MAX_KEYS: usize = 100;

/// The usable public keys of a set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

impl KeySet {
    /// Reads a JWKS document `{"keys":[…]}`, or an array of static key entries
    /// `{id, publicKey, privateKey, alg?, …}`. Keys of no use here are skipped.
    ///
    /// # Errors
    /// [`Error::KeySetInvalid`] naming the key and the member.
    pub fn parse(text: &str, private: PrivateMembers) -> Result<Self, Error> {
        if text.len() > MAX_KEY_SET_BYTES {
            return Err(of_set(None, format!("is longer than {MAX_KEY_SET_BYTES} bytes")));
        }
        let document =
            json::parse(text.as_bytes()).map_err(|fault| of_set(None, fault.to_string()))?;
        match &document {
            Value::Array(entries) => {
                Self::collect(entries, |entry| read_static(entry, private), "id")
            }
            Value::Object(members) => match members.get("keys") {
                Some(Value::Array(jwks)) => {
                    Self::collect(jwks, |jwk| read_jwk(jwk, private), "kid")
                }
                Some(_) => Err(of_set(Some("keys"), "is not an array".to_owned())),
                None => Err(of_set(Some("keys"), "is absent".to_owned())),
            },
            _ => Err(of_set(None, "is neither a JSON object nor an array".to_owned())),
        }
    }

    fn collect(
        entries: &[Value],
        read: impl Fn(&Value) -> Entry,
        name: &str,
    ) -> Result<Self, Error> {
        if entries.len() > MAX_KEYS {
            return Err(of_set(None, format!("has more than {MAX_KEYS} keys")));
        }
        let mut keys: Vec<PublicKey> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let invalid = |(member, problem)| {
                let kid = entry.get(name).and_then(Value::as_str).map(str::to_owned);
                let key = Some(KeyLabel { index, kid });
                Error::KeySetInvalid(KeyFault { key, member, problem })
            };
            let Some(key) = read(entry).map_err(invalid)? else {
                continue;
            };
            // Two keys of one name would make the choice depend on their order.
            let twin = |other: &PublicKey| {
                other.kid() == key.kid() && other.algorithm() == key.algorithm()
            };
            if key.kid().is_some() && keys.iter().any(twin) {
                return Err(invalid((None, "has the name of an earlier key".to_owned())));
            }
            keys.push(key);
        }
        Ok(Self { keys })
    }

    /// The usable keys in their order.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The key for a token: by `kid`, then by algorithm. A token without `kid` gets the only key of
    /// its algorithm; when there are several, none is guessed.
    ///
    /// # Errors
    /// [`Error::KeyNotFound`].
    pub fn select(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&PublicKey, Error> {
        let named = |key: &&PublicKey| kid.is_none() || key.kid() == kid;
        let mut fitting = self.keys.iter().filter(named).filter(|key| key.algorithm() == algorithm);
        let problem = match (fitting.next(), fitting.next()) {
            (Some(key), None) => return Ok(key),
            (Some(_), Some(_)) => "it has no `kid` and several keys have its algorithm",
            (None, _) if self.keys.is_empty() => "the set has no usable key",
            (None, _) if self.keys.iter().any(|key| named(&key)) => {
                "the key that it names has another algorithm"
            }
            (None, _) => "the set has no key of that name",
        };
        Err(Error::KeyNotFound { problem })
    }

    /// The set as a JWKS document for anyone to read: every key with `alg`, `kid` and `use`, and no
    /// private member.
    pub fn to_public_json(&self) -> String {
        let keys: Vec<Value> = self.keys.iter().map(|key| Value::Object(key.to_jwk())).collect();
        json!({ "keys": keys }).to_string()
    }
}

fn of_set(member: Option<&'static str>, problem: String) -> Error {
    Error::KeySetInvalid(KeyFault { key: None, member, problem })
}

#[cfg(test)]
mod tests;
