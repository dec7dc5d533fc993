//! Tokens, keys and signed cookies: parse, verify, key sets, policy.
//!
//! Everything here is a function of its arguments. The crate reads no clock, no randomness, no
//! environment and no network: the time is part of [`Policy`], keys and secrets are passed in.
//!
//! A token passes through four steps, each in its own module:
//!
//! 1. [`CompactJws`] takes the text apart and reads the header strictly.
//! 2. [`KeySet`] offers the keys; `kid` and then the algorithm choose one.
//! 3. [`mod@crypto`] checks the signature with RS256 or ES256 and nothing else.
//! 4. [`Policy`] judges the claims.
//!
//! Signing is left to the app side, which holds the private keys.
#![forbid(unsafe_code)]

pub mod cookie;
pub mod crypto;

mod algorithm;
mod base64url;
mod claims;
mod error;
mod header;
mod json;
mod jws;
mod key;
mod key_entry;
mod key_set;
mod policy;
mod verify;

pub use algorithm::Algorithm;
pub use error::{Error, KeyFault, KeyLabel, MAX_TOKEN_BYTES, Malformed};
pub use header::Header;
pub use jws::CompactJws;
pub use key::PublicKey;
pub use key_entry::PrivateMembers;
pub use key_set::{KeySet, MAX_KEY_SET_BYTES};
pub use policy::{Policy, Seconds};
pub use verify::{SignedPayload, VerifiedToken, verify_signature, verify_token};

pub use json::{Fault as JsonFault, MAX_DEPTH};
pub use serde_json::{Map as JsonMap, Value as JsonValue};
