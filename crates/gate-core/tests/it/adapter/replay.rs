use gate_core::operations::Operation;
use gate_core::values::{Fault, Record, Value, json};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, with};

fn find(id: &str) -> Json {
    json!({ "findOne": { "model": "user", "where": [{ "field": "id", "value": id }], "select": ["id", "name"] } })
}

fn create(id: &str) -> Json {
    json!({ "create": { "model": "user", "data": { "id": id, "name": "new" } } })
}

fn replay(log: Json) -> Json {
    json!({ "replay": { "log": log } })
}

fn users() -> MemoryDatabase {
    with("user", json!([{ "id": "1", "name": "Ann" }]))
}

#[test]
fn steps_run_in_order_and_see_what_went_before() {
    let db = users();
    let results = done(
        &db,
        replay(json!([
            { "operation": find("2"), "expect": null },
            { "operation": create("2") },
            { "operation": find("2"), "expect": { "id": "2", "name": "new" } },
            { "operation": { "count": { "model": "user" } }, "expect": 2 },
        ])),
    );
    let row = json!({ "_id": "2", "id": "2", "name": "new" });
    assert_eq!(results, value(&json!({ "results": [null, row, { "id": "2", "name": "new" }, 2] })));
    assert_eq!(done(&db, replay(json!([]))), value(&json!({ "results": [] })));
}

#[test]
fn another_result_names_its_step_and_undoes_the_rest() {
    let db = users();
    let log = json!([
        { "operation": create("2") },
        { "operation": find("1"), "expect": { "id": "1", "name": "Bob" } },
        { "operation": create("3") },
    ]);
    assert_eq!(fault(&db, "user", replay(log)), Fault::Conflict { step: 1 });
    assert_eq!(ids(&db, "user"), ["1"]);
}

#[test]
fn null_is_an_expectation_and_absence_is_none() {
    let db = users();
    let taken = json!([{ "operation": find("1"), "expect": null }]);
    assert_eq!(fault(&db, "user", replay(taken)), Fault::Conflict { step: 0 });
    let gone = json!([{ "operation": find("9"), "expect": { "id": "9" } }]);
    assert_eq!(fault(&db, "user", replay(gone)), Fault::Conflict { step: 0 });
    done(&db, replay(json!([{ "operation": find("1") }, { "operation": find("9") }])));
}

#[test]
fn an_expected_number_of_another_kind_of_zero_is_the_same() {
    let db = with("ownTable", json!([{ "id": "1", "n": 0 }]));
    let find = json!({ "findOne": { "model": "ownTable", "select": ["n"] } });
    done(&db, replay(json!([{ "operation": find, "expect": { "n": -0.0 } }])));
}

#[test]
fn a_fault_of_a_step_is_the_fault_of_the_log() {
    let db = users();
    let log = json!([{ "operation": create("2") }, { "operation": create("1") }]);
    assert_eq!(fault(&db, "user", replay(log)), super::support::unique("user", &["id"]));
    let nested = json!([{ "operation": replay(json!([])) }]);
    assert_eq!(fault(&db, "user", replay(nested)).code(), "INVALID_ARGUMENT");
    let unknown = json!([{ "operation": { "explode": {} } }]);
    assert_eq!(fault(&db, "user", replay(unknown)).code(), "INVALID_ARGUMENT");
}

#[test]
fn two_transactions_that_saw_the_same_absence_make_one_row() {
    let db = users();
    let log = |id: &str| {
        let by_name = json!({ "findMany": { "model": "user", "where": [{ "field": "name", "value": "new" }] } });
        replay(json!([{ "operation": by_name, "expect": [] }, { "operation": create(id) }]))
    };
    done(&db, log("2"));
    assert_eq!(fault(&db, "user", log("3")), Fault::Conflict { step: 0 });
    assert_eq!(done(&db, json!({ "count": { "model": "user" } })), Value::Float64(2.0));
}

#[test]
fn not_a_number_is_the_same_as_itself() {
    let db = MemoryDatabase::new();
    let row = Record::from([
        ("id".to_owned(), Value::from("1")),
        ("score".to_owned(), Value::Float64(f64::NAN)),
    ]);
    db.seed("user", [row]).unwrap();
    let find = json!({ "findOne": { "model": "user", "where": [{ "field": "id", "value": "1" }], "select": ["score"] } });
    let log = |score: &Json| {
        let step = json!({ "operation": find, "expect": { "score": score } });
        replay(json!([step, { "operation": create("2") }]))
    };
    assert_eq!(db.ask(&log(&json!(1))), Err(Fault::Conflict { step: 0 }));
    let nan = json!({ "$float": "AAAAAAAA+H8=" });
    let operation = json::parse(&log(&nan).to_string()).unwrap();
    db.run(Operation::parse(operation).unwrap()).unwrap();
    assert_eq!(ids(&db, "user"), ["1", "2"]);
}
