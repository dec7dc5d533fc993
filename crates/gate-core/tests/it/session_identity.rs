//! A signed token that is kept for a session goes when the session becomes nobody's, whatever did that.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::values::{Record, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

fn seed(db: &MemoryDatabase, table: &str, row: &Json) {
    let Value::Object(row) = value(row) else { return };
    db.seed(table, [row]).unwrap();
}

/// Two users with a session each, and a token kept for each session.
fn database() -> MemoryDatabase {
    let db = MemoryDatabase::new();
    for (user, session) in [("u", "s"), ("v", "t")] {
        seed(&db, "user", &json!({ "id": user }));
        seed(&db, "session", &json!({ "id": session, "token": session, "userId": user }));
        seed(&db, "gateTokens", &json!({ "id": session, "sessionId": session, "userId": user }));
    }
    db
}

fn delete_user(db: &MemoryDatabase, field: &str) {
    let reference = json!({
        "model": "session", "field": field, "target": "user", "to": "id", "onDelete": "set null",
    });
    let filter = json!([{ "field": "id", "value": "u" }]);
    let rules = json!({ "references": [reference] });
    db.ask(&json!({ "deleteMany": { "model": "user", "where": filter, "rules": rules } })).unwrap();
}

fn sessions_with_tokens(db: &MemoryDatabase) -> Vec<String> {
    let session = |row: Record| row.get("sessionId")?.as_str().map(ToOwned::to_owned);
    db.rows("gateTokens").into_iter().filter_map(session).collect()
}

#[test]
fn a_session_that_loses_its_user_loses_its_token_and_stays() {
    let db = database();
    delete_user(&db, "userId");
    assert_eq!(sessions_with_tokens(&db), ["t"]);
    let users: Vec<_> =
        db.rows("session").into_iter().map(|row| row.get("userId").cloned()).collect();
    assert_eq!(users, [Some(Value::Null), Some(Value::from("v"))]);
}

#[test]
fn a_session_that_loses_its_user_and_then_goes_itself_loses_its_token_once() {
    let db = database();
    let reference = |field: &str, on_delete: &str| json!({ "model": "session", "field": field, "target": "user", "to": "id", "onDelete": on_delete });
    let references = [reference("userId", "set null"), reference("userId", "cascade")];
    let rules = json!({ "references": references });
    db.ask(&json!({ "deleteMany": { "model": "user", "rules": rules } })).unwrap();
    assert!(sessions_with_tokens(&db).is_empty());
    assert!(db.rows("session").is_empty());
}

#[test]
fn another_field_that_becomes_null_costs_no_token() {
    let db = database();
    let filter = json!([{ "field": "id", "value": "s" }]);
    let changes = json!({ "impersonatedBy": "u" });
    db.ask(&json!({ "update": { "model": "session", "where": filter, "update": changes } }))
        .unwrap();
    assert_eq!(sessions_with_tokens(&db), ["s", "t"]);
    delete_user(&db, "impersonatedBy");
    assert_eq!(sessions_with_tokens(&db), ["s", "t"]);
    assert_eq!(db.rows("session")[0].get("impersonatedBy"), Some(&Value::Null));
}
