//! Better Auth's ten adapter operations, each complete within one transaction of the database.
//!
//! Names are physical here: the app's side has translated models and fields, and says with each
//! write which fields are unique and what references what.

mod arguments;
mod cascade;
mod create;
mod read;
mod unique;
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
use crate::query::Query;
use crate::schema::check_name;
use crate::value::{Record, Value};
use crate::write::{Write, carry_out};

/// Deletes every matching row and gives how many. What references them is treated as the rules say.
///
/// # Errors
/// `RESTRICTED` when a reference forbids it; faults of the filter and of the database.
pub async fn delete_many<D: Database>(db: &D, args: Delete) -> Result<usize> {
    let filter = checked(&args.model, args.where_)?;
    let rows = Query::all(&args.model, &filter).fetch(db).await?;
    let count = rows.len();
    delete_rows(db, &args.model, rows, &args.rules).await?;
    Ok(count)
}

/// Deletes one matching row and gives it; of concurrent callers only one gets it.
///
/// # Errors
/// As [`delete_many`].
pub async fn consume_one<D: Database>(db: &D, args: Delete) -> Result<Option<Record>> {
    let filter = checked(&args.model, args.where_)?;
    let Some(row) = Query::first(&args.model, &filter, 1).fetch(db).await?.pop() else {
        return Ok(None);
    };
    delete_rows(db, &args.model, vec![row.clone()], &args.rules).await?;
    Ok(Some(outward(row)))
}

fn checked(model: &str, clauses: Vec<crate::filter::WhereClause>) -> Result<Filter> {
    check_name(model)?;
    Filter::parse(clauses)
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

/// Sets the same fields of several rows, and in their index entries.
pub(crate) async fn patch_rows<D: Database>(
    db: &D,
    table: &str,
    rows: &[Record],
    fields: &Record,
) -> Result<()> {
    let mut writes = Vec::with_capacity(rows.len());
    for row in rows {
        writes.push(Write::patch(table, row, fields.clone())?);
    }
    entries::changed(db, table, rows, fields, &mut writes).await?;
    carry_out(db, writes).await
}

/// Deletes several rows as they are, in one batch.
pub(crate) async fn drop_rows<D: Database>(db: &D, table: &str, rows: &[Record]) -> Result<()> {
    let writes: Result<_> = rows.iter().map(|row| Write::delete(table, row)).collect();
    carry_out(db, writes?).await
}

/// Convex's own id of a stored row.
pub(crate) fn doc_of(row: &Record) -> Result<&str> {
    row.get("_id")
        .and_then(Value::as_str)
        .ok_or(Fault::Internal { what: "a stored row without an id" })
}
