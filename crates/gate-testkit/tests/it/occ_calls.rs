//! Whom the model knows beside single mutations: queries with their cache, mutations that call the
//! component within their own transaction, and actions that ask again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gate_core::operations::Operation;
use gate_core::values::{Record, Value};
use gate_testkit::occ::{Call, Client, Failure, OccDatabase, Settings, Tally};
use gate_testkit::schedule::{Schedule, Task};
use gate_testkit::value;
use serde_json::{Value as Json, json};

fn operation(json: &Json) -> Operation {
    Operation::parse(value(json)).unwrap()
}

fn count(user: &str) -> Operation {
    let filter = json!([{ "field": "userId", "value": user }]);
    operation(&json!({ "count": { "model": "session", "where": filter } }))
}

fn create(id: &str, user: &str) -> Operation {
    operation(&json!({ "create": { "model": "session", "data": { "id": id, "userId": user } } }))
}

fn alone<'a, T: 'a>(task: impl Future<Output = T> + 'a) -> T {
    by_turns(&[], vec![Box::pin(task)]).pop().unwrap()
}

fn by_turns<T>(turns: &[usize], tasks: Vec<Task<'_, T>>) -> Vec<T> {
    Schedule::following(turns.to_vec()).interleave(tasks)
}

fn ids(db: &OccDatabase) -> Vec<Value> {
    db.rows("session").iter().filter_map(|row| row.get("id").cloned()).collect()
}

#[test]
fn a_query_is_run_again_when_what_it_read_was_written_and_not_before() {
    let db = OccDatabase::new();
    let (reader, writer) = (db.client(1), db.client(2));
    let ask = || alone(reader.query(count("u"))).unwrap();
    let cached = || db.tally().cached;
    assert_eq!((ask(), cached()), (Value::Float64(0.0), 0));
    assert_eq!((ask(), cached()), (Value::Float64(0.0), 1));
    // Another client's query is the same query.
    assert_eq!(alone(writer.query(count("u"))), Ok(Value::Float64(0.0)));
    assert_eq!(cached(), 2);
    alone(writer.run(create("1", "v"))).unwrap();
    assert_eq!((ask(), cached()), (Value::Float64(0.0), 3));
    alone(writer.run(create("2", "u"))).unwrap();
    assert_eq!((ask(), cached()), (Value::Float64(1.0), 3));
}

#[test]
fn a_cache_that_never_forgets_gives_what_is_gone() {
    let db = OccDatabase::with(Settings { fresh: false, ..Settings::default() });
    let client = db.client(1);
    assert_eq!(alone(client.query(count("u"))), Ok(Value::Float64(0.0)));
    alone(client.run(create("1", "u"))).unwrap();
    assert_eq!(alone(client.query(count("u"))), Ok(Value::Float64(0.0)));
}

#[test]
fn a_query_writes_nothing() {
    let db = OccDatabase::new();
    let refused = alone(db.client(1).query(create("1", "u")));
    assert_eq!(refused.unwrap_err().code(), Some("INTERNAL_FAULT"));
    assert_eq!(ids(&db), []);
}

#[test]
fn calls_of_a_mutation_see_each_other_and_fail_alone() {
    let db = OccDatabase::new();
    let calls = [
        Call::Kept(create("1", "u")),
        // Its id is taken, by a row that is only this transaction's.
        Call::Kept(create("1", "v")),
        Call::Rehearsed(create("2", "u")),
        Call::Kept(count("u")),
        Call::Kept(create("2", "w")),
    ];
    let results = alone(db.client(1).mutation(&calls)).unwrap();
    let done: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(done, [true, false, true, true, true]);
    assert_eq!(results.get(3), Some(&Ok(Value::Float64(1.0))));
    assert_eq!(ids(&db), [Value::from("1"), Value::from("2")]);
}

/// Creates a row for whom an earlier call, which is undone, has found nobody.
fn cautious<'a>(client: &'a Client<'a>, id: &'static str) -> Task<'a, Result<bool, Failure>> {
    Box::pin(async move {
        let calls = [Call::Rehearsed(count("u")), Call::Kept(create(id, "u"))];
        let results = client.mutation(&calls).await?;
        Ok(results.first() == Some(&Ok(Value::Float64(0.0))))
    })
}

#[test]
fn what_an_undone_call_has_read_is_read_by_the_mutation() {
    let db = OccDatabase::new();
    let clients = [db.client(1), db.client(2)];
    let tasks = vec![cautious(&clients[0], "1"), cautious(&clients[1], "2")];
    // Both begin; the second commits; the first meets it and finds somebody.
    assert_eq!(by_turns(&[0, 1, 1], tasks), [Ok(false), Ok(true)]);
    assert_eq!(db.tally(), Tally { retries: 1, ..Tally::default() });
}

#[test]
fn a_mutation_that_keeps_nothing_commits_nothing() {
    let db = OccDatabase::new();
    alone(db.client(1).mutation(&[Call::Rehearsed(create("1", "u"))])).unwrap();
    assert_eq!(ids(&db), []);
}

#[test]
fn who_asks_again_comes_through_where_convex_gives_up() {
    let run = |times: usize| {
        let db = OccDatabase::with(Settings { retries: 0, ..Settings::default() });
        db.seed("session", [Record::from([("id".to_owned(), Value::from("1"))])]).unwrap();
        let change = json!({ "incrementOne": { "model": "session", "where": [{ "field": "id", "value": "1" }], "increment": { "uses": 1 } } });
        let clients = [db.client(1), db.client(2)];
        let tasks: Vec<Task<'_, Result<Value, Failure>>> = clients
            .iter()
            .map(|client| Box::pin(client.insist(&change, times)) as Task<'_, _>)
            .collect();
        (by_turns(&[0, 1, 1], tasks).iter().filter(|answer| answer.is_ok()).count(), db.tally())
    };
    assert_eq!(run(1), (1, Tally { contentions: 1, ..Tally::default() }));
    assert_eq!(run(2), (2, Tally { contentions: 1, ..Tally::default() }));
}
