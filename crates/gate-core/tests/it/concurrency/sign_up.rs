//! Sign-ups as the adapter's transactions send them: a log with what was read, all or nothing.

use gate_testkit::occ::{OccDatabase, Settings};
use serde_json::{Value as Json, json};

use super::support::{Answer, Case, asks, find, same};

const EMAIL: &str = "ann@example.com";

/// The log of one sign-up, with or without the look-up by which Better Auth begins.
fn sign_up(index: u32, looks: bool) -> Json {
    let user = json!({ "id": format!("u{index}"), "email": EMAIL });
    let account = json!({ "id": format!("a{index}"), "providerId": "credential", "accountId": format!("u{index}"), "userId": format!("u{index}") });
    let rules = json!({ "unique": [["email"]] });
    let mut log = vec![
        json!({ "operation": { "create": { "model": "user", "data": user, "rules": rules } } }),
        json!({ "operation": { "create": { "model": "account", "data": account } } }),
    ];
    if looks {
        let look = find("user", "email", json!(EMAIL));
        log.insert(0, json!({ "operation": look, "expect": null }));
    }
    json!({ "replay": { "log": log } })
}

fn case(clients: u32, looks: bool) {
    let code = if looks { "CONFLICT" } else { "UNIQUE_CONSTRAINT" };
    let check = |db: &OccDatabase, answers: Vec<Answer>| {
        let codes: Vec<_> =
            answers.iter().filter_map(|answer| answer.as_ref().err()?.code()).collect();
        same("errors", codes, vec![code; answers.len() - 1])?;
        let (users, accounts) = (db.rows("user"), db.rows("account"));
        same("users and accounts", (users.len(), accounts.len()), (1, 1))?;
        same("the account's user", accounts[0].get("userId"), users[0].get("id"))
    };
    let case = Case {
        name: if looks { "sign-ups that look first" } else { "sign-ups" },
        settings: Settings::default(),
        seed: &[],
        clients,
        work: &|client, index| asks(client, sign_up(index, looks)),
        check: &check,
    };
    if clients < 5 {
        case.holds_in_every()
    } else {
        case.holds_in_many()
    };
}

#[test]
fn sign_ups_with_one_address_make_one_user_with_one_account() {
    for looks in [false, true] {
        case(2, looks);
        case(3, looks);
        case(16, looks);
    }
}
