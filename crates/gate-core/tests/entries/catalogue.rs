//! Which indexes there are is written once, and read by those only who need it.

use gate_core::schema::CATALOGUE;
use gate_core::value::{Record, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::json;

use crate::kept::create;
use crate::support::{done, fault, record, rows};

/// The catalogue's note on a table.
pub(crate) fn noted(db: &MemoryDatabase, table: &str) -> Option<Value> {
    let of_table = |row: &Record| row.get("id").and_then(Value::as_str) == Some(table);
    db.rows(CATALOGUE).into_iter().find(of_table)?.get("indexes").cloned()
}

#[test]
fn an_empty_table_is_complete_at_once() {
    let db = MemoryDatabase::new();
    done(&db, create(json!({ "email": "a@x" })));
    let complete = json!({ "email!": true, "id": true, "inviterId,createdAt": true });
    assert_eq!(noted(&db, "waitlist"), Some(value(&complete)));
    assert!(!db.run_later().unwrap());
}

#[test]
fn writes_read_the_catalogue_and_leave_it_alone() {
    let db = MemoryDatabase::new();
    done(&db, create(json!({ "id": "1", "email": "a@x" })));
    let noted = db.rows(CATALOGUE);
    db.reset_counts();
    done(&db, create(json!({ "id": "2", "email": "b@x" })));
    // The row, and three entries; the catalogue, and nothing where a value is free.
    let counts = db.counts();
    assert_eq!((counts.inserts, counts.patches, counts.documents), (4, 0, 1));
    done(&db, json!({ "deleteMany": { "model": "waitlist", "where": [] } }));
    assert_eq!(db.rows(CATALOGUE), noted);
}

#[test]
fn a_refused_write_adds_no_index() {
    let db = MemoryDatabase::new();
    done(&db, json!({ "create": { "model": "waitlist", "data": { "id": "1", "email": "a@x" } } }));
    fault(&db, "waitlist", create(json!({ "id": "2", "email": "a@x" })));
    assert_eq!(rows(&db, CATALOGUE), value(&json!([])));
}

#[test]
fn tables_of_the_schema_pay_nothing() {
    let db = MemoryDatabase::new();
    let rules = json!({ "unique": [["email"]] });
    let user = json!({ "create": { "model": "user", "data": { "id": "1", "email": "a@x" }, "rules": rules } });
    done(&db, user);
    let counts = db.counts();
    // Whether the id and the address are free, and the row.
    assert_eq!((counts.scans, counts.documents, counts.writes()), (2, 0, 1));
    let stored = db.rows("user").remove(0);
    assert!(!stored.contains_key("gateIndexed"));
    let update = json!({ "update": { "model": "user", "where": [{ "field": "id", "value": "1" }], "update": { "email": "b@x" }, "rules": rules } });
    db.reset_counts();
    let updated = done(&db, update);
    assert!(record(&updated).contains_key("email"));
    let counts = db.counts();
    assert_eq!((counts.scans, counts.documents, counts.writes()), (2, 1, 1));
}

#[test]
fn names_that_convex_refuses_are_refused_in_an_index_too() {
    let db = MemoryDatabase::new();
    let bad =
        json!({ "create": { "model": "waitlist", "data": {}, "rules": { "indexes": [["a,b"]] } } });
    assert_eq!(fault(&db, "waitlist", bad).code(), "INVALID_NAME");
}

#[test]
fn an_index_over_many_fields_stops_after_the_fourth() {
    let db = MemoryDatabase::new();
    let fields = json!(["a", "b", "c", "d", "e"]);
    let create = |last: &str| {
        json!({ "create": {
        "model": "seat",
        "data": { "a": "1", "b": "2", "c": "3", "d": "4", "e": last },
        "rules": { "indexes": [fields], "unique": [fields] },
    } })
    };
    done(&db, create("5"));
    assert_eq!(noted(&db, "seat"), Some(value(&json!({ "a,b,c,d": true }))));
    done(&db, create("6"));
    // The fields are unique together all the same.
    assert_eq!(fault(&db, "seat", create("6")).code(), "UNIQUE_CONSTRAINT");
}
