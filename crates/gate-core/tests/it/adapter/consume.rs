use gate_core::values::Value;
use gate_testkit::value;
use serde_json::json;

use super::support::{done, ids, ids_of, with};

#[test]
fn a_row_is_consumed_once() {
    let db = with("verification", json!([{ "id": "1", "identifier": "otp", "value": "123" }]));
    let consume = json!({ "consumeOne": { "model": "verification", "where": [{ "field": "id", "value": "1" }] } });
    let row = done(&db, consume.clone());
    assert_eq!(row, value(&json!({ "_id": "1", "id": "1", "identifier": "otp", "value": "123" })));
    assert_eq!(done(&db, consume), Value::Null);
    assert_eq!(ids(&db, "verification"), [""; 0]);
}

#[test]
fn of_several_matches_one_goes() {
    let db = with(
        "verification",
        json!([
            { "id": "1", "identifier": "a" }, { "id": "2", "identifier": "a" }, { "id": "3", "identifier": "b" },
        ]),
    );
    let consume = json!({ "consumeOne": { "model": "verification", "where": [{ "field": "identifier", "value": "a" }] } });
    let mut taken = Vec::new();
    while let row @ Value::Object(_) = done(&db, consume.clone()) {
        taken.extend(ids_of(&Value::Array(vec![row])));
        assert_eq!(ids(&db, "verification").len(), 3 - taken.len());
    }
    taken.sort();
    assert_eq!(taken, ["1", "2"]);
    assert_eq!(ids(&db, "verification"), ["3"]);
}

#[test]
fn a_guard_that_does_not_hold_keeps_the_row() {
    let db = with("deviceCode", json!([{ "id": "1", "status": "pending" }]));
    let consume = json!({ "consumeOne": { "model": "deviceCode", "where": [
        { "field": "id", "value": "1" }, { "field": "status", "value": "approved" },
    ] } });
    assert_eq!(done(&db, consume), Value::Null);
    assert_eq!(ids(&db, "deviceCode"), ["1"]);
}

#[test]
fn what_refers_to_the_row_goes_with_it() {
    let db = with("user", json!([{ "id": "u" }]));
    super::support::seed(
        &db,
        "account",
        json!([{ "id": "a", "userId": "u" }, { "id": "b", "userId": "v" }]),
    );
    let rules = json!({ "references": [{ "model": "account", "field": "userId", "target": "user", "to": "id", "onDelete": "cascade" }] });
    done(
        &db,
        json!({ "consumeOne": { "model": "user", "where": [{ "field": "id", "value": "u" }], "rules": rules } }),
    );
    assert_eq!(ids(&db, "account"), ["b"]);
}
