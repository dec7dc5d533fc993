//! The database that all transactions share, and what happened in it.

use std::cell::RefCell;

use gate_core::operations::Operation;
use gate_core::values::{Record, Result, Value};

use super::cache::Cache;
use super::settings::Settings;
use super::store::Store;
use crate::memory::table::Table;

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
    pub(super) time: usize,
    pub(super) wrote: bool,
}

/// A database in which many transactions are at work at once.
#[derive(Default)]
pub struct OccDatabase {
    pub(super) settings: Settings,
    pub(super) state: RefCell<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) store: Store,
    pub(super) tally: Tally,
    pub(super) history: Vec<Ran>,
    pub(super) later: Vec<Record>,
    pub(super) cache: Cache,
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

    pub(super) fn rows_in_all(&self) -> u64 {
        let state = self.state.borrow();
        state.store.tables.values().map(|rows| Table::rows(rows).len() as u64).sum()
    }

    pub(super) fn attempted(&self, attempt: usize) {
        self.state.borrow_mut().tally.retries += usize::from(attempt > 0);
    }

    pub(super) fn gave_up(&self) {
        self.state.borrow_mut().tally.contentions += 1;
    }

    pub(super) fn ran(&self, ran: Ran) {
        self.state.borrow_mut().history.push(ran);
    }
}
