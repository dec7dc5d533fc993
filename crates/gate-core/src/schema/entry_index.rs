//! The indexes that Convex does not have: how their entries are named, and the fields that hold the values.

use crate::values::Value;

/// The native index that entries are looked up by.
pub(crate) const BY_KEYS: &str = "by_index_k0_k1_k2_k3_fresh";
/// The fields of an entry that hold the values. An index over more fields stops after the last.
pub(crate) const KEYS: [&str; 4] = ["k0", "k1", "k2", "k3"];
/// The end of the name of an index whose fields are unique together.
pub(crate) const UNIQUE: char = '!';
/// The end of the name of an index that finds parts of a text. Its rows have any number of entries there,
/// which the component makes of the one that it is asked to insert, in place of those that there are.
pub(crate) const SEARCH: char = '~';
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
