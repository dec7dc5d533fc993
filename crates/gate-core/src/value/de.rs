//! JSON to values.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Record, Value, base64};

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a Convex value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    #[expect(clippy::cast_precision_loss, reason = "every number of JavaScript is a float")]
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Float64(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "every number of JavaScript is a float")]
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Float64(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float64(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut record = Record::new();
        while let Some((key, value)) = entries.next_entry::<String, Value>()? {
            if key.starts_with('$') {
                return special(&key, &value)
                    .ok_or_else(|| A::Error::custom("a malformed special value"));
            }
            record.insert(key, value);
        }
        Ok(Value::Object(record))
    }
}

/// No field of Convex starts with `$`, so such a key always marks a special value.
fn special(tag: &str, value: &Value) -> Option<Value> {
    let bytes = base64::decode(value.as_str()?)?;
    match tag {
        "$bytes" => Some(Value::Bytes(bytes)),
        "$float" => Some(Value::Float64(f64::from_le_bytes(bytes.try_into().ok()?))),
        "$integer" => Some(Value::Int64(i64::from_le_bytes(bytes.try_into().ok()?))),
        _ => None,
    }
}
