//! Hashes that other systems made: verified here, never made.
//!
//! What a hash's text says (cost, salt, key) comes as numbers and bytes. Whoever read the text has
//! also refused what costs more than the platform runs.

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;

/// Bytes of a password that bcrypt looks at; one more is the zero at its end where there is room.
const BCRYPT_BYTES: usize = 72;

/// Length of a bcrypt key in bytes: of the 24 that bcrypt makes its text holds 23.
const BCRYPT_KEY_BYTES: usize = 23;

/// Whether `key` is what bcrypt (`$2a$`, `$2b$`, `$2y$`) makes of `password`. As there, bytes beyond
/// the 72nd do not count. Some of its implementations end a password at its first zero, others do
/// not: here no byte ends it. `None` when `cost`, `salt` or `key` are none of bcrypt's.
pub fn verify_bcrypt(password: &[u8], cost: u32, salt: &[u8], key: &[u8]) -> Option<bool> {
    let salt: [u8; 16] = salt.try_into().ok()?;
    if !(4..=31).contains(&cost) || key.len() != BCRYPT_KEY_BYTES {
        return None;
    }
    let bytes: Vec<u8> = password.iter().copied().chain([0]).take(BCRYPT_BYTES).collect();
    let made = bcrypt::bcrypt(cost, salt, &bytes);
    Some(made.get(..BCRYPT_KEY_BYTES)?.ct_eq(key).into())
}

/// What the text of an argon2id hash says beside its salt and key (RFC 9106 section 3.1).
#[derive(Clone, Copy, Debug)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Degree of parallelism; the lanes are filled one after the other here.
    pub lanes: u32,
    /// `19` (0x13) of RFC 9106, or the older `16`.
    pub version: u32,
}

/// Whether `key` is what argon2id makes of `password`. `None` when the numbers, the salt or the key
/// are none of argon2's, or there is no memory for them.
pub fn verify_argon2id(password: &[u8], salt: &[u8], cost: Argon2Cost, key: &[u8]) -> Option<bool> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(key.len())).ok()?;
    let version = Version::try_from(cost.version).ok()?;
    let mut made = vec![0; key.len()];
    Argon2::new(Algorithm::Argon2id, version, params)
        .hash_password_into(password, salt, &mut made)
        .ok()?;
    Some(made.ct_eq(key).into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SALT: [u8; 16] = [7; 16];

    fn key(password: &[u8]) -> Vec<u8> {
        bcrypt::bcrypt(4, SALT, password)[..BCRYPT_KEY_BYTES].to_vec()
    }

    #[test]
    fn bcrypt_looks_at_72_bytes() {
        let long = [b'a'; 100];
        assert_eq!(verify_bcrypt(&long, 4, &SALT, &key(&[b'a'; 72])), Some(true));
        assert_eq!(verify_bcrypt(&long[..71], 4, &SALT, &key(&[b'a'; 72])), Some(false));
    }

    #[test]
    fn a_zero_is_a_byte_as_any_other() {
        assert_eq!(verify_bcrypt(b"abc\0def", 4, &SALT, &key(b"abc\0")), Some(false));
        assert_eq!(verify_bcrypt(b"abc\0def", 4, &SALT, &key(b"abc\0def\0")), Some(true));
        assert_eq!(verify_bcrypt(b"abd\0def", 4, &SALT, &key(b"abc\0")), Some(false));
    }

    #[test]
    fn what_is_no_bcrypt_is_told() {
        let key = key(b"a\0");
        assert_eq!(verify_bcrypt(b"a", 3, &SALT, &key), None);
        assert_eq!(verify_bcrypt(b"a", 32, &SALT, &key), None);
        assert_eq!(verify_bcrypt(b"a", 4, &SALT[1..], &key), None);
        assert_eq!(verify_bcrypt(b"a", 4, &SALT, &key[1..]), None);
    }

    #[test]
    fn what_is_no_argon2_is_told() {
        let cost = Argon2Cost { memory: 8, passes: 1, lanes: 1, version: 19 };
        assert_eq!(verify_argon2id(b"a", &SALT, cost, &[0; 32]), Some(false));
        for wrong in [
            Argon2Cost { memory: 7, ..cost },
            Argon2Cost { passes: 0, ..cost },
            Argon2Cost { lanes: 0, ..cost },
            Argon2Cost { version: 18, ..cost },
        ] {
            assert_eq!(verify_argon2id(b"a", &SALT, wrong, &[0; 32]), None);
        }
        assert_eq!(verify_argon2id(b"a", &SALT[..7], cost, &[0; 32]), None);
        assert_eq!(verify_argon2id(b"a", &SALT, cost, &[0; 3]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn every_byte_of_a_short_password_counts(
            password in prop::collection::vec(1_u8.., 1..40),
            at in any::<prop::sample::Index>(),
        ) {
            let mut other = password.clone();
            let at = at.index(other.len());
            other[at] ^= 1;
            let ended: Vec<u8> = password.iter().copied().chain([0]).collect();
            prop_assert_eq!(verify_bcrypt(&password, 4, &SALT, &key(&ended)), Some(true));
            prop_assert_eq!(verify_bcrypt(&other, 4, &SALT, &key(&ended)), Some(false));
        }
    }
}
