//! The header rules: `alg`, `kid` and `typ` are read, `crit` is refused, the rest is ignored.
//!
//! Ignored on purpose are `jwk`, `jku`, `x5c` and `x5u`: a token never brings its own key.

use serde_json::{Map, Value};

use crate::error::{Error, Malformed};

/// What a token's header says. Nothing in it is trusted before the signature holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Header {
    /// The algorithm's name as written, supported or not.
    pub alg: String,
    /// The key's id.
    pub kid: Option<String>,
    /// The token's type; when present it is `JWT` in any case, or `application/jwt`.
    pub typ: Option<String>,
}

impl Header {
    /// Reads the members of a header.
    ///
    /// # Errors
    /// [`Error::Malformed`] naming the member.
    pub(crate) fn from_members(members: &Map<String, Value>) -> Result<Self, Error> {
        // RFC 7515 section 4.1.11: an extension that is not understood makes the token invalid, and
        // none is understood here. `b64` (RFC 7797) must be listed there; alone it is a trick.
        for member in ["crit", "b64"] {
            if members.contains_key(member) {
                return Err(refuse(member, "is not supported"));
            }
        }
        let alg = text(members, "alg")?.ok_or_else(|| refuse("alg", "is absent"))?;
        let kid = text(members, "kid")?;
        let typ = text(members, "typ")?;
        // RFC 8725 section 3.11: the same keys may sign other kinds of token (Better Auth's session
        // cache is one, `better-auth.session-cache+jwt`), which must not pass for an access token.
        if typ.as_deref().is_some_and(|typ| !is_jwt(typ)) {
            return Err(refuse("typ", "must be `JWT`"));
        }
        Ok(Self { alg, kid, typ })
    }
}

fn is_jwt(typ: &str) -> bool {
    typ.eq_ignore_ascii_case("JWT") || typ.eq_ignore_ascii_case("application/jwt")
}

fn text(members: &Map<String, Value>, member: &'static str) -> Result<Option<String>, Error> {
    match members.get(member) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err(refuse(member, "is empty")),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(refuse(member, "is not a string")),
    }
}

fn refuse(member: &'static str, problem: &'static str) -> Error {
    Error::Malformed(Malformed::HeaderMember { member, problem })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Header;
    use crate::error::Error;

    fn read(header: &Value) -> Result<Header, Error> {
        Header::from_members(header.as_object().unwrap())
    }

    #[test]
    fn known_members_are_read_and_keys_in_the_header_ignored() {
        let header = read(&json!({
            "alg": "ES256", "kid": "k", "typ": "jwt", "jwk": {}, "jku": "https://x", "x5c": [],
        }));
        let expected =
            Header { alg: "ES256".into(), kid: Some("k".into()), typ: Some("jwt".into()) };
        assert_eq!(header, Ok(expected));
    }

    #[test]
    fn other_headers_are_refused_with_the_members_name() {
        for (header, member) in [
            (json!({}), "alg"),
            (json!({"alg": 5}), "alg"),
            (json!({"alg": "RS256", "kid": ""}), "kid"),
            (json!({"alg": "RS256", "kid": null}), "kid"),
            (json!({"alg": "RS256", "typ": "better-auth.session-cache+jwt"}), "typ"),
            (json!({"alg": "RS256", "crit": []}), "crit"),
            (json!({"alg": "RS256", "b64": true}), "b64"),
        ] {
            let error = read(&header).unwrap_err();
            assert_eq!(error.code(), "JWT_MALFORMED");
            assert!(error.to_string().contains(&format!("`{member}`")), "{error}");
        }
    }
}
