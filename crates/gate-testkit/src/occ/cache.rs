//! What the cache of queries holds.

use gate_core::values::{Fault, Value};

use super::reads::ReadSet;

/// The results of queries.
#[derive(Default)]
pub(super) struct Cache(pub(super) Vec<Entry>);

/// One of them.
pub(super) struct Entry {
    /// The operation and its arguments, as text.
    pub(super) query: String,
    pub(super) result: Result<Value, Fault>,
    pub(super) reads: ReadSet,
    pub(super) snapshot: usize,
}
