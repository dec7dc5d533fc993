//! Better Auth's signed cookies: from a cookie's raw value to the session token in it.
//!
//! This lives beside the tokens and not in the component's core because the app side verifies
//! cookies: the secret that signs them never enters the component.
//!
//! The format (Better Auth 1.7, by better-call 1.4): the percent-encoding of
//! `token.signature`, where the signature is the padded standard base64 of HMAC-SHA-256 over the
//! token, with the secret's UTF-8 bytes as the key. Only the current secret verifies: Better Auth
//! itself ends the sessions of a rotated secret.
//!
//! Which cookie of a request is read, by name and prefix, is the caller's business.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Length of 32 bytes in padded base64.
const SIGNATURE_CHARS: usize = 44;

/// The secret that signs cookies. Never shown.
#[derive(Clone, Copy)]
pub struct Secret<'a>(&'a str);

impl<'a> Secret<'a> {
    /// The secret with this text; `None` for the empty one, with which anybody could sign.
    pub fn new(text: &'a str) -> Option<Self> {
        (!text.is_empty()).then_some(Self(text))
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// A session token whose signature held. Never shown by `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub struct SessionToken(String);

impl SessionToken {
    /// The token's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token's text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken([redacted])")
    }
}

/// The session token in the raw value of a cookie, or `None` when it is not signed by `secret`.
///
/// A bad cookie is no error: its owner is signed out.
pub fn verify(value: &str, secret: Secret<'_>) -> Option<SessionToken> {
    let value = decode(unquote(value));
    let (token, signature) = value.rsplit_once('.')?;
    if token.is_empty() || signature.len() != SIGNATURE_CHARS {
        return None;
    }
    // Stricter than the `atob` of Better Auth, which ignores the spare bits of the last character:
    // what it writes always has them zero.
    let signature = STANDARD.decode(signature).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes()).ok()?;
    mac.update(token.as_bytes());
    // Compares in constant time.
    mac.verify_slice(&signature).ok()?;
    Some(SessionToken(token.to_owned()))
}

/// Better Auth drops the first and the last character of a value that begins with a quote.
fn unquote(value: &str) -> &str {
    let Some(inner) = value.strip_prefix('"') else {
        return value;
    };
    let mut characters = inner.chars();
    characters.next_back();
    characters.as_str()
}

/// Percent-decoding as `decodeURIComponent`; text that it refuses stays as it is.
fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    percent_decoded(value).map_or(Cow::Borrowed(value), Cow::Owned)
}

fn percent_decoded(value: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = hex_digit(bytes.next()?)?;
            let low = hex_digit(bytes.next()?)?;
            decoded.push(high << 4 | low);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests;
