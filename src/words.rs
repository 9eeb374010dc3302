//! Words in the user's language.
//!
//! A text stands in Chinese and English beside the thing that it names, so that neither can be missing. A further
//! language is one file: a table from the English text to its own.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A language of the app.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Every language, in the order of the chooser, with its own name for itself.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Zh, "简体中文"), (Self::En, "English")];

    /// The language for a BCP 47 tag such as `zh-CN`; English for one that is not known.
    pub fn of_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// The tag for the document.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-Hans",
            Self::En => "en",
        }
    }
}

/// One text in every language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// The text in a language.
    pub const fn r#in(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// A text in every language.
pub const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

/// Puts values into a text: each `{}` takes the next one, [isolated] from the words around it.
pub fn fill(text: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut values = values.iter();
    let mut parts = text.split("{}");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(&values.next().copied().map_or("{}".into(), isolated));
        out.push_str(part);
    }
    out
}

/// What is there of several values, beside each other on one line: `138 0013 8000 · 南货店`. Each is [isolated].
pub fn beside(parts: impl IntoIterator<Item = String>) -> String {
    let mut out = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push_str(" · ");
        }
        out.push_str(&isolated(&part));
    }
    out
}

/// A value as it may stand among other words: whichever way it is written or says that it turns, they keep their places.
/// One that runs from left to right, as nearly all do, is as it was.
pub fn isolated(value: &str) -> Cow<'_, str> {
    if !value.contains(may_turn) {
        return value.into();
    }
    let mut out = String::from(FIRST_STRONG);
    let mut open = 1;
    for char in value.chars() {
        match char {
            LEFT_TO_RIGHT..=FIRST_STRONG => open += 1,
            // It would end what was begun here.
            END if open == 1 => continue,
            END => open -= 1,
            _ => {}
        }
        out.push(char);
    }
    out.extend(std::iter::repeat_n(END, open));
    out.into()
}

/// Isolates of the Unicode bidirectional algorithm: the first of those that begin one, the last of them, and the end.
const LEFT_TO_RIGHT: char = '\u{2066}';
const FIRST_STRONG: char = '\u{2068}';
const END: char = '\u{2069}';

/// Letters written from right to left, and marks that turn what follows.
const fn may_turn(char: char) -> bool {
    matches!(char,
        '\u{590}'..='\u{8FF}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_turns_nothing_beside_it() {
        assert_eq!(isolated("王小丫 · Zoë 138"), "王小丫 · Zoë 138");
        assert_eq!(isolated("王\u{202E}gnp"), "\u{2068}王\u{202E}gnp\u{2069}");
        // An end too many, and one too few.
        assert_eq!(isolated("\u{2069}\u{2069}כ"), "\u{2068}כ\u{2069}");
        assert_eq!(isolated("\u{2067}\u{2066}x"), "\u{2068}\u{2067}\u{2066}x\u{2069}\u{2069}\u{2069}");
        assert_eq!(fill("“{}”的", &["\u{202E}x"]), "“\u{2068}\u{202E}x\u{2069}”的");
        let parts = ["138".to_owned(), String::new(), "\u{202E}x".to_owned(), "店".to_owned()];
        assert_eq!(beside(parts), "138 · \u{2068}\u{202E}x\u{2069} · 店");
    }

    #[test]
    fn values_take_their_places_in_order() {
        assert_eq!(fill("共 {} 位，{} 位到期", &["3", "1"]), "共 3 位，1 位到期");
        assert_eq!(fill("{} of {}", &["1"]), "1 of {}");
    }

    #[test]
    fn the_browser_tag_chooses_the_language() {
        assert_eq!(Lang::of_tag("zh-TW"), Lang::Zh);
        assert_eq!(Lang::of_tag("de"), Lang::En);
    }
}
