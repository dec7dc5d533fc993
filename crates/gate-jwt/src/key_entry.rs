//! Reading one key: a JWK (RFC 7517), or a static key entry around one.
//!
//! A key that is of no use here is skipped: another type, curve, algorithm or purpose. A key that
//! claims to be of use and is malformed is refused, naming the member: a typing error in a key must
//! not look like a missing key later.

use serde_json::{Map, Value};

use crate::algorithm::Algorithm;
use crate::base64url;
use crate::crypto::{MAX_RSA_BITS, MIN_RSA_BITS, P256Point, RsaNumbers};
use crate::json;
use crate::key::{Material, PublicKey};

/// Members that hold secrets, of every registered key type (RFC 7518 section 6, RFC 8037, RFC 9964).
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// What to do with private members. In no case does one leave the crate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PrivateMembers {
    /// They may stand anywhere and are dropped.
    Drop,
    /// Only the `privateKey` of a static key entry, which is meant to hold one, may be there.
    InEntries,
    /// There must be none: the set is a public one.
    Refuse,
}

/// What is wrong with one key: the member, if it is about one, and the rest of the sentence.
pub(crate) type EntryFault = (Option<&'static str>, String);

/// A key, or `None` when it is of no use here.
pub(crate) type Entry = Result<Option<PublicKey>, EntryFault>;

/// Reads a JWK of a `{keys:[…]}` document.
pub(crate) fn read_jwk(jwk: &Value, private: PrivateMembers) -> Entry {
    let jwk = object(jwk, None)?;
    let kid = optional_text(jwk, "kid")?.map(str::to_owned);
    read_members(jwk, kid, None, private)
}

/// Reads a static key entry: `{id, publicKey, privateKey, alg?, …}`, where `publicKey` is a JWK or
/// its JSON text. Its `id` is the `kid`.
pub(crate) fn read_static(entry: &Value, private: PrivateMembers) -> Entry {
    let entry = object(entry, None)?;
    if private == PrivateMembers::Refuse && entry.contains_key("privateKey") {
        return Err(fault("privateKey", "must not be in a public set"));
    }
    let id = optional_text(entry, "id")?.ok_or_else(|| fault("id", "is absent"))?;
    let alg = optional_text(entry, "alg")?;
    let parsed;
    let public = match entry.get("publicKey") {
        None => return Err(fault("publicKey", "is absent")),
        Some(Value::String(text)) => {
            parsed = json::parse(text.as_bytes())
                .map_err(|problem| fault("publicKey", &problem.to_string()))?;
            &parsed
        }
        Some(value) => value,
    };
    let jwk = object(public, Some("publicKey"))?;
    read_members(jwk, Some(id.to_owned()), alg, private)
}

fn read_members(
    jwk: &Map<String, Value>,
    kid: Option<String>,
    outer_alg: Option<&str>,
    private: PrivateMembers,
) -> Entry {
    if private != PrivateMembers::Drop {
        for member in PRIVATE_MEMBERS {
            if jwk.contains_key(member) {
                return Err(fault(member, "is private and must not be in a public set"));
            }
        }
    }
    let kty = optional_text(jwk, "kty")?.ok_or_else(|| fault("kty", "is absent"))?;
    let fitting = match kty {
        "EC" if text(jwk, "crv")? == "P-256" => Algorithm::Es256,
        "RSA" => Algorithm::Rs256,
        _ => return Ok(None),
    };
    for alg in [outer_alg, optional_text(jwk, "alg")?].into_iter().flatten() {
        match Algorithm::parse(alg) {
            None => return Ok(None),
            Some(alg) if alg != fitting => return Err(fault("alg", "does not fit the key's type")),
            Some(_) => {}
        }
    }
    if !for_signatures(jwk, private)? {
        return Ok(None);
    }
    let (material, names) = match fitting {
        Algorithm::Es256 => (ec(jwk)?, ["x", "y"]),
        Algorithm::Rs256 => (rsa(jwk)?, ["n", "e"]),
    };
    let members = names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), jwk.get(name)?.clone())))
        .collect();
    Ok(Some(PublicKey::new(kid, material, members)))
}

/// RFC 7517 sections 4.2 and 4.3. The private half of a pair says `sign` where this one verifies.
fn for_signatures(jwk: &Map<String, Value>, private: PrivateMembers) -> Result<bool, EntryFault> {
    if optional_text(jwk, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Ok(false);
    }
    match jwk.get("key_ops") {
        None | Some(Value::Null) => Ok(true),
        Some(Value::Array(operations)) => Ok(operations.iter().any(|operation| {
            operation == "verify" || (private == PrivateMembers::Drop && operation == "sign")
        })),
        Some(_) => Err(fault("key_ops", "is not an array")),
    }
}

fn ec(jwk: &Map<String, Value>) -> Result<Material, EntryFault> {
    let coordinate = |member| {
        let bytes = bytes(jwk, member)?;
        if bytes.len() != P256Point::COORDINATE_BYTES {
            return Err(fault(member, "does not hold 32 bytes"));
        }
        Ok(bytes)
    };
    let (x, y) = (coordinate("x")?, coordinate("y")?);
    let point = P256Point::new(&x, &y);
    Ok(Material::Ec(point.ok_or_else(|| fault("y", "does not lie on the curve with `x`"))?))
}

fn rsa(jwk: &Map<String, Value>) -> Result<Material, EntryFault> {
    let modulus = number(jwk, "n")?;
    let exponent = number(jwk, "e")?;
    let bits = bit_length(&modulus);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        let problem = format!("has {bits} bits, not {MIN_RSA_BITS} to {MAX_RSA_BITS}");
        return Err((Some("n"), problem));
    }
    if modulus.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(fault("n", "is even"));
    }
    // With an exponent of 1 every number signs itself.
    let odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    if !odd || exponent == [1] || bit_length(&exponent) > 33 {
        return Err(fault("e", "is not an odd number from 3 to 2^33"));
    }
    let numbers = RsaNumbers::new(modulus, exponent);
    Ok(Material::Rsa(numbers.ok_or_else(|| fault("n", "makes no usable key with `e`"))?))
}

/// Base64urlUInt (RFC 7518 section 2): no leading zero bytes.
fn number(jwk: &Map<String, Value>, member: &'static str) -> Result<Vec<u8>, EntryFault> {
    let bytes = bytes(jwk, member)?;
    match bytes.first() {
        None | Some(0) => Err(fault(member, "begins with a zero byte or is empty")),
        Some(_) => Ok(bytes),
    }
}

fn bit_length(bytes: &[u8]) -> usize {
    let leading = bytes.first().map_or(0, |byte| byte.leading_zeros() as usize);
    (bytes.len() * 8).saturating_sub(leading)
}

fn bytes(jwk: &Map<String, Value>, member: &'static str) -> Result<Vec<u8>, EntryFault> {
    base64url::decode(text(jwk, member)?)
        .ok_or_else(|| fault(member, "is not canonical base64url without padding"))
}

fn text<'a>(members: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, EntryFault> {
    optional_text(members, member)?.ok_or_else(|| fault(member, "is absent"))
}

fn optional_text<'a>(
    members: &'a Map<String, Value>,
    member: &'static str,
) -> Result<Option<&'a str>, EntryFault> {
    match members.get(member) {
        // Rows of Better Auth's jwks table have null for what they lack.
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err(fault(member, "is empty")),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(fault(member, "is not a string")),
    }
}

fn object<'a>(
    value: &'a Value,
    member: Option<&'static str>,
) -> Result<&'a Map<String, Value>, EntryFault> {
    value.as_object().ok_or_else(|| (member, "is not an object".to_owned()))
}

fn fault(member: &'static str, problem: &str) -> EntryFault {
    (Some(member), problem.to_owned())
}
