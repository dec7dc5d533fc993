//! Convex runs a mutation again four times; many that write one row need more, and whoever called asks again.

use gate_core::values::Value;
use gate_testkit::occ::{OccDatabase, Settings};
use serde_json::{Value as Json, json};

use super::support::{Answer, Case, Check, number, same, winners};

const CLIENTS: u32 = 16;

fn seed() -> [(&'static str, Json); 2] {
    [
        ("apikey", json!([{ "id": "1", "key": "hash", "remaining": 10, "count": 0 }])),
        ("verification", json!([{ "id": "1", "identifier": "otp" }])),
    ]
}

/// Each client asks once, and again up to so many times in all after contention. Every commit of one
/// can cost every other one run, so those who always lose need as many runs as there are winners.
fn runs(operation: &Json, times: usize, check: Check<'_, Answer>) {
    let case = Case {
        name: "patience",
        settings: Settings::default(),
        seed: &seed(),
        clients: CLIENTS,
        work: &|client, _| {
            let operation = operation.clone();
            Box::pin(async move { client.insist(&operation, times).await })
        },
        check,
    };
    case.holds_in_many();
}

#[test]
fn no_count_is_lost_and_nobody_gives_up() {
    let count = json!({ "incrementOne": { "model": "apikey", "where": [{ "field": "key", "value": "hash" }], "increment": { "count": 1 } } });
    runs(&count, 4, &|db, answers| {
        same("winners", winners(&answers), (CLIENTS as usize, vec![]))?;
        same("count", number(&db.rows("apikey")[0], "count"), Some(CLIENTS.into()))
    });
}

#[test]
fn a_key_with_ten_uses_has_ten() {
    let take = json!({ "incrementOne": { "model": "apikey", "where": [{ "field": "key", "value": "hash" }, { "field": "remaining", "operator": "gt", "value": 0 }], "increment": { "remaining": -1 } } });
    runs(&take, 3, &|db, answers| {
        same("winners", winners(&answers), (10, vec![]))?;
        same("left", number(&db.rows("apikey")[0], "remaining"), Some(0.0))
    });
}

#[test]
fn one_of_many_gets_the_row_without_patience() {
    let consume = json!({ "consumeOne": { "model": "verification", "where": [{ "field": "identifier", "value": "otp" }] } });
    runs(&consume, 1, &|_, answers| same("winners", winners(&answers), (1, vec![])));
}

#[test]
fn by_convex_s_own_runs_alone_somebody_gives_up() {
    let count = json!({ "incrementOne": { "model": "apikey", "where": [{ "field": "key", "value": "hash" }], "increment": { "count": 1 } } });
    let lost = std::cell::Cell::new(0);
    runs(&count, 1, &|db: &OccDatabase, answers| {
        let (won, codes) = winners(&answers);
        lost.set(lost.get() + codes.len());
        same("codes", codes.iter().all(|code| *code == "CONTENTION"), true)?;
        // What gave up has written nothing: that is why it can ask again.
        let counted = number(&db.rows("apikey")[0], "count");
        same("count", counted.map(Value::Float64), Some(Value::Float64(won as f64)))
    });
    assert!(lost.get() > 0);
}
