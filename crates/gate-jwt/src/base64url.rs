//! Canonical base64url without padding (RFC 7515 section 2): every byte string has exactly one text.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding, other alphabets, white space and non-zero trailing bits are all refused, so that two
/// different texts never stand for the same signature or key.
const CANONICAL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Decodes canonical text; `None` for anything else.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    CANONICAL.decode(text).ok()
}

/// Encodes bytes.
#[cfg(test)]
pub(crate) fn encode(bytes: &[u8]) -> String {
    CANONICAL.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn only_the_canonical_text_decodes() {
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
        for refused in ["-_8=", "+/8", "-_9", "-_8 ", "-_\n8", "A", "-_8\u{e9}"] {
            assert_eq!(decode(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn decoding_undoes_encoding() {
        for length in 0..=64_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
