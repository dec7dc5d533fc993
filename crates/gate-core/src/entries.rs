//! Index entries: what a native index is to a field that has none.
//!
//! Convex knows indexes of tables in the schema only. Tables that a plugin or a renamed model brings,
//! and fields that an app adds, are not there. For those that Better Auth's metadata marks as unique,
//! indexed or referring, every row has one entry a field in [`ENTRIES`](crate::schema::ENTRIES), a table with native indexes,
//! written in the same transaction as the row. An entry holds the values themselves, so that its
//! order is Convex's order of values.
//!
//! [`CATALOGUE`](crate::schema::CATALOGUE) has a row for each such table: which of its indexes are
//! complete and which are still being filled. Only complete ones are read. Ordinary writes read that
//! row and never write it.
//!
//! A row with entries carries [`MARK`](crate::rows::MARK): whoever changes or deletes it keeps its entries too, whether
//! the app's metadata still mentions them or not, and rows without the mark cost nothing.

mod catalogue;
mod fill;
mod keep;
mod prepare;
mod scan;

pub use fill::Fill;

pub(crate) use catalogue::catalogue;
pub(crate) use fill::fill;
pub(crate) use keep::{changes_of, dropped, inserted, patched};
pub(crate) use prepare::{declared, prepare};
pub(crate) use scan::{by_id, equal, first_rows};
