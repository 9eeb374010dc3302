//! Answers, and what they come to.

use std::collections::BTreeMap;

use super::document::{Document, Item, ItemKind};
use crate::book::{PhotoRef, Value};

/// The most that an item can earn, before its weight: a pass, or a score of 4.
const FULL: u32 = 4;
/// A score below this is a failure.
const ENOUGH: u8 = 2;
/// The stored value of "not applicable".
const NOT_APPLICABLE: &str = "na";

/// The answer to one item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// As the standard asks, or not.
    Passed(bool),
    /// 0 to 4.
    Score(u8),
    /// Place of the option chosen; the edition is fixed, so it stays what it was.
    Option(usize),
    /// A number or words, as written.
    Words(String),
    /// Photos, or the picture of a signature.
    Photos(Vec<PhotoRef>),
    /// It does not apply here, and does not count.
    NotApplicable,
}

/// The answers of a check by item key.
pub type Answers = BTreeMap<String, Answer>;

impl Answer {
    /// Reads a cell's value as the answer to an item; none if nothing is answered.
    pub fn read(kind: &ItemKind, value: &Value) -> Option<Self> {
        match (kind, value) {
            (ItemKind::Pass | ItemKind::Score | ItemKind::Choice, Value::Text(text)) if text == NOT_APPLICABLE => {
                Some(Self::NotApplicable)
            }
            (ItemKind::Pass, Value::Bool(passed)) => Some(Self::Passed(*passed)),
            (ItemKind::Score, Value::Int(score)) => u8::try_from(*score).ok().filter(|s| *s <= 4).map(Self::Score),
            (ItemKind::Choice, Value::Int(place)) => usize::try_from(*place).ok().map(Self::Option),
            (ItemKind::Number | ItemKind::Words | ItemKind::Newer(_), Value::Text(text)) if !text.is_empty() => {
                Some(Self::Words(text.clone()))
            }
            (ItemKind::Photo | ItemKind::Signature, Value::Text(text)) => PhotoRef::all(text).map(Self::Photos),
            _ => None,
        }
    }

    /// As a cell's value.
    pub fn store(&self) -> Value {
        match self {
            Self::Passed(passed) => Value::Bool(*passed),
            Self::Score(score) => Value::Int(i64::from(*score)),
            Self::Option(place) => Value::Int(i64::try_from(*place).unwrap_or(i64::MAX)),
            Self::Words(text) if text.is_empty() => Value::Nil,
            Self::Words(text) => Value::Text(text.clone()),
            Self::Photos(photos) if photos.is_empty() => Value::Nil,
            Self::Photos(photos) => Value::Text(PhotoRef::join(photos)),
            Self::NotApplicable => Value::Text(NOT_APPLICABLE.to_owned()),
        }
    }

    /// Whether the standard was not met: a fail, or a score below 2.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Passed(false)) || matches!(self, Self::Score(score) if *score < ENOUGH)
    }

    /// What it earns of [`FULL`]; none for what does not count.
    fn points(&self) -> Option<u32> {
        match self {
            Self::Passed(passed) => Some(if *passed { FULL } else { 0 }),
            Self::Score(score) => Some(u32::from(*score)),
            Self::Option(_) | Self::Words(_) | Self::Photos(_) | Self::NotApplicable => None,
        }
    }
}

/// What the answers of a check come to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Points earned, by weight.
    pub earned: u32,
    /// Points that could be earned by the items answered.
    pub possible: u32,
    /// Items answered, and items shown.
    pub answered: usize,
    /// Items shown.
    pub asked: usize,
    /// Keys of the items that failed, in the order of the text.
    pub failed: Vec<String>,
    /// A critical item failed: the whole check has failed (S2).
    pub critical: bool,
}

impl Tally {
    /// Adds a check up (S2): weights count, items that do not apply or are not answered do not, hidden ones are not
    /// there at all.
    pub fn of(document: &Document, answers: &Answers) -> Self {
        let mut tally = Self::default();
        for item in document.items() {
            tally.asked += 1;
            let Some(answer) = answers.get(&item.key) else { continue };
            tally.answered += 1;
            if let Some(points) = answer.points() {
                tally.earned += points * item.weight.0;
                tally.possible += FULL * item.weight.0;
            }
            if answer.is_failure() {
                tally.failed.push(item.key.clone());
                tally.critical |= item.critical;
            }
        }
        tally
    }

    /// The score in percent, rounded; 0 when a critical item failed; none if nothing counted.
    pub fn percent(&self) -> Option<i64> {
        if self.critical {
            return Some(0);
        }
        (self.possible > 0).then(|| i64::from((self.earned * 200 + self.possible) / (self.possible * 2)))
    }
}

/// What a check still needs before it can be completed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// An answer to this item.
    Answer(String),
    /// A word on why this item failed.
    Note(String),
    /// A photo of what failed.
    Photo(String),
    /// A corrective action for this item (S4).
    Action(String),
}

impl Missing {
    /// The item it is about.
    pub fn key(&self) -> &str {
        match self {
            Self::Answer(key) | Self::Note(key) | Self::Photo(key) | Self::Action(key) => key,
        }
    }
}

/// What is missing, in the order of the text. `noted`, `shown` and `acted` say whether an item has a note, a
/// photo and an action.
pub fn missing(
    document: &Document,
    answers: &Answers,
    noted: impl Fn(&str) -> bool,
    shown: impl Fn(&str) -> bool,
    acted: impl Fn(&str) -> bool,
) -> Vec<Missing> {
    let ask = |item: &Item| {
        let key = || item.key.clone();
        match answers.get(&item.key) {
            None if item.optional => None,
            None => Some(Missing::Answer(key())),
            Some(answer) if !answer.is_failure() => None,
            Some(_) if item.ask_note && !noted(&item.key) => Some(Missing::Note(key())),
            Some(_) if item.ask_photo && !shown(&item.key) => Some(Missing::Photo(key())),
            Some(_) if item.ask_action && !acted(&item.key) => Some(Missing::Action(key())),
            Some(_) => None,
        }
    };
    document.items().filter_map(ask).collect()
}

/// One item as the person sees herself and as the inspector saw it (S3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// The item.
    pub item: Item,
    /// The answer of the self-check.
    pub own: Answer,
    /// The answer of the inspection.
    pub seen: Answer,
}

impl Gap {
    /// Whether the two differ: there training goes.
    pub fn is_apart(&self) -> bool {
        self.own != self.seen
    }
}

/// Self-check against inspection, item by item, by the text of the inspection: the items that both answered.
pub fn gaps(document: &Document, own: &Answers, seen: &Answers) -> Vec<Gap> {
    let pair = |item: &Item| {
        let (own, seen) = (own.get(&item.key)?.clone(), seen.get(&item.key)?.clone());
        Some(Gap { item: item.clone(), own, seen })
    };
    document.items().filter(|item| item.kind.is_scored()).filter_map(pair).collect()
}
