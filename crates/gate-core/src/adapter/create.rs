//! `create`: check, then insert, in one transaction.

use super::arguments::Create;
use super::constraints::{Candidates, check_constraints};
use super::outward;
use crate::database::Database;
use crate::entries;
use crate::fault::{Fault, Result};
use crate::schema::check_name;
use crate::value::{Record, Value};

/// Inserts a row and gives it back.
///
/// # Errors
/// `UNIQUE_CONSTRAINT` when its id or a unique field is taken, `FOREIGN_KEY_CONSTRAINT` when it
/// refers to a row that is not there, `INVALID_NAME` and `UNSUPPORTED_VALUE` for what Convex cannot
/// hold.
pub async fn create<D: Database>(db: &D, args: Create) -> Result<Record> {
    let Create { model, mut data, rules } = args;
    check_name(&model)?;
    storable(&mut data)?;
    match data.get("id") {
        Some(Value::String(_)) => {}
        None | Some(Value::Null) => {
            data.insert("id".to_owned(), Value::String(random_id(db)?));
        }
        Some(_) => return Err(Fault::InvalidArgument { what: "`id` is not a text".to_owned() }),
    }
    let indexes = entries::prepare(db, &model, &rules).await?;
    check_constraints(db, &model, &Candidates::created(&data), &rules).await?;
    entries::inserted(db, &model, data.clone(), &indexes).await?;
    Ok(outward(data))
}

/// Makes a record one that Convex can hold. `_id` is our own id, as in every row that leaves; beside
/// another `id` it stays what it is: a name that no field can have.
pub(super) fn storable(record: &mut Record) -> Result<()> {
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

/// 32 letters and digits, as Better Auth's own ids.
fn random_id<D: Database>(db: &D) -> Result<String> {
    const ALPHABET: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const LENGTH: usize = 32;
    // The largest multiple of 62 in a byte: larger bytes would favour the first letters.
    const FAIR: u8 = 248;
    let mut id = String::with_capacity(LENGTH);
    let mut bytes = [0; 48];
    while id.len() < LENGTH {
        db.fill_random(&mut bytes)?;
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        let letters = fair.filter_map(|byte| ALPHABET.get(usize::from(byte % 62)));
        id.extend(letters.take(LENGTH - id.len()).map(|letter| char::from(*letter)));
    }
    Ok(id)
}
