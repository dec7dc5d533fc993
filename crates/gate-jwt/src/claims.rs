//! The claim rules (RFC 7519 section 4.1): `iss`, `sub`, `aud`, then `iat`, `nbf`, `exp`. They run after the signature has held.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::policy::Policy;

/// Judges `claims` by `policy`.
///
/// # Errors
/// The first rule that is broken.
pub(crate) fn validate(claims: &Map<String, Value>, policy: &Policy) -> Result<(), Error> {
    issuer(claims, policy)?;
    subject(claims)?;
    audience(claims, policy)?;
    times(claims, policy)
}

fn issuer(claims: &Map<String, Value>, policy: &Policy) -> Result<(), Error> {
    let issuer = text(claims, "iss")?;
    if policy.issuers().iter().any(|expected| expected == issuer) {
        return Ok(());
    }
    Err(Error::IssuerMismatch { expected: policy.issuers().to_vec() })
}

/// Convex identifies a user by issuer and subject, so a token without one identifies nobody.
fn subject(claims: &Map<String, Value>) -> Result<(), Error> {
    match text(claims, "sub")? {
        "" => Err(invalid("sub", "is empty")),
        _ => Ok(()),
    }
}

fn audience(claims: &Map<String, Value>, policy: &Policy) -> Result<(), Error> {
    let expected = |audience: &str| policy.audiences().iter().any(|allowed| allowed == audience);
    let meant = match claims.get("aud") {
        None => return Err(invalid("aud", "is absent")),
        Some(Value::String(audience)) => expected(audience),
        Some(Value::Array(audiences)) => {
            let mut meant = false;
            for audience in audiences {
                let Value::String(audience) = audience else {
                    return Err(invalid("aud", "holds something other than strings"));
                };
                meant |= expected(audience);
            }
            meant
        }
        Some(_) => return Err(invalid("aud", "is neither a string nor an array")),
    };
    if meant {
        return Ok(());
    }
    Err(Error::AudienceMismatch { expected: policy.audiences().to_vec() })
}

fn times(claims: &Map<String, Value>, policy: &Policy) -> Result<(), Error> {
    let latest = policy.now() + policy.tolerance();
    let issued = number(claims, "iat")?;
    let starts = number(claims, "nbf")?;
    let ends = number(claims, "exp")?.ok_or_else(|| invalid("exp", "is absent"))?;
    for (claim, time) in [("iat", issued), ("nbf", starts)] {
        if time.is_some_and(|time| time > latest) {
            return Err(Error::NotYetValid { claim });
        }
    }
    // RFC 7519 section 4.1.4: not to be accepted on or after that time.
    if ends <= policy.now() - policy.tolerance() {
        return Err(Error::Expired);
    }
    Ok(())
}

fn text<'a>(claims: &'a Map<String, Value>, claim: &'static str) -> Result<&'a str, Error> {
    match claims.get(claim) {
        None => Err(invalid(claim, "is absent")),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(invalid(claim, "is not a string")),
    }
}

fn number(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<f64>, Error> {
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_f64()),
        Some(_) => Err(invalid(claim, "is not a number")),
    }
}

fn invalid(claim: &'static str, problem: &'static str) -> Error {
    Error::ClaimInvalid { claim, problem }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::validate;
    use crate::algorithm::Algorithm;
    use crate::error::Error;
    use crate::policy::{Policy, Seconds};

    const NOW: f64 = 1_700_000_000.0;

    fn judge(changes: Value) -> Result<(), Error> {
        let mut claims = json!({
            "iss": "https://issuer", "sub": "u", "aud": "convex", "iat": NOW, "exp": NOW + 60.0,
        });
        for (claim, value) in changes.as_object().unwrap() {
            if value == "absent" {
                claims.as_object_mut().unwrap().remove(claim);
            } else {
                claims[claim] = value.clone();
            }
        }
        let policy = Policy::new(
            vec!["https://issuer".into()],
            vec!["convex".into()],
            Algorithm::ALL.to_vec(),
            Seconds::new(NOW).unwrap(),
            Seconds::new(5.0).unwrap(),
        );
        validate(claims.as_object().unwrap(), &policy.unwrap())
    }

    fn code(changes: Value) -> &'static str {
        judge(changes).map_or_else(|error| error.code(), |()| "ok")
    }

    #[test]
    fn the_edges_of_time() {
        for (changes, expected) in [
            (json!({"exp": NOW - 4.5}), "ok"),
            (json!({"exp": NOW - 5.0}), "JWT_EXPIRED"),
            (json!({"nbf": NOW + 5.0}), "ok"),
            (json!({"nbf": NOW + 5.5}), "JWT_NOT_YET_VALID"),
            (json!({"iat": NOW + 5.0}), "ok"),
            (json!({"iat": NOW + 6.0}), "JWT_NOT_YET_VALID"),
            (json!({"iat": "absent"}), "ok"),
            (json!({"exp": "absent"}), "JWT_CLAIM_INVALID"),
            (json!({"exp": "1800000000"}), "JWT_CLAIM_INVALID"),
            (json!({"exp": null}), "JWT_CLAIM_INVALID"),
        ] {
            assert_eq!(code(changes.clone()), expected, "{changes}");
        }
    }

    #[test]
    fn audiences_in_both_forms() {
        for (aud, expected) in [
            (json!(["other", "convex"]), "ok"),
            (json!([]), "JWT_AUDIENCE_MISMATCH"),
            (json!("Convex"), "JWT_AUDIENCE_MISMATCH"),
            (json!(["convex", 1]), "JWT_CLAIM_INVALID"),
            (json!({"convex": true}), "JWT_CLAIM_INVALID"),
        ] {
            assert_eq!(code(json!({"aud": aud})), expected, "{aud}");
        }
    }

    #[test]
    fn rules_apply_in_their_order() {
        let order = ["iss", "sub", "aud", "iat", "nbf", "exp"];
        for (place, first) in order.into_iter().enumerate() {
            let broken: serde_json::Map<String, Value> =
                order.into_iter().skip(place).map(|claim| (claim.into(), json!({}))).collect();
            let expected = match first {
                "aud" => "is neither a string nor an array",
                "iss" | "sub" => "is not a string",
                _ => "is not a number",
            };
            let error = judge(Value::Object(broken)).unwrap_err();
            assert_eq!(error, Error::ClaimInvalid { claim: first, problem: expected });
        }
    }
}
