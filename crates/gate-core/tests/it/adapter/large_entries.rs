//! Work over rows with many index entries, and over references that no index answers or that are many: in
//! pages that one transaction can do, and nothing overlooked.

use gate_core::values::{Fault, Value};
use gate_testkit::MemoryDatabase;
use serde_json::json;

use super::large::{pages, seed, total};
use super::support::{fault, text};

/// Users with an entry for each letter of their names and addresses, as the component makes them.
fn searched(count: usize) -> MemoryDatabase {
    let db = MemoryDatabase::new();
    seed(&db, "user", (0..count).map(|n| {
        json!({ "id": format!("u{n}"), "name": "Ada Lovelace", "email": format!("{n:06}@example.com"), "gateIndexed": true })
    }));
    let indexes = json!({ "email,id~": true, "name,id~": true });
    seed(&db, "gateCatalogue", [json!({ "id": "user", "indexes": indexes })].into_iter());
    for row in db.rows("user") {
        for field in ["email", "name"] {
            let (doc, value) = (text(&row, "_id"), text(&row, field));
            seed(&db, "gateEntries", (0..value.len()).map(|from| {
                json!({ "index": format!("user:{field},id~"), "doc": doc, "k0": value.get(from..), "k1": text(&row, "id") })
            }));
        }
    }
    db
}

#[test]
fn rows_with_an_entry_for_each_letter_are_deleted_in_pages() {
    let db = searched(400);
    let parts = pages(&db, "deleteMany", &json!({ "model": "user" }), |_| {});
    assert!((total(&parts) - 400.0).abs() < 0.5 && parts.len() <= 20, "{} pages", parts.len());
    assert!(db.rows("user").is_empty() && db.rows("gateEntries").is_empty());
}

#[test]
fn rows_with_an_entry_for_each_letter_go_with_what_they_refer_to() {
    let rules = |on_delete| {
        json!({ "references": [
        { "model": "user", "field": "name", "target": "tenant", "to": "label", "onDelete": on_delete } ] })
    };
    for on_delete in ["set null", "cascade"] {
        let db = searched(200);
        seed(&db, "tenant", [json!({ "id": "t", "label": "Ada Lovelace" })].into_iter());
        let args = json!({ "model": "tenant", "rules": rules(on_delete) });
        let parts = pages(&db, "deleteMany", &args, |_| {});
        assert!((total(&parts) - 1.0).abs() < 0.5 && parts.len() > 1, "{} pages", parts.len());
        assert_eq!(db.rows("user").len(), if on_delete == "cascade" { 0 } else { 200 });
        assert!(db.rows("user").iter().all(|row| row.get("name") == Some(&Value::Null)));
    }
}

#[test]
fn a_change_of_a_searched_field_counts_the_entries_that_the_component_makes_of_it() {
    let db = searched(400);
    let update = json!({ "model": "user", "update": { "name": "Augusta Ada King" } });
    let parts = pages(&db, "updateMany", &update, |_| {});
    for part in &parts {
        // A look-up, the entries of the old name and the row: what Convex counts as read intervals.
        assert!(total(std::slice::from_ref(part)) * (1.0 + 12.0 + 1.0) < 1_500.0, "{part:?}");
    }
    assert!((total(&parts) - 400.0).abs() < 0.5);

    let limit = Fault::LimitExceeded { limit: "index ranges and changed documents", most: 4_090 };
    db.reset_counts();
    assert_eq!(fault(&searched(400), "user", json!({ "updateMany": update })), limit);
    assert_eq!(db.counts().writes(), 0);
    // Another field has no entries.
    let args = json!({ "model": "user", "update": { "role": "x" } });
    assert_eq!(pages(&searched(400), "updateMany", &args, |_| {}).len(), 1);
}

#[test]
fn what_refers_to_a_row_is_found_where_no_index_leads_to_it() {
    let db = MemoryDatabase::new();
    seed(&db, "user", [json!({ "id": "u" })].into_iter());
    let owner = |n| if n == 4_999 { "u" } else { "other" };
    seed(&db, "note", (0..5_000).map(|n| json!({ "id": format!("n{n}"), "ownerId": owner(n) })));
    let rules = json!({ "references": [
        { "model": "note", "field": "ownerId", "target": "user", "to": "id", "onDelete": "cascade" } ] });
    let first = json!({ "model": "user", "rules": rules, "page": {} });
    db.ask(&json!({ "deleteMany": first })).unwrap();
    assert!(db.rows("user").is_empty() || db.rows("note").len() == 4_999);
    assert!(db.rows("note").iter().all(|note| text(note, "ownerId") != "u"));
}

#[test]
fn rows_that_go_with_one_row_are_as_many_as_can_be_looked_up_for() {
    let db = MemoryDatabase::new();
    seed(&db, "organization", [json!({ "id": "o" })].into_iter());
    seed(&db, "team", (0..1_400).map(|n| json!({ "id": format!("t{n}"), "organizationId": "o" })));
    let to_team = |model, field| json!({ "model": model, "field": field, "target": "team", "to": "id", "onDelete": "cascade" });
    let rules = json!({ "references": [
        { "model": "team", "field": "organizationId", "target": "organization", "to": "id", "onDelete": "cascade" },
        to_team("teamMember", "teamId"), to_team("invitation", "teamId"), to_team("session", "activeTeamId") ] });
    let args = json!({ "model": "organization", "rules": rules });
    assert!((total(&pages(&db, "deleteMany", &args, |_| {})) - 1.0).abs() < 0.5);
    assert!(db.rows("organization").is_empty() && db.rows("team").is_empty());
}

#[test]
fn a_row_of_more_than_a_thousand_entries_takes_them_all_along() {
    let db = MemoryDatabase::new();
    seed(&db, "user", [json!({ "id": "u", "gateIndexed": true })].into_iter());
    let doc = text(&db.rows("user").remove(0), "_id");
    let entry = |n: usize| json!({ "index": format!("user:f{},id~", n % 11), "doc": doc, "k0": format!("{n}"), "k1": "u" });
    seed(&db, "gateEntries", (0..1_100).map(entry));
    let by_id = json!([{ "field": "id", "value": "u" }]);
    super::support::done(&db, json!({ "deleteMany": { "model": "user", "where": by_id } }));
    assert!(db.rows("user").is_empty() && db.rows("gateEntries").is_empty());
}
