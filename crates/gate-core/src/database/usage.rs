//! What one transaction of Convex can hold, and how much of it operations have used up.

use std::cell::Cell;

use crate::values::{Fault, Record, Result, Value};

/// Rows that a page of writes begins with at most.
pub(crate) const PAGE_ROWS: usize = 1_000;

/// Changes that a page makes at most, those that cascades reach included, each with the look-ups that
/// it takes: with what the page has read they have to stay within Convex's read intervals.
pub(crate) const PAGE_CHANGES: usize = 1_500;

/// Rows in one list of an answer. Convex (1.48) allows arrays of 8,192; a page ends a little before.
pub(crate) const LIST_ROWS: usize = 8_000;

/// What an operation uses up of its transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cost {
    /// Documents read.
    Documents,
    /// Bytes read.
    Bytes,
    /// Read intervals: one an index range, and one a document that is changed or deleted.
    Intervals,
    /// Documents written.
    Writes,
}

/// By cost: its name, what an operation may use, and at how much a page ends, one that reads and one
/// that writes. Convex (1.48) allows 32,000 documents, 16 MiB, 4,096 intervals and 16,000 writes; the
/// rest is for what one batch brings before it is counted, and for the other calls of an app's own
/// mutation. A self-hosted backend needs its 15 s for pages of 8,000 documents of a large table. And a
/// deployment writes 4 MiB a second, for all of its requests together.
const LIMITS: [(&str, usize, [usize; 2]); 4] = [
    ("documents read", 27_500, [2_000, 2_000]),
    ("bytes read", 14 << 20, [4 << 20, PAGE_BYTES]),
    ("index ranges and changed documents", 4_090, [1_200, 1_200]),
    ("documents written", 14_000, [4_000, 4_000]),
];

/// Bytes after which a page of writes ends.
const PAGE_BYTES: usize = 1 << 20;

/// Bytes after which the number of rows that are read at once does not grow.
const HEAVY: usize = 1 << 18;

/// Checks that rows fit in one list of an answer.
pub(crate) fn fits_a_list(rows: &[Record]) -> Result<()> {
    let most = LIST_ROWS;
    if rows.len() > most {
        Err(Fault::LimitExceeded { limit: "rows in a list", most })
    } else {
        Ok(())
    }
}

/// What the operations of one transaction have used up.
#[derive(Debug, Clone, Default)]
pub struct Usage([Cell<usize>; 4]);

impl Usage {
    pub(crate) fn spend(&self, cost: Cost, amount: usize) -> Result<()> {
        let all = self.0.iter().zip(LIMITS).nth(cost as usize);
        let Some((used, (limit, most, _))) = all else { return Ok(()) };
        used.set(used.get().saturating_add(amount));
        if used.get() > most { Err(Fault::LimitExceeded { limit, most }) } else { Ok(()) }
    }

    pub(crate) fn read(&self, rows: &[Record]) -> Result<()> {
        self.spend(Cost::Documents, rows.len())?;
        self.spend(Cost::Bytes, rows.iter().map(size).sum())
    }

    /// True when a page should end: one that reads, or one that writes what was read `since`.
    pub(crate) fn is_page_full(&self, since: Option<&Self>) -> bool {
        let nothing = Self::default();
        let (begun, column) = since.map_or((&nothing, 0), |since| (since, 1));
        let used = self.0.iter().zip(&begun.0).map(|(now, begun)| now.get() - begun.get());
        used.zip(LIMITS)
            .any(|(used, (_, _, pages))| pages.get(column).is_some_and(|page| used >= *page))
    }

    /// True when rows have turned out so large that no more should be read at once.
    pub(crate) fn is_heavy(&self) -> bool {
        self.0.get(Cost::Bytes as usize).is_some_and(|bytes| bytes.get() >= HEAVY)
    }

    pub(crate) fn clear(&self) {
        self.0.iter().for_each(|used| used.set(0));
    }
}

/// About the bytes of a row: texts are what makes rows large.
fn size(row: &Record) -> usize {
    row.iter().map(|(field, value)| field.len() + size_of_value(value)).sum()
}

fn size_of_value(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Bytes(bytes) => bytes.len() + 2,
        Value::Array(items) => items.iter().map(size_of_value).sum(),
        Value::Object(record) => size(record),
        _ => 9,
    }
}

/// How many rows a page of changes may have, each as large as the change makes it.
pub(crate) fn rows_of_change(fields: &Record) -> usize {
    (PAGE_BYTES / (1 + size(fields))).clamp(1, PAGE_ROWS)
}
