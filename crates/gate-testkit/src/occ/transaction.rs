//! One attempt at a transaction.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use gate_core::database::{Database, Memo, Order, Page, ScanSpec};
use gate_core::schema::check_name;
use gate_core::values::{Record, Result};

use super::reads::{Place, ReadSet};
use super::settings::Points;
use super::store::{Tables, Written};
use crate::memory::pulled::pulled;
use crate::memory::range::Bounds;
use crate::memory::refusals::{check_record, refused};
use crate::memory::table::Table;
use crate::random::Random;
use crate::schedule::pause;

/// A transaction: it sees the database as it was when it began, and its own writes.
pub struct Transaction {
    points: Points,
    /// How many commits had happened when it began.
    pub(super) snapshot: usize,
    before: Tables,
    state: RefCell<State>,
    memo: Memo,
}

/// What a transaction has done so far.
struct State {
    tables: Tables,
    reads: ReadSet,
    written: BTreeSet<(String, u64)>,
    sequence: u64,
    random: Random,
    later: Vec<Record>,
}

/// What a transaction leaves when it ends.
pub(super) struct Ended {
    pub(super) reads: ReadSet,
    pub(super) writes: Vec<Written>,
    pub(super) sequence: u64,
    pub(super) random: Random,
    pub(super) later: Vec<Record>,
}

/// A place in a transaction.
pub(super) struct Mark {
    tables: Tables,
    written: BTreeSet<(String, u64)>,
    later: usize,
}

/// An open scan: the rows that it has not given yet. Which they are is settled when it opens, as in
/// [`crate::MemoryDatabase`].
pub struct Scan {
    table: String,
    rest: RefCell<std::vec::IntoIter<u64>>,
    place: Place,
}

impl Transaction {
    /// A transaction that begins after so many commits with these tables, for a client that has come so
    /// far in its rows and random numbers.
    pub(super) fn new(
        points: Points,
        sequence: u64,
        random: Random,
        snapshot: usize,
        tables: Tables,
    ) -> Self {
        let state = RefCell::new(State {
            tables: tables.clone(),
            reads: ReadSet::default(),
            written: BTreeSet::new(),
            sequence,
            random,
            later: Vec::new(),
        });
        Self { points, snapshot, before: tables, state, memo: Memo::default() }
    }

    /// Whether it has written nothing so far.
    pub(super) fn is_read_only(&self) -> bool {
        let state = self.state.borrow();
        state.written.is_empty() && state.later.is_empty()
    }

    /// What there is now, to come back to.
    pub(super) fn mark(&self) -> Mark {
        let State { tables, written, later, .. } = &*self.state.borrow();
        Mark { tables: tables.clone(), written: written.clone(), later: later.len() }
    }

    /// Undoes what was written since. What was read since stays read.
    pub(super) fn undo(&self, Mark { tables, written, later }: Mark) {
        let state = &mut *self.state.borrow_mut();
        (state.tables, state.written) = (tables, written);
        state.later.truncate(later);
    }

    /// Forgets what an operation has noted for itself: the next one of the transaction is another call.
    pub(super) fn forget(&self) {
        self.memo.clear();
    }

    pub(super) fn end(self) -> Ended {
        let State { tables, reads, written, sequence, random, later } = self.state.into_inner();
        let versions = |tables: &Tables, table: &str, row: u64| {
            tables.get(table).and_then(|table| table.get(row)).cloned()
        };
        let writes = written.into_iter().map(|(table, row)| {
            let old = versions(&self.before, &table, row);
            let new = versions(&tables, &table, row);
            Written { table, sequence: row, old, new }
        });
        Ended { reads, writes: writes.collect(), sequence, random, later }
    }

    /// Where others may come in between.
    async fn point(&self) {
        if self.points == Points::Requests {
            pause().await;
        }
    }
}

impl State {
    fn pull(&mut self, scan: &Scan, take: usize) -> Page {
        let table = self.tables.get(&scan.table).map(Rc::as_ref);
        let (rows, done) = pulled(&scan.table, table, &mut *scan.rest.borrow_mut(), take);
        self.reads.extend(&scan.place, rows.last(), done);
        Page { rows, done }
    }

    /// The table and place of a document that is about to be written. Convex reads it first.
    fn existing(&mut self, table: &str, doc: &str) -> Result<(&mut Table, u64)> {
        self.reads.document(table, doc);
        let rows = self.tables.get_mut(table).ok_or(refused("no such document"))?;
        let sequence = rows.find(doc).ok_or(refused("no such document"))?;
        self.written.insert((table.to_owned(), sequence));
        Ok((Rc::make_mut(rows), sequence))
    }
}

impl Database for Transaction {
    type Scan = Scan;

    async fn scan(&self, spec: ScanSpec, take: usize) -> Result<(Scan, Page)> {
        self.point().await;
        let state = &mut *self.state.borrow_mut();
        check_name(&spec.table)?;
        let bounds = Bounds::new(&spec)?;
        let rows = state.tables.get(&spec.table);
        let mut found = rows.map(|rows| rows.select(&bounds)).unwrap_or_default();
        if spec.order == Order::Desc {
            found.reverse();
        }
        let fields = bounds.fields();
        let (table, rest) = (spec.table.clone(), RefCell::new(found.into_iter()));
        let scan = Scan { table, rest, place: state.reads.open(spec, fields) };
        let page = state.pull(&scan, take);
        Ok((scan, page))
    }

    async fn next(&self, scan: &Scan, take: usize) -> Result<Page> {
        self.point().await;
        Ok(self.state.borrow_mut().pull(scan, take))
    }

    async fn insert(&self, table: &str, record: Record) -> Result<String> {
        self.point().await;
        check_name(table)?;
        check_record(&record)?;
        let state = &mut *self.state.borrow_mut();
        state.sequence += 1;
        state.written.insert((table.to_owned(), state.sequence));
        let rows = Rc::make_mut(state.tables.entry(table.to_owned()).or_default());
        Ok(rows.insert(table, state.sequence, record))
    }

    async fn patch(&self, table: &str, doc: &str, fields: Record) -> Result<()> {
        self.point().await;
        check_record(&fields)?;
        let mut state = self.state.borrow_mut();
        let (rows, sequence) = state.existing(table, doc)?;
        rows.patch(sequence, fields);
        Ok(())
    }

    async fn delete(&self, table: &str, doc: &str) -> Result<()> {
        self.point().await;
        let mut state = self.state.borrow_mut();
        let (rows, sequence) = state.existing(table, doc)?;
        rows.remove(sequence);
        Ok(())
    }

    async fn later(&self, operation: Record) -> Result<()> {
        self.point().await;
        self.state.borrow_mut().later.push(operation);
        Ok(())
    }

    fn memo(&self) -> &Memo {
        &self.memo
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<()> {
        self.state.borrow_mut().random.fill(bytes);
        Ok(())
    }
}
