//! What a transaction has changed, so that it can be undone.

use std::collections::BTreeMap;

use gate_core::values::Record;

use super::table::Table;

/// Every change since the last commit, with what was there before.
#[derive(Default)]
pub(super) struct Journal(Vec<Change>);

struct Change {
    table: String,
    sequence: u64,
    /// None when the row is new.
    before: Option<Record>,
}

impl Journal {
    pub(super) fn inserted(&mut self, table: &str, sequence: u64) {
        self.replaced(table, sequence, None);
    }

    pub(super) fn replaced(&mut self, table: &str, sequence: u64, before: Option<Record>) {
        self.0.push(Change { table: table.to_owned(), sequence, before });
    }

    pub(super) fn commit(&mut self) {
        self.0.clear();
    }

    pub(super) fn rollback(&mut self, tables: &mut BTreeMap<String, Table>) {
        while let Some(Change { table, sequence, before }) = self.0.pop() {
            let Some(table) = tables.get_mut(&table) else { continue };
            match before {
                Some(row) => table.put(sequence, row),
                None => {
                    table.remove(sequence);
                }
            }
        }
    }
}
