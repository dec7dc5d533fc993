use gate_core::values::{Fault, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, record, rows, with};

fn keys() -> MemoryDatabase {
    with(
        "apikey",
        json!([
            { "id": "1", "remaining": 2, "requestCount": 0, "name": "one" },
            { "id": "2", "remaining": null },
            { "id": "3" },
            { "id": "4", "remaining": "many" },
        ]),
    )
}

fn increment(id: &str, guard: Json, increment: Json, set: Json) -> Json {
    let mut filter = vec![json!({ "field": "id", "value": id })];
    filter.extend(guard.as_array().unwrap().clone());
    json!({ "incrementOne": { "model": "apikey", "where": filter, "increment": increment, "set": set } })
}

fn number(row: &Value, field: &str) -> Option<f64> {
    match record(row).get(field) {
        Some(Value::Float64(number)) => Some(*number),
        _ => None,
    }
}

#[test]
fn a_counter_moves_by_its_delta_with_what_is_set() {
    let db = keys();
    let row = done(
        &db,
        increment(
            "1",
            json!([]),
            json!({ "remaining": -1, "requestCount": 1 }),
            json!({ "name": "uno" }),
        ),
    );
    assert_eq!(
        row,
        value(&json!({ "_id": "1", "id": "1", "remaining": 1, "requestCount": 1, "name": "uno" }))
    );
    assert_eq!(db.counts().patches, 1);
}

#[test]
fn a_missing_counter_counts_from_zero() {
    let db = keys();
    for id in ["2", "3"] {
        let row = done(&db, increment(id, json!([]), json!({ "remaining": 5 }), json!({})));
        assert_eq!(number(&row, "remaining"), Some(5.0));
    }
}

#[test]
fn a_guard_decides_in_the_same_step() {
    let db = keys();
    let use_once = increment(
        "1",
        json!([{ "field": "remaining", "operator": "gt", "value": 0 }]),
        json!({ "remaining": -1 }),
        json!({}),
    );
    assert_eq!(number(&done(&db, use_once.clone()), "remaining"), Some(1.0));
    assert_eq!(number(&done(&db, use_once.clone()), "remaining"), Some(0.0));
    assert_eq!(done(&db, use_once), Value::Null);
    assert_eq!(db.rows("apikey")[0].get("remaining"), Some(&Value::Float64(0.0)));
}

#[test]
fn without_an_increment_it_is_a_compare_and_swap() {
    let db = keys();
    let swap = |from: Json, to: &str| {
        increment(
            "1",
            json!([{ "field": "name", "value": from }]),
            json!({}),
            json!({ "name": to }),
        )
    };
    assert_ne!(done(&db, swap(json!("one"), "two")), Value::Null);
    assert_eq!(done(&db, swap(json!("one"), "three")), Value::Null);
    assert_eq!(
        record(&done(&db, swap(json!("two"), "four"))).get("name"),
        Some(&Value::from("four"))
    );
    // The usual claim: set where nobody has set before.
    let claim = increment(
        "3",
        json!([{ "field": "owner", "value": null }]),
        json!({}),
        json!({ "owner": "me" }),
    );
    assert_ne!(done(&db, claim.clone()), Value::Null);
    assert_eq!(done(&db, claim), Value::Null);
}

#[test]
fn at_most_one_row_changes() {
    let db = keys();
    let all = json!({ "incrementOne": { "model": "apikey", "where": [{ "field": "id", "operator": "in", "value": ["1", "2", "3"] }], "increment": { "requestCount": 1 } } });
    done(&db, all);
    assert_eq!(db.counts().patches, 1);
}

#[test]
fn what_is_no_number_cannot_be_counted() {
    let db = keys();
    let text = increment("4", json!([]), json!({ "remaining": 1 }), json!({}));
    let refused = Fault::UnsupportedValue { field: "remaining".to_owned() };
    assert_eq!(fault(&db, "apikey", text), refused);
    let delta = increment("1", json!([]), json!({ "remaining": "1" }), json!({}));
    assert_eq!(fault(&db, "apikey", delta), refused);
    // A sum that is no number any more is not stored either.
    let db = with("apikey", json!([{ "id": "1" }]));
    done(&db, increment("1", json!([]), json!({ "remaining": 1e308 }), json!({})));
    done(&db, increment("1", json!([]), json!({ "remaining": 1e308 }), json!({})));
    assert_eq!(
        rows(&db, "apikey"),
        Value::Array(vec![Value::Object(
            [
                ("id".to_owned(), Value::from("1")),
                ("remaining".to_owned(), Value::Float64(f64::INFINITY)),
            ]
            .into()
        )])
    );
}

#[test]
fn a_field_that_is_both_set_and_counted_is_counted() {
    let db = keys();
    let row = done(
        &db,
        increment("1", json!([]), json!({ "remaining": -1 }), json!({ "remaining": 100 })),
    );
    assert_eq!(number(&row, "remaining"), Some(1.0));
}
