//! A row on its way in and out, and as it is stored.

use crate::schema::check_name;
use crate::values::{Fault, Record, Result, Value};

/// The field of a row that says that it has entries. It never leaves the core.
pub const MARK: &str = "gateIndexed";

/// Makes a record one that Convex can hold. `_id` is our own id, as in every row that leaves; beside
/// another `id` it stays what it is: a name that no field can have.
pub(crate) fn storable(record: &mut Record) -> Result<()> {
    if let Some(id) = record.remove("_id") {
        let name = if record.get("id").is_none_or(|known| *known == id) { "id" } else { "_id" };
        record.insert(name.to_owned(), id);
    }
    for (field, value) in record.iter_mut() {
        check_name(field)?;
        if !value.normalize() {
            return Err(Fault::UnsupportedValue { field: field.to_owned() });
        }
    }
    Ok(())
}

/// A row as it leaves the core: `_id` is our own id too, and Convex's fields stay inside.
pub(crate) fn outward(mut row: Record) -> Record {
    row.remove("_creationTime");
    row.remove(MARK);
    match row.get("id") {
        Some(id) => {
            let id = id.clone();
            row.insert("_id".to_owned(), id);
        }
        None => {
            row.remove("_id");
        }
    }
    row
}

/// Convex's own id of a stored row.
pub(crate) fn doc_of(row: &Record) -> Result<&str> {
    row.get("_id")
        .and_then(Value::as_str)
        .ok_or(Fault::Internal { what: "a stored row without an id" })
}
