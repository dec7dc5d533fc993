//! Queries and their cache: Convex runs a query, one of a component too, only when its result may have
//! changed.

use gate_core::operations::{Operation, run};
use gate_core::values::{Fault, Value};

use super::cache::Entry;
use super::client::{Client, Failure};
use super::database::Ran;
use crate::schedule::pause;

impl Client<'_> {
    /// Runs an operation as a query, unless the cache has its result.
    ///
    /// # Errors
    /// The fault of the operation; of one that writes, that a query cannot.
    pub async fn query(&self, operation: Operation) -> Result<Value, Failure> {
        pause().await;
        let query = format!("{operation:?}");
        let (outcome, time) = match self.cached(&query) {
            Some(found) => found,
            None => {
                let transaction = self.db.begin(self);
                let outcome = run(&transaction, operation.clone()).await;
                if !transaction.is_read_only() {
                    let what = "a query that writes";
                    return Err(Failure::Fault(Fault::Internal { what }));
                }
                let snapshot = transaction.snapshot;
                let entry = Entry {
                    query,
                    result: outcome.clone(),
                    reads: transaction.end().reads,
                    snapshot,
                };
                self.db.state.borrow_mut().cache.0.push(entry);
                (outcome, snapshot)
            }
        };
        let (client, after) = (self.rank, self.sequence.get());
        self.db.ran(Ran { client, operation, outcome: outcome.clone(), time, wrote: false, after });
        outcome.map_err(Failure::Fault)
    }

    /// A result that is as good as one of now.
    fn cached(&self, query: &str) -> Option<(Result<Value, Fault>, usize)> {
        let state = &mut *self.db.state.borrow_mut();
        let (fresh, store) = (self.db.settings.fresh, &state.store);
        state.cache.0.retain(|entry| !fresh || !store.conflicts(entry.snapshot, &entry.reads));
        let found = state.cache.0.iter().find(|entry| entry.query == query)?;
        state.tally.cached += 1;
        Some((found.result.clone(), store.now()))
    }
}
