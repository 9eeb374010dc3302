//! The screens: what people see and touch. They read the book directly and hand their actions to [`app::App`].

pub mod allowed;
pub mod app;
pub mod beside;
pub mod calendar;
pub mod complaints;
pub mod customers;
pub mod everywhere;
pub mod gallery;
pub mod icon;
pub mod lasting;
pub mod later;
pub mod lock;
pub mod notices;
pub mod parts;
pub mod people;
pub mod photos;
pub mod record;
pub mod route;
pub mod settings;
pub mod sharing;
pub mod shell;
pub mod standards;
pub mod start;
pub mod today;
pub mod trouble;
