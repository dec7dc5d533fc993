//! The pure core of convex-gate: records, filters, schema, planner, Better Auth's adapter operations,
//! session look-ups and signing keys.
//!
//! An operation is an `async fn` over [`database::Database`]. It reads no clock, obtains no
//! randomness and does no IO: what it needs it asks the database for, and futures that are awaited
//! together become one batch of requests.
#![forbid(unsafe_code)]

pub mod values;

pub mod filter;

pub mod schema;

pub mod database;

pub mod rows;

pub mod planner;

mod writes;

pub mod entries;

pub mod query;

pub mod operations;
