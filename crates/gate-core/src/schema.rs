//! Which tables have which native indexes: the one source of the planner and of `convex/schema.ts`.
//!
//! Every table of Better Auth 1.7's core, of its plugins and of its official packages is listed, with
//! the indexes that their queries need. Other tables work too, by scan. Every table also has
//! `by_public_id` on our own `id`, which is not repeated in the list.

mod tables;

pub use tables::{CATALOGUE, ENTRIES, KEYS, SESSIONS, TABLES, TOKENS, UNIQUE_FIELDS, USERS};

use crate::fault::{Fault, Result};

/// A table with native indexes.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// The name of Better Auth's model, and of the table unless the app renames it.
    pub name: &'static str,
    /// The fields of each index but `by_public_id`, in index order.
    pub indexes: &'static [&'static [&'static str]],
}

impl Table {
    /// The fields of every index, `by_public_id` first.
    pub fn all_indexes(&self) -> impl Iterator<Item = &'static [&'static str]> {
        // Entries have no id of their own, and an index less to write.
        let by_public_id = (self.name != ENTRIES).then_some(BY_PUBLIC_ID);
        by_public_id.into_iter().chain(self.indexes.iter().copied())
    }
}

/// The fields of the index that every table has, but for that of our index entries.
pub const BY_PUBLIC_ID: &[&str] = &["id"];

/// The longest name that Convex accepts.
const LONGEST_NAME: usize = 64;

/// The indexes of a table, `by_public_id` first; none for a table that is not listed, which Convex knows
/// no index of.
pub fn indexes_of(table: &str) -> impl Iterator<Item = &'static [&'static str]> {
    TABLES.iter().find(|known| known.name == table).into_iter().flat_map(Table::all_indexes)
}

/// True for a table that has native indexes.
#[must_use]
pub fn is_listed(table: &str) -> bool {
    TABLES.iter().any(|known| known.name == table)
}

/// True for a field that tells the rows of a table apart: a value other than null is in one row at most.
#[must_use]
pub fn is_unique(table: &str, field: &str) -> bool {
    BY_PUBLIC_ID.contains(&field)
        || UNIQUE_FIELDS.iter().any(|(known, fields)| *known == table && fields.contains(&field))
}

/// The name of the index over these fields.
#[must_use]
pub fn index_name(fields: &[&str]) -> String {
    if fields == BY_PUBLIC_ID {
        // `by_id` is the name of Convex's own index on `_id`.
        return "by_public_id".to_owned();
    }
    let mut name = String::from("by");
    for field in fields {
        name.push('_');
        name.push_str(field);
    }
    name
}

/// Checks the name of a table or field.
///
/// # Errors
/// `INVALID_NAME` unless it is an identifier of at most 64 characters that does not start with `_`.
pub fn check_name(name: &str) -> Result<()> {
    let legal = name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|each| each.is_ascii_alphanumeric() || each == '_');
    if legal { Ok(()) } else { Err(Fault::InvalidName { name: name.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_keeps_to_the_limits_of_convex() {
        for table in TABLES {
            assert!(check_name(table.name).is_ok(), "{}", table.name);
            let indexes: Vec<_> = indexes_of(table.name).collect();
            assert!(indexes.len() <= 32, "{} has {} indexes", table.name, indexes.len());
            for fields in indexes {
                assert!(!fields.is_empty() && fields.len() <= 15, "{}: {fields:?}", table.name);
                assert!(check_name(&index_name(fields)).is_ok(), "{fields:?}");
            }
        }
    }

    #[test]
    fn no_table_and_no_index_is_listed_twice() {
        for (position, table) in TABLES.iter().enumerate() {
            assert!(TABLES.iter().skip(position + 1).all(|other| other.name != table.name));
            for (at, fields) in table.indexes.iter().enumerate() {
                assert!(!table.indexes.iter().skip(at + 1).any(|other| other == fields));
            }
        }
    }

    #[test]
    fn every_unique_field_leads_an_index() {
        for (table, fields) in UNIQUE_FIELDS {
            for field in *fields {
                assert!(
                    indexes_of(table).any(|index| index.first() == Some(field)),
                    "{table}.{field}"
                );
            }
        }
    }

    #[test]
    fn names_that_convex_refuses_are_faults() {
        for name in ["", "_private", "with-hyphen", "1st", "na\u{ef}ve", &"x".repeat(65)] {
            assert_eq!(check_name(name), Err(Fault::InvalidName { name: name.to_owned() }));
        }
    }
}
