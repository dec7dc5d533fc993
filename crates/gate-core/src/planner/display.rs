//! Plans as text, one line a step. Shapes only: the values of a filter may be tokens.

use std::fmt;

use super::{Plan, Step};
use crate::database::{Key, Order};
use crate::values::Value;

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            writeln!(formatter, "nothing can match in {}", self.table)?;
        }
        let mut steps = self.steps.iter().peekable();
        while let Some(step) = steps.next() {
            let line = step.line(&self.table);
            let mut times = 1;
            while steps.next_if(|next| next.line(&self.table) == line).is_some() {
                times += 1;
            }
            match times {
                1 => writeln!(formatter, "{line}")?,
                times => writeln!(formatter, "{line} ({times} ranges)")?,
            }
        }
        if self.overlapping {
            writeln!(formatter, "drop rows that come twice")?;
        }
        if !self.ordered {
            writeln!(formatter, "sort")?;
        }
        Ok(())
    }
}

impl Step {
    fn line(&self, table: &str) -> String {
        let direction = match self.order {
            Order::Asc => "",
            Order::Desc => ", descending",
        };
        let Some(index) = &self.index else {
            return format!("scan all of {table}{direction}");
        };
        let mut parts = Vec::new();
        let mut eq = self.range.eq.iter().peekable();
        let source = match eq.next_if(|_| self.entries) {
            Some((_, Key::Value(Value::String(entries)))) => format!("entries {entries}"),
            _ => format!("{table} {index}"),
        };
        for (field, key) in eq {
            parts.push(format!(
                "{field} {}",
                match key {
                    Key::Missing => "absent",
                    Key::Value(value) if value.is_null() => "= null",
                    Key::Value(_) => "= ?",
                }
            ));
        }
        for (bound, inclusive, exclusive) in
            [(&self.range.lower, ">=", ">"), (&self.range.upper, "<=", "<")]
        {
            let Some((field, bound)) = bound else { continue };
            let operator = if bound.inclusive { inclusive } else { exclusive };
            let value = if matches!(&bound.value, Key::Value(value) if value.is_null()) {
                "null"
            } else {
                "?"
            };
            parts.push(format!("{field} {operator} {value}"));
        }
        let condition = if parts.is_empty() { "all".to_owned() } else { parts.join(", ") };
        format!("read {source}: {condition}{direction}")
    }
}
