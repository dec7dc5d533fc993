//! Rows whose time is over.

use gate_core::values::{Fault, Record, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, seed, with};

const NOW: i64 = 1_800_000_000_000;

/// The answer where so many went and there may be more.
fn some_of(count: f64) -> Value {
    value(&json!({ "part": count, "next": { "checked": true } }))
}

fn clean(table: &str, field: &str, most: usize) -> Json {
    json!({ "clean": { "table": table, "field": field, "before": NOW, "most": most } })
}

#[test]
fn what_is_over_goes_and_what_is_not_or_has_no_end_stays() {
    let rows = json!([
        { "id": "over", "expiresAt": NOW - 1 },
        { "id": "now", "expiresAt": NOW },
        { "id": "later", "expiresAt": NOW + 1 },
        { "id": "null", "expiresAt": null },
        { "id": "none" },
        { "id": "text", "expiresAt": "2001-01-01" },
    ]);
    let db = with("verification", rows);
    db.reset_counts();
    assert_eq!(done(&db, clean("verification", "expiresAt", 10)), Value::Float64(1.0));
    assert_eq!(db.counts().documents, 1);
    assert_eq!(ids(&db, "verification"), ["now", "later", "null", "none", "text"]);
}

#[test]
fn no_more_go_than_asked_for_and_the_oldest_go_first() {
    let rows = (0..10).map(|n| json!({ "id": format!("v{n}"), "expiresAt": 10 - n }));
    let db = with("verification", Json::Array(rows.collect()));
    db.reset_counts();
    assert_eq!(done(&db, clean("verification", "expiresAt", 4)), some_of(4.0));
    assert_eq!((db.counts().documents, db.counts().requests()), (4, 5));
    assert_eq!(ids(&db, "verification"), ["v0", "v1", "v2", "v3", "v4", "v5"]);
}

/// What goes of rows of up to 1 MiB, which strangers can write.
#[test]
fn large_rows_go_a_few_at_a_time() {
    let large = |n: usize, size: usize| json!({ "id": format!("v{n}"), "expiresAt": n, "value": "x".repeat(size) });
    // Small rows first: how large the next ones are is not known from those before.
    let sizes = [vec![10; 12], vec![1_000_000; 20], vec![500_000; 8], vec![100; 20]].concat();
    for most in [32, 200] {
        let rows = sizes.iter().enumerate().map(|(n, size)| large(n, *size));
        let db = with("verification", Json::Array(rows.collect()));
        let (mut deleted, mut calls) = (0, 0);
        loop {
            db.reset_counts();
            let left = db.rows("verification").len();
            let answer = done(&db, clean("verification", "expiresAt", most));
            let gone = left - db.rows("verification").len();
            assert!(db.counts().bytes <= 5 << 20, "{} bytes", db.counts().bytes);
            assert!(gone > 0, "nothing went");
            (deleted, calls) = (deleted + gone, calls + 1);
            #[expect(clippy::cast_precision_loss, reason = "a few rows")]
            let count = gone as f64;
            if answer == Value::Float64(count) {
                break;
            }
            assert_eq!(answer, some_of(count));
        }
        assert_eq!((deleted, db.rows("verification").len()), (60, 0));
        assert!(calls <= 26, "{calls} calls");
    }
}

#[test]
fn large_rows_of_a_renamed_model_go_a_few_at_a_time_too() {
    let db = MemoryDatabase::new();
    let rules = json!({ "indexes": [["id"], ["end"]] });
    for n in 0..24 {
        let data = json!({ "id": format!("c{n}"), "end": n, "value": "x".repeat(1_000_000) });
        done(&db, json!({ "create": { "model": "codes", "data": data, "rules": rules } }));
    }
    let mut calls = 0;
    while !db.rows("codes").is_empty() {
        db.reset_counts();
        done(&db, clean("codes", "end", 32));
        assert!(db.counts().bytes <= 10 << 20, "{} bytes", db.counts().bytes);
        calls += 1;
    }
    assert_eq!((calls, db.rows("gateEntries").len()), (6, 0));
}

#[test]
fn what_refers_to_a_row_is_no_more_than_one_transaction_changes() {
    let db = with("session", json!([{ "id": "s", "userId": "u", "expiresAt": 1 }]));
    let token =
        |n: usize| json!({ "id": format!("r{n}"), "sessionId": "s", "token": "x".repeat(8_000) });
    seed(&db, "oauthRefreshToken", Json::Array((0..4_000).map(token).collect()));
    let mut calls = 0;
    while !db.rows("session").is_empty() {
        db.reset_counts();
        done(&db, clean("session", "expiresAt", 32));
        assert!(db.counts().bytes <= 5 << 20, "{} bytes", db.counts().bytes);
        calls += 1;
    }
    assert!(calls <= 40, "{calls} calls");
    let named = |row: &Record| row.get("sessionId") != Some(&Value::Null);
    assert!(!db.rows("oauthRefreshToken").iter().any(named));
}

#[test]
fn where_nothing_goes_no_further_call_is_asked_for() {
    let db = MemoryDatabase::new();
    let row =
        |n: usize| json!({ "id": format!("v{n}"), "expiresAt": 1, "value": "x".repeat(1_000_000) });
    let rows = (0..4).map(|n| super::support::record(&value(&row(n))).clone());
    db.seed_at_once("verification", rows).unwrap();
    let operation = json!({ "clean": { "table": "verification", "field": "expiresAt", "before": 1.7e12, "most": 10 } });
    assert_eq!(done(&db, operation), Value::Float64(0.0));
}

#[test]
fn a_row_that_was_over_when_it_was_written_stays_for_a_while() {
    let db = MemoryDatabase::new();
    let rows = [json!({ "id": "imported", "expiresAt": 1 })];
    let rows = rows.map(|row| super::support::record(&value(&row)).clone());
    db.seed_at_once("verification", rows).unwrap();
    let operation = |before: f64| json!({ "clean": { "table": "verification", "field": "expiresAt", "before": before, "most": 10 } });
    // It was written at 1.7e12.
    assert_eq!(done(&db, operation(1.7e12)), Value::Float64(0.0));
    assert_eq!(done(&db, operation(1.7e12 + 1.0)), Value::Float64(1.0));
}

#[test]
fn a_table_without_an_index_on_the_time_is_not_looked_through() {
    let db = with("codes", json!([{ "id": "over", "end": 1 }]));
    db.reset_counts();
    assert_eq!(done(&db, clean("codes", "end", 10)), Value::Float64(0.0));
    assert_eq!(db.counts().documents, 0);
    assert_eq!(ids(&db, "codes"), ["over"]);

    // With the index entries of a renamed model it is.
    let rules = json!({ "indexes": [["id"], ["end"]] });
    let data = json!({ "id": "live", "end": NOW + 1 });
    done(&db, json!({ "create": { "model": "codes", "data": data, "rules": rules } }));
    assert_eq!(done(&db, clean("codes", "end", 10)), Value::Float64(1.0));
    assert_eq!(ids(&db, "codes"), ["live"]);
    assert_eq!(db.rows("gateEntries").len(), 2);
}

#[test]
fn retired_keys_go_and_others_stay() {
    let rows = json!([
        { "id": "withdrawn", "retiredAt": 0 },
        { "id": "over", "retiredAt": NOW - 1 },
        { "id": "ending", "retiredAt": NOW },
        { "id": "null", "retiredAt": null },
        { "id": "signing" },
    ]);
    let db = with("gateKeys", rows);
    assert_eq!(done(&db, clean("gateKeys", "retiredAt", 10)), Value::Float64(2.0));
    assert_eq!(ids(&db, "gateKeys"), ["ending", "null", "signing"]);
}

#[test]
fn tokens_go_with_their_session_and_oauth_tokens_forget_it() {
    let db = with("session", json!([{ "id": "s", "userId": "u", "expiresAt": 1 }]));
    seed(&db, "gateTokens", json!([{ "id": "t", "sessionId": "s", "userId": "u" }]));
    seed(&db, "oauthRefreshToken", json!([{ "id": "r", "sessionId": "s", "token": "x" }]));
    assert_eq!(done(&db, clean("session", "expiresAt", 10)), Value::Float64(1.0));
    assert_eq!(ids(&db, "gateTokens"), [""; 0]);
    assert_eq!(db.rows("oauthRefreshToken")[0].get("sessionId"), Some(&Value::Null));
}

#[test]
fn a_name_that_is_none_is_a_fault() {
    let db = MemoryDatabase::new();
    let found = fault(&db, "verification", clean("no-table", "expiresAt", 1));
    assert_eq!(found, Fault::InvalidName { name: "no-table".to_owned() });
}
