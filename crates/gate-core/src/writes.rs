//! Writes as data, carried out in one batch: whatever an operation has to write, one piece of code
//! waits for it.

use crate::database::Database;
use crate::database::join::try_join_all;
use crate::database::usage::Cost;
use crate::rows::doc_of;
use crate::values::{Record, Result};

/// A write that has been decided on.
pub(crate) enum Write {
    /// Deletes the row with this `_id`.
    Delete(String, String),
    /// Inserts a row into a table.
    Insert(&'static str, Record),
    /// Sets fields of the row with this `_id`.
    Patch(String, String, Record),
}

impl Write {
    /// Deletes a stored row.
    pub(crate) fn delete(table: &str, row: &Record) -> Result<Self> {
        Ok(Self::Delete(table.to_owned(), doc_of(row)?.to_owned()))
    }

    /// Sets fields of a stored row.
    pub(crate) fn patch(table: &str, row: &Record, fields: Record) -> Result<Self> {
        Ok(Self::Patch(table.to_owned(), doc_of(row)?.to_owned(), fields))
    }
}

/// Carries writes out side by side, or none of them when they are too many: an operation that hands in
/// all that it writes at once is refused before it has written anything.
pub(crate) async fn carry_out<D: Database>(db: &D, writes: Vec<Write>) -> Result<()> {
    let usage = db.memo().usage();
    usage.spend(Cost::Writes, writes.len())?;
    let changes = writes.iter().filter(|write| !matches!(write, Write::Insert(..)));
    usage.spend(Cost::Intervals, changes.count())?;
    let carry_out = |write| async move {
        match write {
            Write::Delete(table, doc) => db.delete(&table, &doc).await,
            Write::Insert(table, record) => db.insert(table, record).await.map(|_| ()),
            Write::Patch(table, doc, fields) => db.patch(&table, &doc, fields).await,
        }
    };
    try_join_all(writes.into_iter().map(carry_out)).await.map(|_| ())
}
