//! Sequences of writes give what a plain list of rows gives: nothing is lost, nothing comes twice,
//! unique fields stay unique, and what is refused leaves no trace.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::operations::Operation;
use gate_core::values::{Fault, Record, Value};
use gate_testkit::oracle::Listing;
use gate_testkit::strategies::{TEST_TABLES, TestTable, listing};
use gate_testkit::{MemoryDatabase, value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use serde_json::json;

/// A table with indexes, of which two fields are unique together and one alone.
const TABLE: TestTable = TEST_TABLES[2];
const UNIQUE: [&[&str]; 3] = [&["id"], &["role"], &["organizationId", "userId"]];

#[derive(Debug, Clone)]
enum Write {
    Consume(Listing),
    Create(Record),
    DeleteMany(Listing),
    Increment(Listing, Record),
    UpdateMany(Listing, Record),
}

/// Few values in few fields, so that they collide.
fn changes() -> impl Strategy<Value = Record> {
    let field = select(&["organizationId", "userId", "role", "createdAt", "id"][..]);
    let value = prop_oneof![
        6 => select(&["a", "b", "c", "d"][..]).prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    vec((field.prop_map(ToOwned::to_owned), value), 0..4).prop_map(|entries| {
        let mut record: Record = entries.into_iter().collect();
        if record.get("id").is_some_and(Value::is_null) {
            record.remove("id");
        }
        record
    })
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        4 => changes().prop_map(Write::Create),
        1 => listing(TABLE).prop_map(Write::Consume),
        1 => listing(TABLE).prop_map(Write::DeleteMany),
        2 => (listing(TABLE), changes()).prop_map(|(rows, set)| Write::Increment(rows, set)),
        3 => (listing(TABLE), changes()).prop_map(|(rows, set)| Write::UpdateMany(rows, set)),
    ]
}

impl Write {
    fn operation(&self) -> Operation {
        let (name, mut members) = match self {
            Self::Consume(listing) => ("consumeOne", listing.to_record(TABLE.name)),
            Self::Create(data) => {
                let mut members = Record::from([("model".to_owned(), Value::from(TABLE.name))]);
                members.insert("data".to_owned(), Value::Object(data.clone()));
                ("create", members)
            }
            Self::DeleteMany(listing) => ("deleteMany", listing.to_record(TABLE.name)),
            Self::Increment(listing, set) => {
                let mut members = listing.to_record(TABLE.name);
                members.insert("increment".to_owned(), value(&json!({ "count": 1 })));
                members.insert("set".to_owned(), Value::Object(set.clone()));
                ("incrementOne", members)
            }
            Self::UpdateMany(listing, update) => {
                let mut members = listing.to_record(TABLE.name);
                members.insert("update".to_owned(), Value::Object(update.clone()));
                ("updateMany", members)
            }
        };
        members.insert("rules".to_owned(), value(&json!({ "unique": UNIQUE })));
        let operation = Record::from([(name.to_owned(), Value::Object(members))]);
        Operation::parse(Value::Object(operation)).unwrap()
    }
}

/// The rows without Convex's own fields.
fn stored(db: &MemoryDatabase) -> Vec<Record> {
    let mut rows = db.rows(TABLE.name);
    for row in &mut rows {
        row.remove("_id");
        row.remove("_creationTime");
    }
    rows
}

/// The group of unique fields in which two of the rows are alike.
fn violated(rows: &[Record]) -> Option<&'static [&'static str]> {
    UNIQUE.into_iter().find(|group| {
        let values = |row: &Record| -> Option<Vec<Value>> {
            group
                .iter()
                .map(|field| row.get(field).filter(|value| !value.is_null()).cloned())
                .collect()
        };
        rows.iter().enumerate().any(|(index, row)| {
            values(row).is_some_and(|own| {
                rows.iter().skip(index + 1).any(|other| values(other).as_ref() == Some(&own))
            })
        })
    })
}

fn set(row: &Record, changes: &Record) -> Record {
    row.clone().into_iter().chain(changes.clone()).collect()
}

/// Checks one write against the rows before it, and gives a complaint if it did something else.
fn complaint(
    before: &[Record],
    write: &Write,
    result: Result<Value, Fault>,
    after: &[Record],
) -> Option<String> {
    let matches = |listing: &Listing| -> Vec<bool> {
        before.iter().map(|row| listing.accepts(row)).collect()
    };
    let expected: Vec<Record> = match write {
        Write::Create(data) => {
            let mut expected = before.to_vec();
            // The id may be random: it is taken from the answer.
            let created = match &result {
                Ok(Value::Object(row)) => {
                    let mut row = row.clone();
                    row.remove("_id");
                    row
                }
                _ => data.clone(),
            };
            expected.push(created);
            expected
        }
        Write::DeleteMany(listing) => {
            before.iter().filter(|row| !listing.accepts(row)).cloned().collect()
        }
        Write::UpdateMany(listing, changes) => before
            .iter()
            .map(|row| if listing.accepts(row) { set(row, changes) } else { row.clone() })
            .collect(),
        // One matching row, whichever: the place where it happened is read off the rows after.
        Write::Consume(listing) => {
            let any = matches(listing).contains(&true);
            let place = (0..before.len()).find(|index| before.get(*index) != after.get(*index));
            match (any, place) {
                (false, _) | (true, None) => before.to_vec(),
                (true, Some(place)) if matches(listing).get(place) == Some(&true) => {
                    let mut rows = before.to_vec();
                    rows.remove(place);
                    rows
                }
                (true, Some(_)) => return Some("another row was consumed".to_owned()),
            }
        }
        Write::Increment(listing, changes) => {
            let options: Vec<Vec<Record>> = matches(listing)
                .iter()
                .enumerate()
                .filter(|(_, matches)| **matches)
                .map(|(place, _)| {
                    let mut rows = before.to_vec();
                    if let Some(row) = rows.get_mut(place) {
                        let count = match row.get("count") {
                            Some(Value::Float64(count)) => *count,
                            _ => 0.0,
                        };
                        *row = set(row, changes);
                        row.insert("count".to_owned(), Value::Float64(count + 1.0));
                    }
                    rows
                })
                .collect();
            let happened = options.iter().find(|rows| rows.as_slice() == after);
            match (happened, result.is_ok()) {
                (Some(rows), true) => rows.clone(),
                (None, true) if options.is_empty() => before.to_vec(),
                (_, true) => return Some("no matching row was counted up".to_owned()),
                // Whichever row it tried, that one would have collided.
                (_, false) => match options.into_iter().find(|rows| violated(rows).is_some()) {
                    Some(rows) => rows,
                    None => return Some("refused without a reason".to_owned()),
                },
            }
        }
    };
    let reason = violated(&expected);
    match (&result, reason) {
        (Ok(_), None) if after == expected => None,
        (Ok(_), None) => Some(format!("{after:?} instead of {expected:?}")),
        (Ok(_), Some(group)) => Some(format!("{group:?} is not unique any more")),
        (Err(Fault::UniqueConstraint { .. }), Some(_)) if after == before => None,
        (Err(fault), _) => Some(format!("{fault}")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: gate_testkit::cases(4_000),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn writes_do_what_they_say(writes in vec(write(), 1..16)) {
        let db = MemoryDatabase::new();
        for write in &writes {
            let before = stored(&db);
            let result = db.run(write.operation());
            let after = stored(&db);
            if let Some(complaint) = complaint(&before, write, result, &after) {
                return Err(TestCaseError::fail(format!("{write:?}: {complaint}")));
            }
        }
    }
}
