//! The arguments of the adapter operations, as they arrive.

use serde::Deserialize;

use crate::database::Order;
use crate::filter::WhereClause;
use crate::planner::Sort;
use crate::value::Record;

/// What Better Auth's own metadata says of the app's schema, as far as a write needs it.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Rules {
    /// Groups of fields that must be unique together. A group with an absent or null field is free.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub unique: Vec<Vec<String>>,
    /// Every reference of the schema, so that cascades can go from table to table.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub references: Vec<Reference>,
}

/// A field that refers to a field of another table.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// The referring table.
    pub model: String,
    /// Its field.
    pub field: String,
    /// The table referred to.
    pub target: String,
    /// Its field.
    pub to: String,
    /// `cascade`, `set null`, `restrict`, or anything else for no action.
    pub on_delete: String,
}

/// `create`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Create {
    /// The table.
    pub model: String,
    /// The row, with or without an id.
    pub data: Record,
    /// The schema's rules.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
}

/// `findOne`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FindOne {
    /// The table.
    pub model: String,
    /// Which row.
    #[serde(rename = "where", default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub where_: Vec<WhereClause>,
    /// The fields to give; all without it.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub select: Option<Vec<String>>,
    /// Tables to join.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub join: Vec<Join>,
}

/// `findMany`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FindMany {
    /// The table.
    pub model: String,
    /// Which rows.
    #[serde(rename = "where", default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub where_: Vec<WhereClause>,
    /// How many at most; 100 without it, Better Auth's default.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub limit: Option<usize>,
    /// How many to leave out first.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub offset: usize,
    /// In which order.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub sort_by: Option<SortBy>,
    /// The fields to give; all without it.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub select: Option<Vec<String>>,
    /// Tables to join.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub join: Vec<Join>,
}

/// The order of a list.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SortBy {
    /// The field.
    pub field: String,
    /// The direction.
    pub direction: Order,
}

impl From<SortBy> for Sort {
    fn from(sort: SortBy) -> Self {
        Self { field: sort.field, order: sort.direction }
    }
}

/// How many rows of the joined table belong to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Relation {
    /// A list.
    #[serde(rename = "one-to-many")]
    Many,
    /// One row or null.
    #[serde(rename = "one-to-one")]
    One,
}

/// A table to join.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Join {
    /// The key of the result.
    #[serde(rename = "as")]
    pub as_: String,
    /// The joined table.
    pub table: String,
    /// The field of the base row.
    pub from: String,
    /// The field of the joined row that equals it.
    pub to: String,
    /// How many joined rows at most.
    pub limit: usize,
    /// One or many.
    pub relation: Relation,
}

/// `count`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Count {
    /// The table.
    pub model: String,
    /// Which rows.
    #[serde(rename = "where", default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub where_: Vec<WhereClause>,
}

/// `update` and `updateMany`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Update {
    /// The table.
    pub model: String,
    /// Which rows.
    #[serde(rename = "where", default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub where_: Vec<WhereClause>,
    /// The fields to set.
    pub update: Record,
    /// The schema's rules.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
}

/// `delete`, `deleteMany` and `consumeOne`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Delete {
    /// The table.
    pub model: String,
    /// Which rows.
    #[serde(rename = "where", default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub where_: Vec<WhereClause>,
    /// The schema's rules.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
}

/// `incrementOne`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Increment {
    /// The table.
    pub model: String,
    /// Which row, and the guard.
    #[serde(rename = "where", default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub where_: Vec<WhereClause>,
    /// Fields to add to; may be empty.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub increment: Record,
    /// Fields to set in the same step.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub set: Record,
    /// The schema's rules.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
}
