//! The standards that the app ships (S1), in both languages. They are the starting point of a shop: it edits them
//! like its own, and its text then stands over the shipped one.
//!
//! Keys never change: answers, ticks and reports go by them.

mod daily;
mod reception;
mod talking;

use super::document::{Document, FORMAT, Item, ItemKind, Section, Text, Weight};
use crate::book::RowId;
use crate::words::Words;

/// A shipped standard.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Name in the book: `reception`.
    pub key: &'static str,
    /// Number of this text; raised with every change of it.
    pub number: i64,
    /// Name for people.
    pub name: Words,
    /// What it is for.
    pub purpose: Words,
    sections: &'static [Step],
}

/// A section as shipped.
#[derive(Clone, Copy, Debug)]
struct Step {
    key: &'static str,
    title: Words,
    tip: Words,
    lines: &'static [Line],
}

/// An item as shipped: pass or fail, or 0 to 4 if it has sentences.
#[derive(Clone, Copy, Debug)]
struct Line {
    key: &'static str,
    marks: &'static [Mark],
    text: Words,
    sentences: &'static [Words],
}

/// What is true of a shipped item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types)] // written as words in the tables
enum Mark {
    /// Counts twice.
    double,
    /// Its failure fails all.
    critical,
    /// May not apply.
    na,
    /// A failure is explained.
    note,
    /// A failure has an action.
    action,
}

/// The key of the reception, which quick ticks go by (S6).
pub const RECEPTION: &str = "reception";

impl Shipped {
    /// Every shipped standard, in the order of the list.
    pub const ALL: &[Self] =
        &[reception::RECEPTION, daily::OPENING, daily::MEETING, talking::CALLS, talking::COMPLAINTS, talking::VISIT];

    /// The shipped standard with this id.
    pub fn find(id: RowId) -> Option<&'static Self> {
        Self::ALL.iter().find(|shipped| shipped.id() == id)
    }

    /// The row that holds what the shop made of it: the same on every device.
    pub fn id(&self) -> RowId {
        id(self.key)
    }

    /// The text as a document.
    pub fn document(&self) -> Document {
        Document { format: FORMAT, sections: self.sections.iter().map(section).collect() }
    }
}

/// The row of a shipped standard by its key.
pub fn id(key: &str) -> RowId {
    RowId::shipped(&format!("standard/{key}"))
}

fn section(step: &Step) -> Section {
    let items = step.lines.iter().map(|line| item(step, line)).collect();
    Section { key: step.key.to_owned(), title: step.title.into(), tip: step.tip.into(), items }
}

fn item(step: &Step, line: &Line) -> Item {
    let has = |mark| line.marks.contains(&mark);
    Item {
        key: format!("{}.{}", step.key, line.key),
        text: line.text.into(),
        kind: if line.sentences.is_empty() { ItemKind::Pass } else { ItemKind::Score },
        options: line.sentences.iter().map(|words| Text::from(*words)).collect(),
        weight: Weight(if has(Mark::double) { 2 } else { 1 }),
        critical: has(Mark::critical),
        na: has(Mark::na),
        ask_note: has(Mark::note),
        ask_action: has(Mark::action),
        ..Item::default()
    }
}

/// Writes a shipped standard as a table: sections with a tip, items with marks, and for a 0–4 item its sentences.
macro_rules! shipped {
    ($key:literal $number:literal, $zh:literal / $en:literal, $pzh:literal / $pen:literal; $(
        $step:ident $szh:literal / $sen:literal, $tzh:literal / $ten:literal {
            $( $line:ident $([$($mark:ident)+])? $lzh:literal / $len:literal $({ $($ozh:literal / $oen:literal;)+ })? ; )*
        }
    )*) => {
        crate::domain::standard::shipped::Shipped {
            key: $key,
            number: $number,
            name: crate::words::words($zh, $en),
            purpose: crate::words::words($pzh, $pen),
            sections: &[$(crate::domain::standard::shipped::Step {
                key: stringify!($step),
                title: crate::words::words($szh, $sen),
                tip: crate::words::words($tzh, $ten),
                lines: &[$(crate::domain::standard::shipped::Line {
                    key: stringify!($line),
                    marks: &[$($(crate::domain::standard::shipped::Mark::$mark),+)?],
                    text: crate::words::words($lzh, $len),
                    sentences: &[$($(crate::words::words($ozh, $oen)),+)?],
                }),*],
            }),*],
        }
    };
}
use shipped;
