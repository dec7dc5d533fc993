//! Pages of writes: whatever the size of the rows and the number of what refers to them, the work is
//! done in calls that are linear in its bytes, and no page writes much more than a deployment may in a
//! second.

use gate_core::values::Value;
use gate_testkit::MemoryDatabase;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::large::{pages, seed, total};
use super::support::done;

/// A page's worth of bytes, and of changes with their look-ups.
const PAGE_BYTES: usize = 1 << 20;
const PAGE_CHANGES: usize = 1_000;

fn users(db: &MemoryDatabase, sizes: &[usize]) {
    let row = |(n, size): (usize, &usize)| json!({ "id": format!("u{n}"), "role": "x", "image": "x".repeat(*size) });
    seed(db, "user", sizes.iter().enumerate().map(row));
}

/// The pages of an operation, and the most bytes of one table that went at once.
fn bytes_at_once(db: &MemoryDatabase, name: &str, args: &Json, table: &str) -> (Vec<Value>, usize) {
    let bytes = |db: &MemoryDatabase| -> usize {
        let texts = db.rows(table).into_iter().filter_map(|row| match row.get("image") {
            Some(Value::String(text)) => Some(text.len()),
            _ => None,
        });
        texts.sum()
    };
    let (mut before, mut most) = (bytes(db), 0);
    let parts = pages(db, name, args, |db| {
        let left = bytes(db);
        most = most.max(before - left);
        before = left;
    });
    (parts, most)
}

#[test]
fn rows_past_four_kilobytes_are_deleted_a_page_at_a_time() {
    for (count, size, calls) in [(1_200, 5_000, 7), (3_000, 5_000, 16), (1_200, 3_000, 4)] {
        let db = MemoryDatabase::new();
        users(&db, &vec![size; count]);
        let (parts, most) = bytes_at_once(&db, "deleteMany", &json!({ "model": "user" }), "user");
        assert!(parts.len() <= calls, "{count} of {size}: {} calls", parts.len());
        assert!(most < 2 * PAGE_BYTES, "{most} bytes at once");
        assert!(db.rows("user").is_empty());
    }
}

#[test]
fn a_large_change_of_small_rows_is_a_page_by_what_it_writes() {
    let db = MemoryDatabase::new();
    users(&db, &[1; 100]);
    let args = json!({ "model": "user", "update": { "image": "y".repeat(100_000) } });
    let parts = pages(&db, "updateMany", &args, |_| {});
    assert!((total(&parts) - 100.0).abs() < 0.5 && (10..=12).contains(&parts.len()), "{parts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: gate_testkit::cases(12), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calls_are_linear_in_bytes_and_changes(
        count in 1_usize..1_500, size in 0_usize..9_000, spread in 1_usize..4, whole in any::<bool>()
    ) {
        let db = MemoryDatabase::new();
        let sizes: Vec<usize> = (0..count).map(|n| size * (n % spread) / 2).collect();
        users(&db, &sizes);
        let bytes: usize = sizes.iter().sum();
        let calls = 2 + 2 * (bytes / PAGE_BYTES + count / PAGE_CHANGES);
        let all = json!([]);
        let filter = if whole { all } else { json!([{ "field": "role", "value": "x" }]) };
        let update = json!({ "model": "user", "where": filter, "update": { "name": "y" } });
        let parts = pages(&db, "updateMany", &update, |_| {});
        prop_assert!(parts.len() <= calls, "updated {count} rows, {bytes} bytes: {} calls", parts.len());
        let delete = json!({ "model": "user", "where": filter });
        let (parts, most) = bytes_at_once(&db, "deleteMany", &delete, "user");
        prop_assert!(parts.len() <= calls, "deleted {count} rows, {bytes} bytes: {} calls", parts.len());
        prop_assert!(most < 2 * PAGE_BYTES, "{most} bytes at once");
        prop_assert_eq!(total(&parts), f64::from(u32::try_from(count).unwrap()));
    }

    #[test]
    fn calls_of_a_cascade_are_linear_too(
        parents in 1_usize..40, each in 0_usize..120, size in 0_usize..9_000, cached in any::<bool>()
    ) {
        let db = MemoryDatabase::new();
        users(&db, &vec![10; parents]);
        let children = parents * each;
        seed(&db, "session", (0..children).map(|n| json!({
            "id": format!("s{n}"), "userId": format!("u{}", n / each), "image": "x".repeat(size) })));
        if cached {
            seed(&db, "gateTokens", (0..children).map(|n| json!({ "sessionId": format!("s{n}") })));
        }
        seed(&db, "account", (0..children).map(|n| json!({ "id": format!("a{n}"), "userId": format!("u{}", n % parents) })));
        let rules = json!({ "references": [
            { "model": "session", "field": "userId", "target": "user", "to": "id", "onDelete": "cascade" },
            { "model": "account", "field": "userId", "target": "user", "to": "id", "onDelete": "set null" } ] });
        let args = json!({ "model": "user", "where": [], "rules": rules });
        let (parts, most) = bytes_at_once(&db, "deleteMany", &args, "session");
        let calls = 2 + 2 * (children * size / PAGE_BYTES) + 5 * children / PAGE_CHANGES;
        prop_assert!(parts.len() <= calls, "{children} children of {size}: {} calls", parts.len());
        prop_assert!(most < 3 * PAGE_BYTES, "{most} bytes at once");
        prop_assert_eq!(total(&parts), f64::from(u32::try_from(parents).unwrap()));
        for table in ["user", "session", "gateTokens"] {
            prop_assert!(db.rows(table).is_empty(), "{table}");
        }
        let left = done(&db, json!({ "count": { "model": "account", "where": [{ "field": "userId", "value": null }] } }));
        prop_assert_eq!(left, Value::Float64(f64::from(u32::try_from(children).unwrap())));
    }
}
