//! What the planner, the filter and the reader give together equals what a look at every row gives.
//!
//! `GATE_CASES` sets the number of cases over all tables; 100,000 without it.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::operation::Operation;
use gate_core::value::{Record, Value};
use gate_testkit::MemoryDatabase;
use gate_testkit::oracle::Listing;
use gate_testkit::strategies::{TEST_TABLES, TestTable, listing, rows};
use proptest::prelude::ProptestConfig;
use proptest::test_runner::{FileFailurePersistence, TestCaseError, TestRunner};

const MOST_ROWS: usize = 12;

fn check(table: TestTable) {
    let total = std::env::var("GATE_CASES").map_or(100_000, |cases| cases.parse().unwrap());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: u32::try_from(total / TEST_TABLES.len() + 1).unwrap(),
        source_file: Some(file!()),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    });
    runner
        .run(&(rows(table, MOST_ROWS), listing(table)), |(rows, listing)| {
            compare(table, rows, &listing).map_err(TestCaseError::fail)
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn compare(table: TestTable, rows: Vec<Record>, listing: &Listing) -> Result<(), String> {
    let db = MemoryDatabase::new();
    db.seed(table.name, rows.clone()).unwrap();

    let members = listing.to_record(table.name);
    let answer = list(ask(&db, "findMany", members.clone())?);
    if let Some(complaint) = listing.complaint(&rows, &answer) {
        return Err(complaint);
    }
    // A row that several OR clauses find is read once for each; otherwise no plan beats the scan.
    let ways = listing.conditions.iter().filter(|each| each.or).count().max(1);
    let read = db.counts().documents;
    if read > rows.len() * ways {
        return Err(format!("{read} documents read of {}", rows.len()));
    }

    let total = listing.matching(&rows).len();
    let counted = ask(&db, "count", members)?;
    if counted != Value::Float64(total as f64) {
        return Err(format!("{counted:?} counted instead of {total}"));
    }
    Ok(())
}

fn ask(db: &MemoryDatabase, name: &str, members: Record) -> Result<Value, String> {
    let operation = Record::from([(name.to_owned(), Value::Object(members))]);
    Operation::parse(Value::Object(operation))
        .and_then(|operation| db.run(operation))
        .map_err(|fault| fault.to_string())
}

fn list(value: Value) -> Vec<Record> {
    let Value::Array(items) = value else { panic!("no list") };
    let rows = items.into_iter().map(|item| match item {
        Value::Object(row) => row,
        _ => panic!("no row"),
    });
    rows.collect()
}

#[test]
fn sessions() {
    check(TEST_TABLES[0]);
}

#[test]
fn accounts() {
    check(TEST_TABLES[1]);
}

#[test]
fn members() {
    check(TEST_TABLES[2]);
}

#[test]
fn verifications() {
    check(TEST_TABLES[3]);
}

#[test]
fn users() {
    check(TEST_TABLES[4]);
}

#[test]
fn a_table_that_is_not_listed() {
    check(TEST_TABLES[5]);
}
