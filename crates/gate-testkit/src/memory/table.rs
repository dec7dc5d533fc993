//! The rows of one table.

use std::collections::{BTreeMap, HashMap};

use gate_core::values::{Record, Value};

use super::orders::{Orders, compare};
use super::range::Bounds;

/// As many rows are looked through, and more are sorted once for all scans until the next write.
const FEW: usize = 64;

/// Rows in order of creation, each under its place in it.
#[derive(Clone, Default)]
pub(crate) struct Table {
    rows: BTreeMap<u64, Record>,
    places: HashMap<String, u64>,
    /// Where rows with one of our own ids are or were: thousands of look-ups must not be as many scans.
    by_public_id: HashMap<String, Vec<u64>>,
    orders: Orders,
    /// True when a test has set times of creation, which else have the order of the rows.
    out_of_order: bool,
}

impl Table {
    pub(crate) fn rows(&self) -> Vec<Record> {
        self.rows.values().cloned().collect()
    }

    pub(crate) fn get(&self, sequence: u64) -> Option<&Record> {
        self.rows.get(&sequence)
    }

    /// The place of the row with this `_id`.
    pub(crate) fn find(&self, doc: &str) -> Option<u64> {
        self.places.get(doc).copied()
    }

    /// Adds a new row, with Convex's own fields, and gives its `_id`.
    #[expect(clippy::cast_precision_loss, reason = "no test inserts 2^53 rows")]
    pub(crate) fn insert(&mut self, table: &str, sequence: u64, mut record: Record) -> String {
        // The order of ids has nothing to do with that of creation.
        let scattered = sequence.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let doc = format!("{scattered:016x}{table}");
        record.insert("_id".to_owned(), Value::String(doc.clone()));
        record.insert("_creationTime".to_owned(), Value::Float64(1.7e12 + sequence as f64 / 4.0));
        self.put(sequence, record);
        doc
    }

    /// Puts back a row that was there before.
    pub(crate) fn put(&mut self, sequence: u64, row: Record) {
        if let Some(doc) = row.get("_id").and_then(Value::as_str) {
            self.places.insert(doc.to_owned(), sequence);
        }
        self.note_id(sequence, &row);
        self.orders.forget();
        self.rows.insert(sequence, row);
    }

    fn note_id(&mut self, sequence: u64, row: &Record) {
        if let Some(id) = row.get("id").and_then(Value::as_str) {
            let known = self.by_public_id.entry(id.to_owned()).or_default();
            if !known.contains(&sequence) {
                known.push(sequence);
                known.sort_unstable();
            }
        }
    }

    /// Sets fields and gives the row as it was.
    pub(crate) fn patch(&mut self, sequence: u64, fields: Record) -> Option<Record> {
        self.note_id(sequence, &fields);
        self.orders.forget();
        self.out_of_order |= fields.contains_key("_creationTime");
        let row = self.rows.get_mut(&sequence)?;
        let before = row.clone();
        for (field, value) in fields {
            row.insert(field, value);
        }
        Some(before)
    }

    pub(crate) fn remove(&mut self, sequence: u64) -> Option<Record> {
        let row = self.rows.remove(&sequence)?;
        self.orders.forget();
        if let Some(doc) = row.get("_id").and_then(Value::as_str) {
            self.places.remove(doc);
        }
        Some(row)
    }

    /// The places of the rows within bounds, in the order of the index.
    pub(crate) fn select(&self, bounds: &Bounds<'_>) -> Vec<u64> {
        if let Some(id) = bounds.public_id() {
            let places = self.by_public_id.get(id).into_iter().flatten();
            return self.among(
                places.filter_map(|place| self.rows.get_key_value(place)).collect(),
                bounds,
            );
        }
        if self.rows.len() > FEW {
            return self.orders.within(&self.rows, bounds);
        }
        self.among(self.rows.iter().collect(), bounds)
    }

    /// The places of those of these rows that are within bounds, in the order of the index.
    fn among(&self, mut found: Vec<(&u64, &Record)>, bounds: &Bounds<'_>) -> Vec<u64> {
        found.retain(|(_, row)| bounds.hold(row));
        if self.out_of_order || !matches!(bounds.fields(), [] | ["_creationTime"]) {
            found.sort_by(|(_, a), (_, b)| compare(bounds.fields(), a, b));
        }
        found.into_iter().map(|(sequence, _)| *sequence).collect()
    }
}

#[cfg(test)]
mod tests {
    use gate_core::database::{Bound, IndexRange, Key};
    use proptest::prelude::*;

    use super::{Bounds, FEW, Record, Table, Value};

    const FIELDS: &[&str] = &["a", "b"];

    fn range(eq: Option<u8>, lower: Option<(u8, bool)>, upper: Option<(u8, bool)>) -> IndexRange {
        let key = |value: u8| Key::Value(Value::Float64(value.into()));
        let next = FIELDS.get(usize::from(eq.is_some())).copied().unwrap_or_default();
        let bound = |(value, inclusive)| (next.to_owned(), Bound { value: key(value), inclusive });
        IndexRange {
            eq: eq.map(|value| ("a".to_owned(), key(value))).into_iter().collect(),
            lower: lower.map(bound),
            upper: upper.map(bound),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn what_is_sorted_once_gives_what_a_look_at_every_row_gives(
            rows in proptest::collection::vec((0_u8..5, 0_u8..5), FEW + 1..FEW + 40),
            ranges in proptest::collection::vec(
                (any::<Option<u8>>(), any::<Option<(u8, bool)>>(), any::<Option<(u8, bool)>>()), 8,
            ),
            removed in 1_u64..FEW as u64,
        ) {
            let mut table = Table::default();
            let row = |(a, b): (u8, u8)| -> Record {
                [("a", a), ("b", b)].map(|(field, value)| (field.to_owned(), Value::Float64(value.into()))).into()
            };
            for (sequence, values) in (1..).zip(rows) {
                table.insert("table", sequence, row(values));
            }
            let small = |(value, inclusive): (u8, bool)| (value % 6, inclusive);
            for (index, (eq, lower, upper)) in ranges.into_iter().enumerate() {
                if index == 4 {
                    table.remove(removed);
                    table.patch(removed + 1, row((4, 4)));
                }
                let range = range(eq.map(|value| value % 6), lower.map(small), upper.map(small));
                let bounds = Bounds::checked(FIELDS, &range);
                let looked_through = table.among(table.rows.iter().collect(), &bounds);
                prop_assert_eq!(table.select(&bounds), looked_through);
            }
        }
    }
}
