//! Which indexes a table has entries for.

use std::cell::RefCell;
use std::rc::Rc;

use super::fill::fill_page;
use super::{KEYS, SEARCH, UNIQUE, equal, rows};
use crate::adapter::{Rules, doc_of};
use crate::database::Database;
use crate::fault::Result;
use crate::page::Usage;
use crate::schema::{CATALOGUE, check_name};
use crate::value::{Record, Value};
use crate::write::Write;

/// The indexes of one table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    /// Convex's id of the row that this was read from.
    doc: Option<String>,
    /// By name: true when every row of the table has an entry in the index; false when those that were
    /// there before it may not have one yet.
    pub indexes: Record,
}

/// What one transaction has read of the catalogue, so that each table's row is read once.
#[derive(Debug, Default)]
pub struct Memo(RefCell<Vec<(String, Rc<Catalogue>)>>, Usage);

impl Memo {
    /// Forgets everything: when the transaction has ended.
    pub fn clear(&self) {
        self.forget();
        self.1.clear();
    }

    /// Forgets what was read: when the transaction has changed the catalogue.
    fn forget(&self) {
        self.0.borrow_mut().clear();
    }

    /// What the transaction has used up.
    pub fn usage(&self) -> &Usage {
        &self.1
    }

    fn get(&self, table: &str) -> Option<Rc<Catalogue>> {
        let known = self.0.borrow();
        known.iter().find(|(name, _)| name == table).map(|(_, found)| Rc::clone(found))
    }

    fn set(&self, table: &str, catalogue: Catalogue) -> Rc<Catalogue> {
        let shared = Rc::new(catalogue);
        self.0.borrow_mut().push((table.to_owned(), Rc::clone(&shared)));
        shared
    }
}

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

/// Adds the indexes that the app's metadata marks for the first time. This comes before rows are read
/// that are to be changed, since it may mark them.
pub(crate) async fn declared<D: Database>(db: &D, table: &str, rules: &Rules) -> Result<()> {
    if !rules.indexes.is_empty() {
        prepare(db, table, rules).await?;
    }
    Ok(())
}

/// The indexes that a new row of a table needs entries in, after those were added that the app's
/// metadata marks for the first time. Metadata that marks none is asked about too: code from before a
/// deployment, or an app that stopped marking a field, must not leave rows behind that an index which
/// is complete does not know. Where there are no entries that is a look at an empty range.
pub(crate) async fn prepare<D: Database>(
    db: &D,
    table: &str,
    rules: &Rules,
) -> Result<Rc<Catalogue>> {
    let known = catalogue(db, table).await?;
    let mut missing: Vec<String> = Vec::new();
    for fields in &rules.indexes {
        let mut name = String::new();
        for field in fields.iter().take(KEYS.len()) {
            check_name(field.trim_end_matches(SEARCH))?;
            if !name.is_empty() {
                name.push(',');
            }
            name.push_str(field);
        }
        if fields.len() <= KEYS.len() && rules.unique.contains(fields) {
            name.push(UNIQUE);
        }
        if !known.indexes.contains_key(&name) {
            missing.push(name);
        }
    }
    if missing.is_empty() {
        return Ok(known);
    }
    fill_page(db, table, missing, None).await?;
    catalogue(db, table).await
}
