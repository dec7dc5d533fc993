//! Password hashes: Better Auth's scrypt, and the foreign ones that users bring along.
//!
//! Everything here is a function of its arguments. Salts are passed in, texts come as the bytes
//! that are hashed: Unicode is brought into its normal form (NFKC) by the caller, whose language
//! has the tables for it.
#![forbid(unsafe_code)]

#[cfg(feature = "foreign")]
pub mod foreign;
#[cfg(feature = "scrypt")]
pub mod scrypt;
