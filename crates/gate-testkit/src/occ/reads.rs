//! What a transaction has read, as Convex remembers it: intervals of indexes.

use std::collections::BTreeMap;

use gate_core::database::{IndexRange, Key, Order, ScanSpec};
use gate_core::values::{Record, Value};

use crate::memory::orders::compare;
use crate::memory::range::Bounds;

/// The intervals of every index of every table that was read.
#[derive(Default)]
pub(super) struct ReadSet(BTreeMap<String, Vec<Interval>>);

/// Where an open scan keeps its interval.
pub(super) struct Place {
    table: String,
    position: usize,
}

/// A part of an index.
struct Interval {
    fields: &'static [&'static str],
    range: IndexRange,
    order: Order,
    reach: Reach,
}

/// How far a range was read, from its beginning in the order of the scan.
enum Reach {
    Nothing,
    /// Up to this row, which is part of it.
    Row(Record),
    End,
}

impl ReadSet {
    /// Opens the interval of a scan of which nothing was read yet.
    pub(super) fn open(&mut self, spec: ScanSpec, fields: &'static [&'static str]) -> Place {
        let ScanSpec { table, index: _, range, order } = spec;
        let intervals = self.0.entry(table.clone()).or_default();
        intervals.push(Interval { fields, range, order, reach: Reach::Nothing });
        Place { table, position: intervals.len() - 1 }
    }

    /// Extends the interval of a scan by rows that it gave, or to its end once it gave all.
    pub(super) fn extend(&mut self, place: &Place, last: Option<&Record>, done: bool) {
        let intervals = self.0.get_mut(&place.table);
        let Some(interval) = intervals.and_then(|list| list.get_mut(place.position)) else {
            return;
        };
        if done {
            interval.reach = Reach::End;
        } else if let Some(last) = last {
            interval.reach = Reach::Row(last.clone());
        }
    }

    /// Adds the one place of `by_id` where a document is.
    pub(super) fn document(&mut self, table: &str, doc: &str) {
        let range = IndexRange {
            eq: vec![("_id".to_owned(), Key::Value(Value::from(doc)))],
            ..IndexRange::default()
        };
        let fields = &["_id"];
        let interval = Interval { fields, range, order: Order::Asc, reach: Reach::End };
        self.0.entry(table.to_owned()).or_default().push(interval);
    }

    /// Whether a version of a document lies where this transaction has read.
    pub(super) fn covers(&self, table: &str, row: &Record) -> bool {
        self.0.get(table).is_some_and(|intervals| intervals.iter().any(|each| each.covers(row)))
    }
}

impl Interval {
    fn covers(&self, row: &Record) -> bool {
        Bounds::checked(self.fields, &self.range).hold(row)
            && match &self.reach {
                Reach::Nothing => false,
                Reach::Row(last) => {
                    let order = compare(self.fields, row, last);
                    if self.order == Order::Asc { order.is_le() } else { order.is_ge() }
                }
                Reach::End => true,
            }
    }
}
