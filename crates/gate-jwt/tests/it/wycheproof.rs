//! The vectors of Project Wycheproof that concern RS256 and ES256, as `tests/vectors/jwt/wycheproof`
//! keeps them. Tokens go through the whole verifier; bare signatures through the provider, since they
//! sign messages that are no token.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use gate_jwt::crypto::PROVIDER;
use gate_jwt::{Algorithm, JsonValue, KeySet, PrivateMembers, verify_signature};
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Tokens {
    jws: Vec<TokenGroup>,
    jwk: Vec<TokenGroup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenGroup {
    comment: String,
    key_set: JsonValue,
    tests: Vec<(u32, String, String, bool)>,
}

#[derive(Deserialize)]
struct RsaGroup {
    bits: u32,
    n: String,
    e: String,
    tests: Vec<SignatureTest>,
}

#[derive(Deserialize)]
struct EcdsaGroup {
    point: String,
    tests: Vec<SignatureTest>,
}

/// Number, message, signature, and whether it holds.
type SignatureTest = (u32, String, String, bool);

fn read<T: DeserializeOwned>(name: &str) -> T {
    let folder = Path::new("../../tests/vectors/jwt/wycheproof");
    serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// Runs the tests of a set of tokens; gives how many there were and how many hold.
fn run_tokens(groups: &[TokenGroup]) -> (usize, usize) {
    let (mut ran, mut held) = (0, 0);
    for group in groups {
        let keys = KeySet::parse(&group.key_set.to_string(), PrivateMembers::Refuse);
        for (id, name, token, holds) in &group.tests {
            let outcome = keys
                .as_ref()
                .map_err(Clone::clone)
                .and_then(|keys| verify_signature(token, keys, &Algorithm::ALL));
            assert_eq!(outcome.is_ok(), *holds, "{id} {}: {name}: {outcome:?}", group.comment);
            ran += 1;
            held += usize::from(*holds);
        }
    }
    (ran, held)
}

/// Runs the tests of one key; gives how many there were and how many hold.
fn run_signatures(
    algorithm: Algorithm,
    key: &DecodingKey,
    tests: &[SignatureTest],
) -> (usize, usize) {
    let verifier = (PROVIDER.verifier_factory)(&algorithm.into(), key).unwrap();
    let mut held = 0;
    for (id, message, signature, holds) in tests {
        let accepted = verifier.verify(&bytes(message), &bytes(signature)).is_ok();
        assert_eq!(accepted, *holds, "{algorithm:?} {id}");
        held += usize::from(accepted);
    }
    (tests.len(), held)
}

fn sum(counts: impl Iterator<Item = (usize, usize)>) -> (usize, usize) {
    counts.fold((0, 0), |(ran, held), (a, b)| (ran + a, held + b))
}

#[test]
fn json_web_signatures() {
    assert_eq!(run_tokens(&read::<Tokens>("json-web.json").jws), (276, 10));
}

#[test]
fn json_web_keys() {
    assert_eq!(run_tokens(&read::<Tokens>("json-web.json").jwk), (11, 1));
}

#[test]
fn rsa_pkcs1_with_sha256() {
    let groups: Vec<RsaGroup> = read("rsa-pkcs1-sha256.json");
    for bits in [2048, 3072, 4096] {
        assert!(groups.iter().any(|group| group.bits == bits));
    }
    let counts = groups.iter().map(|group| {
        let key = DecodingKey::from_rsa_raw_components(&bytes(&group.n), &bytes(&group.e));
        run_signatures(Algorithm::Rs256, &key, &group.tests)
    });
    assert_eq!(sum(counts), (776, 24));
}

#[test]
fn ecdsa_over_p256_with_sha256() {
    let groups: Vec<EcdsaGroup> = read("ecdsa-p256-sha256-p1363.json");
    let counts = groups.iter().map(|group| {
        let key = DecodingKey::from_ec_der(&bytes(&group.point));
        run_signatures(Algorithm::Es256, &key, &group.tests)
    });
    assert_eq!(sum(counts), (262, 173));
}
