//! Whatever a few clients do at once, there is an order in which they could have done it one after the
//! other: with the same results and the same rows, to the last field.

use gate_core::operations::Operation;
use gate_core::values::Record;
use gate_testkit::occ::{OccDatabase, Points, Settings};
use gate_testkit::schedule::{Schedule, Task};
use gate_testkit::{MemoryDatabase, value as value_of};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{FileFailurePersistence, TestCaseError, TestRunner};
use serde_json::{Value as Json, json};

use super::support::{records, setting};

/// Interleavings of each set of programs.
const ORDERS: u64 = 8;

type Programs = Vec<Vec<Json>>;

fn condition() -> impl Strategy<Value = Json> {
    let field = select(&["id", "userId", "organizationId", "role", "count"][..]);
    (field, select(&["eq", "ne", "gt", "lte"][..]), value()).prop_map(
        |(field, operator, value)| json!({ "field": field, "operator": operator, "value": value }),
    )
}

fn value() -> impl Strategy<Value = Json> {
    prop_oneof![4 => select(&["a", "b", "c"][..]).prop_map(|text| json!(text)), 1 => (0..3).prop_map(|number| json!(number))]
}

fn operation() -> impl Strategy<Value = Json> {
    let id = select(&["a", "b", "c", "d"][..]);
    let fields = (value(), value(), id).prop_map(|(user, organization, id)| {
        json!({ "id": id, "userId": user, "organizationId": organization, "count": 0 })
    });
    let change = (select(&["userId", "role", "count"][..]), value())
        .prop_map(|(field, value)| json!({ field: value }));
    let filter = vec(condition(), 0..3);
    let limit = prop_oneof![Just(1), Just(2), Just(100)];
    let name = select(
        &["create", "consumeOne", "deleteMany", "incrementOne", "updateMany", "findMany", "count"]
            [..],
    );
    (name, fields, change, filter, limit).prop_map(|(name, data, change, filter, limit)| {
        let rules = json!({ "unique": [["organizationId", "userId"]] });
        json!({ name: { "model": "member", "where": filter, "data": data, "update": change, "set": change, "increment": { "count": 1 }, "limit": limit, "rules": rules } })
    })
}

/// One operation, or two in one transaction.
fn transaction() -> impl Strategy<Value = Json> {
    prop_oneof![
        3 => operation(),
        1 => (operation(), operation()).prop_map(|(first, second)| {
            json!({ "replay": { "log": [{ "operation": first }, { "operation": second }] } })
        }),
    ]
}

fn programs() -> impl Strategy<Value = Programs> {
    vec(vec(transaction(), 1..4), 2..5)
}

fn seed() -> Vec<Record> {
    records(&json!([
        { "id": "a", "userId": "a", "organizationId": "a", "count": 0 },
        { "id": "b", "userId": "b", "organizationId": "a", "count": 1 },
    ]))
}

/// Whether it is a query, which may be answered from the cache.
fn reads(operation: &Json) -> bool {
    operation.get("findMany").or(operation.get("count")).is_some()
}

/// Runs programs at once, and then their transactions one after the other.
fn complaint(settings: Settings, programs: &Programs, order: u64) -> Result<(), String> {
    let db = OccDatabase::with(settings);
    db.seed("member", seed()).unwrap();
    let clients: Vec<_> = (1..).zip(programs).map(|(rank, _)| db.client(rank)).collect();
    let tasks = clients.iter().zip(programs).map(|(client, program)| {
        Box::pin(async move {
            for operation in program {
                // Its outcome is in the history; of what is broken on purpose anything can come.
                let _ = if reads(operation) {
                    client.query(Operation::parse(value_of(operation)).unwrap()).await
                } else {
                    client.ask(operation).await
                };
            }
        }) as Task<'_, ()>
    });
    Schedule::random(order).interleave(tasks.collect());

    let serial = MemoryDatabase::new();
    serial.seed("member", seed()).unwrap();
    for ran in db.history() {
        serial.create_after(ran.after);
        let outcome = serial.run(ran.operation.clone());
        if outcome != ran.outcome {
            return Err(format!("{ran:?}\nwould have given {outcome:?}"));
        }
    }
    let (found, expected) = (db.rows("member"), serial.rows("member"));
    if found == expected { Ok(()) } else { Err(format!("{found:?}\ninstead of {expected:?}")) }
}

fn check(settings: Settings, cases: u32) -> Result<(), String> {
    let persistence = FileFailurePersistence::WithSource("regressions");
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        source_file: Some(file!()),
        // What is broken on purpose is not worth keeping.
        failure_persistence: (settings.conflicts && settings.fresh)
            .then(|| Box::new(persistence) as _),
        ..ProptestConfig::default()
    });
    runner
        .run(&(programs(), any::<u64>()), |(programs, first)| {
            (0..ORDERS).try_for_each(|order| {
                complaint(settings, &programs, first.wrapping_add(order))
                    .map_err(TestCaseError::fail)
            })
        })
        .map_err(|failure| failure.to_string())
}

#[test]
fn programs_are_serializable() {
    let cases = setting("GATE_INTERLEAVINGS", 300);
    for points in [Points::Transactions, Points::Requests] {
        let settings = Settings { points, ..Settings::default() };
        if let Err(failure) = check(settings, cases) {
            panic!("{failure}");
        }
        gate_testkit::generated(u64::from(cases) * ORDERS);
        println!("{cases} sets of programs, {ORDERS} interleavings each, pauses at {points:?}");
    }
}

#[test]
fn with_a_cache_that_never_forgets_they_are_not() {
    let settings = Settings { fresh: false, ..Settings::default() };
    assert!(check(settings, 1_000).is_err());
}

#[test]
fn without_a_conflict_check_they_are_not() {
    let settings = Settings { conflicts: false, ..Settings::default() };
    assert!(check(settings, 1_000).is_err());
}
