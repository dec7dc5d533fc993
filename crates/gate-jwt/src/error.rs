//! What can be wrong with a token, a key set or a policy.
//!
//! Messages name members, options and keys' places. They never hold text of a token, and of a key
//! only its `kid`, which is public.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::algorithm::Algorithm;
use crate::json::{self, MAX_DEPTH};

/// The longest token that is looked at, in bytes. A Convex token is about one kilobyte, and common
/// servers refuse request headers of more than this.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// Why a token was refused or a key set could not be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    /// The token is meant for somebody else, or names no audience.
    #[error("the token's audience is not the expected one")]
    AudienceMismatch {
        /// The audiences of the policy.
        expected: Vec<String>,
    },
    /// A claim is absent or has the wrong type.
    #[error("the claim `{claim}` {problem}")]
    ClaimInvalid {
        /// The claim's name.
        claim: &'static str,
        /// What is wrong with it, as the rest of the sentence.
        problem: &'static str,
    },
    /// The token's time is over, by more than the tolerance.
    #[error("the token has expired")]
    Expired,
    /// The token was issued by somebody else.
    #[error("the token's issuer is not the expected one")]
    IssuerMismatch {
        /// The issuers of the policy.
        expected: Vec<String>,
    },
    /// No key of the set, or not exactly one, fits the token's header.
    #[error("no key of the set fits the token: {problem}")]
    KeyNotFound {
        /// Why none fits.
        problem: &'static str,
    },
    /// The key set cannot be used.
    #[error("the key set is invalid: {0}")]
    KeySetInvalid(KeyFault),
    /// The token is not a compact JWS with a JSON object in header and payload.
    #[error("the token is malformed: {0}")]
    Malformed(Malformed),
    /// The token is from the future, by more than the tolerance.
    #[error("the token is not valid yet: its `{claim}` lies in the future")]
    NotYetValid {
        /// `nbf` or `iat`.
        claim: &'static str,
    },
    /// An option of the policy makes no sense.
    #[error("the option `{option}` {problem}")]
    PolicyInvalid {
        /// The option's name as users write it.
        option: &'static str,
        /// What is wrong with it, as the rest of the sentence.
        problem: &'static str,
    },
    /// The signature does not fit. Deliberately says no more.
    #[error("the token's signature is invalid")]
    SignatureInvalid,
    /// The token asks for an algorithm that the policy does not allow.
    #[error("the token's algorithm is not one of {}", names(.allowed))]
    UnsupportedAlgorithm {
        /// The algorithms of the policy.
        allowed: Vec<Algorithm>,
    },
}

impl Error {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AudienceMismatch { .. } => "JWT_AUDIENCE_MISMATCH",
            Self::ClaimInvalid { .. } => "JWT_CLAIM_INVALID",
            Self::Expired => "JWT_EXPIRED",
            Self::IssuerMismatch { .. } => "JWT_ISSUER_MISMATCH",
            Self::KeyNotFound { .. } => "JWT_KEY_NOT_FOUND",
            Self::KeySetInvalid(_) => "KEY_SET_INVALID",
            Self::Malformed(_) => "JWT_MALFORMED",
            Self::NotYetValid { .. } => "JWT_NOT_YET_VALID",
            Self::PolicyInvalid { .. } => "INVALID_OPTION",
            Self::SignatureInvalid => "JWT_SIGNATURE_INVALID",
            Self::UnsupportedAlgorithm { .. } => "JWT_UNSUPPORTED_ALGORITHM",
        }
    }

    /// Facts for the developer, as a JSON object. Holds nothing of the token but claim names.
    pub fn meta(&self) -> Map<String, Value> {
        let facts = match self {
            Self::AudienceMismatch { expected } => json!({ "claim": "aud", "expected": expected }),
            Self::ClaimInvalid { claim, .. } | Self::NotYetValid { claim } => {
                json!({ "claim": claim })
            }
            Self::Expired => json!({ "claim": "exp" }),
            Self::IssuerMismatch { expected } => json!({ "claim": "iss", "expected": expected }),
            Self::KeySetInvalid(fault) => return fault.meta(),
            Self::PolicyInvalid { option, .. } => json!({ "option": option }),
            Self::UnsupportedAlgorithm { allowed } => {
                let allowed: Vec<&str> = allowed.iter().map(|algorithm| algorithm.name()).collect();
                json!({ "allowed": allowed })
            }
            Self::KeyNotFound { .. } | Self::Malformed(_) | Self::SignatureInvalid => Value::Null,
        };
        match facts {
            Value::Object(facts) => facts,
            _ => Map::new(),
        }
    }
}

fn names(algorithms: &[Algorithm]) -> String {
    let names: Vec<String> = algorithms.iter().map(|algorithm| format!("`{algorithm}`")).collect();
    names.join(", ")
}

/// What keeps a text from being a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Malformed {
    /// A part is not canonical base64url without padding.
    Encoding {
        /// `header`, `payload` or `signature`.
        part: &'static str,
    },
    /// A header member is absent, has the wrong type or is not supported.
    HeaderMember {
        /// The member's name.
        member: &'static str,
        /// What is wrong with it, as the rest of the sentence.
        problem: &'static str,
    },
    /// A part is not the JSON that it must be.
    Json {
        /// `header` or `payload`.
        part: &'static str,
        /// What is wrong with it.
        fault: json::Fault,
    },
    /// There are not exactly three parts.
    Parts,
    /// The token exceeds [`MAX_TOKEN_BYTES`].
    TooLarge,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding { part } => {
                write!(f, "the {part} is not canonical base64url without padding")
            }
            Self::HeaderMember { member, problem } => {
                write!(f, "the header member `{member}` {problem}")
            }
            Self::Json { part, fault } => write!(f, "the {part} {fault}"),
            Self::Parts => f.write_str("it does not have exactly three parts"),
            Self::TooLarge => write!(f, "it is longer than {MAX_TOKEN_BYTES} bytes"),
        }
    }
}

impl fmt::Display for json::Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Depth => write!(f, "is nested deeper than {MAX_DEPTH} levels"),
            Self::DuplicateMember => f.write_str("has two members of one name"),
            Self::NotAnObject => f.write_str("is not a JSON object"),
            Self::ProtoMember => f.write_str("has a member named `__proto__`"),
            Self::Syntax => f.write_str("is not valid JSON"),
        }
    }
}

/// Which key of a set a fault is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyLabel {
    /// The key's place in the set, from 0.
    pub index: usize,
    /// Its `kid`, or the `id` of a static key entry, when it could be read.
    pub kid: Option<String>,
}

/// What is wrong with a key set: which key, which member, and what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyFault {
    /// The key, or `None` when the fault is about the set.
    pub key: Option<KeyLabel>,
    /// The member, or `None` when the fault is about the whole key or set.
    pub member: Option<&'static str>,
    /// What is wrong, as the rest of the sentence.
    pub problem: String,
}

impl KeyFault {
    fn meta(&self) -> Map<String, Value> {
        let mut meta = Map::new();
        if let Some(key) = &self.key {
            meta.insert("index".to_owned(), json!(key.index));
            if let Some(kid) = &key.kid {
                meta.insert("kid".to_owned(), json!(kid));
            }
        }
        if let Some(member) = self.member {
            meta.insert("member".to_owned(), json!(member));
        }
        meta
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.key, self.member) {
            (None, None) => f.write_str("the set ")?,
            (None, Some(member)) => write!(f, "the member `{member}` ")?,
            (Some(key), member) => {
                write!(f, "key {}", key.index)?;
                if let Some(kid) = &key.kid {
                    write!(f, " (`{kid}`)")?;
                }
                match member {
                    Some(member) => write!(f, ": the member `{member}` ")?,
                    None => f.write_str(" ")?,
                }
            }
        }
        f.write_str(&self.problem)
    }
}
