//! JSON text to values and back: the form in which everything crosses to JavaScript.
//!
//! Only what our own code on the other side writes has to be read here. Numbers that are not whole, or
//! too large for a float to tell apart, cross as `$float`: reading and finding decimals is most of
//! what a general library costs (60 kB of wasm together with its error texts), and size is latency in
//! a fresh context. The properties in this crate's tests hold it against `serde_json`.

use super::base64;
use super::value::{Record, Value};

/// Up to here a float holds every whole number.
const LARGEST_WHOLE: u64 = 1 << 53;

/// Nesting beyond this is refused: Convex allows 64 levels in arguments.
const DEEPEST: usize = 100;

/// Reads a whole text. `None` when it is not one JSON value, or a malformed special one.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(DEEPEST)?;
    reader.skip_space();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.skip_space();
        match self.rest.bytes().next()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string().map(Value::String),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take('{')?;
        let mut record = Record::new();
        if self.next_is('}') {
            return Some(Value::Object(record));
        }
        loop {
            self.skip_space();
            let key = self.string()?;
            self.take(':')?;
            let value = self.value(depth)?;
            if key.starts_with('$') {
                // No field of Convex starts so: this object stands for a value that JSON lacks.
                let special = special(&key, &value).filter(|_| record.is_empty())?;
                return self.take('}').map(|()| special);
            }
            record.insert(key, value);
            if self.next_is('}') {
                return Some(Value::Object(record));
            }
            self.take(',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.take('[')?;
        let mut items = Vec::new();
        if self.next_is(']') {
            return Some(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.next_is(']') {
                return Some(Value::Array(items));
            }
            self.take(',')?;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.rest = self.rest.strip_prefix('"')?;
        let mut text = String::new();
        loop {
            let (end, stop) = self
                .rest
                .bytes()
                .enumerate()
                .find(|(_, byte)| matches!(byte, b'"' | b'\\' | 0..=0x1F))?;
            text.push_str(self.rest.get(..end)?);
            self.rest = self.rest.get(end + 1..)?;
            match stop {
                b'"' => return Some(text),
                b'\\' => text.push(self.escape()?),
                _ => return None,
            }
        }
    }

    /// What follows a backslash. A lone surrogate becomes the replacement character: Convex's strings
    /// are UTF-8 and cannot hold one.
    fn escape(&mut self) -> Option<char> {
        let kind = self.rest.bytes().next()?;
        self.rest = self.rest.get(1..)?;
        Some(match kind {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                if !matches!(first, 0xD800..=0xDBFF) {
                    return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let before = self.rest;
                let second = self.rest.strip_prefix("\\u").and_then(|rest| {
                    self.rest = rest;
                    self.hex()
                });
                match second {
                    Some(second @ 0xDC00..=0xDFFF) => {
                        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))?
                    }
                    _ => {
                        self.rest = before;
                        char::REPLACEMENT_CHARACTER
                    }
                }
            }
            b'"' | b'\\' | b'/' => char::from(kind),
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest.get(..4)?;
        self.rest = self.rest.get(4..)?;
        digits.chars().try_fold(0, |code, digit| Some(code * 16 + digit.to_digit(16)?))
    }

    /// A whole number. Others arrive as `$float`, so that no code for decimals is needed.
    fn number(&mut self) -> Option<Value> {
        let (negative, digits) = match self.rest.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, self.rest),
        };
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let whole: u64 = digits.get(..length)?.parse().ok()?;
        self.rest = digits.get(length..)?;
        if whole > LARGEST_WHOLE || self.rest.starts_with(['.', 'e', 'E']) {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
        let number = whole as f64;
        Some(Value::Float64(if negative { -number } else { number }))
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(value)
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
    }

    fn take(&mut self, expected: char) -> Option<()> {
        self.next_is(expected).then_some(())
    }

    /// Takes the next character if it is the expected one.
    fn next_is(&mut self, expected: char) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

fn special(tag: &str, value: &Value) -> Option<Value> {
    let bytes = base64::decode(value.as_str()?)?;
    match tag {
        "$bytes" => Some(Value::Bytes(bytes)),
        "$float" => Some(Value::Float64(f64::from_le_bytes(bytes.try_into().ok()?))),
        "$integer" => Some(Value::Int64(i64::from_le_bytes(bytes.try_into().ok()?))),
        _ => None,
    }
}

/// Appends the JSON of a value.
pub fn write(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => list(text, items, write),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Bytes(bytes) => write_special(text, "$bytes", bytes),
        Value::Float64(number) => write_number(text, *number),
        Value::Int64(number) => write_special(text, "$integer", &number.to_le_bytes()),
        Value::Null => text.push_str("null"),
        Value::Object(record) => write_record(record, text),
        Value::String(string) => write_string(string, text),
    }
}

/// Appends the JSON of a record.
pub fn write_record(record: &Record, text: &mut String) {
    text.push('{');
    for (index, (field, value)) in record.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(field, text);
        text.push(':');
        write(value, text);
    }
    text.push('}');
}

/// Appends a JSON string.
pub fn write_string(string: &str, text: &mut String) {
    text.reserve(string.len() + 2);
    text.push('"');
    for each in string.chars() {
        match each {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{0}'..='\u{1F}' => {
                text.push_str("\\u00");
                let code = each as u32;
                text.extend(
                    [code >> 4, code & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')),
                );
            }
            each => text.push(each),
        }
    }
    text.push('"');
}

/// Appends a JSON list.
pub fn list<T>(text: &mut String, items: &[T], mut write: impl FnMut(&T, &mut String)) {
    text.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(item, text);
    }
    text.push(']');
}

fn write_number(text: &mut String, number: f64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "compared afterwards"
    )]
    let whole = number.abs() as u64;
    #[expect(clippy::cast_precision_loss, reason = "compared exactly")]
    let is_whole = whole <= LARGEST_WHOLE && whole as f64 == number.abs();
    if !is_whole || (whole == 0 && number.is_sign_negative()) {
        return write_special(text, "$float", &number.to_le_bytes());
    }
    if number < 0.0 {
        text.push('-');
    }
    text.push_str(&whole.to_string());
}

fn write_special(text: &mut String, tag: &str, bytes: &[u8]) {
    text.push_str("{\"");
    text.push_str(tag);
    text.push_str("\":\"");
    text.push_str(&base64::encode(bytes));
    text.push_str("\"}");
}
