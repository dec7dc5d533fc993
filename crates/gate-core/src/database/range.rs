//! Parts of an index, and what a scan of one gives.

use crate::values::{Record, Value};

/// The direction of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "lowercase"))]
pub enum Order {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first.
    Desc,
}

/// A value in an index range. Absent fields are in an index too, before null.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "unknown"))]
pub enum Key {
    /// The field is absent.
    Missing,
    /// The field has this value.
    Value(Value),
}

impl Key {
    /// The value; `None` for an absent field.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Missing => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Bound {
    /// Where it ends.
    pub value: Key,
    /// Whether the value itself is part of the range.
    pub inclusive: bool,
}

/// A part of an index: fixed values of its first fields, then at most one field with bounds.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct IndexRange {
    /// Fields in index order with the value they must have.
    pub eq: Vec<(String, Key)>,
    /// The lower bound of the next field.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub lower: Option<(String, Bound)>,
    /// The upper bound of the same field.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub upper: Option<(String, Bound)>,
}

/// What to scan. Without an index: the whole table in the order of creation.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanSpec {
    /// The table.
    pub table: String,
    /// The index, by its name in the schema.
    pub index: Option<String>,
    /// The part of the index.
    pub range: IndexRange,
    /// The direction.
    pub order: Order,
}

/// Rows that a scan gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The rows, each with `_id` and `_creationTime`.
    pub rows: Vec<Record>,
    /// True when the scan has no more.
    pub done: bool,
}
