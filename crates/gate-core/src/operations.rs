//! What crosses into the core: Better Auth's adapter operations, sessions, signing keys, house-keeping,
//! and what runs any of them.

pub mod adapter;
pub mod clean;
pub mod keys;
mod operation;
pub mod session;

pub use operation::{NoArguments, Operation, Replay, run};
