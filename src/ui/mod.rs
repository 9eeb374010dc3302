//! The screens and the parts they are made of.

pub mod icon;
pub mod parts;
