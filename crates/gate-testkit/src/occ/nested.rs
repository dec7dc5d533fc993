//! Calls of a component from a mutation of the app: each is a transaction within the mutation's own.

use gate_core::operations::{Operation, run};
use gate_core::values::{Result, Value};

use super::client::{Client, Failure};

/// A call of the component within a mutation.
#[derive(Debug, Clone)]
pub enum Call {
    /// What it writes stays, unless it fails; the mutation can go on in any case.
    Kept(Operation),
    /// What it writes is undone, and the mutation only learns the result: how the component answers
    /// `speculate`.
    Rehearsed(Operation),
}

impl Client<'_> {
    /// Runs calls in one mutation, one after the other, and gives what became of each. They see the
    /// snapshot of the mutation and what the calls before them have left; what they read, undone or
    /// not, is read by the mutation. It runs again as a whole when that conflicts.
    ///
    /// # Errors
    /// Contention. Nothing is written then.
    pub async fn mutation(&self, calls: &[Call]) -> Result<Vec<Result<Value>>, Failure> {
        let done = self.transact(async |transaction| {
            let mut results = Vec::new();
            for call in calls {
                let (Call::Kept(operation) | Call::Rehearsed(operation)) = call;
                let mark = transaction.mark();
                let result = run(transaction, operation.clone()).await;
                if result.is_err() || matches!(call, Call::Rehearsed(_)) {
                    transaction.undo(mark);
                }
                transaction.forget();
                results.push(result);
            }
            (true, results)
        });
        Ok(done.await?.result)
    }
}
