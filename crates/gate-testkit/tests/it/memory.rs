//! The database in memory keeps to the rules of Convex, or its tests would prove nothing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::database::{Bound, Database, IndexRange, Key, Order, ScanSpec};
use gate_core::values::{Record, Result, Value};
use gate_testkit::{MemoryDatabase, block_on};

fn row(entries: &[(&str, Value)]) -> Record {
    entries.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect()
}

fn id(name: &str) -> (&'static str, Value) {
    ("id", Value::from(name))
}

fn spec(index: Option<&str>, range: IndexRange) -> ScanSpec {
    let index = index.map(ToOwned::to_owned);
    ScanSpec { table: "session".to_owned(), index, range, order: Order::Asc }
}

fn eq(fields: &[(&str, Value)]) -> IndexRange {
    let eq = fields.iter().map(|(field, value)| ((*field).to_owned(), Key::Value(value.clone())));
    IndexRange { eq: eq.collect(), ..IndexRange::default() }
}

fn at(field: &str, value: Value, inclusive: bool) -> Option<(String, Bound)> {
    Some((field.to_owned(), Bound { value: Key::Value(value), inclusive }))
}

fn ids(db: &MemoryDatabase, spec: ScanSpec) -> Result<Vec<String>> {
    let (_, page) = block_on(db.scan(spec, 100))?;
    Ok(page.rows.iter().map(|row| row.get("id").unwrap().as_str().unwrap().to_owned()).collect())
}

/// Sessions whose `expiresAt` has a value of every kind that Convex orders.
fn sessions() -> MemoryDatabase {
    let db = MemoryDatabase::new();
    let user = ("userId", Value::from("u"));
    let with = |name: &str, value: Value| row(&[id(name), user.clone(), ("expiresAt", value)]);
    db.seed(
        "session",
        [
            with("text", Value::from("a")),
            with("two", Value::Float64(2.0)),
            row(&[id("absent"), user.clone()]),
            with("integer", Value::Int64(9)),
            with("one", Value::Float64(1.0)),
            with("null", Value::Null),
            with("another one", Value::Float64(1.0)),
            with("true", Value::Bool(true)),
            row(&[id("other"), ("userId", Value::from("v")), ("expiresAt", Value::Float64(1.0))]),
        ],
    )
    .unwrap();
    db
}

fn of_u() -> IndexRange {
    eq(&[("userId", Value::from("u"))])
}

const INDEX: Option<&str> = Some("by_userId_expiresAt");

#[test]
fn an_index_has_the_order_of_convex_and_then_that_of_creation() {
    let db = sessions();
    let ascending = ["absent", "null", "integer", "one", "another one", "two", "true", "text"];
    assert_eq!(ids(&db, spec(INDEX, of_u())).unwrap(), ascending);
    let descending = ids(&db, ScanSpec { order: Order::Desc, ..spec(INDEX, of_u()) }).unwrap();
    assert!(descending.iter().eq(ascending.iter().rev()));
    assert_eq!(ids(&db, spec(None, IndexRange::default())).unwrap()[0], "text");
}

#[test]
fn bounds_hold_what_lies_between_them() {
    let db = sessions();
    let between =
        |lower, upper| ids(&db, spec(INDEX, IndexRange { lower, upper, ..of_u() })).unwrap();
    let one = |inclusive| at("expiresAt", Value::Float64(1.0), inclusive);
    let two = |inclusive| at("expiresAt", Value::Float64(2.0), inclusive);
    assert_eq!(between(one(true), two(true)), ["one", "another one", "two"]);
    assert_eq!(between(one(false), two(true)), ["two"]);
    assert_eq!(between(one(true), two(false)), ["one", "another one"]);
    // The trap of an upper bound alone: what has no value lies below every number.
    assert_eq!(between(None, one(false)), ["absent", "null", "integer"]);
    assert_eq!(between(at("expiresAt", Value::Null, false), one(false)), ["integer"]);
    assert_eq!(between(two(true), one(true)), [""; 0]);
    let missing = IndexRange {
        eq: vec![("userId".into(), Key::Value("u".into())), ("expiresAt".into(), Key::Missing)],
        ..IndexRange::default()
    };
    assert_eq!(ids(&db, spec(INDEX, missing)).unwrap(), ["absent"]);
}

#[test]
fn an_ill_formed_range_is_refused() {
    let db = sessions();
    let number = || Value::Float64(1.0);
    let expires =
        |range: IndexRange| IndexRange { lower: at("expiresAt", number(), true), ..range };
    for (what, range) in [
        ("a gap in the prefix", eq(&[("expiresAt", number())])),
        ("another order", eq(&[("expiresAt", number()), ("userId", Value::from("u"))])),
        ("a field twice", eq(&[("userId", Value::from("u")), ("userId", Value::from("u"))])),
        (
            "too many fields",
            eq(&[("userId", "u".into()), ("expiresAt", number()), ("id", "x".into())]),
        ),
        ("a bound after a gap", expires(IndexRange::default())),
        (
            "a bound on a fixed field",
            expires(eq(&[("userId", "u".into()), ("expiresAt", number())])),
        ),
        (
            "bounds on two fields",
            IndexRange { upper: at("userId", number(), true), ..expires(of_u()) },
        ),
        ("a foreign field", IndexRange { upper: at("token", number(), true), ..of_u() }),
    ] {
        assert_eq!(
            ids(&db, spec(INDEX, range)).map_err(|fault| fault.code()),
            Err("INTERNAL_FAULT"),
            "{what}"
        );
    }
    let table = spec(None, of_u());
    assert_eq!(ids(&db, table).map_err(|fault| fault.code()), Err("INTERNAL_FAULT"));
}

#[test]
fn only_declared_indexes_exist() {
    let db = sessions();
    for index in ["by_ipAddress", "by_userId"] {
        let scan = ids(&db, spec(Some(index), IndexRange::default()));
        assert_eq!(scan.map_err(|fault| fault.code()), Err("INTERNAL_FAULT"), "{index}");
    }
    let own = ScanSpec {
        table: "ownTable".to_owned(),
        ..spec(Some("by_public_id"), IndexRange::default())
    };
    assert_eq!(ids(&db, own).map_err(|fault| fault.code()), Err("INTERNAL_FAULT"));
    // Without an index a table that nobody made is empty.
    let own = ScanSpec { table: "ownTable".to_owned(), ..spec(None, IndexRange::default()) };
    assert_eq!(ids(&db, own).unwrap(), [""; 0]);
}

#[test]
fn a_scan_only_knows_its_end_when_it_was_asked_beyond() {
    let db = sessions();
    let (scan, page) = block_on(db.scan(spec(None, IndexRange::default()), 5)).unwrap();
    assert_eq!((page.rows.len(), page.done), (5, false));
    let page = block_on(db.next(&scan, 4)).unwrap();
    assert_eq!((page.rows.len(), page.done), (4, false));
    let page = block_on(db.next(&scan, 1)).unwrap();
    assert_eq!((page.rows.len(), page.done), (0, true));
    let counts = db.counts();
    assert_eq!((counts.documents, counts.scans, counts.full_scans, counts.nexts), (9, 1, 1, 2));
    assert_eq!((counts.requests(), counts.writes()), (3, 0));
}

#[test]
fn what_convex_refuses_in_a_write_is_refused() {
    let db = sessions();
    let doc = db.rows("session")[0].get("_id").unwrap().as_str().unwrap().to_owned();
    let refused = |result: Result<()>| result.unwrap_err().code();
    assert_eq!(
        refused(block_on(db.insert("session", row(&[("_id", Value::from("x"))]))).map(drop)),
        "INVALID_NAME"
    );
    assert_eq!(refused(block_on(db.insert("no-table", row(&[]))).map(drop)), "INVALID_NAME");
    assert_eq!(
        refused(block_on(db.patch("session", &doc, row(&[("_creationTime", Value::Null)])))),
        "INVALID_NAME"
    );
    assert_eq!(refused(block_on(db.patch("session", "nobody", row(&[])))), "INTERNAL_FAULT");
    assert_eq!(refused(block_on(db.patch("user", &doc, row(&[])))), "INTERNAL_FAULT");
    block_on(db.delete("session", &doc)).unwrap();
    assert_eq!(refused(block_on(db.delete("session", &doc))), "INTERNAL_FAULT");
}

#[test]
fn a_rollback_undoes_every_kind_of_write_in_its_place() {
    let db = sessions();
    let before = db.rows("session");
    let doc = |index: usize| before[index].get("_id").unwrap().as_str().unwrap();
    block_on(db.insert("session", row(&[id("new")]))).unwrap();
    block_on(db.insert("ownTable", row(&[id("new")]))).unwrap();
    block_on(db.patch("session", doc(1), row(&[("token", Value::from("t"))]))).unwrap();
    block_on(db.patch("session", doc(1), row(&[("token", Value::from("u"))]))).unwrap();
    block_on(db.delete("session", doc(1))).unwrap();
    block_on(db.delete("session", doc(3))).unwrap();
    db.rollback();
    assert_eq!(db.rows("session"), before);
    assert_eq!(db.rows("ownTable"), []);
    block_on(db.delete("session", doc(1))).unwrap();
    db.commit();
    db.rollback();
    assert_eq!(db.rows("session").len(), before.len() - 1);
}

#[test]
fn random_bytes_are_the_same_in_every_run() {
    let bytes = || {
        let mut bytes = [0; 64];
        MemoryDatabase::new().fill_random(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(bytes(), bytes());
    assert_ne!(bytes()[..32], bytes()[32..]);
}

#[test]
#[should_panic(expected = "not ready")]
fn a_future_that_waits_stops_the_test() {
    block_on(std::future::pending::<()>());
}
