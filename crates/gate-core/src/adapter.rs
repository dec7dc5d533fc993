//! Better Auth's ten adapter operations, each complete within one transaction of the database.
//!
//! Names are physical here: the app's side has translated models and fields, and says with each
//! write which fields are unique and what references what.

mod arguments;
mod cascade;
mod constraints;
mod create;
mod read;
mod update;

pub use arguments::{
    Count, Create, Delete, FindMany, FindOne, Increment, Join, Reference, Relation, Rules, SortBy,
    Update,
};
pub(crate) use cascade::delete_rows;
pub use create::create;
pub use read::{count, find_many, find_one};
pub use update::{increment_one, update, update_many};

use crate::database::Database;
use crate::entries;
use crate::fault::{Fault, Result};
use crate::filter::Filter;
use crate::page::{PAGE_ROWS, Paging};
use crate::query::Query;
use crate::schema::check_name;
use crate::value::{Record, Value};
use crate::write::Write;

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
    delete_rows(db, &args.model, vec![row.clone()], &args.rules).await?;
    Ok(Some(outward(row)))
}

/// A list as a result.
pub(crate) fn list(records: Vec<Record>) -> Value {
    Value::Array(records.into_iter().map(Value::Object).collect())
}

/// A count as a result.
#[expect(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
pub(crate) fn number(count: usize) -> Value {
    Value::Float64(count as f64)
}

/// A result, or a part of it with the cursor of the next page.
fn paged(result: Value, next: Option<Record>, ordered: Option<bool>) -> Value {
    let Some(next) = next else { return result };
    let mut part = Record::new();
    part.insert("part".to_owned(), result);
    part.insert("next".to_owned(), Value::Object(next));
    if let Some(ordered) = ordered {
        part.insert("ordered".to_owned(), Value::Bool(ordered));
    }
    Value::Object(part)
}

fn checked<D: Database>(
    db: &D,
    model: &str,
    clauses: Vec<crate::filter::WhereClause>,
) -> Result<Filter> {
    check_name(model)?;
    Filter::parse(clauses, &|text| db.lowercase(text))
}

/// A row as it leaves the core: `_id` is our own id too, and Convex's fields stay inside.
pub(crate) fn outward(mut row: Record) -> Record {
    row.remove("_creationTime");
    row.remove(entries::MARK);
    match row.get("id") {
        Some(id) => {
            let id = id.clone();
            row.insert("_id".to_owned(), id);
        }
        None => {
            row.remove("_id");
        }
    }
    row
}

/// The writes that set the same fields of several rows, and of their index entries.
pub(crate) async fn patches<D: Database>(
    db: &D,
    table: &str,
    rows: &[Record],
    fields: &Record,
    writes: &mut Vec<Write>,
) -> Result<()> {
    for row in rows {
        writes.push(Write::patch(table, row, fields.clone())?);
    }
    entries::changed(db, table, rows, fields, writes).await
}

/// Convex's own id of a stored row.
pub(crate) fn doc_of(row: &Record) -> Result<&str> {
    row.get("_id")
        .and_then(Value::as_str)
        .ok_or(Fault::Internal { what: "a stored row without an id" })
}
