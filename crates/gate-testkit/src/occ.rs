//! Convex's optimistic concurrency, so that tests can prove what an operation does among others.
//!
//! [`crate::MemoryDatabase`] runs one transaction after the other. So does `convex-test`, which is why
//! neither can show a race. Here many are at work at once, by the rules of Convex:
//!
//! - A [`Transaction`] reads a snapshot: the rows as they were when it began, and its own writes.
//! - It remembers what it read as intervals of indexes: from the start of each range to the last row
//!   that was really pulled, or all of the range once it was exhausted. Scans without an index count
//!   too, and the document that a patch or a deletion changes. An insertion reads nothing.
//! - Its writes wait until it commits. The commit conflicts if another one since the snapshot wrote a
//!   document of which the old or the new version lies in one of those intervals, or made a table that
//!   nobody knew. What only reads does not commit.
//! - On a conflict the whole of it runs again on a new snapshot, at most [`Settings::retries`] times.
//!
//! A [`Client`] runs operations that way, and pauses wherever others may come in between:
//!
//! ```
//! use gate_core::values::Value;
//! use gate_testkit::occ::OccDatabase;
//! use gate_testkit::schedule::{Task, every};
//! use serde_json::json;
//!
//! let vote = json!({ "incrementOne": { "model": "ballot", "increment": { "votes": 1 } } });
//! let interleavings = every(|schedule| {
//!     let db = OccDatabase::new();
//!     db.seed("ballot", [[("votes".to_owned(), Value::Float64(0.0))].into()]).unwrap();
//!     let voters = [db.client(1), db.client(2)];
//!     let tasks = voters.iter().map(|voter| Box::pin(voter.ask(&vote)) as Task<'_, _>);
//!     schedule.interleave(tasks.collect());
//!     let votes = db.rows("ballot")[0].get("votes").cloned();
//!     if votes == Some(Value::Float64(2.0)) { Ok(()) } else { Err(format!("{votes:?}")) }
//! });
//! assert!(interleavings.unwrap() > 2);
//! ```
//!
//! Since reads come from a snapshot, only the order of beginnings and commits can make a difference:
//! [`Points::Transactions`] pauses there and nowhere else. [`Points::Requests`] pauses before every
//! request as well, which gives many more interleavings; some of the cases run both ways.
//!
//! - Queries have a cache, [`Client::query`]: the same one is not run again while nobody wrote into the
//!   intervals that it read.
//! - A mutation of an app calls the component in transactions within its own: [`Client::mutation`].
//! - An action whose call gave up may ask again: [`Client::insist`].
//!
//! [`OccDatabase::history`] gives the transactions in the one order in which they could have happened
//! one after the other: run so on a `MemoryDatabase`, each has to give the same result.

mod cache;
mod client;
mod nested;
mod reads;
mod store;
mod transaction;

use std::cell::RefCell;

use gate_core::database::Database;
use gate_core::operations::Operation;
use gate_core::values::{Fault, Record, Result, Value};

use cache::Cache;
pub use client::{Client, Failure};
pub use nested::Call;
use store::Store;
use transaction::Ended;
pub use transaction::{Scan, Transaction};

use crate::memory::table::Table;
use crate::schedule::{Schedule, Task};

/// How often Convex runs a transaction again.
const RETRIES: usize = 4;

/// Where others may come in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    /// Before every request, and where a transaction begins and commits.
    Requests,
    /// Where a transaction begins and where it commits.
    Transactions,
}

/// How the database behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether a commit is refused on a conflict. Without it the database is broken on purpose: to show
    /// that a test notices.
    pub conflicts: bool,
    /// Where others may come in between.
    pub points: Points,
    /// How often a transaction runs again after a conflict.
    pub retries: usize,
    /// Whether a result in the cache of queries is given only while nothing was written where it was
    /// read. Without it the cache is broken on purpose.
    pub fresh: bool,
}

impl Default for Settings {
    /// Convex's behaviour.
    fn default() -> Self {
        Self { conflicts: true, points: Points::Transactions, retries: RETRIES, fresh: true }
    }
}

/// What the transactions of a run took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Attempts after the first ones.
    pub retries: usize,
    /// Transactions that gave up.
    pub contentions: usize,
    /// Queries that were answered without being run.
    pub cached: usize,
}

/// A transaction that has happened, or failed by a fault of its own.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The rank of its client.
    pub client: u32,
    /// What it ran.
    pub operation: Operation,
    /// What came of it.
    pub outcome: Result<Value>,
    /// For [`crate::MemoryDatabase::create_after`]: where its rows come in the order of creation.
    pub after: u64,
    time: usize,
    wrote: bool,
}

/// A database in which many transactions are at work at once.
#[derive(Default)]
pub struct OccDatabase {
    settings: Settings,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    store: Store,
    tally: Tally,
    history: Vec<Ran>,
    later: Vec<Record>,
    cache: Cache,
}

impl OccDatabase {
    /// An empty database that behaves as Convex does.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty database.
    #[must_use]
    pub fn with(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// A client. Its rank is from 1 on and its own.
    #[must_use]
    pub fn client(&self, rank: u32) -> Client<'_> {
        Client::new(self, rank)
    }

    /// Begins a transaction of a client.
    #[must_use]
    pub fn begin<'a>(&'a self, client: &Client<'a>) -> Transaction<'a> {
        let state = self.state.borrow();
        Transaction::new(client, state.store.now(), state.store.tables.clone())
    }

    /// Inserts rows as if an earlier transaction had.
    ///
    /// # Errors
    /// What Convex refuses.
    pub fn seed(&self, table: &str, rows: impl IntoIterator<Item = Record>) -> Result<()> {
        let client = self.client(0);
        client.sequence.set(self.rows_in_all());
        let transaction = self.begin(&client);
        for row in rows {
            Schedule::default()
                .interleave(vec![Box::pin(transaction.insert(table, row)) as Task<'_, _>])
                .into_iter()
                .collect::<Result<Vec<_>>>()?;
        }
        let seeded = client.commit(transaction);
        seeded.map(|_| ()).ok_or(Fault::Internal { what: "the seed conflicts" })
    }

    /// Every committed row of a table in order of creation, with `_id` and `_creationTime`.
    #[must_use]
    pub fn rows(&self, table: &str) -> Vec<Record> {
        let state = self.state.borrow();
        state.store.tables.get(table).map(|rows| rows.rows()).unwrap_or_default()
    }

    /// What the transactions took so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.state.borrow().tally
    }

    /// The transactions in the order in which they could have happened one after the other: those that
    /// wrote when they committed, the others when their snapshot was taken.
    #[must_use]
    pub fn history(&self) -> Vec<Ran> {
        let mut history = self.state.borrow().history.clone();
        history.sort_by_key(|ran| (ran.time, !ran.wrote));
        history
    }

    /// Takes the operations that committed transactions asked to be run later.
    #[must_use]
    pub fn take_later(&self) -> Vec<Record> {
        std::mem::take(&mut self.state.borrow_mut().later)
    }

    fn commit(&self, client: &Client<'_>, transaction: Transaction<'_>) -> Option<usize> {
        let snapshot = transaction.snapshot;
        let Ended { reads, writes, sequence, random, later } = transaction.end();
        let state = &mut *self.state.borrow_mut();
        if self.settings.conflicts && state.store.conflicts(snapshot, &reads) {
            return None;
        }
        client.sequence.set(sequence);
        *client.random.borrow_mut() = random;
        state.later.extend(later);
        Some(state.store.apply(writes))
    }

    fn rows_in_all(&self) -> u64 {
        let state = self.state.borrow();
        state.store.tables.values().map(|rows| Table::rows(rows).len() as u64).sum()
    }

    fn attempted(&self, attempt: usize) {
        self.state.borrow_mut().tally.retries += usize::from(attempt > 0);
    }

    fn gave_up(&self) {
        self.state.borrow_mut().tally.contentions += 1;
    }

    fn ran(&self, ran: Ran) {
        self.state.borrow_mut().history.push(ran);
    }
}
