//! Who runs transactions: one of several that are at work at once.

use std::cell::{Cell, RefCell};

use gate_core::fault::Fault;
use gate_core::operation::{Operation, run};
use gate_core::value::Value;

use super::{OccDatabase, Ran, Transaction};
use crate::random::Random;
use crate::schedule::pause;

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

impl<'a> Client<'a> {
    pub(super) fn new(db: &'a OccDatabase, rank: u32) -> Self {
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
        for attempt in 0..=self.db.settings.retries {
            self.db.attempted(attempt);
            pause().await;
            let transaction = self.db.begin(self);
            let started = self.sequence.get();
            let outcome = run(&transaction, operation.clone()).await;
            let at = match outcome {
                // What only reads, or fails, is as if it had happened when its snapshot was taken.
                Err(_) => Some((transaction.snapshot, false)),
                Ok(_) if transaction.is_read_only() => Some((transaction.snapshot, false)),
                Ok(_) => {
                    pause().await;
                    self.commit(transaction).map(|now| (now, true))
                }
            };
            if let Some((time, wrote)) = at {
                let (client, after) = (self.rank, started);
                let outcome_kept = outcome.clone();
                let ran = Ran { client, operation, outcome: outcome_kept, time, wrote, after };
                self.db.ran(ran);
                return outcome.map_err(Failure::Fault);
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
        let operation = Operation::parse(crate::value(operation)).map_err(Failure::Fault)?;
        self.run(operation).await
    }

    /// Commits a transaction and gives the time of it; none on a conflict, and nothing has happened.
    pub fn commit(&self, transaction: Transaction<'a>) -> Option<usize> {
        self.db.commit(self, transaction)
    }
}
