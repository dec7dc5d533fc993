//! `create`: check, then insert, in one transaction.

use super::arguments::Create;
use super::constraints::{Candidates, check_constraints};
use crate::database::Database;
use crate::entries;
use crate::rows::{outward, storable};
use crate::schema::check_name;
use crate::values::{Fault, Record, Result, Value};

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
