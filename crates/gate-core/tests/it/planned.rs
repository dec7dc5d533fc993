//! What the planner, the filter and the reader give together equals what a look at every row gives.
//!
//! `GATE_CASES` sets the number of cases over all tables with native indexes, and again over all with
//! index entries; 100,000 without it.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use gate_core::operations::Operation;
use gate_core::values::{Record, Value};
use gate_testkit::oracle::Listing;
use gate_testkit::strategies::{TEST_TABLES, TestTable, listing, rows};
use gate_testkit::{MemoryDatabase, entries};
use proptest::prelude::ProptestConfig;
use proptest::test_runner::{FileFailurePersistence, TestCaseError, TestRunner};

const MOST_ROWS: usize = 12;

/// The same fields in tables that the schema does not know, with entries where those above have native
/// indexes; and a listed table with fields of the app's own.
const OVER_ENTRIES: &[(TestTable, &[&str])] = &[
    (
        TestTable { name: "ownSession", fields: TEST_TABLES[0].fields },
        &["id", "token", "userId,expiresAt", "expiresAt"],
    ),
    (
        TestTable { name: "ownAccount", fields: TEST_TABLES[1].fields },
        &["id", "providerId,accountId", "userId,providerId,accountId", "accountId"],
    ),
    (
        TestTable { name: "ownMember", fields: TEST_TABLES[2].fields },
        &["id", "organizationId,userId", "organizationId,createdAt", "role", "userId,active"],
    ),
    (
        TestTable { name: "ownVerification", fields: TEST_TABLES[3].fields },
        &["id", "identifier,createdAt", "expiresAt", "createdAt"],
    ),
    (
        TestTable { name: "user", fields: &["email", "nickname", "expiresAt", "enabled", "role"] },
        &["nickname", "enabled,expiresAt", "expiresAt"],
    ),
    (
        TestTable { name: "ownTable", fields: TEST_TABLES[5].fields },
        &["id", "name", "createdAt,name", "scopes", "enabled"],
    ),
];

fn check(table: TestTable) {
    check_with(table, &[]);
}

fn check_with(table: TestTable, indexes: &'static [&'static str]) {
    let total = std::env::var("GATE_CASES").map_or(100_000, |cases| cases.parse().unwrap());
    let cases = u32::try_from(total / TEST_TABLES.len() + 1).unwrap();
    gate_testkit::generated(cases.into());
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        source_file: Some(file!()),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    });
    runner
        .run(&(rows(table, MOST_ROWS), listing(table)), |(rows, listing)| {
            compare(table, indexes, rows, &listing).map_err(TestCaseError::fail)
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn compare(
    table: TestTable,
    indexes: &[&str],
    rows: Vec<Record>,
    listing: &Listing,
) -> Result<(), String> {
    let db = MemoryDatabase::new();
    // An entry and its row are two documents, and one says which entries there are.
    let (factor, looks) = if indexes.is_empty() { (1, 0) } else { (2, 1) };
    if indexes.is_empty() {
        db.seed(table.name, rows.clone()).unwrap();
    } else {
        entries::seed(&db, table.name, indexes, rows.clone()).unwrap();
    }

    let members = listing.to_record(table.name);
    let answer = list(ask(&db, "findMany", members.clone())?);
    if let Some(complaint) = listing.complaint(&rows, &answer) {
        return Err(complaint);
    }
    // A row that several OR clauses find is read once for each; otherwise no plan beats the scan.
    let ways = listing.conditions.iter().filter(|each| each.or).count().max(1);
    let read = db.counts().documents;
    if read > rows.len() * ways * factor + looks {
        return Err(format!("{read} documents read of {}", rows.len()));
    }

    let total = listing.matching(&rows).len();
    let counted = ask(&db, "count", members)?;
    if counted != Value::Float64(total as f64) {
        return Err(format!("{counted:?} counted instead of {total}"));
    }
    // Rows have their `id` as `_id` too, so that names the same field.
    let members = listing.by_document_id().to_record(table.name);
    if list(ask(&db, "findMany", members.clone())?) != answer
        || ask(&db, "count", members)? != counted
    {
        return Err("`_id` gives something else than `id`".to_owned());
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

#[test]
fn sessions_over_entries() {
    check_with(OVER_ENTRIES[0].0, OVER_ENTRIES[0].1);
}

#[test]
fn accounts_over_entries() {
    check_with(OVER_ENTRIES[1].0, OVER_ENTRIES[1].1);
}

#[test]
fn members_over_entries() {
    check_with(OVER_ENTRIES[2].0, OVER_ENTRIES[2].1);
}

#[test]
fn verifications_over_entries() {
    check_with(OVER_ENTRIES[3].0, OVER_ENTRIES[3].1);
}

#[test]
fn users_with_fields_of_the_app() {
    check_with(OVER_ENTRIES[4].0, OVER_ENTRIES[4].1);
}

#[test]
fn a_table_that_is_not_listed_over_entries() {
    check_with(OVER_ENTRIES[5].0, OVER_ENTRIES[5].1);
}
