//! Convex's optimistic concurrency, so that tests can prove what an operation does among others.
//!
//! [`crate::MemoryDatabase`] runs one transaction after the other. So does `convex-test`, which is why
//! neither can show a race. Here many are at work at once, by the rules of Convex:
//!
//! - A [`Transaction`] reads a snapshot: the rows as they were when it began, and its own writes.
//! - It remembers what it read as intervals of indexes: from the start of each range to the last row
//!   that was really pulled, or all of the range once it was exhausted. Scans without an index count
//!   too, and the document that a patch or a deletion changes. An insertion reads nothing.
//! - Its writes wait until it commits. The commit conflicts if another one since the snapshot wrote a
//!   document of which the old or the new version lies in one of those intervals, or made a table that
//!   nobody knew. What only reads does not commit.
//! - On a conflict the whole of it runs again on a new snapshot, at most [`Settings::retries`] times.
//!
//! A [`Client`] runs operations that way, and pauses wherever others may come in between:
//!
//! ```
//! use gate_core::values::Value;
//! use gate_testkit::occ::OccDatabase;
//! use gate_testkit::schedule::{Task, every};
//! use serde_json::json;
//!
//! let vote = json!({ "incrementOne": { "model": "ballot", "increment": { "votes": 1 } } });
//! let interleavings = every(|schedule| {
//!     let db = OccDatabase::new();
//!     db.seed("ballot", [[("votes".to_owned(), Value::Float64(0.0))].into()]).unwrap();
//!     let voters = [db.client(1), db.client(2)];
//!     let tasks = voters.iter().map(|voter| Box::pin(voter.ask(&vote)) as Task<'_, _>);
//!     schedule.interleave(tasks.collect());
//!     let votes = db.rows("ballot")[0].get("votes").cloned();
//!     if votes == Some(Value::Float64(2.0)) { Ok(()) } else { Err(format!("{votes:?}")) }
//! });
//! assert!(interleavings.unwrap() > 2);
//! ```
//!
//! Since reads come from a snapshot, only the order of beginnings and commits can make a difference:
//! [`Points::Transactions`] pauses there and nowhere else. [`Points::Requests`] pauses before every
//! request as well, which gives many more interleavings; some of the cases run both ways.
//!
//! - Queries have a cache, [`Client::query`]: the same one is not run again while nobody wrote into the
//!   intervals that it read.
//! - A mutation of an app calls the component in transactions within its own: [`Client::mutation`].
//! - An action whose call gave up may ask again: [`Client::insist`].
//!
//! [`OccDatabase::history`] gives the transactions in the one order in which they could have happened
//! one after the other: run so on a `MemoryDatabase`, each has to give the same result.

mod cache;
mod client;
mod database;
mod nested;
mod queries;
mod reads;
mod settings;
mod store;
mod transaction;

pub use client::{Client, Failure};
pub use database::{OccDatabase, Ran, Tally};
pub use nested::Call;
pub use settings::{Points, Settings};
pub use transaction::{Scan, Transaction};
