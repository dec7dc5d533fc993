//! Reading the arguments of an operation out of a record, by hand.
//!
//! A derived deserialiser for every argument type made a third of the wasm; this is a few hundred
//! bytes and names the member that does not fit. Members that nobody asks for are left alone, so a
//! newer caller does no harm.

use super::fault::{Fault, Result};
use super::value::{Record, Value};

/// A type that an argument can have.
pub(crate) trait Argument: Sized {
    /// Reads it from the value of the member `name`.
    fn read(name: &str, value: Value) -> Result<Self>;
}

/// The members of an argument object, taken one by one.
///
/// A member that does not fit is remembered and stands as its type's default meanwhile: were each an
/// early return, every reader would carry the code that drops what it had read before.
pub(crate) struct Members {
    record: Record,
    fault: Option<Fault>,
}

impl Members {
    /// The members of an object.
    pub(crate) fn of(name: &str, value: Value) -> Result<Self> {
        Ok(Self { record: Record::read(name, value)?, fault: None })
    }

    /// A member that must be there.
    pub(crate) fn required<T: Argument + Default>(&mut self, name: &str) -> T {
        self.optional(name).unwrap_or_else(|| {
            self.fault.get_or_insert_with(|| malformed(name));
            T::default()
        })
    }

    /// A member that may be absent.
    pub(crate) fn optional<T: Argument>(&mut self, name: &str) -> Option<T> {
        match T::read(name, self.record.remove(name)?) {
            Ok(read) => Some(read),
            Err(fault) => {
                self.fault.get_or_insert(fault);
                None
            }
        }
    }

    /// A member that may be absent, and then has its type's default.
    pub(crate) fn or_default<T: Argument + Default>(&mut self, name: &str) -> T {
        self.optional(name).unwrap_or_default()
    }

    /// A member that names a field of a table. Rows leave the core with our own id as `_id` too, so
    /// that is what the name means on its way in; Convex's own `_id` has no name outside.
    pub(crate) fn field(&mut self, name: &str) -> String {
        let mut field: String = self.required(name);
        if field == "_id" {
            field.remove(0);
        }
        field
    }

    /// A member as it is.
    pub(crate) fn raw(&mut self, name: &str) -> Option<Value> {
        self.record.remove(name)
    }

    /// What was read, unless some member did not fit.
    pub(crate) fn finish<T>(self, read: T) -> Result<T> {
        match self.fault {
            None => Ok(read),
            Some(fault) => Err(fault),
        }
    }
}

/// The fault for a member that is absent or of another form.
pub(crate) fn malformed(name: &str) -> Fault {
    Fault::InvalidArgument { what: format!("`{name}` is absent or not of its form") }
}

/// Implements [`Argument`] for a type that is read from the members of an object.
macro_rules! from_members {
    ($type:ty, $members:ident => $read:expr) => {
        impl $crate::values::members::Argument for $type {
            fn read(name: &str, value: $crate::values::Value) -> $crate::values::Result<Self> {
                let mut $members = $crate::values::members::Members::of(name, value)?;
                let read = $read;
                $members.finish(read)
            }
        }
    };
}
pub(crate) use from_members;

impl Argument for Value {
    fn read(name: &str, mut value: Value) -> Result<Self> {
        if value.normalize() {
            Ok(value)
        } else {
            Err(Fault::UnsupportedValue { field: name.to_owned() })
        }
    }
}

impl Argument for Record {
    fn read(name: &str, value: Value) -> Result<Self> {
        match value {
            Value::Object(record) => Ok(record),
            _ => Err(malformed(name)),
        }
    }
}

impl Argument for String {
    fn read(name: &str, value: Value) -> Result<Self> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(malformed(name)),
        }
    }
}

impl Argument for f64 {
    fn read(name: &str, value: Value) -> Result<Self> {
        match value {
            Value::Float64(number) if number.is_finite() => Ok(number),
            _ => Err(malformed(name)),
        }
    }
}

impl Argument for usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is checked first, and what is too large becomes the largest"
    )]
    fn read(name: &str, value: Value) -> Result<Self> {
        match value {
            // No table has as many rows as 32 bits count: a larger number means all of them, and so does infinity.
            Value::Float64(number)
                if number >= 0.0 && (number.fract() == 0.0 || number.is_infinite()) =>
            {
                Ok(number as u32 as Self)
            }
            _ => Err(malformed(name)),
        }
    }
}

impl<T: Argument> Argument for Vec<T> {
    fn read(name: &str, value: Value) -> Result<Self> {
        match value {
            Value::Array(items) => {
                let mut read = Self::with_capacity(items.len());
                for item in items {
                    read.push(T::read(name, item)?);
                }
                Ok(read)
            }
            _ => Err(malformed(name)),
        }
    }
}

/// Null is none, where the caller's type says `T | null`.
impl<T: Argument> Argument for Option<T> {
    fn read(name: &str, value: Value) -> Result<Self> {
        if value.is_null() { Ok(None) } else { T::read(name, value).map(Some) }
    }
}
