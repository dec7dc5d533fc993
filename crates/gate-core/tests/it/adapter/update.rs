use gate_core::values::{Fault, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, rows, with};

fn verifications() -> MemoryDatabase {
    with(
        "verification",
        json!([
            { "id": "1", "identifier": "a", "value": "x", "expiresAt": 10 },
            { "id": "2", "identifier": "a", "value": "y", "expiresAt": 20 },
            { "id": "3", "identifier": "b", "value": "z", "expiresAt": 30 },
        ]),
    )
}

fn by(field: &str, value: &str) -> Json {
    json!([{ "field": field, "value": value }])
}

#[test]
fn update_changes_every_match_and_gives_the_first_as_it_is_then() {
    let db = verifications();
    let args = json!({ "model": "verification", "where": by("identifier", "a"), "update": { "value": "new", "note": null } });
    let row = done(&db, json!({ "update": args }));
    assert_eq!(
        row,
        value(
            &json!({ "_id": "1", "id": "1", "identifier": "a", "value": "new", "note": null, "expiresAt": 10 })
        )
    );
    assert_eq!(
        rows(&db, "verification"),
        value(&json!([
            { "id": "1", "identifier": "a", "value": "new", "note": null, "expiresAt": 10 },
            { "id": "2", "identifier": "a", "value": "new", "note": null, "expiresAt": 20 },
            { "id": "3", "identifier": "b", "value": "z", "expiresAt": 30 },
        ]))
    );
    let nothing = json!({ "model": "verification", "where": by("identifier", "c"), "update": { "value": "new" } });
    assert_eq!(done(&db, json!({ "update": nothing })), Value::Null);
}

#[test]
fn update_many_gives_how_many() {
    let db = verifications();
    let many = |filter: Json| json!({ "updateMany": { "model": "verification", "where": filter, "update": { "value": "new" } } });
    assert_eq!(done(&db, many(by("identifier", "a"))), Value::Float64(2.0));
    assert_eq!(done(&db, many(by("identifier", "c"))), Value::Float64(0.0));
    assert_eq!(done(&db, many(json!([]))), Value::Float64(3.0));
}

#[test]
fn nothing_to_set_writes_nothing() {
    let db = verifications();
    let args = json!({ "model": "verification", "where": by("id", "1"), "update": {} });
    assert_eq!(
        done(&db, json!({ "update": args })),
        done(&db, json!({ "findOne": { "model": "verification", "where": by("id", "1") } }))
    );
    assert_eq!(db.counts().writes(), 0);
}

#[test]
fn a_field_that_convex_refuses_is_a_fault_even_when_nothing_matches() {
    let db = verifications();
    let args = json!({ "model": "verification", "where": by("id", "9"), "update": { "_creationTime": 1 } });
    let refused = fault(&db, "verification", json!({ "update": args }));
    assert_eq!(refused, Fault::InvalidName { name: "_creationTime".to_owned() });
}

#[test]
fn delete_takes_every_match_and_says_nothing() {
    let db = verifications();
    let args = json!({ "model": "verification", "where": by("identifier", "a") });
    assert_eq!(done(&db, json!({ "delete": args })), Value::Null);
    assert_eq!(ids(&db, "verification"), ["3"]);
    assert_eq!(done(&db, json!({ "delete": args })), Value::Null);
}

#[test]
fn delete_many_gives_how_many_and_without_conditions_takes_all() {
    let db = verifications();
    let expired = json!([{ "field": "expiresAt", "operator": "lt", "value": 20 }]);
    let many = |filter: Json| json!({ "deleteMany": { "model": "verification", "where": filter } });
    assert_eq!(done(&db, many(expired.clone())), Value::Float64(1.0));
    assert_eq!(done(&db, many(expired)), Value::Float64(0.0));
    assert_eq!(done(&db, many(json!([]))), Value::Float64(2.0));
    assert_eq!(ids(&db, "verification"), [""; 0]);
}

#[test]
fn a_new_password_drops_the_cached_tokens_of_its_user() {
    let db = with(
        "gateTokens",
        json!([
            { "id": "t1", "sessionId": "s1", "userId": "ada" },
            { "id": "t2", "sessionId": "s2", "userId": "ada" },
            { "id": "t3", "sessionId": "s3", "userId": "bob" },
        ]),
    );
    let account =
        json!({ "id": "a", "userId": "ada", "providerId": "credential", "password": "old" });
    done(&db, json!({ "create": { "model": "account", "data": account } }));
    let set = |fields: Json| json!({ "update": { "model": "account", "where": by("id", "a"), "update": fields } });
    done(&db, set(json!({ "password": "old", "scope": "x" })));
    assert_eq!(ids(&db, "gateTokens"), ["t1", "t2", "t3"]);
    done(&db, set(json!({ "password": "new" })));
    assert_eq!(ids(&db, "gateTokens"), ["t3"]);
}

#[test]
fn the_rules_say_where_passwords_are_and_whose() {
    let tokens = || {
        with(
            "gateTokens",
            json!([{ "id": "t1", "userId": "ada" }, { "id": "t2", "userId": "bob" }]),
        )
    };
    for (model, secret, owner) in [
        ("logins", "password", "userId"),
        ("account", "secret", "ownerId"),
        ("account", "password", "ownerId"),
    ] {
        let db = tokens();
        let login = json!({ "id": "a", owner: "ada", "providerId": "credential", secret: "old" });
        done(&db, json!({ "create": { "model": model, "data": login } }));
        let rules = json!({ "endsTokens": [[secret, owner]] });
        let set = |fields: Json| json!({ "update": { "model": model, "where": by("id", "a"), "update": fields, "rules": rules } });
        done(&db, set(json!({ secret: "old", "scope": "x" })));
        assert_eq!(ids(&db, "gateTokens"), ["t1", "t2"], "{model}.{secret}");
        done(&db, set(json!({ secret: "new" })));
        assert_eq!(ids(&db, "gateTokens"), ["t2"], "{model}.{secret}");
    }
}
