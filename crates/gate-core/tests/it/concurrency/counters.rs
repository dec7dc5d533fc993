//! Counters: none goes below its guard, and no count is lost.

use gate_core::values::Value;
use gate_testkit::occ::{Client, OccDatabase, Settings};
use gate_testkit::schedule::Task;
use serde_json::{Value as Json, json};

use super::support::{Answer, Case, asks, find, number, record, same, winners};

fn key(remaining: u32) -> Vec<(&'static str, Json)> {
    vec![("apikey", json!([{ "id": "1", "key": "hash", "remaining": remaining }]))]
}

#[test]
fn a_guarded_decrement_has_as_many_winners_as_it_counts() {
    let case = |clients: u32, from: u32| {
        let seed = key(from);
        let check = move |db: &OccDatabase, answers: Vec<Answer>| {
            let expected = clients.min(from);
            same("winners", winners(&answers), (expected as usize, vec![]))?;
            let left = number(&db.rows("apikey")[0], "remaining");
            same("left", left, Some(f64::from(from - expected)))
        };
        let case = Case {
            name: "guarded decrement",
            // Every winner makes the others run again.
            settings: Settings { retries: from as usize, ..Settings::default() },
            seed: &seed,
            clients,
            work: &|client, _| {
                asks(
                    client,
                    json!({ "incrementOne": { "model": "apikey", "where": [{ "field": "key", "value": "hash" }, { "field": "remaining", "operator": "gt", "value": 0 }], "increment": { "remaining": -1 } } }),
                )
            },
            check: &check,
        };
        if clients < 4 { case.holds_in_every() } else { case.holds_in_many() }
    };
    for from in 0..4 {
        case(2, from);
        case(3, from);
    }
    case(16, 5);
}

/// Better Auth's own consumption of a rate limit in a database: list, then create, reset or count.
fn limited<'a>(client: &'a Client<'a>, now: f64, most: f64) -> Task<'a, bool> {
    const WINDOW: f64 = 10_000.0;
    Box::pin(async move {
        let own = json!({ "field": "key", "value": "ip" });
        let list = json!({ "findMany": { "model": "rateLimit", "where": [own] } });
        // It starts over as long as somebody else was faster.
        for _ in 0..64 {
            let Value::Array(rows) = client.ask(&list).await.unwrap() else { panic!("no list") };
            let Some(row) = rows.first() else {
                let data = json!({ "key": "ip", "count": 1, "lastRequest": now });
                let rules = json!({ "unique": [["key"]] });
                let create =
                    json!({ "create": { "model": "rateLimit", "data": data, "rules": rules } });
                match client.ask(&create).await {
                    Ok(_) => return true,
                    Err(failure) => assert_eq!(failure.code(), Some("UNIQUE_CONSTRAINT")),
                }
                continue;
            };
            let last = number(record(row), "lastRequest").unwrap();
            let over = now - last >= WINDOW;
            let (guards, increment, set) = if over {
                let guards =
                    json!([own, { "field": "lastRequest", "operator": "lte", "value": last }]);
                (guards, json!({}), json!({ "count": 1, "lastRequest": now }))
            } else {
                let guards = json!([own, { "field": "lastRequest", "operator": "gt", "value": now - WINDOW }, { "field": "count", "operator": "lt", "value": most }]);
                (guards, json!({ "count": 1 }), json!({ "lastRequest": now }))
            };
            let step = json!({ "incrementOne": { "model": "rateLimit", "where": guards, "increment": increment, "set": set } });
            if client.ask(&step).await.unwrap() != Value::Null {
                return true;
            }
            if over {
                continue;
            }
            let Value::Array(rows) = client.ask(&list).await.unwrap() else { panic!("no list") };
            let last = rows.first().and_then(|row| number(record(row), "lastRequest"));
            if last.is_some_and(|last| now - last < WINDOW) {
                return false;
            }
        }
        panic!("it never ends");
    })
}

fn windows(seed: &[(&str, Json)], clients: u32, most: u32) -> usize {
    let case = Case {
        name: if seed.is_empty() { "rate limit, first window" } else { "rate limit, next window" },
        settings: Settings { retries: 64, ..Settings::default() },
        seed,
        clients,
        work: &|client, _| limited(client, 100_000.0, most.into()),
        check: &|db, allowed: Vec<bool>| {
            let allowed = allowed.into_iter().filter(|allowed| *allowed).count();
            same("allowed", allowed, clients.min(most) as usize)?;
            same("rows", db.rows("rateLimit").len(), 1)?;
            same("counted", number(&db.rows("rateLimit")[0], "count"), Some(allowed as f64))
        },
    };
    if clients < 3 { case.holds_in_every() } else { case.holds_in_many() }
}

#[test]
fn a_rate_limit_loses_no_count() {
    let spent = json!([{ "id": "1", "key": "ip", "count": 3, "lastRequest": 90_000 }]);
    for seed in [&[][..], &[("rateLimit", spent)]] {
        for most in 1..4 {
            windows(seed, 2, most);
        }
        windows(seed, 12, 3);
        windows(seed, 12, 100);
    }
}

#[test]
fn a_transaction_over_two_calls_loses_no_update() {
    // As an action does it: read, work out what to write, and commit both if the read still holds.
    let case = |clients: u32| {
        let seed = key(0);
        let check = move |db: &OccDatabase, _: Vec<()>| {
            same("sum", number(&db.rows("apikey")[0], "remaining"), Some(clients.into()))
        };
        let case = Case {
            name: "transactions that read, then commit",
            settings: Settings { retries: 64, ..Settings::default() },
            seed: &seed,
            clients,
            work: &|client, _| {
                Box::pin(async move {
                    let find = find("apikey", "id", json!("1"));
                    loop {
                        let row = client.ask(&find).await.unwrap();
                        let remaining = number(record(&row), "remaining").unwrap();
                        let seen =
                            json!({ "_id": "1", "id": "1", "key": "hash", "remaining": remaining });
                        let update = json!({ "update": { "model": "apikey", "where": [{ "field": "id", "value": "1" }], "update": { "remaining": remaining + 1.0 } } });
                        let log =
                            json!([{ "operation": find, "expect": seen }, { "operation": update }]);
                        match client.ask(&json!({ "replay": { "log": log } })).await {
                            Ok(_) => return,
                            Err(failure) => assert_eq!(failure.code(), Some("CONFLICT")),
                        }
                    }
                })
            },
            check: &check,
        };
        if clients < 3 { case.holds_in_every() } else { case.holds_in_many() }
    };
    case(2);
    case(8);
}
