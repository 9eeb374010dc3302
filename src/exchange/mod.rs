//! What comes in and goes out.

pub mod csv;
pub mod text;
pub mod vcard;
