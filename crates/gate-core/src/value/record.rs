//! A document's fields.

use super::Value;

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
