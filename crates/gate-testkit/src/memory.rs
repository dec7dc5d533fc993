//! A database in memory that keeps to the rules of Convex: its order of values, its indexes and their
//! ranges, and what it refuses. A refusal is the fault `INTERNAL_FAULT`, since the core must never
//! cause one.

mod counts;
mod journal;
pub(crate) mod orders;
pub(crate) mod pulled;
pub(crate) mod range;
pub(crate) mod refusals;
pub(crate) mod table;

use std::cell::RefCell;
use std::collections::BTreeMap;

use gate_core::database::{Database, IndexRange, Memo, Order, Page, ScanSpec};
use gate_core::operations::{Operation, run};
use gate_core::schema::check_name;
use gate_core::values::{Record, Result, Value};

use crate::executor::block_on;
use crate::json;
use crate::random::Random;
pub use counts::Counts;
use journal::Journal;
use pulled::{bytes_of, pulled};
use range::Bounds;
use refusals::{check_record, refused};
use table::Table;

/// The database. Every method takes `&self`, as an operation sees a database.
#[derive(Default)]
pub struct MemoryDatabase(RefCell<State>, Memo);

#[derive(Default)]
struct State {
    tables: BTreeMap<String, Table>,
    counts: Counts,
    journal: Journal,
    random: Random,
    /// Documents inserted so far, in all tables: ids are unique beyond their table, as in Convex.
    inserted: u64,
    /// Operations that were asked to be run later, those of this transaction last.
    later: Vec<Record>,
    /// How many of them earlier transactions asked for.
    settled: usize,
}

/// An open scan: where it reads and what it has not given yet.
///
/// The rows to come are settled when the scan opens. An operation that writes while it reads would
/// see otherwise in Convex; none does.
pub struct Scan {
    table: String,
    rest: RefCell<std::vec::IntoIter<u64>>,
}

impl MemoryDatabase {
    /// An empty database.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Inserts rows without counting, as if an earlier transaction had.
    ///
    /// # Errors
    /// What Convex refuses.
    pub fn seed(&self, table: &str, rows: impl IntoIterator<Item = Record>) -> Result<()> {
        let mut state = self.0.borrow_mut();
        for row in rows {
            state.insert(table, row)?;
        }
        state.commit();
        Ok(())
    }

    /// Inserts rows of one time of creation, as those of an import may be: only their `_id` tells them
    /// apart. Not counted.
    ///
    /// # Errors
    /// What Convex refuses.
    pub fn seed_at_once(&self, table: &str, rows: impl IntoIterator<Item = Record>) -> Result<()> {
        let first = self.0.borrow().inserted + 1;
        self.seed(table, rows)?;
        let State { tables, inserted, .. } = &mut *self.0.borrow_mut();
        if let Some(table) = tables.get_mut(table) {
            for sequence in first..=*inserted {
                let time = ("_creationTime".to_owned(), Value::Float64(1.7e12));
                table.patch(sequence, Record::from([time]));
            }
        }
        Ok(())
    }

    /// Every row of a table in order of creation, with `_id` and `_creationTime`; not counted.
    #[must_use]
    pub fn rows(&self, table: &str) -> Vec<Record> {
        self.0.borrow().tables.get(table).map(Table::rows).unwrap_or_default()
    }

    /// What was asked for since the last [`Self::reset_counts`].
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.0.borrow().counts
    }

    /// Counts from zero again.
    pub fn reset_counts(&self) {
        self.0.borrow_mut().counts = Counts::default();
    }

    /// Runs an operation as a mutation: what it wrote before a fault is undone.
    ///
    /// # Errors
    /// The fault of the operation.
    pub fn run(&self, operation: Operation) -> Result<Value> {
        self.commit();
        let result = block_on(run(self, operation));
        if result.is_err() {
            self.rollback();
        }
        result
    }

    /// Runs an operation that a test has written down as JSON.
    ///
    /// # Errors
    /// The fault of the operation, or of its arguments.
    pub fn ask(&self, operation: &serde_json::Value) -> Result<Value> {
        self.run(Operation::parse(json::value(operation))?)
    }

    /// Sets where the next new row comes in the order of creation: after the row of this number. Two
    /// histories that have the same rows can so be compared with their `_id` and `_creationTime`.
    pub fn create_after(&self, sequence: u64) {
        self.0.borrow_mut().inserted = sequence;
    }

    /// Keeps what was written so far.
    pub fn commit(&self) {
        self.0.borrow_mut().commit();
        self.1.clear();
    }

    /// Runs the next operation that was asked to be run later; false when there is none.
    ///
    /// # Errors
    /// The fault of the operation.
    pub fn run_later(&self) -> Result<bool> {
        self.commit();
        let next = {
            let mut state = self.0.borrow_mut();
            let next = (!state.later.is_empty()).then(|| state.later.remove(0));
            state.settled = state.later.len();
            next
        };
        match next {
            None => Ok(false),
            Some(operation) => self.run(Operation::parse(Value::Object(operation))?).map(|_| true),
        }
    }

    /// Undoes what was written since the last [`Self::commit`]. Reads stay counted, as in Convex.
    pub fn rollback(&self) {
        let State { tables, journal, later, settled, .. } = &mut *self.0.borrow_mut();
        journal.rollback(tables);
        later.truncate(*settled);
        self.1.clear();
    }
}

impl State {
    fn commit(&mut self) {
        self.journal.commit();
        self.settled = self.later.len();
    }

    fn insert(&mut self, table: &str, record: Record) -> Result<String> {
        check_name(table)?;
        check_record(&record)?;
        self.inserted += 1;
        let sequence = self.inserted;
        let doc = self.tables.entry(table.to_owned()).or_default().insert(table, sequence, record);
        self.journal.inserted(table, sequence);
        Ok(doc)
    }

    fn open(&mut self, spec: &ScanSpec) -> Result<Vec<u64>> {
        check_name(&spec.table)?;
        self.counts.scan(spec.index.is_none() || spec.range == IndexRange::default());
        let bounds = Bounds::new(spec)?;
        let Some(table) = self.tables.get(&spec.table) else { return Ok(Vec::new()) };
        let mut found = table.select(&bounds);
        if spec.order == Order::Desc {
            found.reverse();
        }
        Ok(found)
    }

    fn pull(&mut self, scan: &Scan, take: usize) -> Page {
        let mut rest = scan.rest.borrow_mut();
        let table = self.tables.get(&scan.table);
        let (rows, done) = pulled(&scan.table, table, &mut *rest, take);
        self.counts.documents += rows.len();
        self.counts.bytes += rows.iter().map(bytes_of).sum::<usize>();
        Page { rows, done }
    }

    fn existing(&mut self, table: &str, doc: &str) -> Result<(&mut Table, u64)> {
        let table = self.tables.get_mut(table).ok_or(refused("no such document"))?;
        let sequence = table.find(doc).ok_or(refused("no such document"))?;
        Ok((table, sequence))
    }
}

impl Database for MemoryDatabase {
    type Scan = Scan;

    async fn scan(&self, spec: ScanSpec, take: usize) -> Result<(Scan, Page)> {
        let mut state = self.0.borrow_mut();
        let rest = RefCell::new(state.open(&spec)?.into_iter());
        let scan = Scan { table: spec.table, rest };
        let page = state.pull(&scan, take);
        Ok((scan, page))
    }

    async fn next(&self, scan: &Scan, take: usize) -> Result<Page> {
        let mut state = self.0.borrow_mut();
        state.counts.nexts += 1;
        Ok(state.pull(scan, take))
    }

    async fn later(&self, operation: Record) -> Result<()> {
        self.0.borrow_mut().later.push(operation);
        Ok(())
    }

    fn memo(&self) -> &Memo {
        &self.1
    }

    async fn insert(&self, table: &str, record: Record) -> Result<String> {
        let mut state = self.0.borrow_mut();
        state.counts.inserts += 1;
        state.insert(table, record)
    }

    async fn patch(&self, table: &str, doc: &str, fields: Record) -> Result<()> {
        let mut state = self.0.borrow_mut();
        state.counts.patches += 1;
        check_record(&fields)?;
        let (known, sequence) = state.existing(table, doc)?;
        let before = known.patch(sequence, fields);
        state.counts.bytes += before.as_ref().map_or(0, bytes_of);
        state.journal.replaced(table, sequence, before);
        Ok(())
    }

    async fn delete(&self, table: &str, doc: &str) -> Result<()> {
        let mut state = self.0.borrow_mut();
        state.counts.deletes += 1;
        let (known, sequence) = state.existing(table, doc)?;
        let before = known.remove(sequence);
        state.counts.bytes += before.as_ref().map_or(0, bytes_of);
        state.journal.replaced(table, sequence, before);
        Ok(())
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<()> {
        self.0.borrow_mut().random.fill(bytes);
        Ok(())
    }
}
