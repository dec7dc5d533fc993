//! Which indexes a table has entries for: reading it, and noting it.

use std::rc::Rc;

use super::scan::{equal, rows};
use crate::database::{Catalogue, Database};
use crate::rows::doc_of;
use crate::schema::CATALOGUE;
use crate::values::{Record, Result, Value};
use crate::writes::Write;

/// The indexes of a table; none for one that has no entries.
pub(crate) async fn catalogue<D: Database>(db: &D, table: &str) -> Result<Rc<Catalogue>> {
    if let Some(known) = db.memo().get(table) {
        return Ok(known);
    }
    let spec = equal(CATALOGUE, "by_public_id", &[("id", &Value::from(table))]);
    let mut found = Catalogue::default();
    if let Some(mut row) = rows(db, spec).await?.pop() {
        found.doc = Some(doc_of(&row)?.to_owned());
        if let Some(Value::Object(indexes)) = row.remove("indexes") {
            found.indexes = indexes;
        }
    }
    Ok(db.memo().set(table, found))
}

/// Notes that indexes of a table are complete, or that they are not.
pub(super) async fn note<D: Database>(
    db: &D,
    table: &str,
    names: &[String],
    complete: bool,
    writes: &mut Vec<Write>,
) -> Result<()> {
    let known = catalogue(db, table).await?;
    let mut indexes = known.indexes.clone();
    for name in names {
        indexes.insert(name.clone(), Value::Bool(complete));
    }
    if indexes == known.indexes {
        return Ok(());
    }
    let mut row = Record::new();
    row.insert("indexes".to_owned(), Value::Object(indexes));
    writes.push(match &known.doc {
        Some(doc) => Write::Patch(CATALOGUE.to_owned(), doc.clone(), row),
        None => {
            row.insert("id".to_owned(), Value::from(table));
            Write::Insert(CATALOGUE, row)
        }
    });
    db.memo().forget();
    Ok(())
}
