//! House-keeping: rows whose time is over, a few of them with every write and more on request.

use super::adapter::{after_the_check, delete_page, number, paged};
use crate::database::Database;
use crate::filter::{Clause, Filter, Operator};
use crate::query::{Query, Rows};
use crate::rows::official_rules;
use crate::schema::check_name;
use crate::values::members::from_members;
use crate::values::{Result, Value};

/// A table whose rows are of no use after a time.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Clean {
    /// The table.
    table: String,
    /// The field that says when. A row without a time, such as a key that never expires, stays.
    field: String,
    /// Rows that were written and over before this go, in ms since the epoch.
    before: f64,
    /// How many of them at most.
    most: usize,
}

from_members!(Clean, members => Self {
    table: members.required("table"),
    field: members.required("field"),
    before: members.required("before"),
    most: members.required("most"),
});

/// Deletes rows that were written before a time and are over since before it, and tells how many: at most `most`,
/// and about as many bytes as a page of writes has, with what refers to them. Where that may have left some it says
/// so, as if there were another page: asked again it goes on. A table that has no index on its time, or not yet, is
/// left alone: looking through all of it could cost more than the write that this comes with.
///
/// # Errors
/// `INVALID_NAME`; faults of the database.
pub async fn clean<D: Database>(db: &D, args: Clean) -> Result<Value> {
    let Clean { table, field, before, most } = args;
    check_name(&table)?;
    let value = Value::Float64(before);
    let over = Clause { field, operator: Operator::Less, value, insensitive: false };
    let filter = Filter { all: vec![over], any: Vec::new() };
    // Strangers write such rows, of up to 1 MiB, and Convex reads each twice: here, and as it deletes it.
    let usage = db.memo().usage();
    let begun = usage.clone();
    let query =
        Query { by_index: true, until: Some(&begun), ..Query::first(&table, &filter, most) };
    let mut rows = query.fetch(db).await?;
    let stopped = rows.len() >= most || usage.is_page_full(Some(&begun));
    // A row that was over when it was written is nobody's leftover yet: whoever wrote it may look for it.
    rows.retain(|row| {
        matches!(row.get("_creationTime"), Some(Value::Float64(created)) if *created < before)
    });
    // A first page would only look where a reference forbids the deletion.
    let from = after_the_check();
    // Where nothing goes the next call would find the same rows.
    let next = (stopped && !rows.is_empty()).then(after_the_check);
    let found = Rows { rows, next, ..Rows::default() };
    let (deleted, next) = delete_page(db, &table, found, &official_rules(), Some(&from)).await?;
    Ok(paged(number(deleted), next, None))
}
