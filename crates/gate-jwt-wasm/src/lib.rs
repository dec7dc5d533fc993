//! wasm-bindgen skin of gate-jwt: what the app side and SSR run.
//!
//! Only translation lives here. Answers are plain objects; a refusal is thrown as a plain object
//! `{code, message, meta}` that the TypeScript around this module turns into an error. No state
//! outlives a call, so after a trap the instance can simply be dropped.

mod fault;

use gate_jwt::cookie::{self, Secret, SessionToken};
use gate_jwt::{Algorithm, Error, JsonMap, JsonValue, KeySet, Policy, PrivateMembers, Seconds};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::fault::{internal, thrown};

/// What the caller expects of a token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyArgument {
    algorithms: Vec<String>,
    audience: Vec<String>,
    issuer: Vec<String>,
    now_s: f64,
    tolerance_s: f64,
}

impl PolicyArgument {
    fn read(self) -> Result<Policy, Error> {
        let algorithms = self
            .algorithms
            .iter()
            .map(|name| Algorithm::parse(name))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| invalid("algorithms", "may hold only `ES256` and `RS256`"))?;
        let time = |option, value| {
            let problem = "must be a finite number of seconds, not negative";
            Seconds::new(value).ok_or_else(|| invalid(option, problem))
        };
        let now = time("now", self.now_s)?;
        let tolerance = time("toleranceS", self.tolerance_s)?;
        Policy::new(self.issuer, self.audience, algorithms, now, tolerance)
    }
}

fn invalid(option: &'static str, problem: &'static str) -> Error {
    Error::PolicyInvalid { option, problem }
}

/// A token that holds.
#[derive(Serialize)]
struct VerifiedAnswer<'a> {
    header: HeaderAnswer<'a>,
    claims: &'a JsonMap<String, JsonValue>,
}

#[derive(Serialize)]
struct HeaderAnswer<'a> {
    alg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<&'a str>,
}

/// Verifies a token with a key set (a JWKS document, or static key entries) and judges its claims.
///
/// # Errors
/// Throws the fault of the first rule that is broken.
#[wasm_bindgen]
pub fn verify_token(token: &str, key_set: &str, policy: JsValue) -> Result<JsValue, JsValue> {
    let policy: PolicyArgument = serde_wasm_bindgen::from_value(policy)
        .map_err(|_| thrown(&invalid("policy", "does not have the expected shape")))?;
    let policy = policy.read().map_err(|error| thrown(&error))?;
    let keys = KeySet::parse(key_set, PrivateMembers::InEntries).map_err(|error| thrown(&error))?;
    let verified = gate_jwt::verify_token(token, &keys, &policy).map_err(|error| thrown(&error))?;
    let answer = VerifiedAnswer {
        header: HeaderAnswer {
            alg: &verified.header.alg,
            kid: verified.header.kid.as_deref(),
            typ: verified.header.typ.as_deref(),
        },
        claims: &verified.claims,
    };
    answer.serialize(&Serializer::json_compatible()).map_err(|_| internal())
}

/// The session token in the raw value of a cookie that Better Auth signed with `secret`, or
/// `undefined`.
#[wasm_bindgen]
pub fn verify_cookie(value: &str, secret: &str) -> Option<String> {
    cookie::verify(value, Secret::new(secret)?).map(SessionToken::into_string)
}
