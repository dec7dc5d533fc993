//! Sweeps of what is over, beside each other and beside the writes that they come with.

use gate_core::values::Value;
use gate_testkit::occ::{OccDatabase, Settings};
use serde_json::{Value as Json, json};

use super::support::{Answer, Case, asks, same};

const NOW: i64 = 1_800_000_000_000;

fn sessions(over: usize) -> Json {
    let session = |n: usize| json!({ "id": format!("s{n}"), "token": format!("t{n}"), "userId": "u", "expiresAt": n });
    Json::Array((0..over).map(session).collect())
}

fn sweep() -> Json {
    json!({ "clean": { "table": "session", "field": "expiresAt", "before": NOW, "most": 32 } })
}

fn sign_in(index: u32) -> Json {
    let data = json!({ "id": format!("new{index}"), "token": format!("new{index}"), "userId": "u",
                       "expiresAt": NOW + 604_800_000 });
    json!({ "create": { "model": "session", "data": data, "rules": { "unique": [["token"]] } } })
}

fn deleted(answers: &[Answer]) -> f64 {
    let counts = answers.iter().map(|answer| match answer {
        Ok(Value::Float64(count)) => *count,
        _ => 0.0,
    });
    counts.sum()
}

#[test]
fn a_sweep_and_the_sign_ins_beside_it_never_wait_for_each_other() {
    let check = |db: &OccDatabase, answers: Vec<Answer>| {
        same("retries", db.tally().retries, 0)?;
        same("sessions", db.rows("session").len(), answers.len() - 1)?;
        same("deleted", deleted(&answers), 3.0)
    };
    let case = Case {
        name: "a sweep beside sign-ins",
        settings: Settings::default(),
        seed: &[("session", sessions(3))],
        clients: 3,
        work: &|client, index| asks(client, if index == 0 { sweep() } else { sign_in(index) }),
        check: &check,
    };
    assert!(case.holds_in_every() > 1);
    Case { clients: 12, ..case }.holds_in_many();
}

#[test]
fn of_sweeps_at_one_time_each_row_goes_once() {
    let check = |db: &OccDatabase, answers: Vec<Answer>| {
        same("sessions", db.rows("session").len(), 0)?;
        same("deleted", deleted(&answers), 3.0)
    };
    let case = Case {
        name: "sweeps",
        settings: Settings::default(),
        seed: &[("session", sessions(3))],
        clients: 2,
        work: &|client, _| asks(client, sweep()),
        check: &check,
    };
    assert!(case.holds_in_every() > 1);
    Case { clients: 8, ..case }.holds_in_many();
}
