//! The boundary without a browser or a server: operations started and resumed over JSON, with their
//! requests carried out by a database in memory.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod driver;
mod equality;
mod protocol;
