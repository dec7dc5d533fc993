use gate_core::values::Value;
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, seed, with};

fn database() -> MemoryDatabase {
    let db = with("user", json!([{ "id": "u", "email": "a@x" }, { "id": "v", "email": "b@x" }]));
    seed(
        &db,
        "account",
        json!([
            { "id": "1", "userId": "u" }, { "id": "2", "userId": "u" }, { "id": "3", "userId": "u" }, { "id": "4", "userId": null },
        ]),
    );
    seed(
        &db,
        "session",
        json!([{ "id": "s", "token": "t", "userId": "u" }, { "id": "r", "token": "q" }]),
    );
    db
}

fn join(table: &str, from: &str, to: &str, relation: &str, limit: usize) -> Json {
    json!({ "as": table, "table": table, "from": from, "to": to, "relation": relation, "limit": limit })
}

fn find(model: &str, id: &str, join: &[Json], select: Json) -> Json {
    let filter = json!([{ "field": "id", "value": id }]);
    let mut args = json!({ "model": model, "where": filter, "join": join });
    if select.is_array() {
        args["select"] = select;
    }
    json!({ "findOne": args })
}

#[test]
fn one_to_one_gives_a_row_or_null() {
    let db = database();
    let user = join("user", "userId", "id", "one-to-one", 1);
    let row = done(&db, find("session", "s", std::slice::from_ref(&user), json!(["token"])));
    assert_eq!(
        row,
        value(&json!({ "token": "t", "user": { "_id": "u", "id": "u", "email": "a@x" } }))
    );
    let row = done(&db, find("session", "r", &[user], json!(["token"])));
    assert_eq!(row, value(&json!({ "token": "q", "user": null })));
}

#[test]
fn one_to_many_gives_a_list_cut_at_the_limit() {
    let db = database();
    let accounts = |limit: usize| join("account", "id", "userId", "one-to-many", limit);
    let row = done(&db, find("user", "u", &[accounts(2)], json!(["email"])));
    assert_eq!(
        row,
        value(&json!({ "email": "a@x", "account": [
            { "_id": "1", "id": "1", "userId": "u" }, { "_id": "2", "id": "2", "userId": "u" },
        ] }))
    );
    // A row that refers to nobody is nobody's.
    let row = done(&db, find("user", "v", &[accounts(9)], json!(["email"])));
    assert_eq!(row, value(&json!({ "email": "b@x", "account": [] })));
}

#[test]
fn a_list_joins_each_row_with_its_own() {
    let db = database();
    let joins = [
        join("account", "id", "userId", "one-to-many", 1),
        join("session", "id", "userId", "one-to-one", 1),
    ];
    let rows =
        done(&db, json!({ "findMany": { "model": "user", "select": ["id"], "join": joins } }));
    assert_eq!(
        rows,
        value(&json!([
            {
                "id": "u",
                "account": [{ "_id": "1", "id": "1", "userId": "u" }],
                "session": { "_id": "s", "id": "s", "token": "t", "userId": "u" },
            },
            { "id": "v", "account": [], "session": null },
        ]))
    );
}

#[test]
fn a_join_of_a_missing_row_asks_for_nothing() {
    let db = database();
    let accounts = join("account", "id", "userId", "one-to-many", 2);
    assert_eq!(done(&db, find("user", "gone", &[accounts], Json::Null)), Value::Null);
    assert_eq!(db.counts().scans, 1);
}

#[test]
fn a_join_of_a_form_that_is_none_is_a_fault() {
    let db = database();
    let many = join("account", "id", "userId", "many-to-many", 2);
    assert_eq!(
        fault(&db, "user", find("user", "u", &[many], Json::Null)).code(),
        "INVALID_ARGUMENT"
    );
    let name = join("no-table", "id", "userId", "one-to-many", 2);
    assert_eq!(fault(&db, "user", find("user", "u", &[name], Json::Null)).code(), "INVALID_NAME");
}
