//! What a shop knows.

pub mod annual;
pub mod day;
pub mod lunar;
pub mod money;
pub mod phone;
pub mod pinyin;

pub mod width;
