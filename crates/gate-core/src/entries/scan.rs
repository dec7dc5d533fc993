//! Scans that need no plan: of entries, of their rows, and of a row that an index names.

use crate::database::usage::{Cost, LIST_ROWS};
use crate::database::{Database, IndexRange, Key, Order, ScanSpec};
use crate::values::{Record, Result, Value};

/// The scan that finds a row by Convex's id.
pub(crate) fn by_id(table: &str, doc: &Value) -> ScanSpec {
    equal(table, "by_id", &[("_id", doc)])
}

/// A scan of the part of an index where its first fields have these values.
pub(crate) fn equal(table: &str, index: &str, values: &[(&str, &Value)]) -> ScanSpec {
    let mut range = IndexRange::default();
    for (field, value) in values {
        range.eq.push(((*field).to_owned(), Key::Value((*value).clone())));
    }
    ScanSpec { table: table.to_owned(), index: Some(index.to_owned()), range, order: Order::Asc }
}

/// The rows of a scan that has few: of no row could as many entries be deleted in one transaction.
pub(super) fn rows<D: Database>(
    db: &D,
    spec: ScanSpec,
) -> impl Future<Output = Result<Vec<Record>>> {
    first_rows(db, spec, LIST_ROWS)
}

/// The first rows of a scan, at most `most`.
pub(crate) async fn first_rows<D: Database>(
    db: &D,
    spec: ScanSpec,
    most: usize,
) -> Result<Vec<Record>> {
    let usage = db.memo().usage();
    usage.spend(Cost::Intervals, 1)?;
    let rows = db.scan(spec, most).await?.1.rows;
    usage.read(&rows)?;
    Ok(rows)
}
