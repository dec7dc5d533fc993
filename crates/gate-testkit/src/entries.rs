//! Index entries worked out from the rows alone, without the core: what must be stored, and a database
//! in which it is.

use gate_core::schema::{CATALOGUE, ENTRIES};
use gate_core::values::{Record, Value, compare_optional};

use crate::memory::MemoryDatabase;

/// The entries that rows of a table must have, in a fixed order. Rows are as they are stored.
#[must_use]
pub fn recomputed(table: &str, indexes: &[&str], rows: &[Record]) -> Vec<Record> {
    let mut entries = Vec::new();
    for row in rows {
        for index in indexes {
            let mut entry: Record = index
                .trim_end_matches('!')
                .split(',')
                .enumerate()
                .filter_map(|(place, field)| Some((format!("k{place}"), row.get(field)?.clone())))
                .filter(|(key, _)| key.as_str() < "k4")
                .collect();
            entry.insert("index".to_owned(), Value::String(format!("{table}:{index}")));
            if let Some(doc) = row.get("_id") {
                entry.insert("doc".to_owned(), doc.clone());
            }
            entries.push(entry);
        }
    }
    sorted(entries)
}

/// The stored entries of a table, in the same order, without what says when they were made.
#[must_use]
pub fn stored(db: &MemoryDatabase, table: &str) -> Vec<Record> {
    of_table(db.rows(ENTRIES), table)
}

/// Those of all stored entries that are of a table, as [`stored`] gives them.
#[must_use]
pub fn of_table(entries: Vec<Record>, table: &str) -> Vec<Record> {
    let of_table = |entry: &Record| {
        let index = entry.get("index").and_then(Value::as_str);
        index.is_some_and(|index| index.split(':').next() == Some(table))
    };
    let entries = entries.into_iter().filter(of_table).map(|mut entry| {
        entry.retain(|field| !matches!(field, "_id" | "_creationTime" | "fresh"));
        entry
    });
    sorted(entries.collect())
}

/// Inserts rows of a table with complete entries, as if the core had.
///
/// # Errors
/// What Convex refuses.
pub fn seed(
    db: &MemoryDatabase,
    table: &str,
    indexes: &[&str],
    rows: impl IntoIterator<Item = Record>,
) -> gate_core::values::Result<()> {
    let marked = rows.into_iter().map(|mut row| {
        row.insert("gateIndexed".to_owned(), Value::Bool(true));
        row
    });
    db.seed(table, marked)?;
    // Both in order of creation, so that equal values are.
    let rows = db.rows(table);
    for index in indexes {
        db.seed(
            ENTRIES,
            rows.iter().flat_map(|row| recomputed(table, &[index], std::slice::from_ref(row))),
        )?;
    }
    let complete = indexes.iter().map(|index| ((*index).to_owned(), Value::Bool(true)));
    let catalogue = Record::from([
        ("id".to_owned(), Value::from(table)),
        ("indexes".to_owned(), Value::Object(complete.collect())),
    ]);
    db.seed(CATALOGUE, [catalogue])
}

fn sorted(mut entries: Vec<Record>) -> Vec<Record> {
    entries.sort_by(|a, b| {
        let by = |field: &str| compare_optional(a.get(field), b.get(field));
        by("doc").then_with(|| by("index"))
    });
    entries
}
