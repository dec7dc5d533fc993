//! Who runs transactions: one of several that are at work at once.

use std::cell::{Cell, RefCell};

use gate_core::database::Database;
use gate_core::operations::{Operation, run};
use gate_core::values::{Fault, Record, Value};

use super::database::{OccDatabase, Ran};
use super::transaction::{Ended, Transaction};
use crate::json;
use crate::random::Random;
use crate::schedule::{Schedule, Task, pause};

/// Rows that one client can create before its places in the order of creation run into the next one's.
const PLACES: u64 = 1_000_000;

/// Why a transaction did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Every attempt met a conflict: what Convex tells the caller after its last retry.
    Contention,
    /// The operation's own fault.
    Fault(Fault),
}

impl Failure {
    /// The code of the fault; none for contention, which is the platform's.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Contention => None,
            Self::Fault(fault) => Some(fault.code()),
        }
    }
}

/// A transaction that has ended.
pub(super) struct Done<T> {
    pub(super) result: T,
    pub(super) time: usize,
    pub(super) wrote: bool,
    pub(super) after: u64,
}

/// A client, whose transactions come one after the other, and in between those of others.
///
/// In the order of creation all its rows come after those of clients with a smaller rank, whenever
/// they are committed: in Convex too the time of creation is not that of the commit. So the rows of a
/// run with many clients are the same, to the last field, as those of a run with one after the other.
pub struct Client<'a> {
    pub(super) db: &'a OccDatabase,
    pub(super) rank: u32,
    pub(super) sequence: Cell<u64>,
    pub(super) random: RefCell<Random>,
}

impl OccDatabase {
    /// A client. Its rank is from 1 on and its own.
    #[must_use]
    pub fn client(&self, rank: u32) -> Client<'_> {
        Client::new(self, rank)
    }

    /// Begins a transaction of a client.
    #[must_use]
    pub fn begin(&self, client: &Client<'_>) -> Transaction {
        let state = self.state.borrow();
        let (sequence, random) = (client.sequence.get(), client.random.borrow().clone());
        let points = self.settings.points;
        let (now, tables) = (state.store.now(), state.store.tables.clone());
        Transaction::new(points, sequence, random, now, tables)
    }

    /// Inserts rows as if an earlier transaction had.
    ///
    /// # Errors
    /// What Convex refuses.
    pub fn seed(&self, table: &str, rows: impl IntoIterator<Item = Record>) -> Result<(), Fault> {
        let client = self.client(0);
        client.sequence.set(self.rows_in_all());
        let transaction = self.begin(&client);
        for row in rows {
            Schedule::default()
                .interleave(vec![Box::pin(transaction.insert(table, row)) as Task<'_, _>])
                .into_iter()
                .collect::<Result<Vec<_>, Fault>>()?;
        }
        let seeded = client.commit(transaction);
        seeded.map(|_| ()).ok_or(Fault::Internal { what: "the seed conflicts" })
    }
}

impl<'a> Client<'a> {
    fn new(db: &'a OccDatabase, rank: u32) -> Self {
        Self {
            db,
            rank,
            sequence: Cell::new(u64::from(rank) * PLACES),
            random: RefCell::new(Random::seeded(rank.into())),
        }
    }

    /// Runs an operation as a mutation, again when it conflicts, as often as the settings say.
    ///
    /// # Errors
    /// The fault of the operation, or contention. Nothing is written then.
    pub async fn run(&self, operation: Operation) -> Result<Value, Failure> {
        let body = async |transaction: &Transaction| {
            let outcome = run(transaction, operation.clone()).await;
            (outcome.is_ok(), outcome)
        };
        let Done { result: outcome, time, wrote, after } = self.transact(body).await?;
        let client = self.rank;
        self.db.ran(Ran { client, operation, outcome: outcome.clone(), time, wrote, after });
        outcome.map_err(Failure::Fault)
    }

    /// Runs an operation as an action does that does not give up at the first contention: nothing was
    /// written then, so it can simply ask again, at most so often in all.
    ///
    /// # Errors
    /// As [`Self::run`]; contention only when every time ended with it.
    pub async fn insist(
        &self,
        operation: &serde_json::Value,
        times: usize,
    ) -> Result<Value, Failure> {
        for _ in 1..times {
            match self.ask(operation).await {
                Err(Failure::Contention) => {}
                settled => return settled,
            }
        }
        self.ask(operation).await
    }

    /// Runs a body in a transaction, again when that conflicts, as often as the settings say. The body
    /// gives a result, and whether what it wrote is to be kept.
    pub(super) async fn transact<T>(
        &self,
        body: impl AsyncFn(&Transaction) -> (bool, T),
    ) -> Result<Done<T>, Failure> {
        for attempt in 0..=self.db.settings.retries {
            self.db.attempted(attempt);
            pause().await;
            let transaction = self.db.begin(self);
            let after = self.sequence.get();
            let (keep, result) = body(&transaction).await;
            // What only reads, or fails, is as if it had happened when its snapshot was taken.
            if !keep || transaction.is_read_only() {
                return Ok(Done { result, time: transaction.snapshot, wrote: false, after });
            }
            pause().await;
            if let Some(time) = self.commit(transaction) {
                return Ok(Done { result, time, wrote: true, after });
            }
        }
        self.db.gave_up();
        Err(Failure::Contention)
    }

    /// Runs an operation that a test has written down as JSON.
    ///
    /// # Errors
    /// As [`Self::run`], and the fault of the arguments.
    pub async fn ask(&self, operation: &serde_json::Value) -> Result<Value, Failure> {
        let operation = Operation::parse(json::value(operation)).map_err(Failure::Fault)?;
        self.run(operation).await
    }

    /// Commits a transaction and gives the time of it; none on a conflict, and nothing has happened.
    pub fn commit(&self, transaction: Transaction) -> Option<usize> {
        let snapshot = transaction.snapshot;
        let Ended { reads, writes, sequence, random, later } = transaction.end();
        let state = &mut *self.db.state.borrow_mut();
        if self.db.settings.conflicts && state.store.conflicts(snapshot, &reads) {
            return None;
        }
        self.sequence.set(sequence);
        *self.random.borrow_mut() = random;
        state.later.extend(later);
        Some(state.store.apply(writes))
    }
}
