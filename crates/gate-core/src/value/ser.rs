//! Values to JSON, with Convex's notation for what JSON lacks.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Value, base64};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Array(items) => serializer.collect_seq(items),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Bytes(bytes) => tagged(serializer, "$bytes", bytes),
            Self::Float64(number) if is_plain(*number) => serializer.serialize_f64(*number),
            Self::Float64(number) => tagged(serializer, "$float", &number.to_le_bytes()),
            Self::Int64(number) => tagged(serializer, "$integer", &number.to_le_bytes()),
            Self::Null => serializer.serialize_unit(),
            Self::Object(record) => serializer.collect_map(record),
            Self::String(text) => serializer.serialize_str(text),
        }
    }
}

fn is_plain(number: f64) -> bool {
    number.is_finite() && !(number == 0.0 && number.is_sign_negative())
}

fn tagged<S: Serializer>(serializer: S, tag: &str, bytes: &[u8]) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(tag, &base64::encode(bytes))?;
    map.end()
}
