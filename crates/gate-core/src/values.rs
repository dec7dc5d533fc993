//! Values, and why there is none: what a Convex document holds, the faults of the core, and how
//! arguments are read out of records.

mod base64;
mod fault;
pub mod json;
pub(crate) mod members;
mod value;

pub use fault::{Fault, Result};
pub use value::{Record, Value, compare_optional};
