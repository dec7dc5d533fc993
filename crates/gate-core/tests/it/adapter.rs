//! The adapter operations, sessions and keys over a database in memory.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod cascade;
mod clean;
mod consume;
mod create;
mod ids;
mod increment;
mod join;
mod keys;
mod large;
mod large_entries;
mod large_rows;
mod read;
mod reads;
mod references;
mod replay;
mod scale;
mod session;
pub(crate) mod support;
mod unique;
mod update;
