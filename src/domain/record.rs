//! The record declaration (G1): one place that says what a record kind is.
//!
//! ```text
//! record! {
//!     /// A promise to a customer (C24).
//!     promise = 6, "承诺" / "Promise", title WHAT, by DAILY;
//!     basic "承诺" / "Promise" {
//!         WHAT = 1: Text, "内容" / "What was promised", [required search list];
//!         DUE = 3: Day, "期限" / "By", [list];
//!     }
//! }
//! ```
//!
//! From it follow typed access ([`Key`]), the cells of the book, forms, list columns, filters, import mapping, export,
//! search, history, the view of a conflict, and both languages. A new field is one line.

use std::marker::PhantomData;

use jiff::civil::Date;

use super::annual::AnnualDay;
use super::lists::List;
use super::role::Roles;
use crate::book::{RowId, Value};
use crate::words::Words;

/// Number of a record kind in the book.
pub type KindId = u16;

/// A record kind: what the declaration says.
#[derive(Debug)]
pub struct Kind {
    /// Number in the book, never reused.
    pub id: KindId,
    /// Name in files: `customer`.
    pub key: &'static str,
    /// Name for people.
    pub words: Words,
    /// The field that stands for the whole record.
    pub title: u16,
    /// Who may write it (M3).
    pub writers: Roles,
    /// Sections of the card, in order.
    pub sections: &'static [Section],
}

/// Fields that belong together on a card.
#[derive(Debug)]
pub struct Section {
    /// Name in files: `basic`.
    pub key: &'static str,
    /// Name for people.
    pub words: Words,
    /// Fields in the order of the form.
    pub fields: &'static [Field],
}

/// A field: what the declaration says.
#[derive(Debug)]
pub struct Field {
    /// Number in the kind, never reused.
    pub id: u16,
    /// Name in files, in capitals as declared; see [`Field::key`].
    pub name: &'static str,
    /// Name for people.
    pub words: Words,
    /// What it holds.
    pub shape: Shape,
    /// What else is true of it.
    pub flags: Flags,
    /// Other names that the columns of imported files go by.
    pub also: &'static [&'static str],
}

impl Field {
    /// Name in files: `phone`.
    pub fn key(&self) -> String {
        self.name.to_ascii_lowercase()
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl Eq for Kind {}

impl Kind {
    /// All fields in the order of the form.
    pub fn fields(&'static self) -> impl Iterator<Item = &'static Field> {
        self.sections.iter().flat_map(|section| section.fields)
    }

    /// A field by its number; none for one that a newer version wrote.
    pub fn field(&'static self, id: u16) -> Option<&'static Field> {
        self.fields().find(|field| field.id == id)
    }

    /// Fields with a flag.
    pub fn with(&'static self, flag: Flags) -> impl Iterator<Item = &'static Field> {
        self.fields().filter(move |field| field.flags.has(flag))
    }
}

/// What a field holds, and with it how it is entered, shown, read from a file and written to one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// One line of text.
    Text,
    /// Text of many lines.
    Long,
    /// A telephone number (G7).
    Phone,
    /// A set of telephone numbers.
    Phones,
    /// A mail address.
    Mail,
    /// A web address.
    Link,
    /// A whole number.
    Whole,
    /// An amount in fen (G7).
    Money,
    /// A day as `yyyymmdd`.
    Day,
    /// A day of every year, solar or lunar, with or without its year (G6).
    Annual,
    /// A moment in milliseconds since 1970.
    Instant,
    /// A length of time in minutes.
    Minutes,
    /// An entry of a dictionary (G2), by its key.
    Choice(List),
    /// A set of entries.
    Choices(List),
    /// A set of free words.
    Tags,
    /// A row of another kind.
    Ref(KindId),
    /// Yes or no.
    Tick,
    /// 0 to 4.
    Score,
    /// An address or coordinates.
    Place,
    /// Answers by item: elements are item keys (S2).
    Answers,
    /// A set of photos, each by its [`PhotoRef`](crate::book::PhotoRef).
    Photos,
    /// A document of its own format, with an editor of its own.
    Document,
}

impl Shape {
    /// Whether the field holds a set: every element is a cell of its own, so that two people adding at once both keep
    /// theirs.
    pub const fn is_set(self) -> bool {
        matches!(self, Self::Phones | Self::Choices(_) | Self::Tags | Self::Answers | Self::Photos)
    }
}

/// What else is true of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flags(pub u16);

impl Flags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// A record without it cannot be saved.
    pub const REQUIRED: Self = Self(1);
    /// Says something of a person (G5).
    pub const PERSONAL: Self = Self(2);
    /// Found by the search box (C13).
    pub const SEARCH: Self = Self(4);
    /// Shown as a column.
    pub const LIST: Self = Self(8);
    /// Kept by the app, not on the form.
    pub const HIDDEN: Self = Self(16);
    /// Only for a person (C5).
    pub const PERSON: Self = Self(32);
    /// Only for an organisation (C5).
    pub const ORG: Self = Self(64);
    /// Soft fact of the VIP file (C7).
    pub const SOFT: Self = Self(128);
    /// A reference to what the record belongs to: whoever erases that erases the record (G5).
    pub const OWNED: Self = Self(256);

    /// Whether all of `flag` is set.
    pub const fn has(self, flag: Self) -> bool {
        self.0 & flag.0 == flag.0
    }

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Typed access to one field of one kind.
#[derive(Debug)]
pub struct Key<T> {
    /// Kind.
    pub kind: KindId,
    /// Field.
    pub field: u16,
    marker: PhantomData<fn() -> T>,
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Key<T> {}

impl<T> Key<T> {
    /// The key of a field; written by the declaration.
    pub const fn new(kind: KindId, field: u16) -> Self {
        Self { kind, field, marker: PhantomData }
    }
}

/// A type that a cell can hold.
pub trait Stored: Sized {
    /// As a cell's value.
    fn store(&self) -> Value;
    /// From a cell's value; none if it is of another type.
    fn read(value: &Value) -> Option<Self>;
}

impl Stored for String {
    fn store(&self) -> Value {
        if self.is_empty() { Value::Nil } else { Value::Text(self.clone()) }
    }
    fn read(value: &Value) -> Option<Self> {
        value.text().map(str::to_owned)
    }
}

impl Stored for i64 {
    fn store(&self) -> Value {
        Value::Int(*self)
    }
    fn read(value: &Value) -> Option<Self> {
        value.int()
    }
}

impl Stored for bool {
    fn store(&self) -> Value {
        Value::Bool(*self)
    }
    fn read(value: &Value) -> Option<Self> {
        if let Value::Bool(tick) = value { Some(*tick) } else { None }
    }
}

impl Stored for RowId {
    fn store(&self) -> Value {
        Value::Bytes(self.0.to_vec())
    }
    fn read(value: &Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Self::from_slice(bytes) } else { None }
    }
}

impl Stored for AnnualDay {
    fn store(&self) -> Value {
        Value::Text(self.to_stored())
    }
    fn read(value: &Value) -> Option<Self> {
        Self::from_stored(value.text()?)
    }
}

impl Stored for Date {
    fn store(&self) -> Value {
        Value::Int(i64::from(self.year()) * 10_000 + i64::from(self.month()) * 100 + i64::from(self.day()))
    }
    fn read(value: &Value) -> Option<Self> {
        let day = value.int()?;
        let part = |n: i64| i8::try_from(n).ok();
        Self::new(i16::try_from(day / 10_000).ok()?, part(day / 100 % 100)?, part(day % 100)?).ok()
    }
}

/// The Rust type of each shape, named so that the declaration can use the shape's own name.
#[allow(missing_docs)] // the name of the shape says it
pub mod shape {
    pub type Text = String;
    pub type Long = String;
    pub type Phone = String;
    pub type Phones = super::Set;
    pub type Mail = String;
    pub type Link = String;
    pub type Whole = i64;
    pub type Money = i64;
    pub type Day = jiff::civil::Date;
    pub type Annual = super::AnnualDay;
    pub type Instant = i64;
    pub type Minutes = i64;
    pub type Choice = String;
    pub type Choices = super::Set;
    pub type Tags = super::Set;
    pub type Ref = super::RowId;
    pub type Tick = bool;
    pub type Score = i64;
    pub type Place = String;
    pub type Answers = super::Set;
    pub type Photos = super::Set;
    pub type Document = String;
}

/// Marks a field that holds a set of elements.
#[derive(Clone, Copy, Debug)]
pub struct Set;

/// Declares a record kind as a module with a [`Key`] for every field and the [`Kind`] as `RECORD`.
#[macro_export]
macro_rules! record {
    (
        $(#[$doc:meta])*
        $kind:ident = $id:literal, $zh:literal / $en:literal, title $title:ident, by $writers:ident;
        $( $section:ident $szh:literal / $sen:literal {
            $( $name:ident = $fid:literal : $shape:ident $(($arg:expr))?, $fzh:literal / $fen:literal
               $(, [$($flag:ident)*])? $(, also $($also:literal)+)? ; )*
        } )*
    ) => {
        $(#[$doc])*
        pub mod $kind {
            #[allow(unused_imports)] // not every kind has a choice or a reference
            use $crate::domain::{lists, record::{Field, Flags, Key, Kind, Section, Shape, shape}};
            use $crate::words::words;

            /// Number of the kind in the book.
            pub const ID: u16 = $id;
            $($(
                #[doc = concat!($fzh, " · ", $fen)]
                pub const $name: Key<shape::$shape> = Key::new($id, $fid);
            )*)*
            /// The declaration.
            pub static RECORD: Kind = Kind {
                id: $id,
                key: stringify!($kind),
                words: words($zh, $en),
                title: $title.field,
                writers: $crate::domain::role::Roles::$writers,
                sections: &[$(Section {
                    key: stringify!($section),
                    words: words($szh, $sen),
                    fields: &[$(Field {
                        id: $fid,
                        name: stringify!($name),
                        words: words($fzh, $fen),
                        shape: Shape::$shape $(($arg))?,
                        flags: Flags::NONE $($(.and($crate::record!(@flag $flag)))*)?,
                        also: &[$($($also),+)?],
                    }),*],
                }),*],
            };
        }
    };
    (@flag required) => { Flags::REQUIRED };
    (@flag personal) => { Flags::PERSONAL };
    (@flag search) => { Flags::SEARCH };
    (@flag list) => { Flags::LIST };
    (@flag hidden) => { Flags::HIDDEN };
    (@flag person) => { Flags::PERSON };
    (@flag org) => { Flags::ORG };
    (@flag soft) => { Flags::SOFT };
    (@flag owned) => { Flags::OWNED };
}
