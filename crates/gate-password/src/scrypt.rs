//! scrypt (RFC 7914) as Better Auth 1.7 hashes passwords: N = 16384, r = 16, p = 1, a key of 64
//! bytes in lower-case hex, and the salt's own text as the salt (not the bytes that its hex means).

use scrypt::Params;
use scrypt::errors::InvalidOutputLen;
use subtle::ConstantTimeEq;

/// Length of a key in bytes.
pub const KEY_BYTES: usize = 64;

/// Length of a key's text in bytes: two digits a byte.
pub const KEY_CHARS: usize = 2 * KEY_BYTES;

const LOG_N: u8 = 14;
const R: u32 = 16;
const P: u32 = 1;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The key of `password` and `salt`, in hex. Needs 32 MiB while it runs. `None` would mean that the
/// parameters above are none of scrypt's.
pub fn hash(password: &[u8], salt: &[u8]) -> Option<String> {
    let params = Params::new(LOG_N, R, P).ok()?;
    let mut key = [0; KEY_BYTES];
    derive(password, salt, &params, &mut key).ok()?;
    Some(hex(&key))
}

/// Whether `key` is what [`hash`] gives, compared in a time that depends on its length alone. The
/// text counts, as in Better Auth: digits in capitals are other ones.
pub fn verify(password: &[u8], salt: &[u8], key: &[u8]) -> Option<bool> {
    let expected = hash(password, salt)?;
    Some(expected.as_bytes().ct_eq(key).into())
}

/// Fills `key` from `password` and `salt` with any parameters of scrypt.
///
/// # Errors
/// When `key` is empty.
pub fn derive(
    password: &[u8],
    salt: &[u8],
    params: &Params,
    key: &mut [u8],
) -> Result<(), InvalidOutputLen> {
    scrypt::scrypt(password, salt, params, key)
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).map_or('0', |&each| char::from(each));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
