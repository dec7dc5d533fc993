//! What was committed, and when.

use std::collections::BTreeMap;
use std::rc::Rc;

use gate_core::schema::is_listed;
use gate_core::values::Record;

use super::reads::ReadSet;
use crate::memory::table::Table;

/// Tables that snapshots share until one of them writes.
pub(super) type Tables = BTreeMap<String, Rc<Table>>;

/// The committed rows, and every commit that led to them.
#[derive(Default)]
pub(super) struct Store {
    pub(super) tables: Tables,
    commits: Vec<Commit>,
}

struct Commit {
    writes: Vec<Written>,
    /// Whether it made a table that was in neither the schema nor the database.
    new_table: bool,
}

/// A document before and after a transaction.
pub(super) struct Written {
    pub(super) table: String,
    pub(super) sequence: u64,
    pub(super) old: Option<Record>,
    pub(super) new: Option<Record>,
}

impl Store {
    /// The time: how many commits there were.
    pub(super) fn now(&self) -> usize {
        self.commits.len()
    }

    /// Whether a commit since `snapshot` wrote where a transaction has read.
    pub(super) fn conflicts(&self, snapshot: usize, reads: &ReadSet) -> bool {
        self.commits.iter().skip(snapshot).any(|commit| {
            // Every function has read which tables there are.
            commit.new_table || commit.writes.iter().any(|write| write.is_within(reads))
        })
    }

    /// Applies writes, and gives the time from which they are there.
    pub(super) fn apply(&mut self, writes: Vec<Written>) -> usize {
        let is_new =
            |write: &Written| !is_listed(&write.table) && !self.tables.contains_key(&write.table);
        let new_table = writes.iter().any(is_new);
        for Written { table, sequence, new, .. } in &writes {
            let rows = Rc::make_mut(self.tables.entry(table.clone()).or_default());
            match new {
                Some(row) => rows.put(*sequence, row.clone()),
                None => {
                    rows.remove(*sequence);
                }
            }
        }
        self.commits.push(Commit { writes, new_table });
        self.now()
    }
}

impl Written {
    fn is_within(&self, reads: &ReadSet) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(|row| reads.covers(&self.table, row))
    }
}
