//! Pages of work that is larger than one transaction of Convex.
//!
//! A page begins where the one before ended: at a position in an index, never at a number of rows. So
//! rows that come and go meanwhile are neither skipped nor met twice.

use crate::database::{Bound, IndexRange, Key, Order, ScanSpec, Usage};
use crate::planner::Step;
use crate::schema::{index_name, indexes_of};
use crate::values::{Record, Value};

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
