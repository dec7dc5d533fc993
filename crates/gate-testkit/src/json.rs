//! From `serde_json` to the core's values, so that tests can write them down with `json!`.

use gate_core::values::Value;

/// A value as a test writes it: every number is a float, as in JavaScript.
#[must_use]
pub fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Array(items) => Value::Array(items.iter().map(value).collect()),
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Number(number) => Value::Float64(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::Object(members) => {
            Value::Object(members.iter().map(|(name, item)| (name.clone(), value(item))).collect())
        }
        serde_json::Value::String(text) => Value::String(text.clone()),
    }
}
