//! What the planner makes of filters: ranges no wider than they have to be, and none where nothing
//! can match.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::database::{Bound, Key};
use gate_core::planner::Plan;
use gate_core::values::Value;
use gate_testkit::vectors::PlanVector;
use serde_json::{Value as Json, json};

fn plan(model: &str, clauses: Json, sort: Option<(&str, &str)>) -> Plan {
    let mut entry = json!({ "name": "a call", "model": model, "where": clauses });
    if let (Some((field, direction)), Some(entry)) = (sort, entry.as_object_mut()) {
        let sort = json!({ "field": field, "direction": direction });
        entry.insert("sortBy".to_owned(), sort);
    }
    PlanVector::parse(&json!([entry]).to_string()).unwrap().pop().unwrap().plan()
}

fn text(model: &str, clauses: Json) -> String {
    plan(model, clauses, None).to_string()
}

/// The bounds of the only step of a plan.
fn bounds(clauses: Json) -> (Option<Bound>, Option<Bound>) {
    let mut plan = plan("user", clauses, None);
    let range = plan.steps.pop().unwrap().range;
    assert!(plan.steps.is_empty());
    (range.lower.map(|(_, bound)| bound), range.upper.map(|(_, bound)| bound))
}

fn bound(value: impl Into<Value>, inclusive: bool) -> Option<Bound> {
    Some(Bound { value: Key::Value(value.into()), inclusive })
}

#[test]
fn of_two_bounds_the_tighter_one_counts() {
    let clause = |operator: &str, value: &str| json!({ "field": "name", "operator": operator, "value": value });
    for (clauses, lower, upper) in [
        ([clause("gt", "a"), clause("gte", "b")], bound("b", true), None),
        ([clause("gte", "b"), clause("gt", "a")], bound("b", true), None),
        ([clause("gte", "a"), clause("gt", "a")], bound("a", false), None),
        ([clause("gt", "a"), clause("gte", "a")], bound("a", false), None),
        ([clause("lt", "c"), clause("lte", "b")], bound(Value::Null, false), bound("b", true)),
        ([clause("lte", "b"), clause("lt", "c")], bound(Value::Null, false), bound("b", true)),
        ([clause("lte", "b"), clause("lt", "b")], bound(Value::Null, false), bound("b", false)),
        ([clause("gt", "a"), clause("lt", "c")], bound("a", false), bound("c", false)),
    ] {
        assert_eq!(bounds(json!(clauses)), (lower, upper), "{clauses:?}");
    }
}

#[test]
fn a_prefix_ends_before_the_next_text_of_its_length() {
    let starts = |prefix: &str| {
        bounds(json!([{ "field": "name", "operator": "starts_with", "value": prefix }]))
    };
    for (prefix, end) in [
        ("ab", Some("ac")),
        ("a\u{7f}", Some("a\u{80}")),
        // The next character of U+D7FF is beyond the surrogates.
        ("a\u{d7ff}", Some("a\u{e000}")),
        ("a\u{ffff}", Some("a\u{10000}")),
        // Nothing comes after the last character, so the one before it moves on.
        ("a\u{10ffff}", Some("b")),
        ("\u{10ffff}\u{10ffff}", None),
    ] {
        let upper = end.and_then(|end| bound(end, false));
        assert_eq!(starts(prefix), (bound(prefix, true), upper), "{prefix:?}");
    }
    // An empty prefix says nothing that an index could use.
    let nothing = json!([{ "field": "name", "operator": "starts_with", "value": "" }]);
    assert_eq!(text("user", nothing), "scan all of user\n");
}

#[test]
fn a_contradiction_reads_nothing() {
    for clauses in [
        json!([{ "field": "id", "value": "a" }, { "field": "id", "value": "b" }]),
        json!([{ "field": "id", "operator": "in", "value": [] }]),
        json!([{ "field": "id", "operator": "in", "value": [null] }]),
        json!([{ "field": "id", "operator": "in", "value": ["a"] }, { "field": "id", "operator": "in", "value": ["b"] }]),
        json!([{ "field": "createdAt", "operator": "gt", "value": 5 }, { "field": "createdAt", "operator": "lt", "value": 5 }]),
        json!([{ "field": "createdAt", "operator": "gte", "value": 5 }, { "field": "createdAt", "operator": "lt", "value": 5 }]),
        json!([{ "field": "anything", "operator": "lt", "value": null }]),
    ] {
        assert_eq!(text("user", clauses.clone()), "nothing can match in user\n", "{clauses}");
    }
    let touching = json!([{ "field": "createdAt", "operator": "gte", "value": 5 }, { "field": "createdAt", "operator": "lte", "value": 5 }]);
    assert_eq!(text("user", touching), "read user by_createdAt: createdAt >= ?, createdAt <= ?\n");
}

#[test]
fn null_is_looked_up_as_absent_and_as_null() {
    let claim = json!([{ "field": "userId", "value": null }]);
    assert_eq!(
        text("deviceCode", claim),
        "read deviceCode by_userId: userId absent\nread deviceCode by_userId: userId = null\n"
    );
    let present = json!([{ "field": "userId", "operator": "ne", "value": null }]);
    assert_eq!(text("deviceCode", present), "read deviceCode by_userId: userId > null\n");
}

#[test]
fn an_item_that_is_listed_twice_is_looked_up_once() {
    let clauses = json!([{ "field": "id", "operator": "in", "value": ["a", "b", "a", null] }]);
    assert_eq!(text("user", clauses), "read user by_public_id: id = ? (2 ranges)\n");
}

#[test]
fn each_or_clause_is_a_look_up_if_all_have_an_index() {
    let either = |field: &str, operator: &str| json!({ "field": field, "operator": operator, "value": "a", "connector": "OR" });
    assert_eq!(
        text("user", json!([either("email", "eq"), either("username", "eq")])),
        "read user by_email: email = ?\nread user by_username: username = ?\ndrop rows that come twice\n"
    );
    assert_eq!(
        text("user", json!([either("email", "eq"), either("name", "contains")])),
        "scan all of user\n"
    );
    // Beside a clause that leads to few rows, the OR clauses are left to the filter.
    let mut clauses = vec![json!({ "field": "userId", "value": "u" })];
    clauses.extend([either("role", "eq"), either("organizationId", "eq")]);
    assert_eq!(
        text("member", json!(clauses)),
        "read member by_userId_organizationId: userId = ?\n"
    );
}

#[test]
fn a_list_too_long_for_one_transaction_is_a_scan() {
    let items = |count: usize| {
        let items: Vec<String> = (0..count).map(|index| index.to_string()).collect();
        json!([{ "field": "id", "operator": "in", "value": items }])
    };
    assert_eq!(text("user", items(3_500)), "read user by_public_id: id = ? (3500 ranges)\n");
    assert_eq!(text("user", items(3_501)), "scan all of user\n");
}

#[test]
fn an_index_in_the_order_of_the_sort_is_preferred_among_equals() {
    let of_organization = json!([{ "field": "organizationId", "value": "o" }]);
    let sorted = |field: &str| plan("member", of_organization.clone(), Some((field, "desc")));
    assert_eq!(
        sorted("createdAt").to_string(),
        "read member by_organizationId_createdAt: organizationId = ?, descending\n"
    );
    assert!(sorted("createdAt").ordered && !sorted("updatedAt").ordered);
    // A field that is fixed has one value, so any order is its order.
    assert!(sorted("organizationId").ordered);
}

#[test]
fn a_plan_shows_no_values() {
    let clauses = json!([
        { "field": "token", "value": "a-secret" },
        { "field": "expiresAt", "operator": "gt", "value": 424_242 },
    ]);
    let shown = text("session", clauses);
    assert!(!shown.contains("a-secret") && !shown.contains("424242"), "{shown}");
}

#[test]
fn a_list_looks_each_value_up_once_in_its_order_and_two_lists_what_both_have() {
    let within = |values: Json| json!({ "field": "email", "operator": "in", "value": values });
    let values = |clauses: Json| -> Vec<Value> {
        let steps = plan("user", clauses, None).steps;
        let key = |(_, key): &(String, Key)| key.value().unwrap().clone();
        steps.iter().flat_map(|step| step.range.eq.iter().map(key)).collect()
    };
    let list = json!(["b", "a", "b", null, "c", "a"]);
    assert_eq!(values(json!([within(list.clone())])), ["b", "a", "c"].map(Value::from));
    let both = json!([within(list), within(json!(["c", "x", "b"]))]);
    assert_eq!(values(both), ["b", "c"].map(Value::from));
}

#[test]
fn a_union_of_more_look_ups_than_one_transaction_has_is_none() {
    let either = |from: usize, count: usize| {
        let values: Vec<_> = (from..from + count).map(|n| format!("{n}")).collect();
        json!({ "field": "email", "operator": "in", "value": values, "connector": "OR" })
    };
    let steps = |second| plan("user", json!([either(0, 2_000), either(5_000, second)]), None).steps;
    assert_eq!(steps(1_500).len(), 3_500);
    assert_eq!(steps(1_501).len(), 1);
}
