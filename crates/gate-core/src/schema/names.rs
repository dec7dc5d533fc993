//! Names: of the tables that the core itself reads and writes, of indexes, and what Convex accepts as one.

use crate::values::{Fault, Result};

/// Better Auth's sessions.
pub const SESSIONS: &str = "session";
/// Better Auth's users.
pub const USERS: &str = "user";
/// Our signing keys.
pub const KEYS: &str = "gateKeys";
/// Our cached tokens, one a session.
pub const TOKENS: &str = "gateTokens";

/// Index entries of fields that have no native index.
pub const ENTRIES: &str = "gateEntries";
/// Which fields have index entries, one row a table.
pub const CATALOGUE: &str = "gateCatalogue";

/// The fields of the index that every table has, but for that of our index entries.
pub const BY_PUBLIC_ID: &[&str] = &["id"];

/// The longest name that Convex accepts.
const LONGEST_NAME: usize = 64;

/// The name of the index over these fields.
#[must_use]
pub fn index_name(fields: &[&str]) -> String {
    if fields == BY_PUBLIC_ID {
        // `by_id` is the name of Convex's own index on `_id`.
        return "by_public_id".to_owned();
    }
    let mut name = String::from("by");
    for field in fields {
        name.push('_');
        name.push_str(field);
    }
    name
}

/// Checks the name of a table or field.
///
/// # Errors
/// `INVALID_NAME` unless it is an identifier of at most 64 characters that does not start with `_`.
pub fn check_name(name: &str) -> Result<()> {
    let legal = name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|each| each.is_ascii_alphanumeric() || each == '_');
    if legal { Ok(()) } else { Err(Fault::InvalidName { name: name.to_owned() }) }
}
