//! What the cases have in common.

use gate_core::values::{Record, Value};
use gate_testkit::occ::{Client, Failure, OccDatabase, Settings, Tally};
use gate_testkit::schedule::{Counterexample, Schedule, Task, every, sampled};
use gate_testkit::value;
use serde_json::{Value as Json, json};

pub(crate) type Answer = Result<Value, Failure>;

/// Complains about a database and the results of its clients, unless all is well.
pub(crate) type Check<'c, T> = &'c dyn Fn(&OccDatabase, Vec<T>) -> Result<(), String>;

/// A database, who works on it, and what must hold when they are done.
pub(crate) struct Case<'c, T> {
    pub(crate) name: &'c str,
    pub(crate) settings: Settings,
    pub(crate) seed: &'c [(&'c str, Json)],
    pub(crate) clients: u32,
    /// What a client does; its second argument counts from 0.
    pub(crate) work: &'c dyn for<'a> Fn(&'a Client<'a>, u32) -> Task<'a, T>,
    /// Complains unless all is well.
    pub(crate) check: Check<'c, T>,
}

impl<T> Case<'_, T> {
    /// Runs the case in every interleaving; it must hold in each.
    #[track_caller]
    pub(crate) fn holds_in_every(&self) -> usize {
        let mut tally = Tally::default();
        let run = every(|schedule| self.run(schedule, &mut tally));
        self.report("every one", run, tally)
    }

    /// Runs the case in interleavings by chance; it must hold in each.
    #[track_caller]
    pub(crate) fn holds_in_many(&self) -> usize {
        let mut tally = Tally::default();
        let run =
            sampled(setting("GATE_SEED", 1), setting("GATE_INTERLEAVINGS", 300), |schedule| {
                self.run(schedule, &mut tally)
            });
        self.report("by chance", run, tally)
    }

    /// The first interleaving in which the case does not hold.
    #[track_caller]
    pub(crate) fn fails_somewhere(&self) -> Counterexample {
        let found = every(|schedule| self.run(schedule, &mut Tally::default()));
        let Err(found) = found else { panic!("{}: nobody noticed", self.name) };
        // The same choices lead there again.
        let mut again = Schedule::following(found.choices.clone());
        assert_eq!(self.run(&mut again, &mut Tally::default()), Err(found.complaint.clone()));
        found
    }

    fn run(&self, schedule: &mut Schedule, tally: &mut Tally) -> Result<(), String> {
        let db = OccDatabase::with(self.settings);
        for (table, rows) in self.seed {
            db.seed(table, records(rows)).unwrap();
        }
        let clients: Vec<_> = (1..=self.clients).map(|rank| db.client(rank)).collect();
        let tasks = clients.iter().zip(0..).map(|(client, index)| (self.work)(client, index));
        let results = schedule.interleave(tasks.collect());
        tally.retries += db.tally().retries;
        tally.contentions += db.tally().contentions;
        (self.check)(&db, results)
    }

    #[track_caller]
    fn report(&self, how: &str, run: Result<usize, Counterexample>, tally: Tally) -> usize {
        let Self { name, clients, .. } = self;
        let Tally { retries, contentions, .. } = tally;
        match run {
            Ok(run) => {
                gate_testkit::generated(run as u64);
                println!(
                    "{name}, {clients} clients: {run} interleavings ({how}), {retries} retries, {contentions} gave up"
                );
                run
            }
            Err(found) => panic!("{name}: {found}"),
        }
    }
}

/// One operation, as often as there are clients.
pub(crate) fn asks<'a>(client: &'a Client<'a>, operation: Json) -> Task<'a, Answer> {
    Box::pin(async move { client.ask(&operation).await })
}

pub(crate) fn setting<T: std::str::FromStr>(name: &str, otherwise: T) -> T
where
    T::Err: std::fmt::Debug,
{
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

pub(crate) fn records(rows: &Json) -> Vec<Record> {
    let Value::Array(rows) = value(rows) else { panic!("a list of rows") };
    rows.into_iter().map(|row| record(&row).clone()).collect()
}

pub(crate) fn record(value: &Value) -> &Record {
    match value {
        Value::Object(record) => record,
        _ => panic!("no record: {value:?}"),
    }
}

pub(crate) fn number(row: &Record, field: &str) -> Option<f64> {
    match row.get(field) {
        Some(Value::Float64(number)) => Some(*number),
        _ => None,
    }
}

/// How many of the answers are a row, and the codes of the faults.
pub(crate) fn winners(answers: &[Answer]) -> (usize, Vec<&'static str>) {
    let rows = answers.iter().filter(|answer| matches!(answer, Ok(Value::Object(_))));
    let codes = answers.iter().filter_map(|answer| answer.as_ref().err());
    (rows.count(), codes.map(|failure| failure.code().unwrap_or("CONTENTION")).collect())
}

/// A complaint, unless two things are the same.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: T,
    expected: T,
) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, not {expected:?}")) }
}

pub(crate) fn find(model: &str, field: &str, value: Json) -> Json {
    json!({ "findOne": { "model": model, "where": [{ "field": field, "value": value }] } })
}
