//! What the operations of the adapter do among others that are at work at once, under Convex's
//! optimistic concurrency: in every interleaving of few clients, and in many of more clients.
//!
//! `GATE_INTERLEAVINGS` sets how many are taken at random for each case, 300 without it, and
//! `GATE_SEED` the first of their seeds. With `--nocapture` each case says what was run.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod broken;
mod counters;
mod fills;
mod losers;
mod patience;
mod programs;
mod references;
mod sign_up;
mod support;
mod sweeps;
mod winners;
