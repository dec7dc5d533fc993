//! What a list must give, worked out from every row and without the core's filter or planner.
//!
//! The rules are those of Better Auth's SQL adapters (1.7): all AND conditions and one of the OR
//! conditions; null is only found by `eq null`; values of different kinds do not compare.

use std::cmp::Ordering;

use gate_core::values::{Record, Value, compare_optional};

/// One condition of a `where`.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// The operator, by Better Auth's name.
    pub operator: &'static str,
    /// What to compare with.
    pub value: Value,
    /// `OR` instead of `AND`.
    pub or: bool,
    /// `insensitive` instead of `sensitive`.
    pub insensitive: bool,
}

/// The arguments of a list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Which rows.
    pub conditions: Vec<Condition>,
    /// The field to sort by, and whether largest first.
    pub sort: Option<(String, bool)>,
    /// How many at most.
    pub limit: usize,
    /// How many to leave out first.
    pub offset: usize,
}

impl Condition {
    /// The condition as an adapter call has it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(Record::from([
            ("field".to_owned(), Value::from(self.field.as_str())),
            ("operator".to_owned(), Value::from(self.operator)),
            ("value".to_owned(), self.value.clone()),
            ("connector".to_owned(), Value::from(if self.or { "OR" } else { "AND" })),
            (
                "mode".to_owned(),
                Value::from(if self.insensitive { "insensitive" } else { "sensitive" }),
            ),
        ]))
    }

    fn accepts(&self, row: &Record) -> bool {
        let mut wanted = self.value.clone();
        // -0 and 0 are one number to everybody but an index.
        let _ = wanted.normalize();
        let found = row.get(&self.field).filter(|value| **value != Value::Null);
        let compares = matches!(self.operator, "lt" | "lte" | "gt" | "gte");
        let folds = self.insensitive && !compares && is_text(&wanted);
        let fold = |value: &Value| if folds { folded(value) } else { value.clone() };
        let wanted = fold(&wanted);
        let Some(found) = found.map(fold) else {
            return match self.operator {
                "eq" => wanted == Value::Null,
                "not_in" => wanted == Value::Array(Vec::new()),
                _ => false,
            };
        };
        match self.operator {
            "eq" => found == wanted,
            // Whatever is there is not null.
            "ne" => found != wanted,
            "in" => among(&wanted, &found),
            "not_in" => !among(&wanted, &found),
            "lt" => order(&found, &wanted).is_some_and(Ordering::is_lt),
            "lte" => order(&found, &wanted).is_some_and(Ordering::is_le),
            "gt" => order(&found, &wanted).is_some_and(Ordering::is_gt),
            "gte" => order(&found, &wanted).is_some_and(Ordering::is_ge),
            "contains" if matches!(found, Value::Array(_)) => among(&found, &wanted),
            "contains" => texts(&found, &wanted).is_some_and(|(text, part)| text.contains(part)),
            "starts_with" => {
                texts(&found, &wanted).is_some_and(|(text, part)| text.starts_with(part))
            }
            "ends_with" => texts(&found, &wanted).is_some_and(|(text, part)| text.ends_with(part)),
            _ => false,
        }
    }
}

impl Listing {
    /// Tells whether the conditions accept a row.
    #[must_use]
    pub fn accepts(&self, row: &Record) -> bool {
        // A single condition has nothing to be connected with.
        let single = self.conditions.len() == 1;
        let is_or = |condition: &&Condition| condition.or && !single;
        let mut either = self.conditions.iter().filter(is_or).peekable();
        self.conditions.iter().filter(|each| !is_or(each)).all(|each| each.accepts(row))
            && (either.peek().is_none() || either.any(|each| each.accepts(row)))
    }

    /// Every accepted row, sorted; rows that sort alike in order of creation.
    #[must_use]
    pub fn matching(&self, rows: &[Record]) -> Vec<Record> {
        let mut found: Vec<Record> = rows.iter().filter(|row| self.accepts(row)).cloned().collect();
        if let Some((field, descending)) = &self.sort {
            found.sort_by(|a, b| {
                let order = compare_optional(a.get(field), b.get(field));
                if *descending { order.reverse() } else { order }
            });
        }
        found
    }

    /// What is wrong with an answer to this list over these rows; none when it is right.
    ///
    /// Rows that sort alike may come in any order, and without a sort any rows will do that match.
    #[must_use]
    pub fn complaint(&self, rows: &[Record], answer: &[Record]) -> Option<String> {
        let matching = self.matching(rows);
        let expected: Vec<&Record> = matching.iter().skip(self.offset).take(self.limit).collect();
        if answer.len() != expected.len() {
            return Some(format!("{} rows instead of {}", answer.len(), expected.len()));
        }
        for (index, row) in answer.iter().enumerate() {
            let id = row.get("id");
            if answer.iter().skip(index + 1).any(|other| other.get("id") == id) {
                return Some(format!("row {id:?} comes twice"));
            }
            if matching.iter().all(|other| other.get("id") != id) {
                return Some(format!("row {id:?} does not match"));
            }
        }
        let (field, _) = self.sort.as_ref()?;
        let keys = |row: &Record| row.get(field).cloned();
        (!answer.iter().map(keys).eq(expected.into_iter().map(keys)))
            .then(|| format!("the order of `{field}` is another"))
    }

    /// The same list with `_id` in the place of `id`: rows have the one as the other.
    #[must_use]
    pub fn by_document_id(&self) -> Self {
        let renamed = |field: &mut String| {
            if field == "id" {
                "_id".clone_into(field);
            }
        };
        let mut listing = self.clone();
        listing.conditions.iter_mut().for_each(|condition| renamed(&mut condition.field));
        listing.sort.iter_mut().for_each(|(field, _)| renamed(field));
        listing
    }

    /// The members of a `findMany` of this list.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "limits of tests are small")]
    pub fn to_record(&self, table: &str) -> Record {
        let mut members = Record::from([
            ("model".to_owned(), Value::from(table)),
            (
                "where".to_owned(),
                Value::Array(self.conditions.iter().map(Condition::to_value).collect()),
            ),
            ("limit".to_owned(), Value::Float64(self.limit as f64)),
            ("offset".to_owned(), Value::Float64(self.offset as f64)),
        ]);
        if let Some((field, descending)) = &self.sort {
            let direction = if *descending { "desc" } else { "asc" };
            let sort = Record::from([
                ("field".to_owned(), Value::from(field.as_str())),
                ("direction".to_owned(), Value::from(direction)),
            ]);
            members.insert("sortBy".to_owned(), Value::Object(sort));
        }
        members
    }
}

fn is_text(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|item| matches!(item, Value::String(_))),
        value => matches!(value, Value::String(_)),
    }
}

fn folded(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(folded).collect()),
        Value::String(text) => Value::String(text.to_lowercase()),
        value => value.clone(),
    }
}

fn among(list: &Value, item: &Value) -> bool {
    matches!(list, Value::Array(items) if items.contains(item))
}

fn texts<'a>(a: &'a Value, b: &'a Value) -> Option<(&'a str, &'a str)> {
    Some((a.as_str()?, b.as_str()?))
}

fn order(found: &Value, wanted: &Value) -> Option<Ordering> {
    let alike = std::mem::discriminant(found) == std::mem::discriminant(wanted);
    (alike && *wanted != Value::Null).then(|| found.compare(wanted))
}
