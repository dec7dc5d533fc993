use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::Sha256;

use super::{Secret, SessionToken, verify};

/// Signed by better-call 1.4.5 itself: `signCookieValue("aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE", …)`.
const SIGNED: &str =
    "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE.KC9k2w8tL95IMvtmojBmI87%2F%2BT9C9Ft5M90oE%2FUqxpU%3D";
const TOKEN: &str = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE";
const SECRET: &str = "a-secret-of-at-least-thirty-two-characters";

fn read(value: &str, secret: &str) -> Option<String> {
    verify(value, Secret::new(secret)?).map(SessionToken::into_string)
}

/// What Better Auth writes before percent-encoding.
fn sign(token: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(token.as_bytes());
    format!("{token}.{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn percent_encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[test]
fn a_cookie_of_better_auth_is_read_in_every_spelling() {
    let plain = sign(TOKEN, SECRET);
    for value in [
        SIGNED.to_owned(),
        format!("\"{SIGNED}\""),
        plain.clone(),
        format!("\"{plain}\""),
        percent_encode(&plain),
    ] {
        assert_eq!(read(&value, SECRET).as_deref(), Some(TOKEN), "{value}");
    }
}

#[test]
fn the_last_dot_separates() {
    let dotted = "a.b.c";
    assert_eq!(read(&sign(dotted, SECRET), SECRET).as_deref(), Some(dotted));
}

#[test]
fn anything_else_is_signed_out() {
    let plain = sign(TOKEN, SECRET);
    let (token, signature) = plain.rsplit_once('.').unwrap();
    for value in [
        String::new(),
        ".".to_owned(),
        token.to_owned(),
        format!(".{signature}"),
        format!("{token}."),
        format!("{token}.{}", signature.trim_end_matches('=')),
        format!("{token}.{signature}="),
        format!("{token}x.{signature}"),
        format!("{}.{signature}", token.to_lowercase()),
        format!("{token}.{}=", "A".repeat(43)),
        format!("\"{plain}"),
        format!("{plain}%"),
        format!("%ff{plain}"),
        format!(" {plain}"),
        format!("{plain} "),
    ] {
        assert_eq!(read(&value, SECRET), None, "{value}");
    }
    assert_eq!(read(&plain, "a-secret-from-before-the-rotation"), None);
    assert!(Secret::new("").is_none());
}

#[test]
fn debug_shows_neither_secret_nor_token() {
    let token = verify(&sign(TOKEN, SECRET), Secret::new(SECRET).unwrap()).unwrap();
    assert_eq!(format!("{token:?}"), "SessionToken([redacted])");
    assert_eq!(format!("{:?}", Secret::new(SECRET).unwrap()), "Secret([redacted])");
}

proptest! {
    #[test]
    fn what_is_signed_is_read_back(token in "[^\"\\s%][^%]{0,39}[^\\s%]", secret in ".{1,40}") {
        let value = percent_encode(&sign(&token, &secret));
        prop_assert_eq!(read(&value, &secret), Some(token));
    }

    #[test]
    fn arbitrary_values_never_verify(value in ".{0,120}") {
        prop_assert_eq!(read(&value, SECRET), None);
    }

    #[test]
    fn a_changed_character_ends_the_session(place in 0..77_usize, with in "[A-Za-z0-9+/]") {
        let plain = sign(TOKEN, SECRET);
        let mut changed = plain.clone();
        changed.replace_range(place..=place, &with);
        prop_assume!(changed != plain);
        prop_assert_eq!(read(&changed, SECRET), None);
    }
}
