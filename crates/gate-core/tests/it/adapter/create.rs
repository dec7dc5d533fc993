use gate_core::values::{Fault, Value};
use gate_testkit::{MemoryDatabase, value};
use serde_json::json;

use super::support::{done, fault, record, rows, text};

#[test]
fn a_row_comes_back_with_its_id_and_none_of_convex() {
    let db = MemoryDatabase::new();
    let row = done(
        &db,
        json!({ "create": { "model": "user", "data": { "id": "u1", "name": "Ann", "image": null } } }),
    );
    assert_eq!(row, value(&json!({ "_id": "u1", "id": "u1", "name": "Ann", "image": null })));
    assert_eq!(rows(&db, "user"), value(&json!([{ "id": "u1", "name": "Ann", "image": null }])));
}

#[test]
fn a_row_without_an_id_gets_32_letters_and_digits() {
    let db = MemoryDatabase::new();
    let mut ids = Vec::new();
    for data in [json!({}), json!({ "id": null })] {
        let row = done(&db, json!({ "create": { "model": "user", "data": data } }));
        let id = text(record(&row), "id");
        assert_eq!(id.len(), 32);
        assert!(id.chars().all(|each| each.is_ascii_alphanumeric()), "{id}");
        ids.push(id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 2);
}

#[test]
fn an_id_that_is_no_text_is_refused() {
    let db = MemoryDatabase::new();
    let refused = fault(&db, "user", json!({ "create": { "model": "user", "data": { "id": 7 } } }));
    assert_eq!(refused.code(), "INVALID_ARGUMENT");
}

#[test]
fn the_letters_of_ids_are_equally_likely() {
    let db = MemoryDatabase::new();
    let mut seen = [0_u32; 128];
    for _ in 0..2_000 {
        let row = done(&db, json!({ "create": { "model": "ownTable", "data": {} } }));
        text(record(&row), "id").bytes().for_each(|letter| seen[usize::from(letter)] += 1);
        done(&db, json!({ "deleteMany": { "model": "ownTable" } }));
    }
    // 64,000 letters of 62 kinds: 1,032 of each, and a spread of 32.
    let counts: Vec<u32> = seen.into_iter().filter(|count| *count > 0).collect();
    assert_eq!(counts.len(), 62);
    assert!(counts.iter().all(|count| (850..1_220).contains(count)), "{counts:?}");
}

#[test]
fn an_unlisted_table_is_made_by_its_first_row() {
    let db = MemoryDatabase::new();
    done(
        &db,
        json!({ "create": { "model": "ownTable", "data": { "id": "1", "tags": ["a", "b"] } } }),
    );
    let found = done(
        &db,
        json!({ "findOne": { "model": "ownTable", "where": [{ "field": "id", "value": "1" }] } }),
    );
    assert_eq!(found, value(&json!({ "_id": "1", "id": "1", "tags": ["a", "b"] })));
}

#[test]
fn minus_zero_is_stored_as_zero_and_nan_is_refused() {
    let db = MemoryDatabase::new();
    done(
        &db,
        json!({ "create": { "model": "ownTable", "data": { "id": "1", "n": -0.0, "list": [-0.0] } } }),
    );
    let stored = db.rows("ownTable");
    assert_eq!(format!("{:?}", stored[0].get("n")), "Some(Float64(0.0))");
    assert_eq!(format!("{:?}", stored[0].get("list")), "Some(Array([Float64(0.0)]))");

    let operation = gate_core::values::json::parse(
        r#"{"create":{"model":"ownTable","data":{"n":{"$float":"AAAAAAAA+H8="}}}}"#,
    );
    let operation = gate_core::operations::Operation::parse(operation.unwrap()).unwrap();
    let refused = db.run(operation);
    assert_eq!(refused, Err(Fault::UnsupportedValue { field: "n".to_owned() }));
    assert_eq!(db.rows("ownTable").len(), 1);
}

#[test]
fn names_that_convex_refuses_never_reach_it() {
    let db = MemoryDatabase::new();
    for (model, field, name) in [
        ("user", "with-hyphen", "with-hyphen"),
        ("_user", "name", "_user"),
        ("user", "_key", "_key"),
    ] {
        let refused =
            fault(&db, "user", json!({ "create": { "model": model, "data": { field: "x" } } }));
        assert_eq!(refused, Fault::InvalidName { name: name.to_owned() });
    }
    assert_eq!(db.counts().requests(), 0);
}

#[test]
fn a_taken_id_is_a_unique_constraint() {
    let db = MemoryDatabase::new();
    for model in ["verification", "ownTable"] {
        let create = json!({ "create": { "model": model, "data": { "id": "forced" } } });
        done(&db, create.clone());
        let refused = fault(&db, model, create);
        assert_eq!(refused, super::support::unique(model, &["id"]));
        // Better Auth 1.7 knows such a fault by these words.
        assert!(refused.to_string().contains("unique constraint"));
    }
    assert_eq!(done(&db, json!({ "count": { "model": "verification" } })), Value::Float64(1.0));
}
