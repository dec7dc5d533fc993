use serde_json::{Value, json};

use super::{KeySet, MAX_KEY_SET_BYTES};
use crate::algorithm::Algorithm;
use crate::error::Error;
use crate::key_entry::PrivateMembers;

/// RFC 7517 appendix A.1 (both keys) and A.2 (the private number of the first).
const EC_X: &str = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
const EC_Y: &str = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";
const EC_D: &str = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
const RSA_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

fn ec(changes: Value) -> Value {
    merge(json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y, "kid": "ec"}), changes)
}

fn rsa(changes: Value) -> Value {
    merge(json!({"kty": "RSA", "n": RSA_N, "e": "AQAB", "kid": "rsa"}), changes)
}

fn merge(mut key: Value, changes: Value) -> Value {
    for (member, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => key.as_object_mut().unwrap().remove(member),
            value => key.as_object_mut().unwrap().insert(member.clone(), value.clone()),
        };
    }
    key
}

fn parse(keys: Value, private: PrivateMembers) -> Result<KeySet, Error> {
    KeySet::parse(&json!({ "keys": keys }).to_string(), private)
}

fn refused(result: Result<KeySet, Error>) -> (Option<usize>, Option<&'static str>) {
    match result {
        Err(Error::KeySetInvalid(fault)) => (fault.key.map(|key| key.index), fault.member),
        other => panic!("{other:?}"),
    }
}

#[test]
fn both_kinds_are_read_and_written_publicly() {
    let set = parse(json!([ec(json!({})), rsa(json!({}))]), PrivateMembers::Refuse).unwrap();
    let written: Value = serde_json::from_str(&set.to_public_json()).unwrap();
    let expected = json!({"keys": [
        ec(json!({"alg": "ES256", "use": "sig"})),
        rsa(json!({"alg": "RS256", "use": "sig"})),
    ]});
    assert_eq!(written, expected);
}

#[test]
fn keys_of_no_use_are_skipped() {
    for key in [
        json!({"kty": "OKP", "crv": "Ed25519", "x": EC_X}),
        json!({"kty": "future", "anything": []}),
        ec(json!({"crv": "P-384"})),
        ec(json!({"use": "enc"})),
        ec(json!({"key_ops": ["deriveKey"]})),
        rsa(json!({"alg": "PS256"})),
        rsa(json!({"alg": "RSA-OAEP", "n": "short"})),
    ] {
        let set = parse(json!([key, ec(json!({}))]), PrivateMembers::Refuse).unwrap();
        assert_eq!(set.keys().len(), 1, "{key}");
    }
}

#[test]
fn malformed_keys_are_refused_with_place_and_member() {
    let long = format!("{EC_X}AA");
    for (key, member) in [
        (json!("key"), None),
        (json!({}), Some("kty")),
        (json!({"kty": 1}), Some("kty")),
        (ec(json!({"crv": null})), Some("crv")),
        (ec(json!({"x": null})), Some("x")),
        (ec(json!({"x": format!("{EC_X}=")})), Some("x")),
        (ec(json!({"x": long})), Some("x")),
        (ec(json!({"y": EC_X})), Some("y")),
        (ec(json!({"alg": "RS256"})), Some("alg")),
        (ec(json!({"kid": 7})), Some("kid")),
        (ec(json!({"use": []})), Some("use")),
        (ec(json!({"key_ops": "verify"})), Some("key_ops")),
        (rsa(json!({"n": null})), Some("n")),
        (rsa(json!({"n": "AQAB"})), Some("n")),
        (rsa(json!({"n": format!("AAAA{RSA_N}")})), Some("n")),
        (rsa(json!({"n": format!("{}x", RSA_N.trim_end_matches('w'))})), Some("n")),
        (rsa(json!({"e": "AQ"})), Some("e")),
        (rsa(json!({"e": "AQAA"})), Some("e")),
        (rsa(json!({"e": "AAEAAQ"})), Some("e")),
        (rsa(json!({"e": RSA_N})), Some("e")),
    ] {
        let result = parse(json!([rsa(json!({"kid": "first"})), key]), PrivateMembers::Refuse);
        assert_eq!(refused(result), (Some(1), member), "{key}");
    }
}

#[test]
fn private_members_stay_out_of_public_sets() {
    for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        let keys = json!([ec(json!({private: EC_D}))]);
        for mode in [PrivateMembers::Refuse, PrivateMembers::InEntries] {
            assert_eq!(refused(parse(keys.clone(), mode)), (Some(0), Some(private)));
        }
    }
    let symmetric = json!([{"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}]);
    assert_eq!(refused(parse(symmetric, PrivateMembers::Refuse)), (Some(0), Some("k")));
    let ec_pair = ec(json!({"d": EC_D, "key_ops": ["sign"]}));
    let rsa_pair =
        rsa(json!({"d": EC_D, "p": EC_D, "q": EC_D, "dp": EC_D, "dq": EC_D, "qi": EC_D}));
    let set = parse(json!([ec_pair, rsa_pair]), PrivateMembers::Drop).unwrap();
    assert_eq!(set.keys().len(), 2);
    assert!(!set.to_public_json().contains(EC_D));
}

#[test]
fn static_entries_in_both_spellings() {
    let text = ec(json!({"kid": null})).to_string();
    let entries = json!([
        {"id": "a", "publicKey": text, "privateKey": "\"00ff\"", "alg": "ES256", "createdAt": 5},
        {"id": "b", "publicKey": rsa(json!({}))},
        {"id": "c", "publicKey": "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", "alg": "EdDSA"},
    ])
    .to_string();
    let set = KeySet::parse(&entries, PrivateMembers::InEntries).unwrap();
    let kids: Vec<_> = set.keys().iter().map(|key| (key.kid(), key.algorithm())).collect();
    assert_eq!(kids, [(Some("a"), Algorithm::Es256), (Some("b"), Algorithm::Rs256)]);
    assert!(!set.to_public_json().contains("00ff"));
    let refusal = KeySet::parse(&entries, PrivateMembers::Refuse);
    assert_eq!(refused(refusal), (Some(0), Some("privateKey")));
}

#[test]
fn malformed_entries_are_refused_with_their_id() {
    for (entry, member) in [
        (json!({"publicKey": ec(json!({}))}), Some("id")),
        (json!({"id": "k"}), Some("publicKey")),
        (json!({"id": "k", "publicKey": "{"}), Some("publicKey")),
        (json!({"id": "k", "publicKey": "[]"}), Some("publicKey")),
        (json!({"id": "k", "publicKey": ec(json!({})), "alg": "RS256"}), Some("alg")),
        (json!({"id": "k", "publicKey": ec(json!({"d": EC_D}))}), Some("d")),
    ] {
        let result = KeySet::parse(&json!([entry]).to_string(), PrivateMembers::InEntries);
        assert_eq!(refused(result), (Some(0), member), "{entry}");
    }
    let entry = json!([{"id": "k-7", "publicKey": ec(json!({"x": "!"}))}]).to_string();
    let error = KeySet::parse(&entry, PrivateMembers::InEntries).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the key set is invalid: key 0 (`k-7`): the member `x` is not canonical base64url without \
         padding"
    );
    assert_eq!(Value::from(error.meta()), json!({"index": 0, "kid": "k-7", "member": "x"}));
}

#[test]
fn documents_that_are_no_key_sets() {
    let large = format!("{{\"keys\":[]{}}}", " ".repeat(MAX_KEY_SET_BYTES));
    for (text, member) in [
        ("", None),
        ("7", None),
        ("{}", Some("keys")),
        ("{\"keys\":{}}", Some("keys")),
        ("{\"keys\":[],\"keys\":[]}", None),
        (large.as_str(), None),
    ] {
        assert_eq!(refused(KeySet::parse(text, PrivateMembers::Refuse)), (None, member));
    }
    let many = vec![json!({"kty": "future"}); 101];
    assert_eq!(refused(parse(json!(many), PrivateMembers::Refuse)), (None, None));
}

#[test]
fn selection_is_by_name_then_algorithm() {
    let set = parse(
        json!([ec(json!({"kid": "a"})), rsa(json!({"kid": "a"})), ec(json!({"kid": "b"}))]),
        PrivateMembers::Refuse,
    )
    .unwrap();
    let picked =
        |kid, algorithm| set.select(kid, algorithm).map(|key| (key.kid(), key.algorithm()));
    let rs256 = Algorithm::Rs256;
    let es256 = Algorithm::Es256;
    assert_eq!(picked(Some("a"), rs256), Ok((Some("a"), rs256)));
    assert_eq!(picked(Some("a"), es256), Ok((Some("a"), es256)));
    assert_eq!(picked(None, rs256), Ok((Some("a"), rs256)));
    for (kid, algorithm) in [(Some("b"), rs256), (Some("c"), es256), (None, es256)] {
        let error = set.select(kid, algorithm).unwrap_err();
        assert_eq!(error.code(), "JWT_KEY_NOT_FOUND");
    }
    let twins = parse(json!([ec(json!({})), ec(json!({}))]), PrivateMembers::Refuse);
    assert_eq!(refused(twins), (Some(1), None));
}
