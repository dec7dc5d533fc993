//! The arguments of the adapter operations, as they arrive.

use crate::database::{Database, Order};
use crate::filter::{Filter, WhereClause};
use crate::planner::Sort;
use crate::rows::Rules;
use crate::schema::check_name;
use crate::values::members::{Argument, from_members, malformed};
use crate::values::{Record, Result, Value};

/// `create`.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Create {
    /// The table.
    pub model: String,
    /// The row, with or without an id.
    pub data: Record,
    /// The schema's rules.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
}

/// `findOne`.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FindOne {
    /// The table.
    pub model: String,
    /// Which row.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>", rename = "where"))]
    pub where_: Vec<WhereClause>,
    /// The fields to give; all without it.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub select: Option<Vec<String>>,
    /// Tables to join.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub join: Vec<Join>,
}

/// `findMany`.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub struct FindMany {
    /// The table.
    pub model: String,
    /// Which rows.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>", rename = "where"))]
    pub where_: Vec<WhereClause>,
    /// How many at most; 100 without it, Better Auth's default.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub limit: Option<usize>,
    /// How many to leave out first.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub offset: usize,
    /// In which order.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub sort_by: Option<SortBy>,
    /// The fields to give; all without it.
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub select: Option<Vec<String>>,
    /// Tables to join.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub join: Vec<Join>,
    /// Which page: `{}` for the first, then what the page before gave. Without it, all at once.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub page: Option<Record>,
}

/// The order of a list.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Relation {
    /// A list.
    #[default]
    #[cfg_attr(feature = "typescript", ts(rename = "one-to-many"))]
    Many,
    /// One row or null.
    #[cfg_attr(feature = "typescript", ts(rename = "one-to-one"))]
    One,
}

/// A table to join.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Join {
    /// The key of the result.
    #[cfg_attr(feature = "typescript", ts(rename = "as"))]
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
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Count {
    /// The table.
    pub model: String,
    /// Which rows.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>", rename = "where"))]
    pub where_: Vec<WhereClause>,
    /// Which page: `{}` for the first, then what the page before gave. Without it, all at once.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub page: Option<Record>,
}

/// `update` and `updateMany`.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Update {
    /// The table.
    pub model: String,
    /// Which rows.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>", rename = "where"))]
    pub where_: Vec<WhereClause>,
    /// The fields to set.
    pub update: Record,
    /// The schema's rules.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
    /// Which page: `{}` for the first, then what the page before gave. Without it, all at once.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub page: Option<Record>,
}

/// `delete`, `deleteMany` and `consumeOne`.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Delete {
    /// The table.
    pub model: String,
    /// Which rows.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>", rename = "where"))]
    pub where_: Vec<WhereClause>,
    /// The schema's rules.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
    /// Which page: `{}` for the first, then what the page before gave. Without it, all at once.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub page: Option<Record>,
}

/// `incrementOne`.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Increment {
    /// The table.
    pub model: String,
    /// Which row, and the guard.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>", rename = "where"))]
    pub where_: Vec<WhereClause>,
    /// Fields to add to; may be empty.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub increment: Record,
    /// Fields to set in the same step.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub set: Record,
    /// The schema's rules.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub rules: Rules,
}

/// The filter of a call, once the name of its table was found to be one.
pub(super) fn checked<D: Database>(
    db: &D,
    model: &str,
    clauses: Vec<WhereClause>,
) -> Result<Filter> {
    check_name(model)?;
    Filter::parse(clauses, &|text| db.lowercase(text))
}

from_members!(Create, members => Self {
    model: members.required("model"),
    data: members.required("data"),
    rules: members.or_default("rules"),
});

from_members!(FindOne, members => Self {
    model: members.required("model"),
    where_: members.or_default("where"),
    select: members.optional("select"),
    join: members.or_default("join"),
});

from_members!(FindMany, members => Self {
    model: members.required("model"),
    where_: members.or_default("where"),
    limit: members.optional("limit"),
    offset: members.or_default("offset"),
    sort_by: members.optional("sortBy"),
    select: members.optional("select"),
    join: members.or_default("join"),
    page: members.optional("page"),
});

from_members!(SortBy, members => Self {
    field: members.field("field"),
    direction: members.required("direction"),
});

from_members!(Join, members => Self {
    as_: members.required("as"),
    table: members.required("table"),
    from: members.field("from"),
    to: members.field("to"),
    limit: members.required("limit"),
    relation: members.required("relation"),
});

from_members!(Count, members => Self {
    model: members.required("model"),
    where_: members.or_default("where"),
    page: members.optional("page"),
});

from_members!(Update, members => Self {
    model: members.required("model"),
    where_: members.or_default("where"),
    update: members.required("update"),
    rules: members.or_default("rules"),
    page: members.optional("page"),
});

from_members!(Delete, members => Self {
    model: members.required("model"),
    where_: members.or_default("where"),
    rules: members.or_default("rules"),
    page: members.optional("page"),
});

from_members!(Increment, members => Self {
    model: members.required("model"),
    where_: members.or_default("where"),
    increment: members.or_default("increment"),
    set: members.or_default("set"),
    rules: members.or_default("rules"),
});

impl Argument for Order {
    fn read(name: &str, value: Value) -> Result<Self> {
        match value.as_str() {
            Some("asc") => Ok(Self::Asc),
            Some("desc") => Ok(Self::Desc),
            _ => Err(malformed(name)),
        }
    }
}

impl Argument for Relation {
    fn read(name: &str, value: Value) -> Result<Self> {
        match value.as_str() {
            Some("one-to-many") => Ok(Self::Many),
            Some("one-to-one") => Ok(Self::One),
            _ => Err(malformed(name)),
        }
    }
}
