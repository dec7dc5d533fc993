//! A field that becomes indexed when there are rows already: filled in page by page, scanned until then.

use gate_core::schema::ENTRIES;
use gate_testkit::{MemoryDatabase, entries, value};
use serde_json::{Value as Json, json};

use super::catalogue::noted;
use crate::adapter::support::{done, fault, ids_of, record, seed, unique, with};

const INDEXES: &[&str] = &["id", "nickname!"];

fn rules() -> Json {
    json!({ "unique": [["nickname"]], "indexes": [["id"], ["nickname"]] })
}

fn create(id: usize) -> Json {
    json!({ "create": { "model": "people", "data": { "id": format!("p{id}"), "nickname": format!("n{id}"), "score": 1 }, "rules": rules() } })
}

/// A table with rows from before it had any index.
fn people(count: usize) -> MemoryDatabase {
    let row = |n: usize| json!({ "id": format!("p{n}"), "nickname": format!("n{n}"), "score": 1 });
    with("people", Json::Array((0..count).map(row).collect()))
}

fn find(db: &MemoryDatabase, nickname: &str) -> (Vec<String>, usize) {
    db.reset_counts();
    let found = done(
        db,
        json!({ "findMany": { "model": "people", "where": [{ "field": "nickname", "value": nickname }] } }),
    );
    (ids_of(&found), db.counts().documents)
}

#[track_caller]
fn agree(db: &MemoryDatabase) {
    let rows = db.rows("people");
    assert_eq!(entries::stored(db, "people"), entries::recomputed("people", INDEXES, &rows));
}

#[test]
fn a_small_table_is_complete_with_the_first_write() {
    let db = people(99);
    done(&db, create(99));
    assert_eq!(noted(&db, "people"), Some(value(&json!({ "id": true, "nickname!": true }))));
    assert!(!db.run_later().unwrap());
    agree(&db);
    assert_eq!(find(&db, "n7"), (vec!["p7".to_owned()], 3));
}

#[test]
fn a_large_table_is_filled_in_pages_and_scanned_until_then() {
    let db = people(1_000);
    db.reset_counts();
    done(&db, create(1_000));
    let counts = db.counts();
    // Look-ups of two unique values by scan, a page, and the catalogue twice.
    assert!(counts.documents <= 2_000 + 100 + 2, "{counts:?}");
    let filling = value(&json!({ "id": false, "nickname!": false }));
    assert_eq!(noted(&db, "people"), Some(filling.clone()));

    let mut pages = 0;
    loop {
        assert_eq!(noted(&db, "people"), Some(filling.clone()));
        let (found, documents) = find(&db, "n700");
        assert_eq!(found, ["p700"]);
        assert!(documents >= 1_000, "{documents}");
        // What is written meanwhile, on either side of where the filling is, keeps its entries.
        let rename = |from: usize, to: &str| json!({ "update": { "model": "people", "where": [{ "field": "id", "value": format!("p{from}") }], "update": { "nickname": to }, "rules": rules() } });
        done(&db, rename(pages, &format!("early{pages}")));
        done(&db, rename(900 - pages, &format!("late{pages}")));
        done(
            &db,
            json!({ "deleteMany": { "model": "people", "where": [{ "field": "id", "value": format!("p{}", 500 + 20 * pages) }] } }),
        );
        done(&db, create(2_000 + pages));
        let taken = json!({ "create": { "model": "people", "data": { "nickname": "n699" }, "rules": rules() } });
        assert_eq!(fault(&db, "people", taken), unique("people", &["nickname"]));

        db.reset_counts();
        assert!(db.run_later().unwrap(), "there is another page");
        pages += 1;
        let counts = db.counts();
        assert!(counts.documents <= 350, "{counts:?}");
        if noted(&db, "people") != Some(filling.clone()) {
            break;
        }
        assert!(pages < 20, "it never ends");
    }
    assert_eq!(noted(&db, "people"), Some(value(&json!({ "id": true, "nickname!": true }))));
    assert!(!db.run_later().unwrap());
    assert!(pages >= 9, "{pages}");
    agree(&db);
    assert_eq!(find(&db, "n700"), (vec!["p700".to_owned()], 3));
    assert_eq!(find(&db, "early0"), (vec!["p0".to_owned()], 3));
}

#[test]
fn rows_of_one_time_are_all_filled_in_and_keep_their_order() {
    // More than two pages that nothing but `_id` tells apart, between rows of other times.
    let db = MemoryDatabase::new();
    let row = |n: usize| {
        let row = json!({ "id": format!("p{n}"), "nickname": format!("n{n}"), "score": n % 3 });
        record(&value(&row)).clone()
    };
    db.seed_at_once("people", (0..250).map(row)).unwrap();
    db.seed("people", (250..270).map(row)).unwrap();
    let lists = || -> Vec<Vec<String>> {
        let list = |direction: &str| json!({ "findMany": { "model": "people", "limit": 1_000, "sortBy": { "field": "score", "direction": direction } } });
        let equal = json!({ "findMany": { "model": "people", "where": [{ "field": "score", "value": 1 }] } });
        [list("asc"), list("desc"), equal].map(|each| ids_of(&done(&db, each))).into()
    };
    let scanned = lists();
    let update = json!({ "update": { "model": "people", "where": [{ "field": "id", "value": "p3" }], "update": { "note": 2 }, "rules": { "indexes": [["score"]] } } });
    done(&db, update);
    while db.run_later().unwrap() {}
    assert_eq!(noted(&db, "people"), Some(value(&json!({ "score": true }))));
    let rows = db.rows("people");
    assert_eq!(entries::stored(&db, "people"), entries::recomputed("people", &["score"], &rows));
    db.reset_counts();
    assert_eq!(lists(), scanned);
    assert_eq!(db.counts().full_scans, 0);
}

#[test]
fn a_second_index_is_filled_beside_the_first() {
    let db = people(250);
    done(&db, create(250));
    let both =
        json!({ "indexes": [["id"], ["nickname"], ["score", "id"]], "unique": [["nickname"]] });
    done(
        &db,
        json!({ "update": { "model": "people", "where": [{ "field": "id", "value": "p3" }], "update": { "score": 2 }, "rules": both } }),
    );
    let mut steps = 0;
    while db.run_later().unwrap() {
        steps += 1;
    }
    assert!(steps >= 4, "{steps}");
    let complete = json!({ "id": true, "nickname!": true, "score,id": true });
    assert_eq!(noted(&db, "people"), Some(value(&complete)));
    assert_eq!(
        entries::stored(&db, "people"),
        entries::recomputed("people", &["id", "nickname!", "score,id"], &db.rows("people"))
    );
}

#[test]
fn equal_values_stay_in_order_of_creation() {
    let db = people(250);
    done(&db, create(250));
    while db.run_later().unwrap() {}
    done(&db, create(251));
    let sorted = |direction: &str| {
        let list = json!({ "findMany": { "model": "people", "limit": 1_000, "sortBy": { "field": "score", "direction": direction } } });
        ids_of(&done(&db, list))
    };
    let scanned = (sorted("asc"), sorted("desc"));
    let update = json!({ "update": { "model": "people", "where": [{ "field": "id", "value": "p3" }], "update": { "note": 2 }, "rules": { "indexes": [["score"]] } } });
    done(&db, update);
    done(&db, create(252));
    while db.run_later().unwrap() {}
    done(
        &db,
        json!({ "deleteMany": { "model": "people", "where": [{ "field": "id", "value": "p252" }] } }),
    );
    db.reset_counts();
    assert_eq!((sorted("asc"), sorted("desc")), scanned);
    assert_eq!(db.counts().full_scans, 0);
}

#[test]
fn entries_are_put_right_on_demand() {
    let db = people(250);
    done(&db, create(250));
    while db.run_later().unwrap() {}
    // Rows that came past the core, and an entry that was lost.
    seed(&db, "people", json!([{ "id": "new", "nickname": "stranger" }]));
    assert_eq!(find(&db, "stranger").0, Vec::<String>::new());
    done(&db, json!({ "fill": { "table": "people" } }));
    assert_eq!(find(&db, "stranger").0, ["new"]);
    while db.run_later().unwrap() {}
    agree(&db);
    assert_eq!(find(&db, "stranger"), (vec!["new".to_owned()], 3));
    // A table without entries has none to put right.
    done(&db, json!({ "fill": { "table": "user" } }));
    assert!(!db.run_later().unwrap());
    assert_eq!(db.rows(ENTRIES).len(), 252 * 2);
}

#[test]
fn indexes_that_are_the_same_up_to_the_last_key_are_one() {
    let row = |n: usize| json!({ "id": format!("p{n}"), "a": 1, "b": n, "c": 1, "d": 1, "e": n });
    let db = with("things", Json::Array((0..3).map(row).collect()));
    let rules =
        json!({ "indexes": [["id"], ["a", "b", "c", "d", "e"], ["a", "b", "c", "d", "f"]] });
    done(&db, json!({ "create": { "model": "things", "data": row(3), "rules": rules } }));
    let indexes = ["a,b,c,d", "id"];
    let expected = || entries::recomputed("things", &indexes, &db.rows("things"));
    assert_eq!(entries::stored(&db, "things"), expected());
    let list =
        json!({ "findMany": { "model": "things", "where": [{ "field": "a", "value": 1 }] } });
    assert_eq!(ids_of(&done(&db, list)), ["p0", "p1", "p2", "p3"]);
    // Neither has a caller that names one twice two of each.
    done(&db, json!({ "fill": { "table": "things", "indexes": ["score", "score"] } }));
    assert_eq!(entries::stored(&db, "things").len(), 4 * 3);
}

#[test]
fn of_several_entries_of_a_row_in_one_index_one_stays() {
    let db = people(3);
    done(&db, create(3));
    let twice = db.rows(ENTRIES).into_iter().map(|mut entry| {
        entry.retain(|field| !field.starts_with('_'));
        entry
    });
    db.seed(ENTRIES, twice.collect::<Vec<_>>()).unwrap();
    assert_eq!(find(&db, "n1").0, ["p1", "p1"]);
    done(&db, json!({ "fill": { "table": "people" } }));
    agree(&db);
    assert_eq!(find(&db, "n1").0, ["p1"]);
}

#[test]
fn a_page_is_the_smaller_the_more_indexes_have_an_entry_a_letter() {
    let text = "x".repeat(100);
    let row = |n: usize| {
        let texts = (0..8).map(|field| (format!("t{field}"), json!(text)));
        let id = ("id".to_owned(), json!(format!("p{n}")));
        Json::Object(texts.chain([id]).collect())
    };
    let db = with("people", Json::Array((0..40).map(row).collect()));
    let fields = |count: usize| (0..count).map(|n| json!([format!("t{n}"), "id~"])).collect();
    for count in [1, 3, 8] {
        let rules = json!({ "indexes": Json::Array(fields(count)) });
        db.reset_counts();
        done(
            &db,
            json!({ "create": { "model": "people", "data": row(40 + count), "rules": rules } }),
        );
        // The component makes a hundred of each: what Convex lets one transaction write is 16,000.
        assert!(db.counts().inserts * 100 <= 4_000, "{count}: {:?}", db.counts());
        while db.run_later().unwrap() {}
    }
}
