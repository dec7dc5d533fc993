//! Rows leave with their own id as `_id` too, so `_id` on the way in is that id: never Convex's own, which differs.

use gate_core::values::Fault;
use gate_testkit::strategies::OPERATORS;
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, ids_of, rows, seed, with};

fn database() -> MemoryDatabase {
    let db = with(
        "user",
        json!([
            { "id": "a", "email": "a@x", "logins": 1 }, { "id": "b", "email": "b@x", "logins": 1 },
            { "id": "c", "email": "c@x", "logins": 1 },
        ]),
    );
    seed(&db, "session", json!([{ "id": "s", "token": "t", "userId": "b" }]));
    db
}

fn filter(field: &str, operator: &str) -> Json {
    let value = if matches!(operator, "in" | "not_in") { json!(["b", "z"]) } else { json!("b") };
    json!([{ "field": field, "operator": operator, "value": value }])
}

/// Every way to name rows by a filter.
fn operations(filter: &Json) -> Vec<Json> {
    let with = |more: Json| {
        let mut args = json!({ "model": "user", "where": filter });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    };
    let update = with(json!({ "update": { "name": "x" } }));
    vec![
        json!({ "findOne": with(json!({})) }),
        json!({ "findMany": with(json!({})) }),
        json!({ "findMany": with(json!({ "page": {} })) }),
        json!({ "count": with(json!({})) }),
        json!({ "update": update }),
        json!({ "updateMany": update }),
        json!({ "incrementOne": with(json!({ "increment": { "logins": 1 }, "set": { "name": "y" } })) }),
        json!({ "consumeOne": with(json!({})) }),
        json!({ "delete": with(json!({})) }),
        json!({ "deleteMany": with(json!({})) }),
        json!({ "replay": { "log": [{ "operation": { "deleteMany": with(json!({})) } }] } }),
    ]
}

#[test]
fn every_operation_finds_by_it_what_it_finds_by_id() {
    for operator in OPERATORS {
        let named = operations(&filter("_id", operator));
        for (ours, theirs) in operations(&filter("id", operator)).into_iter().zip(named) {
            let (by_id, by_document_id) = (database(), database());
            let expected = done(&by_id, ours);
            assert_eq!(done(&by_document_id, theirs.clone()), expected, "{theirs}");
            assert_eq!(rows(&by_document_id, "user"), rows(&by_id, "user"), "{theirs}");
        }
    }
}

#[test]
fn a_deletion_of_all_but_one_leaves_that_one() {
    let db = database();
    let args = json!({ "model": "user", "where": filter("_id", "ne") });
    assert_eq!(done(&db, json!({ "deleteMany": args })), value(&json!(2)));
    assert_eq!(ids(&db, "user"), ["b"]);
}

#[test]
fn it_sorts_and_is_selected() {
    let db = database();
    let sorted =
        json!({ "model": "user", "sortBy": { "field": "_id", "direction": "desc" }, "limit": 2 });
    assert_eq!(ids_of(&done(&db, json!({ "findMany": sorted }))), ["c", "b"]);
    let selected =
        json!({ "model": "user", "where": filter("_id", "eq"), "select": ["_id", "email"] });
    let row = json!({ "_id": "b", "email": "b@x" });
    assert_eq!(done(&db, json!({ "findOne": selected })), value(&row));
}

#[test]
fn it_joins_from_either_side() {
    let db = database();
    let join = |table: &str, from: &str, to: &str, relation: &str| json!([{ "as": "joined", "table": table, "from": from, "to": to, "relation": relation, "limit": 9 }]);
    let first = |model: &str, join: Json| {
        let filter = json!([{ "field": "_id", "value": if model == "user" { "b" } else { "s" } }]);
        let args = json!({ "model": model, "where": filter, "select": ["_id"], "join": join });
        done(&db, json!({ "findOne": args }))
    };
    assert_eq!(
        first("user", join("session", "_id", "userId", "one-to-many")),
        first("user", join("session", "id", "userId", "one-to-many")),
    );
    let session = first("session", join("user", "userId", "_id", "one-to-one"));
    assert_eq!(session, first("session", join("user", "userId", "id", "one-to-one")));
    assert!(format!("{session:?}").contains("b@x"));
}

#[test]
fn a_reference_to_it_is_one_to_the_id() {
    let db = database();
    let rules = json!({ "references": [
        { "model": "session", "field": "userId", "target": "user", "to": "_id", "onDelete": "cascade" },
    ] });
    let args = json!({ "model": "user", "where": filter("_id", "eq"), "rules": rules });
    done(&db, json!({ "delete": args }));
    assert!(db.rows("session").is_empty());
}

#[test]
fn a_row_that_goes_back_in_as_it_came_out_keeps_its_id() {
    let db = database();
    let args = |update: Json| json!({ "update": { "model": "user", "where": filter("id", "eq"), "update": update } });
    let row = json!({ "_id": "b", "id": "b", "email": "b@x", "logins": 1, "name": "B" });
    assert_eq!(done(&db, args(row.clone())), value(&row));
    let created = json!({ "create": { "model": "user", "data": { "_id": "d", "email": "d@x" } } });
    assert_eq!(done(&db, created), value(&json!({ "_id": "d", "id": "d", "email": "d@x" })));
    assert_eq!(ids(&db, "user"), ["a", "b", "c", "d"]);
    // Two ids are one too many.
    let refused = fault(&db, "user", args(json!({ "_id": "b", "id": "e" })));
    assert_eq!(refused, Fault::InvalidName { name: "_id".to_owned() });
}

#[test]
fn a_clause_without_a_value_is_refused_and_deletes_nothing() {
    let db = database();
    for operator in OPERATORS {
        let args =
            json!({ "model": "user", "where": [{ "field": "email", "operator": operator }] });
        let refused = fault(&db, "user", json!({ "deleteMany": args }));
        assert_eq!(refused, Fault::UnsupportedValue { field: "email".to_owned() });
    }
    // Null is a value, and means absent or null.
    let args = json!({ "model": "user", "where": [{ "field": "name", "value": null }] });
    assert_eq!(done(&db, json!({ "count": args })), value(&json!(3)));
}
