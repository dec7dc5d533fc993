//! Which indexes there are is written once, and read by those only who need it.

use gate_core::schema::CATALOGUE;
use gate_core::values::{Record, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::kept::create;
use crate::adapter::support::{done, fault, ids_of, record, rows, unique};

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
fn tables_of_the_schema_pay_a_look_at_nothing_for_each_new_row() {
    let db = MemoryDatabase::new();
    let rules = json!({ "unique": [["email"]] });
    let user = json!({ "create": { "model": "user", "data": { "id": "1", "email": "a@x" }, "rules": rules } });
    done(&db, user);
    let counts = db.counts();
    // Whether there are entries to keep, whether the id and the address are free, and the row.
    assert_eq!((counts.scans, counts.documents, counts.writes()), (3, 0, 1));
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
fn rows_that_come_while_nobody_marks_the_field_are_found_when_somebody_does() {
    // In a table of the schema, and in one that nobody declared.
    for table in ["user", "waitlist"] {
        let db = MemoryDatabase::new();
        let create = |id: &str, indexes: Json| {
            let data = json!({ "id": id, "email": id, "nickname": id });
            json!({ "create": { "model": table, "data": data, "rules": { "indexes": indexes, "unique": indexes } } })
        };
        let marked = json!([["nickname"]]);
        done(&db, create("before", marked.clone()));
        // Code of an older deployment that still runs, or an app that took the mark away for a while.
        done(&db, create("meanwhile", json!([])));
        let rename = json!({ "update": { "model": table, "where": [{ "field": "id", "value": "before" }], "update": { "nickname": "renamed" } } });
        done(&db, rename);
        done(&db, create("after", marked.clone()));
        for (nickname, id) in [("renamed", "before"), ("meanwhile", "meanwhile")] {
            let find = json!({ "findMany": { "model": table, "where": [{ "field": "nickname", "value": nickname }] } });
            db.reset_counts();
            assert_eq!(ids_of(&done(&db, find)), [id], "{table}");
            assert_eq!(db.counts().documents, 3, "{table}");
        }
        let taken = json!({ "create": { "model": table, "data": { "id": "other", "nickname": "meanwhile" }, "rules": { "unique": marked } } });
        assert_eq!(fault(&db, table, taken), unique(table, &["nickname"]));
    }
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
