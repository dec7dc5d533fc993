//! The indexes that the app's metadata asks for, before rows are written or changed.

use std::rc::Rc;

use super::catalogue::catalogue;
use super::fill::fill_page;
use crate::database::{Catalogue, Database};
use crate::rows::Rules;
use crate::schema::check_name;
use crate::schema::entry_index::{KEYS, SEARCH, UNIQUE};
use crate::values::Result;

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
