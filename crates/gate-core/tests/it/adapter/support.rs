//! What the tests have in common: `json!` in, values out.

use gate_core::values::{Fault, Record, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::Value as Json;

/// A database with these rows of one table.
pub(crate) fn with(table: &str, rows: Json) -> MemoryDatabase {
    let db = MemoryDatabase::new();
    seed(&db, table, rows);
    db
}

pub(crate) fn seed(db: &MemoryDatabase, table: &str, rows: Json) {
    let Value::Array(rows) = value(&rows) else { panic!("a list of rows") };
    let rows = rows.into_iter().map(|row| match row {
        Value::Object(row) => row,
        _ => panic!("a row"),
    });
    db.seed(table, rows).unwrap();
}

/// The result of an operation that must succeed.
#[track_caller]
pub(crate) fn done(db: &MemoryDatabase, operation: Json) -> Value {
    match db.ask(&operation) {
        Ok(result) => result,
        Err(fault) => panic!("{fault}"),
    }
}

/// The fault of an operation that must not happen, which then has left nothing behind.
#[track_caller]
pub(crate) fn fault(db: &MemoryDatabase, table: &str, operation: Json) -> Fault {
    let before = db.rows(table);
    match db.ask(&operation) {
        Ok(_) => panic!("the operation should not have happened"),
        Err(fault) => {
            assert_eq!(db.rows(table), before, "something was left behind");
            fault
        }
    }
}

/// The rows of a table as an adapter gives them, but `_id`, so that a test can write them down.
pub(crate) fn rows(db: &MemoryDatabase, table: &str) -> Value {
    let rows = db.rows(table).into_iter().map(|mut row| {
        row.remove("_id");
        row.remove("_creationTime");
        Value::Object(row)
    });
    Value::Array(rows.collect())
}

/// The `id` of every row of a table.
pub(crate) fn ids(db: &MemoryDatabase, table: &str) -> Vec<String> {
    db.rows(table).iter().map(|row| text(row, "id")).collect()
}

/// The `id` of every row of a result.
#[track_caller]
pub(crate) fn ids_of(result: &Value) -> Vec<String> {
    match result {
        Value::Array(rows) => rows.iter().map(|row| text(record(row), "id")).collect(),
        _ => panic!("no list: {result:?}"),
    }
}

#[track_caller]
pub(crate) fn record(value: &Value) -> &Record {
    match value {
        Value::Object(record) => record,
        _ => panic!("no record: {value:?}"),
    }
}

#[track_caller]
pub(crate) fn text(record: &Record, field: &str) -> String {
    record.get(field).and_then(Value::as_str).unwrap().to_owned()
}

pub(crate) fn unique(model: &str, fields: &[&str]) -> Fault {
    Fault::UniqueConstraint {
        model: model.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
    }
}
