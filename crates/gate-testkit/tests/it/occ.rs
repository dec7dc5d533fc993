//! Convex's optimistic concurrency by its rules, one by one: what the proofs of the adapter stand on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::database::{Bound, Database, IndexRange, Key, Order, ScanSpec};
use gate_core::values::{Record, Value};
use gate_testkit::block_on;
use gate_testkit::occ::{Client, Failure, OccDatabase, Settings, Tally, Transaction};
use gate_testkit::schedule::{Schedule, Task};
use serde_json::json;

const TABLE: &str = "session";

fn row(id: &str, expires: f64) -> Record {
    let fields = [("id", Value::from(id)), ("userId", Value::from("u"))];
    let fields = fields.into_iter().chain([("expiresAt", Value::Float64(expires))]);
    fields.map(|(field, value)| (field.to_owned(), value)).collect()
}

/// Sessions that expire at 10, 20, 30 and 40.
fn database() -> OccDatabase {
    let db = OccDatabase::new();
    let rows = [("a", 10.0), ("b", 20.0), ("c", 30.0), ("d", 40.0)];
    db.seed(TABLE, rows.map(|(id, at)| row(id, at))).unwrap();
    db
}

fn doc(db: &OccDatabase, id: &str) -> String {
    let rows = db.rows(TABLE);
    let found = rows.iter().find(|row| row.get("id") == Some(&Value::from(id)));
    match found.and_then(|row| row.get("_id")) {
        Some(Value::String(doc)) => doc.clone(),
        _ => String::new(),
    }
}

fn until(at: f64, inclusive: bool) -> IndexRange {
    let value = Key::Value(Value::Float64(at));
    IndexRange {
        upper: Some(("expiresAt".to_owned(), Bound { value, inclusive })),
        ..IndexRange::default()
    }
}

fn by_expiry(range: IndexRange, order: Order) -> ScanSpec {
    let index = Some("by_expiresAt".to_owned());
    ScanSpec { table: TABLE.to_owned(), index, range, order }
}

/// What a transaction reads.
type Read<'r> = &'r dyn Fn(&Transaction);
/// What another one writes meanwhile.
type Write<'w> = &'w dyn Fn(&OccDatabase, &Transaction);

/// Whether a transaction that has read is refused after another wrote and committed.
fn conflicts(read: Read<'_>, write: Write<'_>) -> bool {
    let db = database();
    let (reader, writer) = (db.client(1), db.client(2));
    let reading = db.begin(&reader);
    read(&reading);
    // Only what writes commits: elsewhere, where nobody looks.
    block_on(reading.insert("account", Record::new())).unwrap();
    let writing = db.begin(&writer);
    write(&db, &writing);
    assert!(writer.commit(writing).is_some(), "the first to commit has nothing to fear");
    reader.commit(reading).is_none()
}

fn scans(range: IndexRange, order: Order, take: usize) -> impl Fn(&Transaction) {
    move |transaction| {
        let spec = by_expiry(range.clone(), order);
        let _scan = block_on(transaction.scan(spec, take)).unwrap();
    }
}

fn inserts(at: f64) -> impl Fn(&OccDatabase, &Transaction) {
    move |_, transaction| {
        block_on(transaction.insert(TABLE, row("new", at))).unwrap();
    }
}

fn moves(id: &'static str, at: f64) -> impl Fn(&OccDatabase, &Transaction) {
    move |db, transaction| {
        let fields = Record::from([("expiresAt".to_owned(), Value::Float64(at))]);
        block_on(transaction.patch(TABLE, &doc(db, id), fields)).unwrap();
    }
}

fn deletes(id: &'static str) -> impl Fn(&OccDatabase, &Transaction) {
    move |db, transaction| block_on(transaction.delete(TABLE, &doc(db, id))).unwrap()
}

#[test]
fn a_phantom_in_a_range_conflicts_though_the_range_was_empty() {
    let nothing = scans(until(5.0, true), Order::Asc, 10);
    assert!(conflicts(&nothing, &inserts(3.0)));
    assert!(conflicts(&nothing, &inserts(5.0)));
    assert!(!conflicts(&nothing, &inserts(5.5)));
    let below = scans(until(5.0, false), Order::Asc, 10);
    assert!(!conflicts(&below, &inserts(5.0)), "the bound is not part of the range");
}

#[test]
fn ranges_beside_each_other_do_not_conflict() {
    let old = scans(until(20.0, true), Order::Asc, 10);
    assert!(!conflicts(&old, &deletes("c")));
    assert!(!conflicts(&old, &moves("c", 35.0)));
    assert!(conflicts(&old, &deletes("b")));
}

#[test]
fn a_row_conflicts_by_where_it_was_and_by_where_it_goes() {
    let old = scans(until(20.0, true), Order::Asc, 10);
    assert!(conflicts(&old, &moves("d", 15.0)), "into the range");
    assert!(conflicts(&old, &moves("a", 50.0)), "out of it");
}

#[test]
fn an_open_scan_has_read_up_to_its_last_row_and_no_further() {
    let all = IndexRange::default;
    let two = scans(all(), Order::Asc, 2);
    assert!(conflicts(&two, &inserts(15.0)), "before the last row that was given");
    assert!(conflicts(&two, &deletes("b")), "the last row itself");
    assert!(!conflicts(&two, &inserts(25.0)), "behind it");
    assert!(!conflicts(&two, &deletes("c")));
    // The other way round the same.
    let newest = scans(all(), Order::Desc, 2);
    assert!(conflicts(&newest, &inserts(35.0)));
    assert!(conflicts(&newest, &inserts(45.0)));
    assert!(!conflicts(&newest, &inserts(25.0)));
    // Asked for as many as there are, it does not know that there are no more; asked for more, it does.
    assert!(!conflicts(&scans(all(), Order::Asc, 4), &inserts(50.0)));
    assert!(conflicts(&scans(all(), Order::Asc, 5), &inserts(50.0)));
}

#[test]
fn whoever_changes_one_document_conflicts_with_whoever_does_too() {
    let change = |transaction: &Transaction| {
        let db = database();
        let fields = Record::from([("ipAddress".to_owned(), Value::from("here"))]);
        block_on(transaction.patch(TABLE, &doc(&db, "a"), fields)).unwrap();
    };
    assert!(conflicts(&change, &deletes("a")));
    assert!(!conflicts(&change, &deletes("b")));
}

#[test]
fn insertions_read_nothing() {
    let nothing = |_: &Transaction| ();
    assert!(!conflicts(&nothing, &inserts(10.0)));
}

#[test]
fn another_table_is_another_place_but_a_new_one_is_everybody_s() {
    let everything = scans(IndexRange::default(), Order::Asc, 10);
    let into = |table: &'static str| {
        move |_: &OccDatabase, transaction: &Transaction| {
            block_on(transaction.insert(table, Record::new())).unwrap();
        }
    };
    assert!(!conflicts(&everything, &into("verification")));
    assert!(conflicts(&everything, &into("ownTable")), "which tables there are, all have read");
}

#[test]
fn a_transaction_sees_its_snapshot_and_its_own_writes() {
    let db = database();
    let (reader, writer) = (db.client(1), db.client(2));
    let count = |transaction: &Transaction| {
        let spec = by_expiry(IndexRange::default(), Order::Asc);
        block_on(transaction.scan(spec, 100)).unwrap().1.rows.len()
    };
    let reading = db.begin(&reader);
    let writing = db.begin(&writer);
    inserts(50.0)(&db, &writing);
    assert_eq!((count(&reading), count(&writing)), (4, 5));
    assert!(writer.commit(writing).is_some());
    assert_eq!((count(&reading), count(&db.begin(&reader))), (4, 5));
}

/// Runs clients by a fixed order of turns.
fn by_turns<T>(turns: &[usize], tasks: Vec<Task<'_, T>>) -> Vec<T> {
    Schedule::following(turns.to_vec()).interleave(tasks)
}

fn extend<'a>(client: &'a Client<'a>) -> Task<'a, Result<Value, Failure>> {
    Box::pin(async move {
        let sought = json!([{ "field": "id", "value": "a" }]);
        let more = json!({ "expiresAt": 1 });
        let call =
            json!({ "incrementOne": { "model": TABLE, "where": sought, "increment": more } });
        client.ask(&call).await
    })
}

#[test]
fn a_conflict_is_tried_again_and_counted() {
    let db = database();
    let clients = [db.client(1), db.client(2)];
    // Both begin; the second commits; the first meets it and goes on alone.
    let answers = by_turns(&[0, 1, 1], clients.iter().map(extend).collect());
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(db.tally(), Tally { retries: 1, ..Tally::default() });
    assert_eq!(db.rows(TABLE)[0].get("expiresAt"), Some(&Value::Float64(12.0)));
    // One after the other there is nothing to try again.
    let calm = database();
    let clients = [calm.client(1), calm.client(2)];
    by_turns(&[0, 0], clients.iter().map(extend).collect());
    assert_eq!(calm.tally(), Tally::default());
}

#[test]
fn without_tries_left_it_is_contention_and_nothing_is_written() {
    let db = OccDatabase::with(Settings { retries: 0, ..Settings::default() });
    db.seed(TABLE, [row("a", 10.0)]).unwrap();
    let clients = [db.client(1), db.client(2)];
    let answers = by_turns(&[0, 1, 1], clients.iter().map(extend).collect());
    assert_eq!(answers[0], Err(Failure::Contention));
    assert!(answers[1].is_ok());
    assert_eq!(db.tally(), Tally { contentions: 1, ..Tally::default() });
    assert_eq!(db.rows(TABLE)[0].get("expiresAt"), Some(&Value::Float64(11.0)));
}

#[test]
fn a_database_that_does_not_check_loses_an_update() {
    let db = OccDatabase::with(Settings { conflicts: false, ..Settings::default() });
    db.seed(TABLE, [row("a", 10.0)]).unwrap();
    let clients = [db.client(1), db.client(2)];
    let answers = by_turns(&[0, 1, 1], clients.iter().map(extend).collect());
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(db.rows(TABLE)[0].get("expiresAt"), Some(&Value::Float64(11.0)));
}
