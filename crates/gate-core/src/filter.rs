//! Filters: Better Auth's `where`, parsed and evaluated.
//!
//! Grouping and null rules are those of Better Auth's SQL adapters (1.7): every AND clause, and one
//! of the OR clauses if there are any; a comparison with null or an absent field is never true but
//! for `eq null`, `ne null`, and `not_in` an empty list, which leaves nothing out. The planner reads a filter too, but a row is only ever accepted here.

use std::cmp::Ordering;

use crate::values::members::{Argument, Members};
use crate::values::{Fault, Record, Result, Value};

/// How text is lower-cased for `mode: "insensitive"`.
pub type Lowercase<'a> = dyn Fn(&str) -> String + 'a;

/// One clause as it arrives: the members that the adapter leaves out have Better Auth's defaults, but
/// for the value, which JavaScript's undefined leaves out too.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WhereClause {
    field: String,
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    value: Value,
    #[cfg_attr(feature = "typescript", ts(optional))]
    operator: Option<String>,
    #[cfg_attr(feature = "typescript", ts(optional))]
    connector: Option<String>,
    #[cfg_attr(feature = "typescript", ts(optional))]
    mode: Option<String>,
}

impl Argument for WhereClause {
    fn read(name: &str, value: Value) -> Result<Self> {
        let mut members = Members::of(name, value)?;
        let field = members.field("field");
        // A value that no field can hold is a fault that names the field. So is none at all: what
        // JavaScript has as undefined must not become null, which rows can match.
        let value = match members.raw("value") {
            Some(value) => Value::read(&field, value)?,
            None => return Err(Fault::UnsupportedValue { field }),
        };
        let clause = Self {
            field,
            value,
            operator: members.optional("operator"),
            connector: members.optional("connector"),
            mode: members.optional("mode"),
        };
        members.finish(clause)
    }
}

/// How a clause compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The text holds the value, or the array holds it as an item.
    Contains,
    /// The text ends with the value.
    EndsWith,
    /// Equal; with null: null or absent.
    Equal,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// Equal to an item of the list.
    In,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Not equal; with null: neither null nor absent.
    NotEqual,
    /// Equal to no item of the list.
    NotIn,
    /// The text starts with the value.
    StartsWith,
}

impl Operator {
    fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "contains" => Self::Contains,
            "ends_with" => Self::EndsWith,
            "eq" => Self::Equal,
            "gt" => Self::Greater,
            "gte" => Self::GreaterOrEqual,
            "in" => Self::In,
            "lt" => Self::Less,
            "lte" => Self::LessOrEqual,
            "ne" => Self::NotEqual,
            "not_in" => Self::NotIn,
            "starts_with" => Self::StartsWith,
            _ => return Err(Fault::UnknownOperator { operator: name.to_owned() }),
        })
    }
}

/// One condition on one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The physical field name.
    pub field: String,
    /// How to compare.
    pub operator: Operator,
    /// What to compare with.
    pub value: Value,
    /// Compare text without regard to case; that of `value` is in lower case.
    pub insensitive: bool,
}

/// A filter: all of `all`, and one of `any` unless that is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Clauses that must all hold.
    pub all: Vec<Clause>,
    /// Clauses of which one must hold, if there are any.
    pub any: Vec<Clause>,
}

impl Filter {
    /// Parses the clauses of a call. Text of an insensitive one is lower-cased here, once and not for
    /// every row.
    ///
    /// # Errors
    /// Unknown operators and connectors, a list where none belongs or none where one does, NaN.
    pub fn parse(clauses: Vec<WhereClause>, lowercase: &Lowercase<'_>) -> Result<Self> {
        let single = clauses.len() == 1;
        let mut filter = Self::default();
        for clause in clauses {
            let is_or = match clause.connector.as_deref() {
                None | Some("AND") => false,
                // A single clause has nothing to be connected with.
                Some("OR") => !single,
                Some(_) => return Err(invalid("a connector is `AND` or `OR`")),
            };
            let group = if is_or { &mut filter.any } else { &mut filter.all };
            group.push(Clause::parse(clause, lowercase)?);
        }
        Ok(filter)
    }

    /// A filter that one field equals a value.
    #[must_use]
    pub fn equals(field: &str, value: Value) -> Self {
        Self { all: vec![Clause::equals(field, value)], any: Vec::new() }
    }

    /// Tells whether a row is accepted.
    #[must_use]
    pub fn matches(&self, row: &Record) -> bool {
        self.matches_with(row, &str::to_lowercase)
    }

    /// The same with the caller's own way to lower-case text: Unicode's tables are a tenth of the wasm,
    /// and JavaScript has them anyway.
    #[must_use]
    pub fn matches_with(&self, row: &Record, lowercase: &Lowercase<'_>) -> bool {
        let holds = |clause: &Clause| clause.matches(row, lowercase);
        self.all.iter().all(holds) && (self.any.is_empty() || self.any.iter().any(holds))
    }
}

impl Clause {
    /// The condition that a field equals a value.
    #[must_use]
    pub fn equals(field: &str, value: Value) -> Self {
        Self { field: field.to_owned(), operator: Operator::Equal, value, insensitive: false }
    }

    fn parse(clause: WhereClause, lowercase: &Lowercase<'_>) -> Result<Self> {
        let WhereClause { field, value, operator, mode, .. } = clause;
        let operator = Operator::parse(operator.as_deref().unwrap_or("eq"))?;
        let takes_list = matches!(operator, Operator::In | Operator::NotIn);
        if takes_list && !matches!(value, Value::Array(_)) {
            return Err(invalid("the value of `in` and `not_in` must be an array"));
        }
        let insensitive = match mode.as_deref() {
            None | Some("sensitive") => false,
            Some("insensitive") => is_text(&value) && has_insensitive_form(operator),
            Some(_) => return Err(invalid("a mode is `sensitive` or `insensitive`")),
        };
        let value = if insensitive { lowered(&value, lowercase) } else { value };
        Ok(Self { field, operator, value, insensitive })
    }

    /// Tells whether a row meets the condition.
    fn matches(&self, row: &Record, lowercase: &Lowercase<'_>) -> bool {
        let present = row.get(&self.field).filter(|value| !value.is_null());
        match (self.operator, present) {
            (Operator::Equal, None) => self.value.is_null(),
            (Operator::NotEqual, Some(_)) if self.value.is_null() => true,
            (Operator::NotIn, None) => self.items().is_empty(),
            (_, None) => false,
            (_, Some(value)) if self.insensitive => self.accepts(&lowered(value, lowercase)),
            (_, Some(value)) => self.accepts(value),
        }
    }

    /// The comparison with a value that is there and not null.
    fn accepts(&self, value: &Value) -> bool {
        match self.operator {
            Operator::Contains => match value {
                Value::Array(items) => items.contains(&self.value),
                _ => self.compare_text(value, holds),
            },
            Operator::EndsWith => self.compare_text(value, <[u8]>::ends_with),
            Operator::Equal => *value == self.value,
            Operator::Greater => self.order(value) == Some(Ordering::Greater),
            Operator::GreaterOrEqual => self.order(value).is_some_and(Ordering::is_ge),
            Operator::In => self.items().contains(value),
            Operator::Less => self.order(value) == Some(Ordering::Less),
            Operator::LessOrEqual => self.order(value).is_some_and(Ordering::is_le),
            Operator::NotEqual => !self.value.is_null() && *value != self.value,
            Operator::NotIn => !self.items().contains(value),
            Operator::StartsWith => self.compare_text(value, <[u8]>::starts_with),
        }
    }

    /// The values of a list; none for any other value.
    pub(crate) fn items(&self) -> &[Value] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// Values of different kinds have no order that a person would expect, so they do not compare.
    fn order(&self, value: &Value) -> Option<Ordering> {
        (!self.value.is_null() && value.is_like(&self.value)).then(|| value.compare(&self.value))
    }

    /// Compares texts literally, byte by byte, which for UTF-8 is the same as character by character.
    fn compare_text(&self, value: &Value, test: fn(&[u8], &[u8]) -> bool) -> bool {
        match (value.as_str(), self.value.as_str()) {
            (Some(text), Some(part)) => test(text.as_bytes(), part.as_bytes()),
            _ => false,
        }
    }
}

/// True when `part` is somewhere in `text`, by Knuth, Morris and Pratt: no byte of the text is looked at
/// anew for each place where the part might begin.
fn holds(text: &[u8], part: &[u8]) -> bool {
    if part.len() > text.len() {
        return false;
    }
    // How much of the part's beginning each byte of it ends.
    let mut borders = Vec::with_capacity(part.len());
    let next = |borders: &[usize], mut held: usize, byte: &u8| loop {
        if part.get(held) == Some(byte) {
            break held + 1;
        }
        match held.checked_sub(1) {
            Some(last) => held = borders.get(last).copied().unwrap_or(0),
            None => break 0,
        }
    };
    let mut held = 0;
    for (place, byte) in part.iter().enumerate() {
        if place > 0 {
            held = next(&borders, held, byte);
        }
        borders.push(held);
    }
    held = 0;
    part.is_empty()
        || text.iter().any(|byte| {
            held = next(&borders, held, byte);
            held == part.len()
        })
}

fn has_insensitive_form(operator: Operator) -> bool {
    !matches!(
        operator,
        Operator::Greater | Operator::GreaterOrEqual | Operator::Less | Operator::LessOrEqual
    )
}

fn is_text(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|item| item.as_str().is_some()),
        value => value.as_str().is_some(),
    }
}

fn lowered(value: &Value, lowercase: &Lowercase<'_>) -> Value {
    match value {
        Value::String(text) => Value::String(lowercase(text)),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| lowered(item, lowercase)).collect())
        }
        value => value.clone(),
    }
}

fn invalid(what: &str) -> Fault {
    Fault::InvalidArgument { what: what.to_owned() }
}

#[cfg(test)]
mod tests;
