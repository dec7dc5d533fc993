//! `delete`, `deleteMany` and `consumeOne`.

use super::answers::{number, paged};
use super::arguments::{Delete, checked};
use super::cascade;
use crate::database::Database;
use crate::database::usage::PAGE_ROWS;
use crate::filter::Filter;
use crate::query::{Paging, Query};
use crate::rows::{Rules, outward};
use crate::values::{Record, Result, Value};

/// Rows of a page whose references are checked before anything is deleted.
const CHECKED_ROWS: usize = 100;

/// Deletes every matching row, or a page of them, and gives how many. What references them is treated
/// as the rules say.
///
/// # Errors
/// `RESTRICTED` when a reference forbids it; faults of the filter and of the database.
pub async fn delete_many<D: Database>(db: &D, args: Delete) -> Result<Value> {
    let filter = checked(db, &args.model, args.where_)?;
    delete_matching(db, &args.model, &filter, &args.rules, args.page.as_ref()).await
}

/// Deletes every row that the filter accepts, or a page of them, and gives how many.
pub(crate) async fn delete_matching<D: Database>(
    db: &D,
    model: &str,
    filter: &Filter,
    rules: &Rules,
    from: Option<&Record>,
) -> Result<Value> {
    let begun = db.memo().usage().clone();
    let (most, since) = match cascade::checks_first(rules, from) {
        true => (CHECKED_ROWS, None),
        false => (PAGE_ROWS, Some(&begun)),
    };
    let paging = from.map(|from| Paging { from, most, moves: None, since });
    let query = Query { paging, ..Query::all(model, filter) };
    let rows = query.fetch_page(db).await?;
    let (count, next) = cascade::delete_page(db, model, rows, rules, from).await?;
    Ok(paged(number(count), next, None))
}

/// Deletes one matching row and gives it; of concurrent callers only one gets it.
///
/// # Errors
/// As [`delete_many`].
pub async fn consume_one<D: Database>(db: &D, args: Delete) -> Result<Option<Record>> {
    let filter = checked(db, &args.model, args.where_)?;
    let Some(row) = Query::first(&args.model, &filter, 1).fetch(db).await?.pop() else {
        return Ok(None);
    };
    cascade::delete_rows(db, &args.model, vec![row.clone()], &args.rules).await?;
    Ok(Some(outward(row)))
}
