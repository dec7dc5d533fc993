//! Of many that want one thing, one gets it.

use gate_core::values::Value;
use gate_testkit::occ::{OccDatabase, Points, Settings};
use serde_json::json;

use super::support::{Answer, Case, asks, same, winners};

fn consume(settings: Settings, clients: u32) -> Case<'static, Answer> {
    let seed = vec![("verification", json!([{ "id": "1", "identifier": "otp", "value": "7" }]))];
    Case {
        name: "consumers of one row",
        settings,
        seed: seed.leak(),
        clients,
        work: &|client, _| {
            asks(
                client,
                json!({ "consumeOne": { "model": "verification", "where": [{ "field": "identifier", "value": "otp" }] } }),
            )
        },
        check: &|db, answers| {
            same("winners", winners(&answers), (1, vec![]))?;
            same("rows left", db.rows("verification").len(), 0)
        },
    }
}

#[test]
fn one_of_many_consumers_gets_the_row() {
    // Two beginnings and two commits, of which the loser has one more beginning, or none to commit.
    assert_eq!(consume(Settings::default(), 2).holds_in_every(), 6);
    assert!(consume(Settings::default(), 3).holds_in_every() > 100);
    consume(Settings::default(), 24).holds_in_many();
}

#[test]
fn pauses_before_every_request_change_nothing() {
    let settings = Settings { points: Points::Requests, ..Settings::default() };
    assert!(consume(settings, 2).holds_in_every() > 20);
    consume(settings, 24).holds_in_many();
}

#[test]
fn two_that_link_one_account_make_one_row() {
    let case = |clients| Case {
        name: "links of one account",
        settings: Settings::default(),
        seed: &[],
        clients,
        work: &|client, index| {
            asks(
                client,
                json!({ "create": { "model": "account", "data": { "id": format!("a{index}"), "providerId": "github", "accountId": "9", "userId": format!("u{index}") } } }),
            )
        },
        check: &|db: &OccDatabase, answers: Vec<Answer>| {
            let refused = vec!["UNIQUE_CONSTRAINT"; answers.len() - 1];
            same("winners", winners(&answers), (1, refused))?;
            same("accounts", db.rows("account").len(), 1)
        },
    };
    case(2).holds_in_every();
    case(3).holds_in_every();
    case(24).holds_in_many();
}

#[test]
fn a_unique_field_of_an_own_table_stays_unique() {
    let case = |clients| Case {
        name: "one value of a unique field with index entries",
        settings: Settings::default(),
        seed: &[],
        clients,
        work: &|client, index| {
            asks(
                client,
                json!({ "create": { "model": "ownTable", "data": { "id": format!("{index}"), "slug": "s" }, "rules": { "unique": [["slug"]], "indexes": [["slug"]] } } }),
            )
        },
        check: &|db: &OccDatabase, answers: Vec<Answer>| {
            let refused = vec!["UNIQUE_CONSTRAINT"; answers.len() - 1];
            same("winners", winners(&answers), (1, refused))?;
            same("entries", db.rows("gateEntries").len(), 1)?;
            same("rows", db.rows("ownTable").len(), 1)
        },
    };
    case(2).holds_in_every();
    case(3).holds_in_every();
    case(12).holds_in_many();
}

#[test]
fn many_first_requests_make_one_key() {
    let case = |clients| Case {
        name: "first requests for a key",
        settings: Settings::default(),
        seed: &[],
        clients,
        work: &|client, index| {
            asks(
                client,
                json!({ "addKey": { "key": { "id": format!("k{index}"), "alg": "RS256", "createdAt": index }, "expectNewest": null } }),
            )
        },
        check: &|db: &OccDatabase, answers: Vec<Answer>| {
            same("keys", db.rows("gateKeys").len(), 1)?;
            let Some(Ok(first)) = answers.first() else { return Err("a failure".to_owned()) };
            let Value::Array(keys) = first else { return Err("no list".to_owned()) };
            same("keys in an answer", keys.len(), 1)?;
            let agree = answers.iter().all(|answer| answer.as_ref() == Ok(first));
            same("all have the same key", agree, true)
        },
    };
    case(2).holds_in_every();
    case(3).holds_in_every();
    case(24).holds_in_many();
}
