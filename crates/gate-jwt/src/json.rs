//! Strict JSON: a depth ceiling, and no two members of one name at any depth.
//!
//! RFC 7515 section 4 and RFC 7519 section 4 let a reader refuse duplicates or keep the last one.
//! Readers that disagree about which one counts are how one token comes to mean two things.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How deep objects and arrays may be nested.
pub const MAX_DEPTH: usize = 32;

/// Integers beyond this lose digits in JavaScript (2^53 - 1).
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// Why a text is not the JSON that is wanted. Holds nothing of the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Nested deeper than [`MAX_DEPTH`].
    Depth,
    /// Two members of one name in one object.
    DuplicateMember,
    /// Valid JSON, but no object.
    NotAnObject,
    /// A member named `__proto__`, which would set the prototype of the object that JavaScript makes.
    ProtoMember,
    /// No JSON, or no UTF-8.
    Syntax,
}

/// Reads one JSON value and nothing after it.
pub(crate) fn parse(text: &[u8]) -> Result<Value, Fault> {
    let text = std::str::from_utf8(text).map_err(|_| Fault::Syntax)?;
    let fault = Cell::new(Fault::Syntax);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value =
        Strict { depth: 0, fault: &fault }.deserialize(&mut reader).map_err(|_| fault.get())?;
    reader.end().map_err(|_| Fault::Syntax)?;
    Ok(value)
}

/// Reads one JSON object and nothing after it.
pub(crate) fn parse_object(text: &[u8]) -> Result<Map<String, Value>, Fault> {
    match parse(text)? {
        Value::Object(members) => Ok(members),
        _ => Err(Fault::NotAnObject),
    }
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    fault: &'a Cell<Fault>,
}

impl Strict<'_> {
    fn fail<E: serde::de::Error>(self, fault: Fault) -> E {
        self.fault.set(fault);
        E::custom("refused")
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fail(Fault::Depth));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > MAX_SAFE_INTEGER {
            return self.visit_f64(value as f64);
        }
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        if value > MAX_SAFE_INTEGER {
            return self.visit_f64(value as f64);
        }
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| self.fail::<E>(Fault::Syntax))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if name == "__proto__" {
                return Err(self.fail(Fault::ProtoMember));
            }
            if object.contains_key(&name) {
                return Err(self.fail(Fault::DuplicateMember));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Fault, MAX_DEPTH, parse, parse_object};

    #[test]
    fn values_of_every_kind_are_kept() {
        let text = br#"{"a":[null,true,-1,2.5,"x\u00e9"],"b":{"c":{}},"d":1e2}"#;
        let expected = json!({"a": [null, true, -1, 2.5, "x\u{e9}"], "b": {"c": {}}, "d": 100.0});
        assert_eq!(parse(text), Ok(expected));
    }

    #[test]
    fn numbers_become_what_javascript_makes_of_them() {
        assert_eq!(parse(b"9007199254740991"), Ok(json!(9_007_199_254_740_991_u64)));
        assert_eq!(parse(b"9007199254740993"), Ok(json!(9_007_199_254_740_992.0)));
        assert_eq!(parse(b"1e999"), Err(Fault::Syntax));
    }

    #[test]
    fn duplicates_are_refused_at_every_depth() {
        assert_eq!(parse(br#"{"a":1,"a":1}"#), Err(Fault::DuplicateMember));
        assert_eq!(parse(br#"[{"b":{"a":1,"\u0061":2}}]"#), Err(Fault::DuplicateMember));
    }

    #[test]
    fn depth_has_a_ceiling() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(parse(&nested(MAX_DEPTH + 1)), Err(Fault::Depth));
        assert_eq!(parse(&nested(1_000_000)), Err(Fault::Depth));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(parse_object(b"[]"), Err(Fault::NotAnObject));
        assert_eq!(parse_object(br#"{"__proto__":{}}"#), Err(Fault::ProtoMember));
        for text in [&b""[..], b"{", b"{} {}", b"\xef\xbb\xbf{}", b"{\"a\":\"\xff\"}", b"{a:1}"] {
            assert_eq!(parse(text), Err(Fault::Syntax), "{text:?}");
        }
    }
}
