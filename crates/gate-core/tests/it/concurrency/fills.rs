//! Pages of a filling and of a second one at once, among writes on either side of where they are.

use gate_core::operations::Operation;
use gate_core::schema::{CATALOGUE, ENTRIES};
use gate_core::values::Value;
use gate_testkit::occ::{Client, Failure, OccDatabase, Settings};
use gate_testkit::schedule::{Schedule, Task, sampled};
use gate_testkit::{entries, value};
use serde_json::{Value as Json, json};

use super::support::{record, records, same, setting};

const TABLE: &str = "people";
/// Two pages and a bit.
const ROWS: usize = 210;

/// What each client does first; whatever is to be done later then is done by whoever is free.
fn beginnings() -> [Vec<Json>; 4] {
    let rules = json!({ "unique": [["nickname"]], "indexes": [["id"], ["nickname"]] });
    let create = |id: &str| json!({ "create": { "model": TABLE, "data": { "id": id, "nickname": id }, "rules": rules } });
    let rename = |from: &str| json!({ "update": { "model": TABLE, "where": [{ "field": "id", "value": from }], "update": { "nickname": format!("{from} again") }, "rules": rules } });
    let delete = |id: &str| json!({ "deleteMany": { "model": TABLE, "where": [{ "field": "id", "value": id }] } });
    let again = json!({ "fill": { "table": TABLE } });
    [
        vec![create("new")],
        // Without the rules: code of an older deployment.
        vec![
            json!({ "create": { "model": TABLE, "data": { "id": "old", "nickname": "old" } } }),
            again.clone(),
        ],
        vec![rename("p5"), rename("p205")],
        vec![delete("p3"), again, delete("p203")],
    ]
}

/// As Convex runs what is scheduled: until it does not conflict.
async fn insist(client: &Client<'_>, operation: Operation) {
    while let Err(failure) = client.run(operation.clone()).await {
        assert_eq!(failure, Failure::Contention);
    }
}

async fn work(db: &OccDatabase, client: &Client<'_>, begin: Vec<Json>) {
    for each in begin {
        insist(client, Operation::parse(value(&each)).unwrap()).await;
    }
    loop {
        let pages = db.take_later();
        if pages.is_empty() {
            break;
        }
        for page in pages {
            insist(client, Operation::parse(Value::Object(page)).unwrap()).await;
        }
    }
}

fn overlap(schedule: &mut Schedule, settings: Settings) -> Result<(), String> {
    let db = OccDatabase::with(settings);
    let row = |n: usize| json!({ "id": format!("p{n}"), "nickname": format!("n{n}") });
    db.seed(TABLE, records(&Json::Array((0..ROWS).map(row).collect()))).unwrap();
    let clients: Vec<_> = (1..=4).map(|rank| db.client(rank)).collect();
    schedule.interleave(
        clients
            .iter()
            .zip(beginnings())
            .map(|(client, begin)| -> Task<'_, ()> { Box::pin(work(&db, client, begin)) })
            .collect(),
    );

    let rows = db.rows(TABLE);
    same("rows", rows.len(), ROWS)?;
    let noted = db.rows(CATALOGUE);
    same("tables in the catalogue", noted.len(), 1)?;
    let complete = value(&json!({ "id": true, "nickname!": true }));
    same(
        "the catalogue",
        record(&Value::Object(noted[0].clone())).get("indexes"),
        Some(&complete),
    )?;
    let expected = entries::recomputed(TABLE, &["id", "nickname!"], &rows);
    same("entries", entries::of_table(db.rows(ENTRIES), TABLE), expected)
}

#[test]
fn fillings_that_overlap_leave_one_entry_for_each_row_and_index() {
    let many = setting("GATE_INTERLEAVINGS", 300) / 10;
    gate_testkit::generated(many as u64);
    sampled(setting("GATE_SEED", 1), many, |schedule| overlap(schedule, Settings::default()))
        .unwrap();
}

#[test]
fn without_conflicts_somebody_would_notice() {
    let broken = Settings { conflicts: false, ..Settings::default() };
    assert!(sampled(1, 30, |schedule| overlap(schedule, broken)).is_err());
}
