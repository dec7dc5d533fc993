//! The results of operations.

use crate::values::{Record, Value};

/// A list as a result.
pub(crate) fn list(records: Vec<Record>) -> Value {
    Value::Array(records.into_iter().map(Value::Object).collect())
}

/// A count as a result.
#[expect(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
pub(crate) fn number(count: usize) -> Value {
    Value::Float64(count as f64)
}

/// A result, or a part of it with the cursor of the next page.
pub(crate) fn paged(result: Value, next: Option<Record>, ordered: Option<bool>) -> Value {
    let Some(next) = next else { return result };
    let mut part = Record::new();
    part.insert("part".to_owned(), result);
    part.insert("next".to_owned(), Value::Object(next));
    if let Some(ordered) = ordered {
        part.insert("ordered".to_owned(), Value::Bool(ordered));
    }
    Value::Object(part)
}
