//! The text of a standard (S2): sections with items, as JSON in a cell.
//!
//! A newer app may write kinds of items that this one does not know: they are kept, and answered in words. If it
//! wrote a newer format altogether, the text is still shown, but not edited here: see [`Document::is_newer`].

use serde::{Deserialize, Serialize};

use crate::words::{Lang, Words};

/// The format that this version writes.
pub const FORMAT: u32 = 1;

/// A text that the app ships in both languages, or that somebody wrote in one.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    /// Simplified Chinese.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// English.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Text {
    /// What somebody wrote: it stands for both languages, because the other one's old words would now be wrong.
    pub fn own(lang: Lang, text: &str) -> Self {
        let text = text.trim().to_owned();
        match lang {
            Lang::Zh => Self { zh: text, en: String::new() },
            Lang::En => Self { zh: String::new(), en: text },
        }
    }

    /// The text in a language, or the only one there is.
    pub fn r#in(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh if !self.zh.is_empty() => &self.zh,
            Lang::En if !self.en.is_empty() => &self.en,
            _ if self.zh.is_empty() => &self.en,
            _ => &self.zh,
        }
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }

    /// Takes what a field holds: the words shown to the writer unchanged leave the other language as it is.
    pub fn write(&mut self, lang: Lang, text: &str) {
        if self.r#in(lang) != text.trim() {
            *self = Self::own(lang, text);
        }
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self { zh: words.zh.to_owned(), en: words.en.to_owned() }
    }
}

/// How an item is answered.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum ItemKind {
    /// Passes or fails.
    #[default]
    Pass,
    /// 0 to 4, each with a sentence.
    Score,
    /// One of several options; recorded, not scored.
    Choice,
    /// A number; recorded, not scored.
    Number,
    /// Words; recorded, not scored.
    Words,
    /// Photos; recorded, not scored.
    Photo,
    /// A signature, kept as a picture; not scored.
    Signature,
    /// A kind of a newer version, answered in words here.
    Newer(String),
}

impl ItemKind {
    /// The kinds that this version can edit.
    pub const ALL: [Self; 7] =
        [Self::Pass, Self::Score, Self::Choice, Self::Number, Self::Words, Self::Photo, Self::Signature];

    /// Name in the document.
    pub fn key(&self) -> &str {
        match self {
            Self::Pass => "pass",
            Self::Score => "score",
            Self::Choice => "choice",
            Self::Number => "number",
            Self::Words => "text",
            Self::Photo => "photo",
            Self::Signature => "signature",
            Self::Newer(key) => key,
        }
    }

    /// Whether the answer counts in the score.
    pub fn is_scored(&self) -> bool {
        matches!(self, Self::Pass | Self::Score)
    }
}

impl From<String> for ItemKind {
    fn from(key: String) -> Self {
        Self::ALL.into_iter().find(|kind| kind.key() == key).unwrap_or(Self::Newer(key))
    }
}

impl From<ItemKind> for String {
    fn from(kind: ItemKind) -> Self {
        kind.key().to_owned()
    }
}

/// One thing to look at.
#[allow(clippy::struct_excessive_bools)] // independent marks of an item, as S2 lists them
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Names the item in every edition: answers and reports go by it.
    pub key: String,
    /// What is to be so.
    pub text: Text,
    /// How it is answered.
    pub kind: ItemKind,
    /// For a score what each value from 0 to 4 means; for a choice its options.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Text>,
    /// How much it counts; 1 if nothing else is said.
    #[serde(skip_serializing_if = "is_one")]
    pub weight: Weight,
    /// A check can be completed without it.
    #[serde(skip_serializing_if = "is_false")]
    pub optional: bool,
    /// Its failure fails the whole check.
    #[serde(skip_serializing_if = "is_false")]
    pub critical: bool,
    /// It may be marked as not applicable and then does not count. Only scored items and choices.
    #[serde(skip_serializing_if = "is_false")]
    pub na: bool,
    /// Not shown, not counted.
    #[serde(skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// A failure must be explained.
    #[serde(skip_serializing_if = "is_false")]
    pub ask_note: bool,
    /// A failure must be shown on a photo.
    #[serde(skip_serializing_if = "is_false")]
    pub ask_photo: bool,
    /// A failure must have a corrective action (S4).
    #[serde(skip_serializing_if = "is_false")]
    pub ask_action: bool,
    /// How to do it well, or how to see it.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub tip: Text,
}

/// How much an item counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Weight(pub u32);

impl Default for Weight {
    fn default() -> Self {
        Self(1)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the shape that serde calls
fn is_one(weight: &Weight) -> bool {
    weight.0 == 1
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the shape that serde calls
fn is_false(mark: &bool) -> bool {
    !mark
}

/// Items that belong together: one step of the reception.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Section {
    /// Names the section in every edition: quick ticks go by it (S6).
    pub key: String,
    /// Its heading.
    pub title: Text,
    /// What it is about.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub tip: Text,
    /// What to look at.
    pub items: Vec<Item>,
}

/// The text of a standard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Document {
    /// Format it was written in.
    pub format: u32,
    /// Its sections, in order.
    #[serde(default)]
    pub sections: Vec<Section>,
}

impl Default for Document {
    fn default() -> Self {
        Self { format: FORMAT, sections: Vec::new() }
    }
}

impl Document {
    /// Reads the cell's text; none if it is not a document at all.
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// As the cell's text. Equal documents give equal texts.
    pub fn write(&self) -> String {
        // Strings, numbers and marks only: nothing that the writer can refuse.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether a newer version wrote a format that editing here would damage.
    pub fn is_newer(&self) -> bool {
        self.format > FORMAT
    }

    /// The items that are shown and counted: hidden ones are not (S2).
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|section| &section.items).filter(|item| !item.hidden)
    }

    /// An item by its key, hidden or not.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.sections.iter().flat_map(|section| &section.items).find(|item| item.key == key)
    }

    /// The document of the quick ticks (S6): each section is one item that passes or fails under the section's key.
    /// A step that has only items that may not apply, such as payment when nothing was bought, may itself not apply.
    pub fn by_step(&self) -> Self {
        let shown = |section: &&Section| section.items.iter().any(|item| !item.hidden);
        let step = |section: &Section| Item {
            key: section.key.clone(),
            text: section.title.clone(),
            tip: section.tip.clone(),
            na: section.items.iter().filter(|item| !item.hidden).all(|item| item.na),
            ..Item::default()
        };
        let items = self.sections.iter().filter(shown).map(step).collect();
        Self { format: self.format, sections: vec![Section { items, ..Section::default() }] }
    }

    /// What keeps the document from being published, in the order of the text.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.items().next().is_none() {
            faults.push(Fault::Empty);
        }
        for section in &self.sections {
            if section.title.is_empty() {
                faults.push(Fault::Section(section.key.clone()));
            }
            for item in &section.items {
                let bare = item.kind == ItemKind::Choice && item.options.iter().filter(|o| !o.is_empty()).count() < 2;
                if item.text.is_empty() {
                    faults.push(Fault::Item(item.key.clone()));
                } else if bare {
                    faults.push(Fault::Options(item.key.clone()));
                }
            }
        }
        faults
    }
}

/// What is missing in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// There is nothing to look at.
    Empty,
    /// This section has no heading.
    Section(String),
    /// This item has no text.
    Item(String),
    /// This choice has fewer than two options.
    Options(String),
}
