use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, ids_of, seed};

fn key(id: &str, created: u32) -> Json {
    json!({ "id": id, "alg": "ES256", "publicKey": "{}", "privateKey": "sealed", "createdAt": created })
}

fn add(id: &str, created: u32, expect_newest: Json) -> Json {
    json!({ "addKey": { "key": key(id, created), "expectNewest": expect_newest } })
}

fn retire(id: &str, at: u32) -> Json {
    json!({ "retireKey": { "id": id, "retiredAt": at } })
}

#[test]
fn keys_come_newest_first_as_they_were_added() {
    let db = MemoryDatabase::new();
    assert_eq!(done(&db, json!({ "listKeys": {} })), value(&json!([])));
    assert_eq!(done(&db, add("a", 1, json!(null))), value(&json!([key("a", 1)])));
    assert_eq!(done(&db, add("b", 2, json!("a"))), value(&json!([key("b", 2), key("a", 1)])));
    assert_eq!(done(&db, json!({ "listKeys": {} })), value(&json!([key("b", 2), key("a", 1)])));
}

#[test]
fn of_two_first_requests_one_adds_its_key_and_both_see_it() {
    let db = MemoryDatabase::new();
    assert_eq!(ids_of(&done(&db, add("a", 1, json!(null)))), ["a"]);
    assert_eq!(ids_of(&done(&db, add("b", 2, json!(null)))), ["a"]);
    // The same when a key is rotated.
    assert_eq!(ids_of(&done(&db, add("c", 3, json!("a")))), ["c", "a"]);
    assert_eq!(ids_of(&done(&db, add("d", 4, json!("a")))), ["c", "a"]);
    assert_eq!(ids(&db, "gateKeys"), ["a", "c"]);
}

#[test]
fn a_key_that_was_added_already_is_not_added_again() {
    let db = MemoryDatabase::new();
    done(&db, add("a", 1, json!(null)));
    assert_eq!(ids_of(&done(&db, add("a", 2, json!("a")))), ["a"]);
    assert_eq!(done(&db, json!({ "listKeys": {} })), value(&json!([key("a", 1)])));
}

#[test]
fn a_retired_key_is_not_the_newest_usable_one() {
    let db = MemoryDatabase::new();
    done(&db, add("a", 1, json!(null)));
    done(&db, add("b", 2, json!("a")));
    let mut retired = key("b", 2);
    retired["retiredAt"] = json!(50);
    assert_eq!(done(&db, retire("b", 50)), value(&json!([retired, key("a", 1)])));
    assert_eq!(ids_of(&done(&db, add("c", 3, json!("b")))), ["b", "a"]);
    assert_eq!(ids_of(&done(&db, add("c", 3, json!("a")))), ["c", "b", "a"]);
}

#[test]
fn of_two_times_of_retirement_the_earlier_one_stands() {
    let db = MemoryDatabase::new();
    done(&db, add("a", 1, json!(null)));
    for (at, stands) in [(50, 50), (60, 50), (40, 40), (0, 0), (50, 0)] {
        done(&db, retire("a", at));
        assert_eq!(db.rows("gateKeys")[0].get("retiredAt"), Some(&value(&json!(stands))), "{at}");
    }
}

#[test]
fn a_new_key_gives_the_others_their_end_where_they_have_none_as_early() {
    let db = MemoryDatabase::new();
    let adding = |id: &str, created: u32, expect_newest: Json, at: u32| {
        let mut operation = add(id, created, expect_newest);
        operation["addKey"]["retireOthersAt"] = json!(at);
        operation
    };
    let ends = || {
        let rows = db.rows("gateKeys");
        rows.iter().map(|row| row.get("retiredAt").cloned()).collect::<Vec<_>>()
    };
    let at = |time: u32| Some(value(&json!(time)));
    done(&db, adding("a", 1, json!(null), 10));
    assert_eq!(ends(), [None]);
    done(&db, adding("b", 2, json!("a"), 20));
    assert_eq!(ends(), [at(20), None]);
    // Whoever comes too late changes nothing.
    done(&db, adding("c", 3, json!("a"), 0));
    assert_eq!(ends(), [at(20), None]);
    done(&db, adding("c", 3, json!("b"), 30));
    assert_eq!(ends(), [at(20), at(30), None]);
    done(&db, adding("d", 4, json!("c"), 0));
    assert_eq!(ends(), [at(0), at(0), at(0), None]);
}

#[test]
fn a_key_is_retired_however_many_tokens_it_signed() {
    let db = MemoryDatabase::new();
    seed(&db, "gateKeys", json!([key("a", 1)]));
    let tokens = (0..1500).map(|n| json!({ "id": n.to_string(), "keyId": "a" }));
    seed(&db, "gateTokens", Json::Array(tokens.collect()));
    done(&db, retire("a", 5));
    assert_eq!(db.rows("gateKeys")[0].get("retiredAt"), Some(&value(&json!(5))));
    assert_eq!(db.rows("gateTokens").len(), 500);
}

#[test]
fn retiring_a_key_drops_the_tokens_signed_with_it() {
    let db = MemoryDatabase::new();
    seed(&db, "gateKeys", json!([key("a", 1), key("b", 2)]));
    seed(
        &db,
        "gateTokens",
        json!([{ "id": "1", "keyId": "a" }, { "id": "2", "keyId": "b" }, { "id": "3", "keyId": "a" }]),
    );
    done(&db, retire("a", 5));
    assert_eq!(ids(&db, "gateTokens"), ["2"]);
    assert_eq!(ids_of(&done(&db, retire("unknown", 5))), ["b", "a"]);
}

#[test]
fn a_key_without_an_id_is_refused() {
    let db = MemoryDatabase::new();
    let nameless = json!({ "addKey": { "key": { "createdAt": 1 }, "expectNewest": null } });
    assert_eq!(fault(&db, "gateKeys", nameless).code(), "INVALID_ARGUMENT");
    let unexpecting = json!({ "addKey": { "key": key("a", 1) } });
    assert_eq!(fault(&db, "gateKeys", unexpecting).code(), "INVALID_ARGUMENT");
}
