//! Every adapter call of Better Auth and its packages that an index answers reads as many documents
//! among ten rows as among ten thousand.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::filter::{Clause, Operator};
use gate_core::values::{Record, Value};
use gate_testkit::MemoryDatabase;
use gate_testkit::vectors::PlanVector;
use serde_json::json;

const FEW: usize = 10;
const MANY: usize = 10_000;
/// Rows that a call looks for.
const SOUGHT: usize = 2;

/// A value by which a row satisfies a clause.
fn fitting(clause: &Clause) -> Value {
    use Operator::{Greater, In, Less, NotEqual, NotIn};
    match (clause.operator, &clause.value) {
        (In, Value::Array(options)) => options.first().cloned().unwrap_or(Value::Null),
        (Greater, Value::Float64(number)) => Value::Float64(number + 1.0),
        (Greater, Value::String(text)) => Value::String(format!("{text}~")),
        (Less, Value::Float64(number)) => Value::Float64(number - 1.0),
        (NotEqual | NotIn, _) => Value::from("fits"),
        (_, value) => value.clone(),
    }
}

/// A value of the same kind by which the row number `n` does not.
fn other(clause: &Clause, n: usize) -> Value {
    use Operator::{Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual, NotIn};
    let step = 1.0 + f64::from(u32::try_from(n).unwrap());
    match (clause.operator, &clause.value) {
        (NotEqual, value) => value.clone(),
        (NotIn, Value::Array(options)) => options.first().cloned().unwrap_or(Value::Null),
        (Less | LessOrEqual, Value::Float64(number)) => Value::Float64(number + step),
        (Greater | GreaterOrEqual, Value::Float64(number)) => Value::Float64(number - step),
        (Less | LessOrEqual, Value::String(text)) => Value::String(format!("{text}~{n}")),
        (_, Value::Bool(flag)) => Value::Bool(!flag),
        (_, Value::Float64(number)) => Value::Float64(number + step),
        _ => Value::from(format!("other {n}").as_str()),
    }
}

/// The rows that a call looks for, among others: of other owners, with other keys, not yet or long due.
fn rows(vector: &PlanVector, count: usize) -> Vec<Record> {
    let clauses = || vector.filter.all.iter().chain(&vector.filter.any);
    let row = |n: usize| {
        let mut row = Record::from([("id".to_owned(), Value::from(format!("row {n}").as_str()))]);
        if let Some(sort) = &vector.sort {
            row.insert(sort.field.clone(), Value::from(format!("{n:06}").as_str()));
        }
        // Of several conditions on one field the last decides, and `ne` says least.
        let mut ordered: Vec<&Clause> = clauses().collect();
        ordered.sort_by_key(|clause| clause.operator != Operator::NotEqual);
        for clause in ordered {
            let value = if n < SOUGHT { fitting(clause) } else { other(clause, n) };
            row.insert(clause.field.clone(), value);
        }
        row
    };
    let rows: Vec<Record> = (0..count).map(row).collect();
    let found = rows.iter().filter(|row| vector.filter.matches(row)).count();
    let everything = clauses().next().is_none();
    let expected = if everything { count } else { SOUGHT };
    assert_eq!(found, expected, "{}: the rows of this test", vector.name);
    rows
}

/// The documents that a call of this kind reads.
fn read(db: &MemoryDatabase, vector: &PlanVector, kind: &str) -> usize {
    let mut members = vector.operation.get("findMany").unwrap().clone();
    if kind != "findMany" {
        members = json!({ "model": members.get("model"), "where": members.get("where") });
    }
    db.reset_counts();
    db.ask(&json!({ kind: members })).unwrap_or_else(|fault| panic!("{}: {fault}", vector.name));
    db.counts().documents
}

#[test]
fn a_call_reads_the_same_among_ten_rows_and_among_ten_thousand() {
    let (mut calls, mut inherent) = (0, 0);
    for vector in PlanVector::all().unwrap() {
        if vector.inherent {
            inherent += 1;
            continue;
        }
        let [few, many] = [FEW, MANY].map(|count| {
            let db = MemoryDatabase::new();
            db.seed(&vector.model, rows(&vector, count)).unwrap();
            // Without a filter a list reads its page, and the others everything, as they must.
            let kinds: &[&str] = if vector.filter.all.is_empty() && vector.filter.any.is_empty() {
                &["findMany"]
            } else {
                &["findMany", "count", "consumeOne", "deleteMany"]
            };
            kinds.iter().map(|kind| (*kind, read(&db, &vector, kind))).collect::<Vec<_>>()
        });
        assert_eq!(few, many, "{}: {}", vector.name, vector.plan());
        // Not only the same: no more than is looked for, by each way that leads to it.
        let most = SOUGHT * vector.plan().steps.len().max(1);
        assert!(few.iter().all(|(_, read)| *read <= most.max(FEW)), "{}: {few:?}", vector.name);
        calls += few.len();
    }
    println!("{calls} calls compared, {inherent} that read their table by nature left out");
    assert!(calls > 4 * 270, "{calls}");
}
