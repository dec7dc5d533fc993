//! What Convex refuses.

use gate_core::schema::check_name;
use gate_core::values::{Fault, Record, Result};

/// What Convex refuses in a document: names that are no identifiers, its own fields included.
pub(crate) fn check_record(record: &Record) -> Result<()> {
    record.iter().try_for_each(|(field, _)| check_name(field))
}

pub(crate) fn refused(what: &'static str) -> Fault {
    Fault::Internal { what }
}
