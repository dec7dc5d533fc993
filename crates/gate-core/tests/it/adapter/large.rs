//! Work that is too large for one transaction: refused whole, or done in pages.

use gate_core::operations::Operation;
use gate_core::values::{Fault, Record, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids_of, record};

pub(super) fn seed(db: &MemoryDatabase, table: &str, rows: impl Iterator<Item = Json>) {
    let rows = rows.map(|row| match value(&row) {
        Value::Object(row) => row,
        _ => panic!("a row"),
    });
    db.seed(table, rows).unwrap();
}

fn members(count: usize) -> MemoryDatabase {
    let db = MemoryDatabase::new();
    let member = |n: usize| {
        json!({ "id": format!("m{n}"), "organizationId": format!("o{}", n % 2), "userId": "u",
                "role": if n.is_multiple_of(3) { "owner" } else { "member" }, "createdAt": n })
    };
    seed(&db, "member", (0..count).map(member));
    db
}

/// Every page of an operation, with what each page has read; `between` is called after each.
pub(super) fn pages(
    db: &MemoryDatabase,
    name: &str,
    args: &Json,
    mut between: impl FnMut(&MemoryDatabase),
) -> Vec<Value> {
    let mut parts = Vec::new();
    let mut page = Value::Object(Record::new());
    loop {
        db.reset_counts();
        let result = one_page(db, name, args, page).unwrap();
        let counts = db.counts();
        // What Convex can read and change in one transaction.
        assert!(counts.documents <= 4_000, "{counts:?}");
        assert!(counts.scans + counts.patches + counts.deletes <= 4_096, "{counts:?}");
        let next = match &result {
            Value::Object(part) if part.contains_key("next") => part.get("next").cloned(),
            _ => None,
        };
        match next {
            None => {
                parts.push(result);
                return parts;
            }
            Some(next) => {
                parts.push(record(&result).get("part").unwrap().clone());
                page = next;
            }
        }
        between(db);
        assert!(parts.len() < 200, "the pages have no end");
    }
}

fn one_page(db: &MemoryDatabase, name: &str, args: &Json, page: Value) -> Result<Value, Fault> {
    let Value::Object(mut args) = value(args) else { panic!("arguments") };
    args.insert("page".to_owned(), page);
    let operation = Record::from([(name.to_owned(), Value::Object(args))]);
    db.run(Operation::parse(Value::Object(operation))?)
}

pub(super) fn total(parts: &[Value]) -> f64 {
    parts.iter().fold(0.0, |sum, part| match part {
        Value::Float64(count) => sum + count,
        Value::Null => sum,
        _ => panic!("no count: {part:?}"),
    })
}

fn everywhere(field: &str, value: Json) -> Json {
    json!([{ "field": field, "value": value }])
}

#[test]
fn fifty_thousand_rows_are_counted_in_pages() {
    let db = members(50_000);
    let parts = pages(&db, "count", &json!({ "model": "member" }), |_| {});
    assert!((20..=26).contains(&parts.len()), "{} pages", parts.len());
    assert!((total(&parts) - 50_000.0).abs() < 0.5);
    for (filter, expected) in [
        (everywhere("organizationId", json!("o1")), 25_000.0),
        (everywhere("role", json!("owner")), 16_667.0),
        (json!([{ "field": "organizationId", "operator": "in", "value": ["o1", "o0"] }]), 50_000.0),
        (
            json!([{ "field": "organizationId", "value": "o1", "connector": "OR" },
                   { "field": "userId", "value": "u", "connector": "OR" }]),
            50_000.0,
        ),
    ] {
        let args = json!({ "model": "member", "where": filter });
        assert!((total(&pages(&db, "count", &args, |_| {})) - expected).abs() < 0.5, "{filter}");
    }
}

#[test]
fn in_one_transaction_the_limit_is_named_and_nothing_changes() {
    let db = members(28_000);
    let exceeded = fault(&db, "member", json!({ "count": { "model": "member" } }));
    let limit = Fault::LimitExceeded { limit: "documents read", most: 27_500 };
    assert_eq!(exceeded, limit);
    assert_eq!(exceeded.code(), "LIMIT_EXCEEDED");
    assert!(exceeded.to_string().contains("27500 documents read"));

    let db = members(4_090);
    let limit = Fault::LimitExceeded { limit: "index ranges and changed documents", most: 4_090 };
    let update = json!({ "updateMany": { "model": "member", "update": { "role": "guest" } } });
    assert_eq!(fault(&db, "member", update), limit);
    let delete = json!({ "deleteMany": { "model": "member" } });
    assert_eq!(fault(&db, "member", delete.clone()), limit);
    let db = members(4_089);
    assert_eq!(done(&db, delete), Value::Float64(4_089.0));
}

#[test]
fn a_refused_deletion_has_written_nothing_to_any_table() {
    let db = MemoryDatabase::new();
    let session =
        |n: usize| json!({ "id": format!("s{n}"), "userId": "u", "token": format!("t{n}") });
    seed(&db, "session", (0..2_000).map(session));
    seed(&db, "gateTokens", (0..2_000).map(|n| json!({ "sessionId": format!("s{n}") })));
    let (sessions, tokens) = (db.rows("session"), db.rows("gateTokens"));
    let all = json!({ "revokeUserSessions": { "userId": "u" } });
    db.reset_counts();
    assert_eq!(fault(&db, "session", all).code(), "LIMIT_EXCEEDED");
    assert_eq!(db.counts().writes(), 0);
    assert_eq!((db.rows("session"), db.rows("gateTokens")), (sessions, tokens));

    let parts = pages(&db, "revokeUserSessions", &json!({ "userId": "u" }), |_| {});
    assert!((total(&parts) - 2_000.0).abs() < 0.5 && parts.len() < 8, "{parts:?}");
    assert!(db.rows("session").is_empty() && db.rows("gateTokens").is_empty());
}

#[test]
fn large_rows_are_counted_by_their_bytes() {
    let db = MemoryDatabase::new();
    let text = "x".repeat(100_000);
    seed(&db, "user", (0..160).map(|n| json!({ "id": format!("u{n}"), "image": text })));
    let limit = Fault::LimitExceeded { limit: "bytes read", most: 14 << 20 };
    assert_eq!(fault(&db, "user", json!({ "count": { "model": "user" } })), limit);
    let parts = pages(&db, "count", &json!({ "model": "user" }), |_| {});
    assert!((total(&parts) - 160.0).abs() < 0.5 && parts.len() > 2);
}

#[test]
fn what_fits_on_a_page_is_one_answer_of_the_usual_form() {
    let db = members(100);
    for (name, args) in [
        ("count", json!({ "model": "member" })),
        ("findMany", json!({ "model": "member", "limit": 100 })),
        ("updateMany", json!({ "model": "member", "update": { "role": "guest" } })),
        ("deleteMany", json!({ "model": "member", "where": everywhere("role", json!("nobody")) })),
    ] {
        assert_eq!(pages(&db, name, &args, |_| {}), [done(&db, json!({ name: args }))], "{name}");
    }
}

#[test]
fn five_thousand_rows_are_changed_once_each_although_they_move_in_their_index() {
    let db = members(5_000);
    // Every member of o0 becomes one of o1, the range that is read next.
    let filter = json!([{ "field": "organizationId", "operator": "in", "value": ["o0", "o1"] }]);
    let update = json!({ "organizationId": "o1" });
    let args = json!({ "model": "member", "where": filter, "update": update });
    let parts = pages(&db, "updateMany", &args, |_| {});
    assert!((total(&parts) - 5_000.0).abs() < 0.5, "{parts:?}");
    let everyone = json!({ "count": { "model": "member", "where": everywhere("organizationId", json!("o1")) } });
    assert_eq!(done(&db, everyone), Value::Float64(5_000.0));
}

#[test]
fn five_thousand_rows_are_deleted_in_pages() {
    let db = members(5_000);
    let parts = pages(&db, "deleteMany", &json!({ "model": "member" }), |_| {});
    assert!((total(&parts) - 5_000.0).abs() < 0.5);
    assert!(db.rows("member").is_empty());
}

#[test]
fn a_list_of_any_length_comes_in_pages() {
    let db = members(20_000);
    for (sort, filter) in [
        (None, json!([])),
        (Some("asc"), everywhere("organizationId", json!("o1"))),
        (Some("desc"), everywhere("organizationId", json!("o1"))),
    ] {
        let mut args = json!({ "model": "member", "where": filter, "limit": 100_000 });
        if let Some(direction) = sort {
            args["sortBy"] = json!({ "field": "createdAt", "direction": direction });
        }
        let parts = pages(&db, "findMany", &args, |_| {});
        let found: Vec<String> = parts.iter().flat_map(ids_of).collect();
        let mut expected: Vec<usize> =
            (0..20_000).filter(|n| sort.is_none() || n % 2 == 1).collect();
        if sort == Some("desc") {
            expected.reverse();
        }
        let expected: Vec<String> = expected.iter().map(|n| format!("m{n}")).collect();
        assert!(found == expected, "{sort:?}");
        assert!(parts.len() > 1);
    }
}

#[test]
fn rows_that_come_and_go_between_pages_are_neither_skipped_nor_met_twice() {
    let db = members(20_000);
    let mut round = 0;
    let args = json!({ "model": "member", "limit": 100_000,
        "where": everywhere("organizationId", json!("o0")),
        "sortBy": { "field": "createdAt", "direction": "asc" } });
    let parts = pages(&db, "findMany", &args, |db| {
        round += 1;
        // Some that were read go, and others come before the place where the page ended.
        for n in 0..10 {
            let id = format!("m{}", round * 40 + n * 2);
            done(
                db,
                json!({ "delete": { "model": "member", "where": everywhere("id", json!(id)) } }),
            );
            done(
                db,
                json!({ "create": { "model": "member", "data":
                { "id": format!("new{round}-{n}"), "organizationId": "o0", "createdAt": -1 } } }),
            );
        }
    });
    let found: Vec<String> = parts.iter().flat_map(ids_of).collect();
    let expected: Vec<String> = (0..20_000).step_by(2).map(|n| format!("m{n}")).collect();
    assert!(found == expected && round > 0);
}

fn organization(children: usize, on_delete: &str) -> (MemoryDatabase, Json) {
    let db = members(0);
    seed(&db, "organization", [json!({ "id": "o" }), json!({ "id": "other" })].into_iter());
    let member = |n: usize| json!({ "id": format!("m{n}"), "organizationId": "o" });
    seed(&db, "member", (0..children).map(member));
    seed(&db, "member", [json!({ "id": "stays", "organizationId": "other" })].into_iter());
    let rules = json!({ "references": [
        { "model": "member", "field": "organizationId", "target": "organization", "to": "id", "onDelete": on_delete },
        { "model": "note", "field": "memberId", "target": "member", "to": "id", "onDelete": "cascade" },
    ] });
    seed(&db, "note", [json!({ "id": "n", "memberId": "m7" })].into_iter());
    (db, json!({ "model": "organization", "where": everywhere("id", json!("o")), "rules": rules }))
}

#[test]
fn a_cascade_is_paged_and_what_it_starts_from_goes_last() {
    let (db, args) = organization(5_000, "cascade");
    let parts = pages(&db, "delete", &args, |db| assert_eq!(db.rows("organization").len(), 2));
    assert!(parts.len() > 3 && parts.last() == Some(&Value::Null));
    assert_eq!(db.rows("organization").len(), 1);
    assert_eq!(db.rows("member").len(), 1);
    assert!(db.rows("note").is_empty());
}

#[test]
fn references_are_set_to_null_in_pages() {
    let (db, args) = organization(2_500, "set null");
    let parts = pages(&db, "deleteMany", &args, |db| assert_eq!(db.rows("organization").len(), 2));
    assert!((total(&parts) - 1.0).abs() < 0.5 && parts.len() > 1);
    let without = db
        .rows("member")
        .iter()
        .filter(|row| row.get("organizationId") == Some(&Value::Null))
        .count();
    assert_eq!((without, db.rows("member").len(), db.rows("note").len()), (2_500, 2_501, 1));
}

#[test]
fn a_restriction_is_found_before_anything_is_deleted() {
    for on_delete in ["restrict", "no action"] {
        found_before_anything_is_deleted(on_delete);
    }
}

fn found_before_anything_is_deleted(on_delete: &str) {
    let (db, mut args) = organization(0, on_delete);
    seed(&db, "organization", (0..450).map(|n| json!({ "id": format!("more{n}") })));
    args["where"] = json!([]);
    let before = db.rows("organization");
    // `other`, the second of all, is referred to; so is a row far behind the first page.
    done(
        &db,
        json!({ "delete": { "model": "member", "where": everywhere("id", json!("stays")) } }),
    );
    seed(&db, "member", [json!({ "id": "last", "organizationId": "more449" })].into_iter());
    let mut page = Value::Object(Record::new());
    let refused = loop {
        match one_page(&db, "deleteMany", &args, page) {
            Ok(part) => page = record(&part).get("next").unwrap().clone(),
            Err(fault) => break fault,
        }
    };
    assert_eq!(refused.code(), "RESTRICTED");
    assert_eq!(db.rows("organization"), before);

    done(&db, json!({ "delete": { "model": "member", "where": everywhere("id", json!("last")) } }));
    let parts = pages(
        &db,
        "deleteMany",
        &{
            args["page"] = json!({});
            args
        },
        |_| {},
    );
    assert!((total(&parts) - 452.0).abs() < 0.5);
    assert_eq!(db.rows("organization"), Vec::<Record>::new());
}

#[test]
fn a_list_holds_no_more_rows_than_an_array_of_convex() {
    let db = members(9_000);
    let args = json!({ "model": "member", "limit": 20_000 });
    let refused = fault(&db, "member", json!({ "findMany": &args }));
    assert_eq!(refused, Fault::LimitExceeded { limit: "rows in a list", most: 8_000 });

    // In pages all of them come, whether an index is in their order or not.
    for more in [
        json!({}),
        json!({ "sortBy": { "field": "role", "direction": "asc" } }),
        json!({ "where": everywhere("userId", json!("u")) }),
    ] {
        let mut args = args.clone();
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let parts = pages(&db, "findMany", &args, |_| {});
        assert!(parts.iter().all(|part| ids_of(part).len() <= 8_192));
        let mut found: Vec<String> = parts.iter().flat_map(ids_of).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 9_000);
    }
}

#[test]
fn nor_does_a_joined_list() {
    let db = members(9_000);
    seed(&db, "user", [json!({ "id": "u" })].into_iter());
    let ask = |limit: usize| {
        let join = json!([{ "as": "member", "table": "member", "from": "id", "to": "userId",
            "relation": "one-to-many", "limit": limit }]);
        json!({ "findOne": { "model": "user", "join": join } })
    };
    assert!(
        matches!(record(&done(&db, ask(8_000))).get("member"), Some(Value::Array(rows)) if rows.len() == 8_000)
    );
    let refused = fault(&db, "user", ask(9_000));
    assert_eq!(refused, Fault::LimitExceeded { limit: "rows in a list", most: 8_000 });
}

#[test]
fn values_of_which_each_has_a_row_are_not_planned_for_without_end() {
    let db = members(3_000);
    let values: Vec<String> = (0..9_000).map(|n| format!("m{n}")).collect();
    let args = json!({ "model": "member", "where": [
        { "field": "id", "operator": "in", "value": values }, { "field": "organizationId", "value": "o1" } ] });
    db.reset_counts();
    assert_eq!(done(&db, json!({ "count": args })), value(&json!(1_500)));
    assert_eq!(db.counts().documents, 1_500);
}

#[test]
fn pages_of_entries_that_go_on_without_them_are_all_in_one_order() {
    let db = MemoryDatabase::new();
    let row = |n: usize| match value(&json!({ "id": format!("s{n}"), "place": (n * 7) % 3_000 })) {
        Value::Object(row) => row,
        _ => panic!("a row"),
    };
    gate_testkit::entries::seed(&db, "seat", &["place"], (0..3_000).map(row)).unwrap();
    let sort = json!({ "field": "place", "direction": "asc" });
    let args = json!({ "model": "seat", "sortBy": sort, "limit": 3_000 });
    let mut page = Value::Object(Record::new());
    let mut orders = Vec::new();
    let mut found = 0;
    loop {
        let answer = one_page(&db, "findMany", &args, page).unwrap();
        let Value::Object(part) = &answer else { break found += ids_of(&answer).len() };
        found += ids_of(part.get("part").unwrap()).len();
        orders.push(part.get("ordered").cloned().unwrap());
        page = part.get("next").unwrap().clone();
    }
    // Entries are in order and the table is not: whoever puts the pages together hears of it with the first.
    assert_eq!((found, &orders[..]), (3_000, &[Value::Bool(false), Value::Bool(false)][..]));
}
