//! Rows whose time is over.

use gate_core::values::{Fault, Value};
use gate_testkit::MemoryDatabase;
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, seed, with};

const NOW: i64 = 1_800_000_000_000;

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
    assert_eq!(done(&db, clean("verification", "expiresAt", 4)), Value::Float64(4.0));
    assert_eq!(db.counts().documents, 4);
    assert_eq!(ids(&db, "verification"), ["v0", "v1", "v2", "v3", "v4", "v5"]);
}

#[test]
fn a_row_that_was_over_when_it_was_written_stays_for_a_while() {
    let db = MemoryDatabase::new();
    let rows = [json!({ "id": "imported", "expiresAt": 1 })];
    let rows = rows.map(|row| super::support::record(&gate_testkit::value(&row)).clone());
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
