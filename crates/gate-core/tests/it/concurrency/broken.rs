//! The cases can fail: what is broken on purpose is noticed.

use gate_core::values::Value;
use gate_testkit::occ::{OccDatabase, Settings};
use serde_json::json;

use super::support::{Answer, Case, asks, find, number, record, same, winners};

#[test]
fn a_read_and_a_write_in_two_transactions_are_noticed() {
    let seed = [("apikey", json!([{ "id": "1", "remaining": 0 }]))];
    let found = Case {
        name: "count in two transactions",
        settings: Settings::default(),
        seed: &seed,
        clients: 2,
        work: &|client, _| {
            Box::pin(async move {
                let row = client.ask(&find("apikey", "id", json!("1"))).await.unwrap();
                let next = number(record(&row), "remaining").unwrap() + 1.0;
                client.ask(&json!({ "update": { "model": "apikey", "where": [{ "field": "id", "value": "1" }], "update": { "remaining": next } } })).await
            })
        },
        check: &|db, _: Vec<Answer>| {
            same("sum", number(&db.rows("apikey")[0], "remaining"), Some(2.0))
        },
    }
    .fails_somewhere();
    assert_eq!(found.complaint, "sum: Some(1.0), not Some(2.0)");

    let seed = [("verification", json!([{ "id": "1", "identifier": "otp" }]))];
    let found = Case {
        name: "consumption in two transactions",
        settings: Settings::default(),
        seed: &seed,
        clients: 2,
        work: &|client, _| {
            Box::pin(async move {
                let row = client.ask(&find("verification", "identifier", json!("otp"))).await;
                let delete = json!({ "deleteMany": { "model": "verification", "where": [{ "field": "identifier", "value": "otp" }] } });
                client.ask(&delete).await.unwrap();
                row
            })
        },
        check: &|_, answers: Vec<Answer>| same("winners", winners(&answers).0, 1),
    }
    .fails_somewhere();
    assert_eq!(found.complaint, "winners: 2, not 1");
}

#[test]
fn commits_without_a_check_are_noticed() {
    let settings = Settings { conflicts: false, ..Settings::default() };
    let lost = |_: &OccDatabase, answers: Vec<Answer>| {
        let winners = answers.iter().filter(|answer| !matches!(answer, Err(_) | Ok(Value::Null)));
        same("winners", winners.count(), 1)
    };
    let case = |name, seed, operation: fn(u32) -> serde_json::Value| {
        let found = Case {
            name,
            settings,
            seed,
            clients: 2,
            work: &|client, index| asks(client, operation(index)),
            check: &lost,
        }
        .fails_somewhere();
        assert_eq!(found.complaint, "winners: 2, not 1", "{name}");
    };
    case(
        "create",
        &[],
        |index| json!({ "create": { "model": "account", "data": { "id": format!("{index}"), "providerId": "p", "accountId": "a" } } }),
    );
    let one = [("account", json!([{ "id": "1", "left": 1 }]))];
    case(
        "consumeOne",
        &one,
        |_| json!({ "consumeOne": { "model": "account", "where": [{ "field": "id", "value": "1" }] } }),
    );
    case(
        "incrementOne",
        &one,
        |_| json!({ "incrementOne": { "model": "account", "where": [{ "field": "id", "value": "1" }, { "field": "left", "operator": "gt", "value": 0 }], "increment": { "left": -1 } } }),
    );
}
