use gate_core::values::Fault;
use gate_testkit::{MemoryDatabase, value};
use serde_json::{Value as Json, json};

use super::support::{done, fault, ids, seed, with};

/// The references of members, and one of another table that is no concern of theirs.
fn rules() -> Json {
    let reference = |model: &str, field: &str, target: &str, to: &str| json!({ "model": model, "field": field, "target": target, "to": to, "onDelete": "cascade" });
    json!({ "references": [
        reference("member", "userId", "user", "id"),
        reference("member", "organizationId", "organization", "id"),
        reference("member", "inviter", "user", "email"),
        reference("member", "above", "member", "id"),
        reference("team", "organizationId", "organization", "id"),
    ] })
}

fn create(data: Json) -> Json {
    json!({ "create": { "model": "member", "data": data, "rules": rules() } })
}

fn update(id: &str, update: Json) -> Json {
    let filter = json!([{ "field": "id", "value": id }]);
    json!({ "updateMany": { "model": "member", "where": filter, "update": update, "rules": rules() } })
}

fn world() -> MemoryDatabase {
    let db = with("user", json!([{ "id": "u", "email": "u@x" }, { "id": "v", "email": "v@x" }]));
    seed(&db, "organization", json!([{ "id": "o" }]));
    seed(&db, "member", json!([{ "id": "old", "userId": "gone", "organizationId": "o" }]));
    db
}

fn orphan(field: &str, target: &str) -> Fault {
    Fault::ForeignKeyConstraint {
        model: "member".to_owned(),
        field: field.to_owned(),
        target: target.to_owned(),
    }
}

#[test]
fn a_new_row_refers_to_rows_that_are_there() {
    let db = world();
    done(&db, create(json!({ "id": "1", "userId": "u", "organizationId": "o", "inviter": "v@x" })));
    for (data, expected) in [
        (json!({ "userId": "w", "organizationId": "o" }), orphan("userId", "user")),
        (json!({ "userId": "u", "organizationId": "p" }), orphan("organizationId", "organization")),
        // By the field that is referred to, and not by the id.
        (
            json!({ "userId": "u", "organizationId": "o", "inviter": "v" }),
            orphan("inviter", "user"),
        ),
        (json!({ "userId": "u", "organizationId": "o", "above": "2" }), orphan("above", "member")),
    ] {
        assert_eq!(fault(&db, "member", create(data)), expected);
    }
    assert_eq!(ids(&db, "member"), ["old", "1"]);
}

#[test]
fn what_is_null_or_absent_or_its_own_refers_to_nothing_else() {
    let db = world();
    for data in [
        json!({ "id": "1" }),
        json!({ "id": "2", "userId": null, "inviter": null }),
        json!({ "id": "3", "above": "3" }),
        json!({ "id": "4", "above": "3" }),
    ] {
        done(&db, create(data));
    }
    assert_eq!(ids(&db, "member"), ["old", "1", "2", "3", "4"]);
    // Without rules it is an ordinary field.
    let data = json!({ "id": "5", "userId": "gone" });
    done(&db, json!({ "create": { "model": "member", "data": data } }));
}

#[test]
fn a_change_leads_to_a_row_and_what_stays_is_nobodys_concern() {
    let db = world();
    done(&db, create(json!({ "id": "1", "userId": "u", "organizationId": "o" })));
    assert_eq!(
        fault(&db, "member", update("1", json!({ "userId": "w" }))),
        orphan("userId", "user")
    );
    done(&db, update("1", json!({ "userId": "v", "inviter": null })));
    // A row from before there was a check can be changed otherwise, and be given what it has.
    done(&db, update("old", json!({ "role": "owner", "userId": "gone" })));
    let everyone = json!({ "updateMany": { "model": "member", "where": [], "update": { "userId": "gone" }, "rules": rules() } });
    assert_eq!(fault(&db, "member", everyone), orphan("userId", "user"));
    let step = json!({ "incrementOne": { "model": "member", "where": [{ "field": "id", "value": "1" }], "set": { "organizationId": "p" }, "rules": rules() } });
    assert_eq!(fault(&db, "member", step), orphan("organizationId", "organization"));
}

#[test]
fn a_row_of_the_same_transaction_counts_until_it_is_deleted() {
    let db = world();
    let user = json!({ "create": { "model": "user", "data": { "id": "new" } } });
    let member = create(json!({ "id": "1", "userId": "new" }));
    let leave =
        json!({ "delete": { "model": "user", "where": [{ "field": "id", "value": "new" }] } });
    let log = |steps: &[&Json]| {
        let steps: Vec<Json> =
            steps.iter().map(|operation| json!({ "operation": operation })).collect();
        json!({ "replay": { "log": steps } })
    };
    assert_eq!(fault(&db, "member", log(&[&member, &user])), orphan("userId", "user"));
    assert_eq!(fault(&db, "member", log(&[&user, &leave, &member])), orphan("userId", "user"));
    done(&db, log(&[&user, &member]));
    assert_eq!(ids(&db, "member"), ["old", "1"]);
}

#[test]
fn each_reference_costs_one_row() {
    let db = world();
    let before = db.counts();
    done(&db, create(json!({ "id": "1", "userId": "u", "organizationId": "o", "inviter": null })));
    assert_eq!(db.counts().documents - before.documents, 2);
    let before = db.counts();
    assert_eq!(done(&db, update("1", json!({ "userId": "u" }))), value(&json!(1)));
    assert_eq!(db.counts().documents - before.documents, 1);
}
