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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(password: &[u8], salt: &[u8], log_n: u8, r: u32, p: u32) -> [u8; KEY_BYTES] {
        let mut key = [0; KEY_BYTES];
        derive(password, salt, &Params::new(log_n, r, p).unwrap(), &mut key).unwrap();
        key
    }

    /// RFC 7914 section 12, but for the vector that takes a gibibyte.
    #[test]
    fn vectors_of_the_rfc() {
        let vectors: [(&str, &str, u8, u32, u32, &str); 3] = [
            (
                "",
                "",
                4,
                1,
                1,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
                 fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
            ),
            (
                "password",
                "NaCl",
                10,
                8,
                16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
                 2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
            ),
            (
                "pleaseletmein",
                "SodiumChloride",
                14,
                8,
                1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                 d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
            ),
        ];
        for (password, salt, log_n, r, p, expected) in vectors {
            let key = key(password.as_bytes(), salt.as_bytes(), log_n, r, p);
            assert_eq!(hex(&key), expected);
        }
    }

    /// Made by Better Auth 1.7.25.
    #[test]
    fn a_hash_of_better_auth() {
        let password = "correct fish".as_bytes();
        let salt = b"00112233445566778899aabbccddeeff";
        let key = "b811e2c8e3531b9ec4d1747a06ec2d4c36a7604e9411dbf8421d31006d5aa68f\
                   b3768458619cc873cbaeddcfe026f7f0087ffd6bb389d2ab0b8186d50872d767";
        assert_eq!(hash(password, salt).as_deref(), Some(key));
        assert_eq!(verify(password, salt, key.as_bytes()), Some(true));
        for other in [key.to_uppercase(), format!("{key}0"), String::new()] {
            assert_eq!(verify(password, salt, other.as_bytes()), Some(false));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// Each byte of both counts, also beyond the 64 of a block of SHA-256, where HMAC hashes its
        /// key first. A zero at the end does not: HMAC fills a short key up with zeros.
        #[test]
        fn every_byte_counts(
            password in prop::collection::vec(any::<u8>(), 1..100),
            salt in prop::collection::vec(any::<u8>(), 1..100),
            at in any::<prop::sample::Index>(),
            bit in 0_u32..8,
        ) {
            let first = key(&password, &salt, 2, 2, 1);
            prop_assert_eq!(first, key(&password, &salt, 2, 2, 1));
            let flipped = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
                bytes
            };
            prop_assert_ne!(first, key(&flipped(&password), &salt, 2, 2, 1));
            prop_assert_ne!(first, key(&password, &flipped(&salt), 2, 2, 1));
        }

        #[test]
        fn hex_has_two_lower_case_digits_a_byte(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(hex(&bytes), expected);
        }
    }
}
