//! The vectors of `tests/vectors/jwt`, and properties over their valid tokens.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gate_jwt::{
    Algorithm, CompactJws, Error, JsonMap, JsonValue, KeySet, Policy, PrivateMembers, Seconds,
    verify_signature, verify_token,
};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VectorFile {
    key_sets: BTreeMap<String, JsonValue>,
    tokens: Vec<TokenVector>,
    sets: Vec<SetVector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenVector {
    name: String,
    token: JsonValue,
    key_set: String,
    policy: PolicyFields,
    now: f64,
    expect: Expectation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyFields {
    issuer: Vec<String>,
    audience: Vec<String>,
    algorithms: Vec<String>,
    tolerance_s: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SetVector {
    name: String,
    key_set: String,
    allow_private: bool,
    expect: Expectation,
}

/// A static key set: the names of its keys, or the member for which it is not taken.
#[derive(Deserialize)]
struct StaticVector {
    name: String,
    entries: JsonValue,
    kids: Option<Vec<String>>,
    member: Option<String>,
}

#[derive(Deserialize)]
struct Expectation {
    claims: Option<JsonMap<String, JsonValue>>,
    kids: Option<Vec<Option<String>>>,
    code: Option<String>,
    meta: Option<JsonMap<String, JsonValue>>,
}

impl VectorFile {
    fn read(name: &str) -> Self {
        let folder = Path::new("../../tests/vectors/jwt");
        serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    }

    fn set_text(&self, name: &str) -> String {
        match &self.key_sets[name] {
            JsonValue::String(text) => text.clone(),
            value => value.to_string(),
        }
    }

    fn judge(&self, vector: &TokenVector) -> Result<JsonMap<String, JsonValue>, Error> {
        let keys = KeySet::parse(&self.set_text(&vector.key_set), PrivateMembers::InEntries)?;
        let fields = &vector.policy;
        let policy = Policy::new(
            fields.issuer.clone(),
            fields.audience.clone(),
            fields.algorithms.iter().map(|name| Algorithm::parse(name).unwrap()).collect(),
            Seconds::new(vector.now).unwrap(),
            Seconds::new(fields.tolerance_s).unwrap(),
        )?;
        verify_token(&join(&vector.token), &keys, &policy).map(|verified| verified.claims)
    }
}

fn join(token: &JsonValue) -> String {
    match token {
        JsonValue::String(text) => text.clone(),
        JsonValue::Array(pieces) => pieces.iter().map(join).collect(),
        piece => {
            let times = usize::try_from(piece["times"].as_u64().unwrap()).unwrap();
            piece["repeat"].as_str().unwrap().repeat(times)
        }
    }
}

fn check_failure(name: &str, error: &Error, expect: &Expectation) {
    assert_eq!(Some(error.code()), expect.code.as_deref(), "{name}: {error}");
    if let Some(meta) = &expect.meta {
        assert_eq!(&error.meta(), meta, "{name}");
    }
}

fn run(file: &str, tokens: usize, sets: usize) {
    let vectors = VectorFile::read(file);
    assert_eq!((vectors.tokens.len(), vectors.sets.len()), (tokens, sets), "{file}");
    for vector in &vectors.tokens {
        match vectors.judge(vector) {
            Ok(claims) => {
                assert_eq!(Some(&claims), vector.expect.claims.as_ref(), "{}", vector.name)
            }
            Err(error) => check_failure(&vector.name, &error, &vector.expect),
        }
    }
    for vector in &vectors.sets {
        let private =
            if vector.allow_private { PrivateMembers::Drop } else { PrivateMembers::Refuse };
        match KeySet::parse(&vectors.set_text(&vector.key_set), private) {
            Ok(set) => {
                let kids = set.keys().iter().map(|key| key.kid().map(str::to_owned)).collect();
                assert_eq!(Some(kids), vector.expect.kids, "{}", vector.name);
            }
            Err(error) => check_failure(&vector.name, &error, &vector.expect),
        }
    }
}

#[test]
fn examples_of_the_rfcs() {
    run("rfc.json", 11, 7);
}

#[test]
fn tokens_that_hold() {
    run("accepted.json", 26, 5);
}

#[test]
fn tokens_that_must_be_refused() {
    run("refused.json", 116, 3);
}

#[test]
fn static_sets_are_taken_as_where_they_are_deployed() {
    let text = fs::read_to_string("../../tests/vectors/jwt/static.json").unwrap();
    let vectors: Vec<StaticVector> = serde_json::from_str(&text).unwrap();
    assert_eq!(vectors.len(), 9);
    for StaticVector { name, entries, kids, member } in vectors {
        match KeySet::parse(&entries.to_string(), PrivateMembers::InEntries) {
            Ok(set) => {
                let usable: Vec<_> = set.keys().iter().filter_map(|key| key.kid()).collect();
                assert_eq!(usable, kids.unwrap_or_default(), "{name}");
            }
            Err(Error::KeySetInvalid(fault)) => {
                assert_eq!(fault.member, member.as_deref(), "{name}")
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn no_message_or_debug_text_holds_text_of_a_token_or_key() {
    let vectors = VectorFile::read("refused.json");
    for vector in &vectors.tokens {
        let token = join(&vector.token);
        let error = vectors.judge(vector).unwrap_err();
        let shown = format!("{error} {error:?} {:?}", CompactJws::parse(&token).ok());
        for part in token.split('.').filter(|part| part.len() > 20) {
            assert!(!shown.contains(part), "{}: {shown}", vector.name);
        }
    }
}

proptest! {
    #[test]
    fn parsers_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = CompactJws::parse(&text);
        for mode in [PrivateMembers::Drop, PrivateMembers::InEntries, PrivateMembers::Refuse] {
            let _ = KeySet::parse(&text, mode);
        }
    }

    #[test]
    fn token_shapes_never_panic(token in "[A-Za-z0-9_=-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,90}") {
        let keys = KeySet::parse("{\"keys\":[]}", PrivateMembers::Refuse).unwrap();
        prop_assert!(verify_signature(&token, &keys, &Algorithm::ALL).is_err());
    }

    #[test]
    fn any_changed_byte_is_refused(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        with in 1..128_u8,
    ) {
        let vectors = VectorFile::read("accepted.json");
        let vector = which.get(&vectors.tokens);
        let mut bytes = join(&vector.token).into_bytes();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != with);
        bytes[place] = with;
        let changed = String::from_utf8(bytes).unwrap();
        let keys = KeySet::parse(&vectors.set_text(&vector.key_set), PrivateMembers::InEntries);
        prop_assert!(verify_signature(&changed, &keys.unwrap(), &Algorithm::ALL).is_err());
    }
}
