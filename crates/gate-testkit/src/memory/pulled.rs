//! How the component pulls rows from a scan (`js/wasm/requests.ts`).

use gate_core::schema::ENTRIES;
use gate_core::values::Record;

use super::table::Table;

/// Bytes after which a pull gives no more rows.
const ENOUGH: usize = 1 << 18;

/// The next rows of those that a scan found, and whether it is at its end. An iterator only knows that once it was
/// asked for more than it has.
pub(crate) fn pulled(
    name: &str,
    table: Option<&Table>,
    rest: &mut impl Iterator<Item = u64>,
    take: usize,
) -> (Vec<Record>, bool) {
    let (mut rows, mut bytes) = (Vec::new(), 0);
    for _ in 0..take {
        if bytes >= ENOUGH && name != ENTRIES {
            break;
        }
        let Some(sequence) = rest.next() else { return (rows, true) };
        if let Some(row) = table.and_then(|table| table.get(sequence)) {
            bytes += bytes_of(row);
            rows.push(row.clone());
        }
    }
    (rows, false)
}

/// The bytes of a row's texts, which are what makes a row large.
pub(crate) fn bytes_of(row: &Record) -> usize {
    row.iter().filter_map(|(_, value)| value.as_str()).map(str::len).sum()
}
