//! Index entries: that they are there, that they are right after whatever happens, and what they save.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod catalogue;
mod fill;
mod kept;
mod reads;
mod sequences;
