//! Index entries: what a native index is to a field that has none.
//!
//! Convex knows indexes of tables in the schema only. Tables that a plugin or a renamed model brings,
//! and fields that an app adds, are not there. For those that Better Auth's metadata marks as unique,
//! indexed or referring, every row has one entry a field in [`ENTRIES`], a table with native indexes,
//! written in the same transaction as the row. An entry holds the values themselves, so that its
//! order is Convex's order of values.
//!
//! [`CATALOGUE`](crate::schema::CATALOGUE) has a row for each such table: which of its indexes are
//! complete and which are still being filled. Only complete ones are read. Ordinary writes read that
//! row and never write it.
//!
//! A row with entries carries [`MARK`]: whoever changes or deletes it keeps its entries too, whether
//! the app's metadata still mentions them or not, and rows without the mark cost nothing.

mod catalogue;
mod fill;
mod keep;

pub use catalogue::{Catalogue, Memo};
pub use fill::Fill;

pub(crate) use catalogue::{catalogue, declared, prepare};
pub(crate) use fill::fill;
pub(crate) use keep::{changed, changes_of, dropped, inserted};

use crate::database::{Database, IndexRange, Key, Order, ScanSpec};
use crate::fault::Result;
use crate::page::Cost;
use crate::value::{Record, Value};

/// The native index that entries are looked up by.
pub(crate) const BY_KEYS: &str = "by_index_k0_k1_k2_k3_fresh";
/// The fields of an entry that hold the values. An index over more fields stops after the last.
pub(crate) const KEYS: [&str; 4] = ["k0", "k1", "k2", "k3"];
/// The end of the name of an index whose fields are unique together.
pub(crate) const UNIQUE: char = '!';
/// The end of the name of an index that finds parts of a text. Its rows have any number of entries there,
/// which the component makes of the one that it is asked to insert, in place of those that there are.
pub(crate) const SEARCH: char = '~';
/// Letters of the longest text that has an entry there for each: as in `js/component/search-entries.ts`.
const MOST_LETTERS: usize = 100;
/// The field of a row that says that it has entries. It never leaves the core.
pub const MARK: &str = "gateIndexed";

/// The fields of an index, by its name: their names with commas between, and then [`UNIQUE`] if no two
/// rows have the same values, or [`SEARCH`].
pub(crate) fn fields_of(name: &str) -> Vec<&str> {
    name.trim_end_matches([UNIQUE, SEARCH]).split(',').collect()
}

/// How the entries of an index are marked: by its table and its name.
pub(crate) fn index_key(table: &str, name: &str) -> Value {
    let mut key = String::from(table);
    key.push(':');
    key.push_str(name);
    Value::String(key)
}

/// The scan that finds a row by Convex's id.
pub(crate) fn by_id(table: &str, doc: &Value) -> ScanSpec {
    equal(table, "by_id", &[("_id", doc)])
}

/// A scan of the part of an index where its first fields have these values.
fn equal(table: &str, index: &str, values: &[(&str, &Value)]) -> ScanSpec {
    let mut range = IndexRange::default();
    for (field, value) in values {
        range.eq.push(((*field).to_owned(), Key::Value((*value).clone())));
    }
    ScanSpec { table: table.to_owned(), index: Some(index.to_owned()), range, order: Order::Asc }
}

/// The rows of a scan that has few.
async fn rows<D: Database>(db: &D, spec: ScanSpec) -> Result<Vec<Record>> {
    let usage = db.memo().usage();
    usage.spend(Cost::Intervals, 1)?;
    // No row has as many entries.
    let rows = db.scan(spec, 1_000).await?.1.rows;
    usage.read(&rows)?;
    Ok(rows)
}
