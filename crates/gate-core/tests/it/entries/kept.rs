//! Entries are those of the rows, whichever way the rows came to be as they are.

use gate_core::values::Fault;
use gate_testkit::{MemoryDatabase, entries};
use serde_json::{Value as Json, json};

use crate::adapter::support::{done, fault, ids, ids_of, record, rows, unique};

const TABLE: &str = "waitlist";
const INDEXES: &[&str] = &["email!", "id", "inviterId,createdAt"];

pub(crate) fn rules() -> Json {
    json!({
        "unique": [["email"]],
        "indexes": [["email"], ["id"], ["inviterId", "createdAt"]],
    })
}

pub(crate) fn create(data: Json) -> Json {
    json!({ "create": { "model": TABLE, "data": data, "rules": rules() } })
}

fn by(field: &str, value: &str) -> Json {
    json!([{ "field": field, "value": value }])
}

/// Three entries a row, and no more and no other than the rows say.
#[track_caller]
fn agree(db: &MemoryDatabase, count: usize) {
    let rows = db.rows(TABLE);
    assert_eq!(rows.len(), count);
    assert_eq!(
        entries::stored(db, TABLE),
        entries::recomputed(TABLE, INDEXES, &rows),
        "entries of {count} rows"
    );
}

fn waitlist() -> MemoryDatabase {
    let db = MemoryDatabase::new();
    for (id, email, inviter) in [("1", "a@x", "u1"), ("2", "b@x", "u1"), ("3", "c@x", "u2")] {
        done(&db, create(json!({ "id": id, "email": email, "inviterId": inviter })));
    }
    agree(&db, 3);
    db
}

#[test]
fn of_created_rows() {
    let db = waitlist();
    // Absent and null fields have an entry too: an order is over all rows.
    done(&db, create(json!({ "id": "4", "email": null })));
    agree(&db, 4);
    let refused = fault(&db, TABLE, create(json!({ "id": "5", "email": "a@x" })));
    assert_eq!(refused, unique(TABLE, &["email"]));
    assert_eq!(fault(&db, TABLE, create(json!({ "id": "1" }))), unique(TABLE, &["id"]));
    agree(&db, 4);
}

#[test]
fn of_changed_rows() {
    let db = waitlist();
    let update = |filter: Json, update: Json| json!({ "updateMany": { "model": TABLE, "where": filter, "update": update, "rules": rules() } });
    done(&db, update(by("email", "b@x"), json!({ "email": "z@x" })));
    done(&db, update(by("inviterId", "u1"), json!({ "inviterId": "u9", "createdAt": 5 })));
    done(&db, update(json!([]), json!({ "note": "no index has this field" })));
    agree(&db, 3);
    assert_eq!(
        fault(&db, TABLE, update(by("id", "1"), json!({ "email": "z@x" }))),
        unique(TABLE, &["email"])
    );
    agree(&db, 3);
    done(
        &db,
        json!({ "incrementOne": { "model": TABLE, "where": by("id", "3"), "increment": { "createdAt": 7 }, "set": { "inviterId": null } } }),
    );
    agree(&db, 3);
    let found =
        done(&db, json!({ "findMany": { "model": TABLE, "where": by("inviterId", "u9") } }));
    assert_eq!(ids_of(&found), ["1", "2"]);
}

#[test]
fn of_deleted_rows() {
    let db = waitlist();
    done(&db, json!({ "consumeOne": { "model": TABLE, "where": by("email", "a@x") } }));
    agree(&db, 2);
    assert_eq!(ids(&db, TABLE), ["2", "3"]);
    done(&db, json!({ "deleteMany": { "model": TABLE, "where": [] } }));
    agree(&db, 0);
    done(&db, create(json!({ "id": "1", "email": "a@x" })));
    agree(&db, 1);
}

#[test]
fn of_rows_that_a_cascade_reaches() {
    let references = |rule: &str| json!({ "references": [{ "model": TABLE, "field": "inviterId", "target": "user", "to": "id", "onDelete": rule }] });
    let delete = |rule: &str| json!({ "deleteMany": { "model": "user", "where": by("id", "u1"), "rules": references(rule) } });
    for (rule, left) in [("cascade", 1), ("set null", 3)] {
        let db = waitlist();
        done(&db, json!({ "create": { "model": "user", "data": { "id": "u1" } } }));
        done(&db, delete(rule));
        agree(&db, left);
    }
    for rule in ["restrict", "no action"] {
        let db = waitlist();
        done(&db, json!({ "create": { "model": "user", "data": { "id": "u1" } } }));
        assert!(matches!(fault(&db, TABLE, delete(rule)), Fault::Restricted { .. }));
        agree(&db, 3);
    }
}

#[test]
fn of_rows_that_a_transaction_wrote() {
    let db = waitlist();
    let log = json!([
        { "operation": create(json!({ "id": "4", "email": "d@x" })) },
        { "operation": { "update": { "model": TABLE, "where": by("email", "d@x"), "update": { "email": "e@x" }, "rules": rules() } } },
        { "operation": { "findOne": { "model": TABLE, "where": by("email", "d@x") } }, "expect": null },
        { "operation": { "deleteMany": { "model": TABLE, "where": by("email", "a@x") } }, "expect": 1 },
    ]);
    done(&db, json!({ "replay": { "log": log } }));
    agree(&db, 3);

    let before = entries::stored(&db, TABLE);
    let conflict = json!([
        { "operation": create(json!({ "id": "5", "email": "f@x" })) },
        { "operation": { "deleteMany": { "model": TABLE, "where": [] } }, "expect": 1 },
    ]);
    let refused = fault(&db, TABLE, json!({ "replay": { "log": conflict } }));
    assert_eq!(refused, Fault::Conflict { step: 1 });
    assert_eq!(entries::stored(&db, TABLE), before);
}

#[test]
fn of_a_listed_table_that_other_operations_write() {
    // A session with a field of the app's own, revoked by an operation that knows no rules.
    let db = MemoryDatabase::new();
    let rules = json!({ "indexes": [["device"]] });
    let session = |id: &str| json!({ "create": { "model": "session", "data": { "id": id, "token": id, "userId": "u", "device": "d" }, "rules": rules } });
    for id in ["s1", "s2", "s3"] {
        done(&db, session(id));
    }
    let check = |count: usize| {
        let rows = db.rows("session");
        assert_eq!(rows.len(), count);
        assert_eq!(
            entries::stored(&db, "session"),
            entries::recomputed("session", &["device"], &rows)
        );
    };
    check(3);
    done(&db, json!({ "revokeSession": { "id": "s1" } }));
    check(2);
    // Without the rules, as an app would that does not declare the field any more.
    let device = json!([{ "field": "id", "value": "s2" }]);
    done(
        &db,
        json!({ "update": { "model": "session", "where": device, "update": { "device": "e" } } }),
    );
    check(2);
    done(&db, json!({ "revokeUserSessions": { "userId": "u" } }));
    check(0);
}

#[test]
fn the_mark_of_a_row_stays_inside() {
    let db = waitlist();
    let created = done(&db, create(json!({ "id": "4", "email": "d@x" })));
    assert!(!record(&created).contains_key("gateIndexed"));
    let found = done(&db, json!({ "findOne": { "model": TABLE, "where": by("email", "a@x") } }));
    assert!(!record(&found).contains_key("gateIndexed"));
    let joined = done(
        &db,
        json!({ "findOne": { "model": TABLE, "where": by("id", "1"), "join": [
            { "as": "same", "table": TABLE, "from": "inviterId", "to": "inviterId", "relation": "one-to-many", "limit": 9 },
        ] } }),
    );
    let gate_core::values::Value::Array(same) = record(&joined).get("same").unwrap() else {
        panic!("no list")
    };
    assert_eq!(same.len(), 2);
    assert!(same.iter().all(|row| !record(row).contains_key("gateIndexed")));
    assert!(rows(&db, TABLE) != rows(&db, "user"), "the mark is in the stored rows");
}
