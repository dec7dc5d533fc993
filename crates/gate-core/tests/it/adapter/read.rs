use gate_core::operations::Operation;
use gate_core::values::{Fault, Record, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids_of, with};

fn members() -> MemoryDatabase {
    with(
        "member",
        json!([
            { "id": "1", "organizationId": "o", "userId": "c", "role": "owner", "createdAt": 30 },
            { "id": "2", "organizationId": "o", "userId": "a", "role": "member", "createdAt": 10 },
            { "id": "3", "organizationId": "p", "userId": "a", "role": "admin,member", "createdAt": 20 },
            { "id": "4", "organizationId": "o", "userId": "b", "role": "member", "createdAt": 20 },
            { "id": "5", "organizationId": "o", "userId": "d", "role": null },
        ]),
    )
}

fn list(db: &MemoryDatabase, args: Json) -> Vec<String> {
    let mut args = args;
    args["model"] = json!("member");
    ids_of(&done(db, json!({ "findMany": args })))
}

fn of_o() -> Json {
    json!([{ "field": "organizationId", "value": "o" }])
}

#[test]
fn find_one_gives_the_row_or_null() {
    let db = members();
    let by = |id: &str| json!({ "findOne": { "model": "member", "where": [{ "field": "id", "value": id }], "select": ["id", "role"] } });
    assert_eq!(done(&db, by("2")), value(&json!({ "id": "2", "role": "member" })));
    assert_eq!(done(&db, by("9")), Value::Null);
    assert_eq!(done(&db, json!({ "findOne": { "model": "nowhere" } })), Value::Null);
}

#[test]
fn a_list_is_sorted_cut_and_paged() {
    let db = members();
    let sorted = |direction: &str, more: Json| {
        let mut args =
            json!({ "where": of_o(), "sortBy": { "field": "createdAt", "direction": direction } });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        list(&db, args)
    };
    // A row without the field comes first when ascending, as in Better Auth's memory adapter.
    assert_eq!(sorted("asc", json!({})), ["5", "2", "4", "1"]);
    assert_eq!(sorted("desc", json!({})), ["1", "4", "2", "5"]);
    assert_eq!(sorted("asc", json!({ "limit": 2 })), ["5", "2"]);
    assert_eq!(sorted("asc", json!({ "limit": 2, "offset": 1 })), ["2", "4"]);
    assert_eq!(sorted("asc", json!({ "offset": 3 })), ["1"]);
    assert_eq!(sorted("asc", json!({ "offset": 9 })), [""; 0]);
    assert_eq!(sorted("asc", json!({ "limit": 0 })), [""; 0]);
}

#[test]
fn a_sort_that_no_index_has_gives_the_same() {
    let db = members();
    let sort = |field: &str, direction: &str| json!({ "field": field, "direction": direction });
    assert_eq!(list(&db, json!({ "sortBy": sort("createdAt", "asc") })), ["5", "2", "3", "4", "1"]);
    // Equal rows keep the order of creation, or its reverse.
    assert_eq!(
        list(&db, json!({ "sortBy": sort("createdAt", "desc") })),
        ["1", "4", "3", "2", "5"]
    );
    let first = json!({ "sortBy": sort("createdAt", "desc"), "limit": 2, "offset": 1 });
    assert_eq!(list(&db, first), ["4", "3"]);
}

#[test]
fn a_list_has_a_hundred_rows_unless_it_says_otherwise() {
    let rows: Vec<Json> = (0..150).map(|index| json!({ "id": format!("{index:03}") })).collect();
    let db = with("member", json!(rows));
    assert_eq!(list(&db, json!({})).len(), 100);
    assert_eq!(list(&db, json!({ "limit": 149 })).len(), 149);
    assert_eq!(done(&db, json!({ "count": { "model": "member" } })), Value::Float64(150.0));
}

#[test]
fn pages_meet_without_a_gap_or_an_overlap() {
    let db = members();
    for sort in [Json::Null, json!({ "field": "role", "direction": "desc" })] {
        let page = |limit: usize, offset: usize| {
            let mut args = json!({ "limit": limit, "offset": offset });
            if sort.is_object() {
                args["sortBy"] = sort.clone();
            }
            list(&db, args)
        };
        let paged: Vec<String> = (0..3).flat_map(|number| page(2, number * 2)).collect();
        assert_eq!(paged, page(100, 0));
    }
}

#[test]
fn a_row_that_two_or_clauses_find_comes_once() {
    let db = members();
    let either = json!([
        { "field": "userId", "value": "a", "connector": "OR" },
        { "field": "organizationId", "value": "o", "connector": "OR" },
    ]);
    let mut found = list(&db, json!({ "where": either }));
    found.sort();
    assert_eq!(found, ["1", "2", "3", "4", "5"]);
    let count = json!({ "count": { "model": "member", "where": either } });
    assert_eq!(done(&db, count), Value::Float64(5.0));
}

#[test]
fn names_and_operators_that_are_none_are_faults() {
    let db = members();
    let with_operator = |operator: &str| json!({ "findMany": { "model": "member", "where": [{ "field": "id", "value": "1", "operator": operator }] } });
    let refused = fault(&db, "member", with_operator("matches"));
    assert_eq!(refused, Fault::UnknownOperator { operator: "matches".to_owned() });
    let refused = fault(&db, "member", json!({ "count": { "model": "no-table" } }));
    assert_eq!(refused, Fault::InvalidName { name: "no-table".to_owned() });
    for args in [
        json!({ "model": "member", "limit": -1 }),
        json!({ "model": "member", "limit": 1.5 }),
        json!({}),
    ] {
        assert_eq!(fault(&db, "member", json!({ "findMany": args })).code(), "INVALID_ARGUMENT");
    }
    assert_eq!(db.counts().requests(), 0);
}

#[test]
fn numbers_of_rows_have_no_upper_end() {
    let db = with("user", json!([{ "id": "u", "name": "a" }, { "id": "v", "name": "b" }]));
    let ask = |limit: f64, offset: f64| {
        let Value::Object(mut list) = value(&json!({ "model": "user" })) else {
            panic!("a record")
        };
        list.insert("limit".to_owned(), Value::Float64(limit));
        list.insert("offset".to_owned(), Value::Float64(offset));
        let operation = Record::from([("findMany".to_owned(), Value::Object(list))]);
        db.run(Operation::parse(Value::Object(operation))?)
    };
    for many in [4_294_967_295.0, 4_294_967_296.0, 9_007_199_254_740_991.0, 1e300, f64::INFINITY] {
        assert_eq!(ids_of(&ask(many, 1.0).unwrap()), ["v"]);
        assert_eq!(ids_of(&ask(many, many).unwrap()), [""; 0]);
    }
    for not_one in [-1.0, 1.5, 4_294_967_296.5, f64::NEG_INFINITY, f64::NAN] {
        assert_eq!(ask(not_one, 0.0).unwrap_err().code(), "INVALID_ARGUMENT", "{not_one}");
        assert_eq!(ask(1.0, not_one).unwrap_err().code(), "INVALID_ARGUMENT", "{not_one}");
    }
}
