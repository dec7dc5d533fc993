//! The rows of a table in the orders of its indexes, so that thousands of pages are not as many looks at
//! every row.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use gate_core::values::{Record, compare_optional};

use super::range::Bounds;

/// The orders that scans have asked for since the last write, by the fields of the index.
#[derive(Default)]
pub(super) struct Orders(RefCell<HashMap<&'static [&'static str], Vec<u64>>>);

/// A copy of a table is made to be written to.
impl Clone for Orders {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Orders {
    /// What was known is over: a row is another one.
    pub(super) fn forget(&mut self) {
        self.0.get_mut().clear();
    }

    /// The places of the rows within bounds, in the order of the index.
    pub(super) fn within(&self, rows: &BTreeMap<u64, Record>, bounds: &Bounds<'_>) -> Vec<u64> {
        let fields = bounds.fields();
        let mut orders = self.0.borrow_mut();
        let order = orders.entry(fields).or_insert_with(|| {
            let mut sorted: Vec<(&u64, &Record)> = rows.iter().collect();
            sorted.sort_by(|(_, a), (_, b)| compare(fields, a, b));
            sorted.into_iter().map(|(place, _)| *place).collect()
        });
        let place = |sequence: &u64| rows.get(sequence).map(|row| bounds.place(row));
        let start = order.partition_point(|row| place(row).is_some_and(|place| place.is_lt()));
        let end = order.partition_point(|row| place(row).is_some_and(|place| place.is_le()));
        order.get(start..end).map(<[u64]>::to_vec).unwrap_or_default()
    }
}

/// The order of an index: its fields, then the time of creation, then the id.
pub(crate) fn compare(fields: &[&str], a: &Record, b: &Record) -> Ordering {
    fields
        .iter()
        .chain(&["_creationTime", "_id"])
        .map(|field| compare_optional(a.get(field), b.get(field)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
