//! What a row is and what must hold for it, whoever reads or writes it.

mod docs;
mod row;
mod rules;

pub use row::MARK;
pub use rules::{Reference, Rules};

pub(crate) use docs::Docs;
pub(crate) use row::{doc_of, outward, storable};
pub(crate) use rules::official_rules;
