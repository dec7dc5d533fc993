use gate_core::values::{Fault, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, rows, seed, with};

fn reference(model: &str, field: &str, target: &str, on_delete: &str) -> Json {
    json!({ "model": model, "field": field, "target": target, "to": "id", "onDelete": on_delete })
}

fn delete(model: &str, id: &str, references: &[Json]) -> Json {
    let filter = json!([{ "field": "id", "value": id }]);
    json!({ "deleteMany": { "model": model, "where": filter, "rules": { "references": references } } })
}

#[test]
fn a_cascade_goes_on_from_table_to_table() {
    let db = with("organization", json!([{ "id": "o" }, { "id": "p" }]));
    seed(
        &db,
        "team",
        json!([{ "id": "t", "organizationId": "o" }, { "id": "s", "organizationId": "p" }]),
    );
    seed(
        &db,
        "teamMember",
        json!([
            { "id": "1", "teamId": "t" }, { "id": "2", "teamId": "s" }, { "id": "3", "teamId": "t" }, { "id": "4" },
        ]),
    );
    let references = [
        reference("team", "organizationId", "organization", "cascade"),
        reference("teamMember", "teamId", "team", "cascade"),
    ];
    assert_eq!(done(&db, delete("organization", "o", &references)), Value::Float64(1.0));
    assert_eq!(ids(&db, "organization"), ["p"]);
    assert_eq!(ids(&db, "team"), ["s"]);
    assert_eq!(ids(&db, "teamMember"), ["2", "4"]);
}

#[test]
fn every_operation_that_deletes_cascades() {
    for operation in ["delete", "deleteMany", "consumeOne"] {
        let db = with("user", json!([{ "id": "u" }]));
        seed(&db, "passkey", json!([{ "id": "1", "userId": "u" }]));
        let mut args = delete("user", "u", &[reference("passkey", "userId", "user", "cascade")]);
        let args = args["deleteMany"].take();
        done(&db, json!({ operation: args }));
        assert_eq!(ids(&db, "passkey"), [""; 0], "{operation}");
    }
}

#[test]
fn set_null_keeps_the_row() {
    let db = with("session", json!([{ "id": "s", "token": "t" }]));
    seed(
        &db,
        "oauthRefreshToken",
        json!([{ "id": "1", "sessionId": "s", "token": "a" }, { "id": "2", "sessionId": "r" }]),
    );
    done(
        &db,
        delete(
            "session",
            "s",
            &[reference("oauthRefreshToken", "sessionId", "session", "set null")],
        ),
    );
    assert_eq!(
        rows(&db, "oauthRefreshToken"),
        value(
            &json!([{ "id": "1", "sessionId": null, "token": "a" }, { "id": "2", "sessionId": "r" }])
        )
    );
}

#[test]
fn restrict_keeps_everything() {
    let db = with("user", json!([{ "id": "u" }]));
    seed(&db, "session", json!([{ "id": "s", "userId": "u" }]));
    seed(&db, "ownTable", json!([{ "id": "1", "session": "s", "note": "u" }]));
    // The refusal comes from the far end of a cascade, after a row was changed already.
    let references = [
        reference("ownTable", "note", "user", "set null"),
        reference("session", "userId", "user", "cascade"),
        reference("ownTable", "session", "session", "restrict"),
    ];
    let before = (rows(&db, "session"), rows(&db, "ownTable"));
    let refused = fault(&db, "user", delete("user", "u", &references));
    assert_eq!(
        refused,
        Fault::Restricted {
            model: "ownTable".into(),
            field: "session".into(),
            target: "session".into()
        }
    );
    assert_eq!((rows(&db, "session"), rows(&db, "ownTable")), before);
    // Nothing refers to it: it may go.
    done(&db, json!({ "deleteMany": { "model": "ownTable" } }));
    done(&db, delete("user", "u", &references));
    assert_eq!(ids(&db, "session"), [""; 0]);
}

#[test]
fn no_action_and_other_words_forbid_it_too() {
    for action in ["no action", "set default", ""] {
        let db = with("user", json!([{ "id": "u" }, { "id": "v" }]));
        seed(&db, "passkey", json!([{ "id": "1", "userId": "u" }]));
        let rule = [reference("passkey", "userId", "user", action)];
        let refused = fault(&db, "user", delete("user", "u", &rule));
        assert!(matches!(refused, Fault::Restricted { .. }), "{action}");
        done(&db, delete("user", "v", &rule));
        assert_eq!((ids(&db, "user"), ids(&db, "passkey")), (vec!["u".into()], vec!["1".into()]));
    }
}

#[test]
fn what_goes_in_the_same_deletion_does_not_forbid_it() {
    let world = || {
        let db = with("user", json!([{ "id": "u" }]));
        seed(
            &db,
            "organization",
            json!([{ "id": "o", "owner": "u" }, { "id": "p", "owner": "v" }]),
        );
        seed(&db, "member", json!([{ "id": "m", "userId": "u", "organizationId": "o" }]));
        db
    };
    // The member is met by what does not act first, and goes with the organization later.
    let rules = |first: &str| {
        [
            reference("member", "userId", "user", first),
            reference("organization", "owner", "user", "cascade"),
            reference("member", "organizationId", "organization", "cascade"),
        ]
    };
    let db = world();
    done(&db, delete("user", "u", &rules("no action")));
    assert_eq!((ids(&db, "organization"), ids(&db, "member")), (vec!["p".into()], vec![]));
    assert_eq!(
        fault(&world(), "user", delete("user", "u", &rules("restrict"))).code(),
        "RESTRICTED"
    );

    // Another organization's member stays.
    let db = world();
    seed(&db, "member", json!([{ "id": "n", "userId": "u", "organizationId": "p" }]));
    assert_eq!(fault(&db, "user", delete("user", "u", &rules("no action"))).code(), "RESTRICTED");
    assert_eq!(ids(&db, "member"), ["m", "n"]);
}

#[test]
fn rows_that_refer_to_each_other_go_together() {
    let rule = [reference("ownTable", "next", "ownTable", "no action")];
    let ring =
        json!([{ "id": "1", "next": "2" }, { "id": "2", "next": "1" }, { "id": "3", "next": "3" }]);
    let db = with("ownTable", ring);
    assert_eq!(fault(&db, "ownTable", delete("ownTable", "1", &rule)).code(), "RESTRICTED");
    done(&db, delete("ownTable", "3", &rule));
    let all = json!({ "deleteMany": { "model": "ownTable", "rules": { "references": rule } } });
    assert_eq!(done(&db, all), Value::Float64(2.0));
}

#[test]
fn a_cycle_of_references_ends() {
    let db = with(
        "ownTable",
        json!([
            { "id": "1", "next": "2" }, { "id": "2", "next": "3" }, { "id": "3", "next": "1" },
            { "id": "4", "next": "4" }, { "id": "5", "next": "1" },
        ]),
    );
    let references = [reference("ownTable", "next", "ownTable", "cascade")];
    assert_eq!(done(&db, delete("ownTable", "4", &references)), Value::Float64(1.0));
    assert_eq!(done(&db, delete("ownTable", "1", &references)), Value::Float64(1.0));
    assert_eq!(ids(&db, "ownTable"), [""; 0]);
}

#[test]
fn a_row_that_two_ways_lead_to_is_deleted_once() {
    let db = with("user", json!([{ "id": "u" }]));
    seed(&db, "organization", json!([{ "id": "o", "owner": "u" }]));
    seed(&db, "member", json!([{ "id": "m", "userId": "u", "organizationId": "o" }]));
    let references = [
        reference("organization", "owner", "user", "cascade"),
        reference("member", "userId", "user", "cascade"),
        reference("member", "organizationId", "organization", "cascade"),
    ];
    done(&db, delete("user", "u", &references));
    assert_eq!(db.counts().deletes, 3);
}

#[test]
fn a_reference_to_another_field_than_the_id_is_followed() {
    let db = with(
        "oauthClient",
        json!([{ "id": "1", "clientId": "c" }, { "id": "2", "clientId": null }]),
    );
    seed(
        &db,
        "oauthClientResource",
        json!([{ "id": "a", "clientId": "c" }, { "id": "b", "clientId": "1" }, { "id": "n", "clientId": null }]),
    );
    let references = [
        json!({ "model": "oauthClientResource", "field": "clientId", "target": "oauthClient", "to": "clientId", "onDelete": "cascade" }),
    ];
    done(&db, delete("oauthClient", "1", &references));
    assert_eq!(ids(&db, "oauthClientResource"), ["b", "n"]);
    // Null refers to nothing, so a row without a value is nobody's child.
    done(&db, delete("oauthClient", "2", &references));
    assert_eq!(ids(&db, "oauthClientResource"), ["b", "n"]);
}

#[test]
fn a_session_takes_its_cached_token_along_a_cascade() {
    let db = with("user", json!([{ "id": "u" }]));
    seed(&db, "session", json!([{ "id": "s", "userId": "u" }, { "id": "t", "userId": "v" }]));
    seed(
        &db,
        "gateTokens",
        json!([{ "id": "s", "sessionId": "s" }, { "id": "t", "sessionId": "t" }]),
    );
    done(&db, delete("user", "u", &[reference("session", "userId", "user", "cascade")]));
    assert_eq!(ids(&db, "gateTokens"), ["t"]);
}

#[test]
fn an_indexed_cascade_reads_only_what_it_deletes() {
    let db = MemoryDatabase::new();
    seed(&db, "user", json!([{ "id": "u" }]));
    let others: Vec<Json> =
        (0..500).map(|index| json!({ "id": format!("{index}"), "userId": "other" })).collect();
    seed(&db, "account", json!(others));
    seed(&db, "account", json!([{ "id": "mine", "userId": "u" }]));
    done(&db, delete("user", "u", &[reference("account", "userId", "user", "cascade")]));
    assert_eq!((db.counts().documents, db.counts().full_scans), (2, 0));
}
