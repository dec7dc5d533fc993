//! What one transaction of Convex can hold, and pages of work that is larger.
//!
//! A page begins where the one before ended: at a position in an index, never at a number of rows. So
//! rows that come and go meanwhile are neither skipped nor met twice.

use std::cell::Cell;

use crate::database::{Bound, IndexRange, Key, Order, ScanSpec};
use crate::fault::{Fault, Result};
use crate::planner::Step;
use crate::schema::{index_name, indexes_of};
use crate::value::{Record, Value};

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

/// Index ranges that one list of values may lead to: the rest is for the rows that are changed then.
pub(crate) const MOST_RANGES: usize = 3_500;

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

/// A page of a query.
#[derive(Debug, Clone, Copy)]
pub struct Paging<'a> {
    /// Where it begins: nothing for the first, and what the page before gave for any other.
    pub from: &'a Record,
    /// How many rows it may have, if not as many as its transaction can read. On a page that writes, the
    /// index entries of a row count as well.
    pub most: usize,
    /// Fields that change. Rows that move within the index which they are read by would come again.
    pub moves: Option<&'a Record>,
    /// Of a page that writes: what had been used up when it began.
    pub since: Option<&'a Usage>,
}

/// How many rows a page of changes may have, each as large as the change makes it.
pub(crate) fn rows_of_change(fields: &Record) -> usize {
    (PAGE_BYTES / (1 + size(fields))).clamp(1, PAGE_ROWS)
}

impl Paging<'_> {
    /// The cursor of a page that begins with this row of a step.
    pub(crate) fn at(&self, step: usize, fields: &[&str], row: &Record) -> Record {
        let mut cursor = self.from.clone();
        set_number(&mut cursor, "step", step);
        cursor.insert("at".to_owned(), Value::Object(place(fields, row)));
        cursor
    }

    /// True for a cursor that begins again, in another order: what came before it does not count.
    pub(crate) fn is_over(&self, next: &Record) -> bool {
        next.contains_key("whole") && !self.from.contains_key("whole")
    }

    /// The cursor of the first page of the whole table in order of creation, which nothing changes.
    pub(crate) fn whole(&self) -> Record {
        let mut cursor = self.from.clone();
        cursor.insert("whole".to_owned(), Value::Bool(true));
        cursor
    }
}

/// Where a row is in an index: its values of these fields.
pub(crate) fn place(fields: &[&str], row: &Record) -> Record {
    let keys =
        fields.iter().filter_map(|field| Some(((*field).to_owned(), row.get(field)?.clone())));
    keys.collect()
}

/// A number of a cursor.
pub(crate) fn number(cursor: &Record, name: &str) -> Option<usize> {
    match cursor.get(name) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        Some(Value::Float64(number)) => Some(*number as usize),
        _ => None,
    }
}

/// Adds a number to a cursor.
pub(crate) fn set_number(cursor: &mut Record, name: &str, number: usize) {
    #[expect(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
    cursor.insert(name.to_owned(), Value::Float64(number as f64));
}

/// The step that a page begins in, and the row there.
pub(crate) fn begins(from: &Record) -> (usize, Option<&Record>) {
    let step = number(from, "step").unwrap_or_default();
    match from.get("at") {
        Some(Value::Object(at)) => (step, Some(at)),
        _ => (step, None),
    }
}

/// The fields by which the rows of a step are ordered.
pub(crate) fn order_of(table: &str, step: &Step) -> Vec<&'static str> {
    let index = step
        .index
        .as_deref()
        .and_then(|name| indexes_of(table).find(|fields| index_name(fields) == name));
    index.into_iter().flatten().copied().chain(["_creationTime"]).collect()
}

/// What is left of a scan from a row on: an index is a list of lists, so the rest of the innermost one
/// comes first, then the rest of that around it.
pub(crate) fn rest_of(spec: &ScanSpec, fields: &[&str], at: &Record) -> Vec<ScanSpec> {
    let fixed = spec.range.eq.len();
    let key = |field: &str| at.get(field).cloned().map_or(Key::Missing, Key::Value);
    let mut rest = Vec::new();
    for depth in (fixed..fields.len()).rev() {
        let Some((field, outer)) = fields.get(..=depth).and_then(<[&str]>::split_last) else {
            break;
        };
        let eq = outer.iter().map(|field| ((*field).to_owned(), key(field))).collect();
        let mut range = IndexRange { eq, lower: None, upper: None };
        if depth == fixed {
            range.lower.clone_from(&spec.range.lower);
            range.upper.clone_from(&spec.range.upper);
        }
        let inclusive = depth + 1 == fields.len();
        let bound = Some(((*field).to_owned(), Bound { value: key(field), inclusive }));
        match spec.order {
            Order::Asc => range.lower = bound,
            Order::Desc => range.upper = bound,
        }
        let index = spec.index.clone().unwrap_or_else(|| "by_creation_time".to_owned());
        rest.push(ScanSpec { range, index: Some(index), ..spec.clone() });
    }
    rest
}
