use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, rows, unique, with};

fn users() -> MemoryDatabase {
    with(
        "user",
        json!([
            { "id": "1", "email": "a@x", "username": null },
            { "id": "2", "email": "b@x" },
            { "id": "3", "email": "c@x", "username": "carl" },
        ]),
    )
}

fn rules() -> Json {
    json!({ "unique": [["email"], ["username"]] })
}

#[test]
fn a_taken_value_is_refused_on_create() {
    let db = users();
    let data = json!({ "id": "4", "email": "a@x" });
    let refused = fault(
        &db,
        "user",
        json!({ "create": { "model": "user", "data": data, "rules": rules() } }),
    );
    assert_eq!(refused, unique("user", &["email"]));
    // Without the rule it is an ordinary field.
    done(&db, json!({ "create": { "model": "user", "data": data } }));
}

#[test]
fn null_and_absent_values_never_collide() {
    let db = users();
    for data in [json!({ "email": "d@x" }), json!({ "email": "e@x", "username": null })] {
        done(&db, json!({ "create": { "model": "user", "data": data, "rules": rules() } }));
    }
    let clear = json!({ "updateMany": { "model": "user", "where": [], "update": { "username": null }, "rules": rules() } });
    assert_eq!(done(&db, clear), value(&json!(5)));
}

#[test]
fn a_taken_value_is_refused_on_update() {
    let db = users();
    let update = |id: &str, update: Json| json!({ "update": { "model": "user", "where": [{ "field": "id", "value": id }], "update": update, "rules": rules() } });
    assert_eq!(
        fault(&db, "user", update("1", json!({ "email": "b@x" }))),
        unique("user", &["email"])
    );
    assert_eq!(
        fault(&db, "user", update("2", json!({ "username": "carl" }))),
        unique("user", &["username"])
    );
    assert_eq!(fault(&db, "user", update("2", json!({ "id": "1" }))), unique("user", &["id"]));
    // Its own value is not in its way.
    done(&db, update("3", json!({ "username": "carl", "email": "c@x", "id": "3" })));
    done(&db, update("3", json!({ "username": "cleo" })));
}

#[test]
fn two_rows_cannot_be_given_one_value() {
    let db = users();
    let many = |filter: Json| json!({ "updateMany": { "model": "user", "where": filter, "update": { "username": "same" }, "rules": rules() } });
    assert_eq!(fault(&db, "user", many(json!([]))), unique("user", &["username"]));
    let one = json!([{ "field": "email", "value": "a@x" }]);
    assert_eq!(done(&db, many(one)), value(&json!(1)));
    let others = json!([{ "field": "email", "value": "b@x" }]);
    assert_eq!(fault(&db, "user", many(others)), unique("user", &["username"]));
}

#[test]
fn a_value_taken_by_one_of_the_changed_rows_is_refused_for_the_others() {
    // Two stored rows hold "same" from before the rule: changing one of them does not hide the other.
    let db = with("user", json!([{ "id": "1", "email": "same" }, { "id": "2", "email": "same" }]));
    let update = json!({ "update": { "model": "user", "where": [{ "field": "id", "value": "1" }], "update": { "email": "same" }, "rules": rules() } });
    assert_eq!(fault(&db, "user", update), unique("user", &["email"]));
}

#[test]
fn a_compound_group_is_taken_only_as_a_whole() {
    let rules = json!({ "unique": [["clientId", "resourceId"]] });
    let db = MemoryDatabase::new();
    let create = |client: Json, resource: Json| json!({ "create": { "model": "oauthClientResource", "data": { "clientId": client, "resourceId": resource }, "rules": rules } });
    done(&db, create(json!("c"), json!("r")));
    done(&db, create(json!("c"), json!("s")));
    done(&db, create(json!("d"), json!("r")));
    done(&db, create(json!("c"), json!(null)));
    done(&db, create(json!("c"), json!(null)));
    let taken = unique("oauthClientResource", &["clientId", "resourceId"]);
    assert_eq!(fault(&db, "oauthClientResource", create(json!("c"), json!("r"))), taken);
    // A change of one half is checked with the other half as stored.
    let update = json!({ "update": {
        "model": "oauthClientResource", "where": [{ "field": "resourceId", "value": "s" }],
        "update": { "resourceId": "r" }, "rules": rules
    } });
    assert_eq!(fault(&db, "oauthClientResource", update), taken);
}

#[test]
fn a_change_of_other_fields_looks_nothing_up() {
    let db = users();
    let update = json!({ "update": { "model": "user", "where": [{ "field": "id", "value": "1" }], "update": { "name": "Ann" }, "rules": rules() } });
    done(&db, update);
    assert_eq!((db.counts().scans, db.counts().documents), (1, 1));
}

#[test]
fn an_account_of_a_provider_belongs_to_one_user_whatever_the_rules() {
    let db = with(
        "account",
        json!([{ "id": "1", "userId": "u", "providerId": "github", "accountId": "7" }]),
    );
    let create = |provider: &str, account: &str| json!({ "create": { "model": "account", "data": { "userId": "v", "providerId": provider, "accountId": account } } });
    let taken = unique("account", &["providerId", "accountId"]);
    assert_eq!(fault(&db, "account", create("github", "7")), taken);
    done(&db, create("github", "8"));
    done(&db, create("google", "7"));
    let update = json!({ "update": { "model": "account", "where": [{ "field": "accountId", "value": "8" }], "update": { "accountId": "7" } } });
    assert_eq!(fault(&db, "account", update), taken);
}

#[test]
fn the_fields_set_by_an_increment_are_checked_too() {
    let db = users();
    let increment = |set: Json| json!({ "incrementOne": { "model": "user", "where": [{ "field": "id", "value": "1" }], "increment": { "logins": 1 }, "set": set, "rules": rules() } });
    assert_eq!(
        fault(&db, "user", increment(json!({ "email": "b@x" }))),
        unique("user", &["email"])
    );
    done(&db, increment(json!({ "email": "z@x" })));
    assert_eq!(
        rows(&db, "user"),
        value(&json!([
            { "id": "1", "email": "z@x", "username": null, "logins": 1 },
            { "id": "2", "email": "b@x" },
            { "id": "3", "email": "c@x", "username": "carl" },
        ]))
    );
}
