use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use crate::support::{done, fault, ids, ids_of, seed};

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
    // The first time stands.
    done(&db, retire("b", 60));
    let stored = db.rows("gateKeys");
    assert_eq!(stored[1].get("retiredAt"), Some(&value(&json!(50))));
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
