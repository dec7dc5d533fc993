//! Which tables have which native indexes: the one source of the planner and of `convex/schema.ts`.
//!
//! Every table of Better Auth 1.7's core, of its plugins and of its official packages is listed, with
//! the indexes that their queries need. Other tables work too, by scan. Every table also has
//! `by_public_id` on our own `id`, which is not repeated in the list.

pub(crate) mod entry_index;
mod names;
mod tables;

pub use names::{
    BY_PUBLIC_ID, CATALOGUE, ENTRIES, KEYS, SESSIONS, TOKENS, USERS, check_name, index_name,
};
pub use tables::{TABLES, Table, UNIQUE_FIELDS};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Fault;

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
