//! What calls on a table that the schema does not know cost: the same with ten rows as with ten
//! thousand, and no more than ten documents.

use gate_core::values::{Record, Value};
use gate_testkit::{Counts, MemoryDatabase, entries, value};
use serde_json::{Value as Json, json};

use crate::adapter::support::{done, seed};

const INDEXES: &[&str] = &["createdAt", "email!", "id", "inviterId,createdAt", "plan"];

fn rules() -> Json {
    json!({
        "unique": [["email"]],
        "indexes": [["createdAt"], ["email"], ["id"], ["inviterId", "createdAt"], ["plan"]],
    })
}

/// A plugin's table with this many rows, two of each inviter, and a listed one with a field of the app.
fn database(count: usize) -> MemoryDatabase {
    let db = MemoryDatabase::new();
    let record = |json: Json| match value(&json) {
        Value::Object(record) => record,
        _ => Record::new(),
    };
    let row = |n: usize| json!({ "id": format!("w{n}"), "email": format!("{n}@x"), "inviterId": format!("u{}", n / 2), "createdAt": n, "plan": if n == 5 { "team" } else { "free" } });
    entries::seed(&db, "waitlist", INDEXES, (0..count).map(|n| record(row(n)))).unwrap();
    let user = |n: usize| json!({ "id": format!("u{n}"), "email": format!("{n}@x"), "handle": format!("h{n}") });
    entries::seed(&db, "user", &["handle!"], (0..count).map(|n| record(user(n)))).unwrap();
    seed(&db, "organization", json!([{ "id": "o1", "ownerMail": "3@x" }]));
    db
}

fn by(field: &str, value: &str) -> Json {
    json!([{ "field": field, "value": value }])
}

/// The calls with the documents that each reads: one for the catalogue, then two for each row.
fn calls() -> Vec<(&'static str, Json, usize)> {
    let find = |mut args: Json| {
        args["model"] = json!("waitlist");
        json!({ "findMany": args })
    };
    let range = |operator: &str, at: usize| json!({ "field": "createdAt", "operator": operator, "value": at });
    let owned = json!({ "references": [
        { "model": "waitlist", "field": "inviterId", "target": "user", "to": "id", "onDelete": "cascade" },
    ] });
    let guests = json!({ "as": "guests", "table": "waitlist", "from": "id", "to": "inviterId", "relation": "one-to-many", "limit": 100 });
    vec![
        ("by id", json!({ "findOne": { "model": "waitlist", "where": by("id", "w3") } }), 3),
        ("by a unique field", find(json!({ "where": by("email", "3@x") })), 3),
        ("an unknown value", find(json!({ "where": by("email", "no") })), 1),
        ("by a reference", find(json!({ "where": by("inviterId", "u2") })), 5),
        (
            "a reference and a range",
            find(json!({ "where": [{ "field": "inviterId", "value": "u2" }, range("gt", 4)] })),
            3,
        ),
        ("a range", find(json!({ "where": [range("gte", 2), range("lt", 5)] })), 7),
        ("nothing as old", find(json!({ "where": [range("lt", 0)] })), 1),
        (
            "a list of values",
            find(
                json!({ "where": [{ "field": "email", "operator": "in", "value": ["1@x", "4@x", "no"] }] }),
            ),
            5,
        ),
        (
            "a prefix",
            find(
                json!({ "where": [{ "field": "plan", "operator": "starts_with", "value": "te" }] }),
            ),
            3,
        ),
        (
            "either of two",
            find(json!({ "where": [
                { "field": "email", "value": "1@x", "connector": "OR" },
                { "field": "plan", "value": "team", "connector": "OR" },
            ] })),
            5,
        ),
        (
            "the first few in order",
            find(json!({ "limit": 4, "sortBy": { "field": "createdAt", "direction": "asc" } })),
            9,
        ),
        (
            "the newest of an inviter",
            find(
                json!({ "where": by("inviterId", "u2"), "limit": 1, "sortBy": { "field": "createdAt", "direction": "desc" } }),
            ),
            3,
        ),
        (
            "how many",
            json!({ "count": { "model": "waitlist", "where": by("inviterId", "u2") } }),
            5,
        ),
        (
            "a user with guests",
            json!({ "findOne": { "model": "user", "where": by("id", "u2"), "join": [guests] } }),
            6,
        ),
        (
            "a listed table by a field of the app",
            json!({ "findOne": { "model": "user", "where": by("handle", "h3") } }),
            3,
        ),
        (
            "create",
            json!({ "create": { "model": "waitlist", "data": { "id": "new", "email": "new@x" }, "rules": rules() } }),
            1,
        ),
        // The row, whether the address is free, and the entry that changes.
        (
            "update",
            json!({ "update": { "model": "waitlist", "where": by("id", "w3"), "update": { "email": "z@x" }, "rules": rules() } }),
            4,
        ),
        (
            "count up",
            json!({ "incrementOne": { "model": "waitlist", "where": by("id", "w3"), "increment": { "seats": 1 }, "rules": rules() } }),
            3,
        ),
        // The row, and its five entries.
        (
            "consume",
            json!({ "consumeOne": { "model": "waitlist", "where": by("email", "0@x") } }),
            8,
        ),
        (
            "delete what is old",
            json!({ "deleteMany": { "model": "waitlist", "where": [range("lte", 1)] } }),
            8,
        ),
        // The user, an entry of it, a guest with its entry, and the five entries of the guest.
        (
            "a cascade",
            json!({ "deleteMany": { "model": "user", "where": by("id", "u4"), "rules": owned } }),
            10,
        ),
    ]
}

fn cost(count: usize) -> Vec<(&'static str, Counts)> {
    let db = database(count);
    // One of the two guests of this inviter has gone.
    done(&db, json!({ "deleteMany": { "model": "waitlist", "where": by("id", "w9") } }));
    calls()
        .into_iter()
        .map(|(name, operation, _)| {
            db.reset_counts();
            done(&db, operation);
            (name, db.counts())
        })
        .collect()
}

#[test]
fn a_call_costs_the_same_with_ten_rows_and_ten_thousand() {
    let small = cost(10);
    assert_eq!(small, cost(10_000));
    for ((name, counts), (_, _, documents)) in small.into_iter().zip(calls()) {
        assert_eq!((counts.documents, counts.full_scans), (documents, 0), "{name}");
        assert!(documents <= 10, "{name}");
    }
}
