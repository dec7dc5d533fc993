//! The little base64 that Convex's JSON needs: eight bytes of a number, or the bytes of a `bytes` value.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Standard base64 with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = at(0) << 16 | at(1) << 8 | at(2);
        for (position, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = ALPHABET.get((group >> shift & 63) as usize).copied();
            text.push(match digit {
                Some(digit) if position <= chunk.len() => char::from(digit),
                _ => '=',
            });
        }
    }
    text
}

/// Reads standard base64 with padding; `None` when it is not.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - body.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() * 3 / 4);
    let (mut group, mut bits) = (0_u32, 0_u32);
    for digit in body.bytes() {
        let value = ALPHABET.iter().position(|&known| known == digit)?;
        group = (group << 6 | u32::try_from(value).ok()?) & 0xFFF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits & 0xFF) as u8);
        }
    }
    Some(bytes)
}
