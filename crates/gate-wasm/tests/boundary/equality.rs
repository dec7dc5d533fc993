//! An operation gives the same over the boundary as without it, and no text brings the boundary down.

use gate_core::operations::Operation;
use gate_core::values::{Record, Value, json};
use gate_testkit::MemoryDatabase;
use gate_testkit::strategies::{TEST_TABLES, any_value, listing, rows};
use gate_wasm::{cancel, live_tasks, resume, start};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::driver::{drive, parse, text};

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: gate_testkit::cases(1_000),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

fn operation(name: &str, members: Record) -> Value {
    Value::Object(Record::from([(name.to_owned(), Value::Object(members))]))
}

/// Runs an operation both ways, each on a database of its own.
fn agree(table: &str, stored: &[Record], operation: Value) -> Result<(), TestCaseError> {
    let (direct, driven) = (MemoryDatabase::new(), MemoryDatabase::new());
    direct.seed(table, stored.to_vec()).unwrap();
    driven.seed(table, stored.to_vec()).unwrap();
    let answer = drive(&driven, &text(&operation)).answer;
    prop_assert_eq!(live_tasks(), 0);
    match Operation::parse(operation).and_then(|operation| direct.run(operation)) {
        Ok(result) => {
            prop_assert_eq!(json::parse(&answer["done"].to_string()), Some(result));
        }
        Err(fault) => prop_assert_eq!(answer["fault"]["code"].as_str(), Some(fault.code())),
    }
    prop_assert_eq!(driven.rows(table), direct.rows(table));
    prop_assert_eq!(driven.counts(), direct.counts());
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn lists_are_the_same(stored in rows(TEST_TABLES[2], 8), listing in listing(TEST_TABLES[2])) {
        agree("member", &stored, operation("findMany", listing.to_record("member")))?;
    }

    #[test]
    fn writes_are_the_same(
        stored in rows(TEST_TABLES[5], 8),
        listing in listing(TEST_TABLES[5]),
        name in any_value(),
        unique in any::<bool>(),
        which in 0_usize..5,
    ) {
        let mut members = listing.to_record("ownTable");
        let changes = Record::from([("name".to_owned(), name)]);
        let groups = if unique { vec![Value::Array(vec![Value::from("name")])] } else { Vec::new() };
        let rules = Record::from([("unique".to_owned(), Value::Array(groups))]);
        members.insert("rules".to_owned(), Value::Object(rules));
        let name = ["update", "updateMany", "deleteMany", "consumeOne", "incrementOne"][which];
        let changing = if name == "incrementOne" { "set" } else { "update" };
        members.insert(changing.to_owned(), Value::Object(changes));
        agree("ownTable", &stored, operation(name, members))?;
    }

    #[test]
    fn any_reply_is_taken_or_refused(reply in any_value(), text in "[\\[\\]{}\",:rowsdone0-9 ]{0,30}") {
        let mut replies = String::new();
        json::write(&Value::Array(vec![reply]), &mut replies);
        for replies in [replies, text] {
            let answer = parse(&start(r#"{"sessionByToken":{"token":"t"}}"#));
            let task = u32::try_from(answer["need"]["task"].as_u64().unwrap()).unwrap();
            let next = parse(&resume(task, &replies));
            prop_assert!(next.as_object().is_some_and(|answer| answer.len() == 1));
            if let Some(task) = next["need"]["task"].as_u64() {
                cancel(u32::try_from(task).unwrap());
            }
            prop_assert_eq!(live_tasks(), 0);
        }
    }
}
