//! Development only: a database in memory with the rules of Convex, the same with many transactions
//! at once and every way to interleave them, an oracle for filters, property strategies, and code
//! generation.
#![forbid(unsafe_code)]

mod cases;
pub mod entries;
pub mod executor;
pub mod json;
pub mod memory;
pub mod occ;
pub mod oracle;
mod random;
pub mod schedule;
pub mod strategies;
pub mod vectors;

pub use cases::{cases, generated};
pub use executor::block_on;
pub use json::value;
pub use memory::{Counts, MemoryDatabase};
