//! Development only: a database in memory with the rules of Convex, an oracle for filters, property
//! strategies, and code generation.
#![forbid(unsafe_code)]

pub mod entries;
pub mod executor;
pub mod json;
pub mod memory;
pub mod oracle;
pub mod strategies;
pub mod vectors;

pub use executor::block_on;
pub use json::value;
pub use memory::{Counts, MemoryDatabase};
