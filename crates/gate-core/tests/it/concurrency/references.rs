//! A row and the deletion of what it refers to: whichever comes first, no row is left that refers to none.

use gate_core::operations::Operation;
use gate_core::values::Value;
use gate_testkit::occ::{Call, OccDatabase, Settings};
use gate_testkit::value;
use serde_json::{Value as Json, json};

use super::support::{Answer, Case, asks, find, same, winners};

/// Who refers to whom in Better Auth's core and official plugins (1.7): the table, the field, the table
/// referred to, its field, and what becomes of it.
const REFERENCES: [(&str, &str, &str, &str, &str); 24] = [
    ("session", "userId", "user", "id", "cascade"),
    ("account", "userId", "user", "id", "cascade"),
    ("twoFactor", "userId", "user", "id", "cascade"),
    ("passkey", "userId", "user", "id", "cascade"),
    ("walletAddress", "userId", "user", "id", "cascade"),
    ("ssoProvider", "userId", "user", "id", "cascade"),
    ("scimUser", "userId", "user", "id", "cascade"),
    ("scimSubject", "userId", "user", "id", "cascade"),
    ("member", "userId", "user", "id", "cascade"),
    ("invitation", "inviterId", "user", "id", "cascade"),
    ("teamMember", "userId", "user", "id", "cascade"),
    ("oauthClient", "userId", "user", "id", "cascade"),
    ("oauthConsent", "userId", "user", "id", "cascade"),
    ("oauthRefreshToken", "userId", "user", "id", "cascade"),
    ("oauthAccessToken", "userId", "user", "id", "cascade"),
    ("oauthRefreshToken", "sessionId", "session", "id", "set null"),
    ("oauthAccessToken", "sessionId", "session", "id", "set null"),
    ("oauthAccessToken", "refreshId", "oauthRefreshToken", "id", "cascade"),
    ("oauthAccessToken", "clientId", "oauthClient", "clientId", "cascade"),
    ("member", "organizationId", "organization", "id", "cascade"),
    ("invitation", "organizationId", "organization", "id", "cascade"),
    ("organizationRole", "organizationId", "organization", "id", "cascade"),
    ("team", "organizationId", "organization", "id", "cascade"),
    ("teamMember", "teamId", "team", "id", "cascade"),
];

/// How often a deletion is asked for when sign-ins keep Convex from it.
const PATIENCE: usize = 4;

fn rules(of: Option<&str>) -> Json {
    let references = REFERENCES.iter().filter(|each| of.is_none_or(|table| each.0 == table));
    let references: Vec<Json> = references
        .map(|(model, field, target, to, on_delete)| json!({ "model": model, "field": field, "target": target, "to": to, "onDelete": on_delete }))
        .collect();
    json!({ "references": references })
}

fn delete(model: &str) -> Json {
    let filter = json!([{ "field": "id", "value": "parent" }]);
    json!({ "deleteMany": { "model": model, "where": filter, "rules": rules(None) } })
}

/// Rows that refer to what is not there.
fn orphans(db: &OccDatabase) -> usize {
    let of = |(model, field, target, to, _): &(&str, &str, &str, &str, &str)| {
        let parents = db.rows(target);
        let rows = db.rows(model);
        let leads_nowhere = |row: &&gate_core::values::Record| {
            row.get(field).is_some_and(|value| {
                !value.is_null() && parents.iter().all(|parent| parent.get(to) != Some(value))
            })
        };
        rows.iter().filter(leads_nowhere).count()
    };
    REFERENCES.iter().map(of).sum()
}

fn seed(target: &'static str) -> Vec<(&'static str, Json)> {
    let rows = vec![(target, json!([{ "id": "parent", "clientId": "parent" }]))];
    let moving = ("session", json!([{ "id": "moving" }]));
    rows.into_iter().chain((target == "user").then_some(moving)).collect()
}

/// A deletion beside others that create or move rows which refer to what is deleted.
fn beside(
    (model, field, target, ..): (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    ),
    work: &dyn Fn(u32) -> Json,
    clients: u32,
) {
    let seed = seed(target);
    let case = Case {
        name: &format!("{model}.{field} beside the deletion of {target}"),
        settings: Settings::default(),
        seed: &seed,
        clients,
        work: &|client, index| asks(client, if index == 0 { delete(target) } else { work(index) }),
        check: &|db: &OccDatabase, answers: Vec<Answer>| {
            same("orphans", orphans(db), 0)?;
            let refused = answers.iter().filter(|answer| answer.is_err()).count();
            let (_, codes) = winners(&answers);
            same("errors", codes, vec!["FOREIGN_KEY_CONSTRAINT"; refused])
        },
    };
    assert!(case.holds_in_every() > 1);
}

fn create(model: &str, field: &str, index: u32, rules: &Json) -> Json {
    let data = json!({ "id": format!("{index}"), field: "parent" });
    json!({ "create": { "model": model, "data": data, "rules": rules } })
}

#[test]
fn nothing_refers_to_a_row_that_is_deleted_meanwhile() {
    for reference in REFERENCES {
        let (model, field, ..) = reference;
        let create = |index| create(model, field, index, &rules(Some(model)));
        beside(reference, &create, 2);
    }
    let create = |index| create("session", "userId", index, &rules(Some("session")));
    beside(REFERENCES[0], &create, 3);
    let filter = json!([{ "field": "id", "value": "moving" }]);
    let update = json!({ "updateMany": { "model": "session", "where": filter, "update": { "userId": "parent" }, "rules": rules(Some("session")) } });
    beside(REFERENCES[0], &|_| update.clone(), 2);
}

#[test]
fn without_the_check_something_does() {
    for (model, field, target, ..) in REFERENCES {
        let seed = seed(target);
        let found = Case {
            name: "no check",
            settings: Settings::default(),
            seed: &seed,
            clients: 2,
            work: &|client, index| {
                let create = create(model, field, index, &json!({}));
                asks(client, if index == 0 { delete(target) } else { create })
            },
            check: &|db: &OccDatabase, _: Vec<Answer>| same("orphans", orphans(db), 0),
        }
        .fails_somewhere();
        assert_eq!(found.complaint, "orphans: 1, not 0", "{model}.{field}");
    }
}

#[test]
fn a_token_is_not_kept_for_a_session_that_goes() {
    let seed = [("session", json!([{ "id": "parent", "userId": "u", "token": "t" }]))];
    let case = Case {
        name: "a token beside the deletion of its session",
        settings: Settings::default(),
        seed: &seed,
        clients: 3,
        work: &|client, index| {
            let store = json!({ "storeToken": { "sessionId": "parent", "userId": "u", "token": "jwt", "keyId": "k", "issuedAt": 0, "expiresAt": 1 } });
            asks(client, if index == 0 { delete("session") } else { store })
        },
        check: &|db: &OccDatabase, _: Vec<Answer>| same("tokens", db.rows("gateTokens").len(), 0),
    };
    assert!(case.holds_in_every() > 1);
}

/// Better Auth deletes a user's sessions and accounts by calls of their own, and then the user.
#[test]
fn a_user_is_deleted_in_three_calls_beside_sign_ins() {
    let seed = [("user", json!([{ "id": "parent" }]))];
    let of_user = |model: &str| json!({ "deleteMany": { "model": model, "where": [{ "field": "userId", "value": "parent" }], "rules": rules(None) } });
    let case = Case {
        name: "a user's deletion beside sign-ins",
        settings: Settings::default(),
        seed: &seed,
        clients: 2,
        work: &|client, index| {
            Box::pin(async move {
                if index > 0 {
                    let create = create("session", "userId", index, &rules(Some("session")));
                    // Who signs in has looked for the user before.
                    return match client.ask(&find("user", "id", json!("parent"))).await? {
                        Value::Null => Ok(Value::Null),
                        _ => client.ask(&create).await,
                    };
                }
                client.insist(&of_user("session"), PATIENCE).await?;
                client.insist(&of_user("account"), PATIENCE).await?;
                client.insist(&delete("user"), PATIENCE).await
            })
        },
        check: &|db: &OccDatabase, answers: Vec<Answer>| {
            same("orphans", orphans(db), 0)?;
            same("sessions", db.rows("session").len(), 0)?;
            let (_, codes) = winners(&answers);
            same("clean", codes.iter().all(|code| *code == "FOREIGN_KEY_CONSTRAINT"), true)
        },
    };
    assert!(case.holds_in_every() > 1);
    Case { clients: 12, ..case }.holds_in_many();
}

/// A mutation of the app that asks first and then creates, in calls of the component within it.
#[test]
fn calls_within_a_mutation_are_of_one_mind() {
    let parse = |operation: &Json| Operation::parse(value(operation)).unwrap();
    let seed = [("user", json!([{ "id": "parent" }]))];
    for rehearsed in [false, true] {
        let case = Case {
            name: "calls within a mutation",
            settings: Settings::default(),
            seed: &seed,
            clients: 2,
            work: &|client, index| {
                Box::pin(async move {
                    if index == 0 {
                        return client.ask(&delete("user")).await;
                    }
                    let ask = create("session", "userId", 1, &rules(Some("session")));
                    let first = parse(&ask);
                    let first = if rehearsed { Call::Rehearsed(first) } else { Call::Kept(first) };
                    let unchecked = create("account", "userId", 2, &json!({}));
                    // What the first call has read, undone or not, keeps the second one from being an orphan.
                    let results = client.mutation(&[first, Call::Kept(parse(&unchecked))]).await?;
                    let known = results.first().is_some_and(Result::is_ok);
                    Ok(Value::Bool(known))
                })
            },
            check: &|db: &OccDatabase, answers: Vec<Answer>| {
                let sessions = db.rows("session").len();
                if rehearsed || answers.get(1) == Some(&Ok(Value::Bool(false))) {
                    same("sessions", sessions, 0)?;
                }
                // Of an account without a check there is one left only where the first call told so.
                let told = answers.get(1) == Some(&Ok(Value::Bool(false)));
                same("orphans", orphans(db), usize::from(told))
            },
        };
        assert!(case.holds_in_every() > 1);
    }
}
