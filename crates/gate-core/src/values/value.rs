//! Values and records, in Convex's order. They are one file since each holds the other.

use std::cmp::Ordering;

/// A value of a Convex document.
///
/// Floats are never NaN and never -0 once [`Value::normalize`] accepted them.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "unknown"))]
pub enum Value {
    /// A list of values.
    Array(Vec<Self>),
    /// `true` or `false`.
    Bool(bool),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// A 64-bit float: every JavaScript number.
    Float64(f64),
    /// A 64-bit integer: a JavaScript bigint.
    Int64(i64),
    /// The value null, which is not the same as an absent field.
    Null,
    /// A nested object.
    Object(Record),
    /// Text, ordered by its UTF-8 bytes.
    String(String),
}

impl Value {
    /// Where this kind of value stands in Convex's order; an absent field would be 0.
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 1,
            Self::Int64(_) => 2,
            Self::Float64(_) => 3,
            Self::Bool(_) => 4,
            Self::String(_) => 5,
            Self::Bytes(_) => 6,
            Self::Array(_) => 7,
            Self::Object(_) => 8,
        }
    }

    /// Compares as Convex's indexes do: by kind, then within the kind; text by UTF-8 bytes.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int64(a), Self::Int64(b)) => a.cmp(b),
            (Self::Float64(a), Self::Float64(b)) => a.total_cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::Array(a), Self::Array(b)) => {
                compare_items(a.iter(), b.iter(), |x, y| x.compare(y))
            }
            (Self::Object(a), Self::Object(b)) => compare_items(a.iter(), b.iter(), |x, y| {
                x.0.cmp(y.0).then_with(|| x.1.compare(y.1))
            }),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    /// True when both are of one kind, so that their order means something.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }

    /// True for null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Makes -0 to 0, since an index would keep them apart, and tells whether every number is one:
    /// NaN has no place in a filter's order.
    #[must_use]
    pub fn normalize(&mut self) -> bool {
        match self {
            Self::Float64(number) => {
                if *number == 0.0 {
                    *number = 0.0;
                }
                !number.is_nan()
            }
            Self::Array(items) => items.iter_mut().all(Self::normalize),
            Self::Object(record) => record.iter_mut().all(|(_, value)| value.normalize()),
            _ => true,
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

/// A document, or an object within one: fields in name order, as Convex keeps them.
///
/// A sorted list: documents have a dozen fields, and a tree map made a sixth of the wasm.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "{ [field: string]: Value }", rename = "Row")
)]
pub struct Record(Vec<(String, Value)>);

impl Record {
    /// A record without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// True without fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a field; `None` when it is absent.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        let index = self.position(field).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    /// True when the field is there, null or not.
    #[must_use]
    pub fn contains_key(&self, field: &str) -> bool {
        self.position(field).is_ok()
    }

    /// Sets a field.
    pub fn insert(&mut self, field: String, value: Value) {
        match self.position(&field) {
            Ok(index) => {
                if let Some((_, known)) = self.0.get_mut(index) {
                    *known = value;
                }
            }
            Err(index) => self.0.insert(index, (field, value)),
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, field: &str) -> Option<Value> {
        self.position(field).ok().map(|index| self.0.remove(index).1)
    }

    /// Keeps the fields that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|(field, _)| keep(field));
    }

    /// Fields and values in name order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(field, value)| (field.as_str(), value))
    }

    /// The same with values that can be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(field, value)| (field.as_str(), value))
    }

    fn position(&self, field: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(field))
    }
}

impl<const N: usize> From<[(String, Value); N]> for Record {
    fn from(entries: [(String, Value); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl FromIterator<(String, Value)> for Record {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(entries: I) -> Self {
        let mut record = Self::new();
        for (field, value) in entries {
            record.insert(field, value);
        }
        record
    }
}

impl IntoIterator for Record {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Compares two optional values; an absent one comes before every value, null included.
#[must_use]
pub fn compare_optional(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => a.compare(b),
    }
}

fn compare_items<T>(
    mut a: impl Iterator<Item = T>,
    mut b: impl Iterator<Item = T>,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering
where
{
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => match compare(&x, &y) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}
