//! Entries follow their row: in the same transaction, so that they are never stale.

use super::catalogue::catalogue;
use super::scan::{equal, rows};
use crate::database::usage::Cost;
use crate::database::{Catalogue, Database, ScanSpec};
use crate::rows::MARK;
use crate::schema::ENTRIES;
use crate::schema::entry_index::{KEYS, SEARCH, fields_of, index_key};
use crate::values::{Record, Result, Value};
use crate::writes::{Write, carry_out};

/// Letters of the longest text that has an entry there for each: as in `js/component/search-entries.ts`.
const MOST_LETTERS: usize = 100;

/// Inserts a row with an entry in every index of its table.
pub(crate) async fn inserted<D: Database>(
    db: &D,
    table: &str,
    mut row: Record,
    known: &Catalogue,
) -> Result<()> {
    if !known.indexes.is_empty() {
        row.insert(MARK.to_owned(), Value::Bool(true));
    }
    let doc = Value::String(db.insert(table, row.clone()).await?);
    let mut writes = Vec::new();
    for (name, _) in known.indexes.iter() {
        db.memo().usage().spend(Cost::Writes, letters(name, &row))?;
        let mut entry = entry(table, name, &row, &doc);
        // Rows with equal values are in order of creation: those that were there before the index were
        // filled in by that order and come first, since this field is absent in their entries.
        entry.insert("fresh".to_owned(), Value::Bool(true));
        writes.push(Write::Insert(ENTRIES, entry));
    }
    carry_out(db, writes).await
}

/// The entry of a row in an index.
pub(super) fn entry(table: &str, name: &str, row: &Record, doc: &Value) -> Record {
    let mut entry = keys(name, row);
    entry.insert("index".to_owned(), index_key(table, name));
    entry.insert("doc".to_owned(), doc.clone());
    entry
}

/// The fields of an entry for those fields of an index that `row` has.
fn keys(name: &str, row: &Record) -> Record {
    let mut keys = Record::new();
    for (field, key) in fields_of(name).iter().zip(&KEYS) {
        if let Some(value) = row.get(field) {
            keys.insert((*key).to_owned(), value.clone());
        }
    }
    keys
}

/// How many entries the component makes of one for search, at most: one for each letter of the text, and
/// one for all of a text that is longer than [`MOST_LETTERS`].
pub(super) fn letters(name: &str, row: &Record) -> usize {
    let text = fields_of(name).first().and_then(|field| row.get(field)).and_then(Value::as_str);
    match text.filter(|_| name.ends_with(SEARCH)) {
        Some(text) => text.chars().count().min(MOST_LETTERS),
        None => 0,
    }
}

/// How many documents a change of these fields of a row reads and writes, or its deletion: with the entries
/// that change with it.
pub(crate) async fn changes_of<D: Database>(
    db: &D,
    table: &str,
    row: &Record,
    fields: Option<&Record>,
) -> Result<usize> {
    if !row.contains_key(MARK) {
        return Ok(1);
    }
    let known = catalogue(db, table).await?;
    let of = |name: &str| match fields {
        Some(fields) if keys(name, fields).is_empty() => 0,
        Some(fields) => 2 + letters(name, row) + letters(name, fields),
        None => 2 + letters(name, row),
    };
    Ok(known.indexes.iter().map(|(name, _)| of(name)).sum::<usize>() + 1)
}

/// Sets the fields of an entry for those fields of its index that `row` has.
pub(super) fn renew(
    name: &str,
    row: &Record,
    entry: &Record,
    writes: &mut Vec<Write>,
) -> Result<()> {
    let keys = keys(name, row);
    if keys.iter().any(|(key, value)| entry.get(key) != Some(value)) {
        writes.push(Write::patch(ENTRIES, entry, keys)?);
    }
    Ok(())
}

/// The scan over the entries of a row: over all of them, or that of one index.
pub(super) fn entries_of(doc: &Value, index: Option<&Value>) -> ScanSpec {
    let values = [("doc", doc), ("index", index.unwrap_or(doc))];
    let values = if index.is_some() { &values[..] } else { values.split_at(1).0 };
    equal(ENTRIES, "by_doc_index", values)
}

/// The writes that set the same fields of several rows, and of their entries.
pub(crate) async fn patched<D: Database>(
    db: &D,
    table: &str,
    patched: &[Record],
    fields: &Record,
    writes: &mut Vec<Write>,
) -> Result<()> {
    for row in patched {
        writes.push(Write::patch(table, row, fields.clone())?);
    }
    for row in patched {
        let (Some(doc), true) = (row.get("_id"), row.contains_key(MARK)) else { continue };
        let known = catalogue(db, table).await?;
        for (name, _) in known.indexes.iter() {
            if keys(name, fields).is_empty() {
                continue;
            }
            if name.ends_with(SEARCH) {
                let (old, new) = (letters(name, row), letters(name, fields));
                db.memo().usage().spend(Cost::Intervals, 1 + old)?;
                db.memo().usage().spend(Cost::Writes, old.max(new))?;
                let mut row = row.clone();
                for (field, value) in fields.iter() {
                    row.insert(field.to_owned(), value.clone());
                }
                writes.push(Write::Insert(ENTRIES, entry(table, name, &row, doc)));
            } else {
                // A row may have no entry yet in an index that is still being filled.
                for entry in rows(db, entries_of(doc, Some(&index_key(table, name)))).await? {
                    renew(name, fields, &entry, writes)?;
                }
            }
        }
    }
    Ok(())
}

/// Deletes the entries of a row that is deleted.
pub(crate) async fn dropped<D: Database>(
    db: &D,
    row: &Record,
    writes: &mut Vec<Write>,
) -> Result<()> {
    if let (Some(doc), true) = (row.get("_id"), row.contains_key(MARK)) {
        for entry in rows(db, entries_of(doc, None)).await? {
            writes.push(Write::delete(ENTRIES, &entry)?);
        }
    }
    Ok(())
}
