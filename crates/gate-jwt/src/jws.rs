//! Compact JWS (RFC 7515 section 7.1): three parts, one signature, one spelling.

use std::fmt;

use crate::base64url;
use crate::error::{Error, MAX_TOKEN_BYTES, Malformed};
use crate::header::Header;
use crate::json;

/// A token taken apart, its header read, nothing verified.
#[derive(Clone, PartialEq)]
pub struct CompactJws<'a> {
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
    signed: &'a [u8],
}

impl<'a> CompactJws<'a> {
    /// Takes `token` apart.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is too long, does not have exactly three parts, a part is not
    /// canonical base64url, or the header breaks a rule.
    pub fn parse(token: &'a str) -> Result<Self, Error> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Error::Malformed(Malformed::TooLarge));
        }
        let parts = || Error::Malformed(Malformed::Parts);
        let (signed, signature) = token.rsplit_once('.').ok_or_else(parts)?;
        let (header, payload) = signed.split_once('.').ok_or_else(parts)?;
        if payload.contains('.') {
            return Err(parts());
        }
        let header = json::parse_object(&decode("header", header)?)
            .map_err(|fault| Error::Malformed(Malformed::Json { part: "header", fault }))?;
        Ok(Self {
            header: Header::from_members(&header)?,
            payload: decode("payload", payload)?,
            signature: decode("signature", signature)?,
            signed: signed.as_bytes(),
        })
    }

    /// The header. Not trusted.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The decoded signature.
    pub(crate) fn signature(&self) -> &Vec<u8> {
        &self.signature
    }

    /// The bytes that are signed: header and payload as they were written.
    pub(crate) fn signed(&self) -> &'a [u8] {
        self.signed
    }

    /// Header and decoded payload.
    pub(crate) fn into_parts(self) -> (Header, Vec<u8>) {
        (self.header, self.payload)
    }
}

impl fmt::Debug for CompactJws<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompactJws").field("header", &self.header).finish_non_exhaustive()
    }
}

fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, Error> {
    base64url::decode(text).ok_or(Error::Malformed(Malformed::Encoding { part }))
}

#[cfg(test)]
mod tests {
    use super::CompactJws;
    use crate::base64url::encode;
    use crate::error::{Error, MAX_TOKEN_BYTES, Malformed};

    #[test]
    fn exactly_three_parts() {
        let header = encode(br#"{"alg":"ES256"}"#);
        assert!(CompactJws::parse(&format!("{header}.e30.AAAA")).is_ok());
        for token in
            [String::new(), header.clone(), format!("{header}.e30"), format!("{header}.e30.A.AAAA")]
        {
            assert_eq!(CompactJws::parse(&token), Err(Error::Malformed(Malformed::Parts)));
        }
    }

    #[test]
    fn the_ceiling_is_checked_before_anything_is_decoded() {
        let token = "A".repeat(MAX_TOKEN_BYTES + 1);
        assert_eq!(CompactJws::parse(&token), Err(Error::Malformed(Malformed::TooLarge)));
    }

    #[test]
    fn debug_shows_neither_payload_nor_signature() {
        let header = encode(br#"{"alg":"ES256"}"#);
        let token = format!("{header}.{}.AAAA", encode(b"secret"));
        let shown = format!("{:?}", CompactJws::parse(&token).unwrap());
        assert!(!shown.contains("payload") && !shown.contains("signature"), "{shown}");
    }
}
