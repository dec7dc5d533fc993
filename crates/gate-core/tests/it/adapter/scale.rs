//! What each list costs among a hundred rows and among a hundred thousand: from an action, where it goes in
//! pages, and in one transaction. And over rows of any size.

use gate_core::operations::Operation;
use gate_core::values::{Fault, Record, Value};
use gate_testkit::{MemoryDatabase, value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const FEW: usize = 100;
const MANY: usize = 100_000;

fn users(count: usize) -> MemoryDatabase {
    let db = MemoryDatabase::new();
    let row = |n: usize| {
        let user = json!({ "id": format!("u{n}"), "email": format!("{n:06}@example.com"),
            "name": if n.is_multiple_of(50) { "Ada" } else { "Bo" }, "createdAt": n });
        match value(&user) {
            Value::Object(row) => row,
            _ => panic!("a row"),
        }
    };
    db.seed("user", (0..count).map(row)).unwrap();
    db
}

/// What a call cost: component calls, documents and ranges, and how many rows it gave or counted.
#[derive(Debug, PartialEq)]
struct Cost {
    calls: usize,
    documents: usize,
    ranges: usize,
    found: usize,
}

/// Runs a list as the adapter does from an action: pages, until there are enough rows.
fn in_pages(db: &MemoryDatabase, name: &str, args: &Json) -> Result<Cost, Fault> {
    let mut cost = Cost { calls: 0, documents: 0, ranges: 0, found: 0 };
    let mut page = Some(Value::Object(Record::new()));
    while let Some(from) = page.take() {
        let mut members = record(value(args));
        members.insert("page".to_owned(), from);
        db.reset_counts();
        let mut answer = run(db, name, members)?;
        let counts = db.counts();
        cost.calls += 1;
        cost.documents += counts.documents;
        cost.ranges += counts.scans;
        assert!(counts.documents <= 2_000 + 2 * 256, "{counts:?}");
        if let Value::Object(mut part) = answer {
            answer = part.remove("part").unwrap();
            page = part.remove("next");
        }
        cost.found += size(&answer);
        let limit = args.get("limit").and_then(Json::as_u64).unwrap_or(u64::MAX);
        if u64::try_from(cost.found).unwrap() >= limit {
            break;
        }
    }
    Ok(cost)
}

/// Runs it as a query does.
fn at_once(db: &MemoryDatabase, name: &str, args: &Json) -> Result<Cost, Fault> {
    db.reset_counts();
    let found = size(&run(db, name, record(value(args)))?);
    let counts = db.counts();
    Ok(Cost { calls: 1, documents: counts.documents, ranges: counts.scans, found })
}

fn run(db: &MemoryDatabase, name: &str, members: Record) -> Result<Value, Fault> {
    let operation = Record::from([(name.to_owned(), Value::Object(members))]);
    db.run(Operation::parse(Value::Object(operation))?)
}

fn record(value: Value) -> Record {
    match value {
        Value::Object(record) => record,
        _ => panic!("an object"),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
fn size(answer: &Value) -> usize {
    match answer {
        Value::Array(rows) => rows.len(),
        Value::Float64(count) => *count as usize,
        _ => panic!("{answer:?}"),
    }
}

fn list(more: Json) -> Json {
    let mut args = json!({ "model": "user", "limit": 10 });
    args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    args
}

fn by(operator: &str, field: &str, sought: Json) -> Json {
    json!([{ "field": field, "operator": operator, "value": sought }])
}

fn ids(count: usize) -> Json {
    (0..count).map(|n| format!("u{}", n * 7)).collect()
}

fn newest() -> Json {
    json!({ "field": "createdAt", "direction": "desc" })
}

#[test]
fn each_list_costs_what_it_must_among_a_hundred_rows_and_a_hundred_thousand() {
    let (few, many) = (users(FEW), users(MANY));
    let check = |name: &str, kind: &str, args: &Json, most: [[usize; 2]; 2]| {
        for (db, [calls, documents]) in [&few, &many].into_iter().zip(most) {
            let cost = in_pages(db, kind, args).unwrap();
            println!("{name}: {cost:?}");
            assert!(cost.calls <= calls && cost.documents <= documents, "{name}: {cost:?}");
        }
    };
    let first = list(json!({ "sortBy": newest() }));
    check("page 1", "findMany", &first, [[1, 10], [1, 10]]);
    // Documents are read up to where the page begins: nothing in Convex counts along an index.
    let deep = list(json!({ "sortBy": newest(), "offset": 9_990 }));
    check("page 1,000", "findMany", &deep, [[1, 100], [6, 10_100]]);
    let after = list(json!({ "sortBy": newest(), "where": by("lt", "createdAt", json!(90_010)) }));
    check("page 1,000 by a cursor", "findMany", &after, [[1, 10], [1, 10]]);
    check("total", "count", &json!({ "model": "user" }), [[1, 100], [50, 100_100]]);
    let starts = list(json!({ "where": by("starts_with", "email", json!("00004")) }));
    check("starts_with", "findMany", &starts, [[1, 10], [1, 10]]);
    let contains = json!({ "where": by("contains", "email", json!("42@ex")), "sortBy": newest() });
    check("contains", "findMany", &list(contains), [[1, 100], [6, 11_000]]);
    let rare = list(json!({ "where": by("contains", "email", json!("nobody")) }));
    check("contains what nobody has", "findMany", &rare, [[1, 100], [50, 100_100]]);
    let among = json!({ "model": "user", "where": by("in", "id", ids(3_000)), "limit": 3_000 });
    check("in 3,000", "findMany", &among, [[3, 15], [3, 3_100]]);
}

#[test]
fn in_one_transaction_a_list_of_values_is_looked_up_or_refused_at_once() {
    let (few, many) = (users(FEW), users(MANY));
    let among = |count: usize| json!({ "model": "user", "where": by("in", "id", ids(count)) });
    let cost = at_once(&many, "count", &among(3_000)).unwrap();
    assert_eq!(cost, Cost { calls: 1, documents: 3_000, ranges: 3_000, found: 3_000 });
    assert_eq!(at_once(&many, "count", &among(3_500)).unwrap().documents, 3_500);
    // Convex reads no more ranges: a small table is read instead, and a large one is not.
    assert_eq!(at_once(&few, "count", &among(4_000)).unwrap().documents, FEW);
    let refused = at_once(&many, "count", &among(4_000)).unwrap_err();
    assert_eq!(refused.code(), "LIMIT_EXCEEDED");
    assert!(many.counts().documents <= 10_500, "{:?}", many.counts());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// However large rows are and however many, the calls go with their bytes and each document is read about once.
    #[test]
    fn calls_are_linear_in_bytes(
        bytes in prop_oneof![0_usize..2_000, 2_000_usize..100_000, 100_000_usize..1_000_000],
        rows in 1_usize..5_000,
        sorted in any::<bool>(),
    ) {
        let rows = rows.min(1 + (24 << 20) / (bytes + 60));
        let db = MemoryDatabase::new();
        let text = "x".repeat(bytes);
        let row = |n: usize| record(value(&json!({ "id": format!("v{n}"), "value": text, "createdAt": n })));
        db.seed("jwks", (0..rows).map(row)).unwrap();
        let mut args = json!({ "model": "jwks", "limit": rows });
        if sorted {
            args["sortBy"] = newest();
        }
        let most = 1 + rows * (bytes + 60) / (4 << 20) + rows / 2_000;
        for kind in ["findMany", "count"] {
            let cost = in_pages(&db, kind, &args).unwrap();
            prop_assert_eq!(cost.found, rows);
            prop_assert!(cost.calls <= most, "{cost:?} for {rows} rows of {bytes} bytes, {most}");
            prop_assert!(cost.documents <= rows + 2 * cost.calls * 256.min(1 + (2 << 20) / (bytes + 60)), "{cost:?} for {rows} of {bytes}");
        }
    }
}
