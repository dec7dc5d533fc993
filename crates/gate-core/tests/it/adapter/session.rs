use gate_core::values::Value;
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, ids, rows, seed, with};

fn database() -> MemoryDatabase {
    let db = with("user", json!([{ "id": "u", "name": "Ann" }, { "id": "v", "name": "Bob" }]));
    seed(
        &db,
        "session",
        json!([
            { "id": "s", "token": "secret-s", "userId": "u", "expiresAt": 1 },
            { "id": "t", "token": "secret-t", "userId": "u", "expiresAt": 1 },
            { "id": "r", "token": "secret-r", "userId": "v", "expiresAt": 1 },
            { "id": "orphan", "token": "secret-o", "userId": "gone", "expiresAt": 1 },
        ]),
    );
    db
}

fn store(session: &str, user: &str, token: &str) -> Json {
    json!({ "storeToken": {
        "sessionId": session, "userId": user, "token": token, "keyId": "k", "issuedAt": 10, "expiresAt": 20,
    } })
}

/// A database in which each live session has its token.
fn with_tokens() -> MemoryDatabase {
    let db = database();
    for (session, user) in [("s", "u"), ("t", "u"), ("r", "v")] {
        assert_eq!(done(&db, store(session, user, "jwt")), Value::Bool(true));
    }
    db
}

fn pair() -> Json {
    json!({
        "session": { "_id": "s", "id": "s", "token": "secret-s", "userId": "u", "expiresAt": 1 },
        "user": { "_id": "u", "id": "u", "name": "Ann" },
    })
}

#[test]
fn a_session_is_found_for_its_own_user_only() {
    let db = database();
    let ask = |session: &str, user: &str| {
        done(&db, json!({ "sessionUser": { "sessionId": session, "userId": user } }))
    };
    assert_eq!(ask("s", "u"), value(&pair()));
    assert_eq!(ask("s", "v"), Value::Null);
    assert_eq!(ask("gone", "u"), Value::Null);
    assert_eq!(ask("orphan", "gone"), Value::Null);
}

#[test]
fn a_session_is_found_by_its_token() {
    let db = database();
    let ask = |token: &str| done(&db, json!({ "sessionByToken": { "token": token } }));
    assert_eq!(ask("secret-s"), value(&pair()));
    assert_eq!(ask("secret"), Value::Null);
    assert_eq!(ask("secret-o"), Value::Null);
}

#[test]
fn the_context_of_a_token_has_all_that_its_endpoint_needs() {
    let db = with_tokens();
    seed(
        &db,
        "gateKeys",
        json!([{ "id": "old", "createdAt": 1 }, { "id": "new", "createdAt": 2 }]),
    );
    let ask = |token: &str| done(&db, json!({ "tokenContext": { "token": token } }));
    let mut expected = pair();
    expected["cached"] = json!({ "token": "jwt", "keyId": "k", "issuedAt": 10, "expiresAt": 20 });
    expected["keys"] = json!([{ "id": "new", "createdAt": 2 }, { "id": "old", "createdAt": 1 }]);
    assert_eq!(ask("secret-s"), value(&expected));
    assert_eq!(ask("secret-o"), Value::Null);
    assert_eq!(ask("other"), Value::Null);
    done(&db, json!({ "deleteMany": { "model": "gateTokens" } }));
    expected["cached"] = Json::Null;
    assert_eq!(ask("secret-s"), value(&expected));
}

#[test]
fn one_token_is_kept_for_each_session() {
    let db = with_tokens();
    assert_eq!(done(&db, store("s", "u", "newer")), Value::Bool(true));
    assert_eq!(ids(&db, "gateTokens"), ["s", "t", "r"]);
    assert_eq!(db.rows("gateTokens")[0].get("token"), Some(&Value::from("newer")));
}

#[test]
fn no_token_is_kept_for_a_session_that_is_gone_or_another_users() {
    let db = database();
    assert_eq!(done(&db, store("gone", "u", "jwt")), Value::Bool(false));
    assert_eq!(done(&db, store("s", "v", "jwt")), Value::Bool(false));
    assert_eq!(rows(&db, "gateTokens"), value(&json!([])));
}

#[test]
fn a_revoked_session_loses_its_token() {
    let db = with_tokens();
    let revoke = json!({ "revokeSession": { "id": "s" } });
    assert_eq!(done(&db, revoke.clone()), Value::Bool(true));
    assert_eq!(ids(&db, "session"), ["t", "r", "orphan"]);
    assert_eq!(ids(&db, "gateTokens"), ["t", "r"]);
    assert_eq!(done(&db, revoke), Value::Bool(false));
}

#[test]
fn every_session_of_a_user_can_be_revoked() {
    let db = with_tokens();
    let revoke = json!({ "revokeUserSessions": { "userId": "u" } });
    assert_eq!(done(&db, revoke.clone()), Value::Float64(2.0));
    assert_eq!(ids(&db, "session"), ["r", "orphan"]);
    assert_eq!(ids(&db, "gateTokens"), ["r"]);
    assert_eq!(done(&db, revoke), Value::Float64(0.0));
}

#[test]
fn whatever_deletes_a_session_drops_its_token() {
    for (operation, filter) in [
        ("delete", json!([{ "field": "token", "value": "secret-s" }])),
        ("deleteMany", json!([{ "field": "id", "operator": "in", "value": ["s"] }])),
        ("consumeOne", json!([{ "field": "id", "value": "s" }])),
    ] {
        let db = with_tokens();
        done(&db, json!({ operation: { "model": "session", "where": filter } }));
        assert_eq!(ids(&db, "gateTokens"), ["t", "r"], "{operation}");
    }
}

#[test]
fn whatever_changes_the_token_of_a_session_drops_what_was_signed_for_it() {
    let by_id = json!([{ "field": "id", "value": "s" }]);
    for (changes, dropped) in [
        (json!({ "token": "rotated" }), true),
        (json!({ "userId": "v" }), true),
        (json!({ "id": "other" }), true),
        (json!({ "token": "secret-s", "updatedAt": 5 }), false),
        (json!({ "expiresAt": 99 }), false),
    ] {
        for operation in ["update", "updateMany"] {
            let db = with_tokens();
            done(
                &db,
                json!({ operation: { "model": "session", "where": by_id, "update": changes } }),
            );
            assert_eq!(
                ids(&db, "gateTokens").contains(&"s".to_owned()),
                !dropped,
                "{operation} {changes}"
            );
            assert!(ids(&db, "gateTokens").contains(&"t".to_owned()));
        }
        let db = with_tokens();
        done(
            &db,
            json!({ "incrementOne": { "model": "session", "where": by_id, "set": changes } }),
        );
        assert_eq!(ids(&db, "gateTokens").contains(&"s".to_owned()), !dropped, "{changes}");
    }
}

#[test]
fn tokens_do_not_show_in_debug() {
    let parse = |json: Json| gate_core::operations::Operation::parse(value(&json)).unwrap();
    for operation in [
        parse(store("s", "u", "jwt-secret")),
        parse(json!({ "sessionByToken": { "token": "jwt-secret" } })),
        parse(json!({ "tokenContext": { "token": "jwt-secret" } })),
        parse(
            json!({ "addKey": { "key": { "id": "k", "privateKey": "jwt-secret" }, "expectNewest": null } }),
        ),
    ] {
        assert!(!format!("{operation:?}").contains("jwt-secret"));
    }
}

#[test]
fn a_user_is_found_by_id() {
    let db = database();
    let ask = |id: &str| done(&db, json!({ "getUser": { "id": id } }));
    assert_eq!(ask("v"), value(&json!({ "_id": "v", "id": "v", "name": "Bob" })));
    assert_eq!(ask("w"), Value::Null);
}
