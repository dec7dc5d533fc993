//! Entries for rows that were there before their index.

use super::catalogue::{catalogue, note};
use super::keep::{entries_of, entry, letters, renew};
use super::scan::{equal, rows};
use crate::database::usage::Cost;
use crate::database::{Bound, Database, Key};
use crate::rows::{MARK, doc_of};
use crate::schema::entry_index::{SEARCH, index_key};
use crate::schema::{ENTRIES, check_name};
use crate::values::members::from_members;
use crate::values::{Record, Result, Value};
use crate::writes::{Write, carry_out};

/// Rows that one transaction fills in. With a dozen indexes that are some thousand writes, well within
/// what Convex allows.
const BATCH: usize = 100;
/// The same for each index for search, which has an entry for every letter: some two thousand writes.
const BATCH_OF_SEARCH: usize = 20;

/// A table whose rows are to have their entries, a page of them at a time.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Fill {
    table: String,
    /// The names of the indexes; all of the table without it.
    #[cfg_attr(feature = "typescript", ts(optional))]
    indexes: Option<Vec<String>>,
    /// `_creationTime` of the last row of the page before; absent for the first page.
    #[cfg_attr(feature = "typescript", ts(optional))]
    after: Option<f64>,
}

from_members!(Fill, members => Self {
    table: members.required("table"),
    indexes: members.optional("indexes"),
    after: members.optional("after"),
});

/// Fills a page in, and has the next one filled in later, if there is one.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn fill<D: Database>(db: &D, args: Fill) -> Result<()> {
    let Fill { table, indexes, after } = args;
    check_name(&table)?;
    let names = match indexes {
        Some(names) => names,
        None => {
            let known = catalogue(db, &table).await?;
            known.indexes.iter().map(|(name, _)| name.to_owned()).collect()
        }
    };
    if names.is_empty() { Ok(()) } else { fill_page(db, &table, names, after).await }
}

/// Fills a page of rows in, by order of creation, and notes whether the indexes are complete then.
pub(super) async fn fill_page<D: Database>(
    db: &D,
    table: &str,
    names: Vec<String>,
    after: Option<f64>,
) -> Result<()> {
    // One entry a row in each: twice the same name would give it two.
    let mut unique: Vec<String> = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    let names = unique;
    let mut spec = equal(table, "by_creation_time", &[]);
    // An index of a table that does not exist yet is an error.
    spec.index = spec.index.filter(|_| after.is_some());
    spec.range.lower = after.map(|after| {
        // Two rows may have been created at one time: the page begins with the last row of that before.
        let bound = Bound { value: Key::Value(Value::Float64(after)), inclusive: true };
        ("_creationTime".to_owned(), bound)
    });
    let searches = names.iter().filter(|name| name.ends_with(SEARCH)).count();
    let batch = BATCH_OF_SEARCH.checked_div(searches).map_or(BATCH, |rows| rows.max(1));
    let (scan, mut page) = db.scan(spec, batch).await?;
    let mut writes = Vec::new();
    let next = loop {
        let mut last = None;
        for row in &page.rows {
            complete(db, table, &names, row, &mut writes).await?;
            last = row.get("_creationTime");
        }
        match last {
            _ if page.done => break None,
            Some(Value::Float64(last)) if after.is_none_or(|after| *last > after) => {
                break Some(*last);
            }
            _ => page = db.next(&scan, batch).await?,
        }
    };
    note(db, table, &names, next.is_none(), &mut writes).await?;
    carry_out(db, writes).await?;
    let Some(next) = next else { return Ok(()) };
    let names = names.into_iter().map(Value::String).collect();
    let mut args = Record::new();
    args.insert("table".to_owned(), Value::from(table));
    args.insert("indexes".to_owned(), Value::Array(names));
    args.insert("after".to_owned(), Value::Float64(next));
    let mut operation = Record::new();
    operation.insert("fill".to_owned(), Value::Object(args));
    db.later(operation).await
}

/// Gives a row the entries that it lacks, and those that it has their values. Of several in one index
/// the first stays.
async fn complete<D: Database>(
    db: &D,
    table: &str,
    names: &[String],
    row: &Record,
    writes: &mut Vec<Write>,
) -> Result<()> {
    let doc = Value::from(doc_of(row)?);
    let entries = rows(db, entries_of(&doc, None)).await?;
    if !row.contains_key(MARK) {
        let mut mark = Record::new();
        mark.insert(MARK.to_owned(), Value::Bool(true));
        writes.push(Write::patch(table, row, mark)?);
    }
    for name in names {
        let index = index_key(table, name);
        let mut found = entries.iter().filter(|entry| entry.get("index") == Some(&index));
        match found.next() {
            Some(entry) if !name.ends_with(SEARCH) => {
                renew(name, row, entry, writes)?;
                for surplus in found {
                    writes.push(Write::delete(ENTRIES, surplus)?);
                }
            }
            _ => {
                db.memo().usage().spend(Cost::Writes, letters(name, row))?;
                writes.push(Write::Insert(ENTRIES, entry(table, name, row, &doc)));
            }
        }
    }
    Ok(())
}
