//! Words in the user's language.
//!
//! A text stands in Chinese and English beside the thing that it names, so that neither can be missing. A further
//! language is one file: a table from the English text to its own.

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

/// Puts values into a text: each `{}` takes the next one.
pub fn fill(text: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut values = values.iter();
    let mut parts = text.split("{}");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(values.next().copied().unwrap_or("{}"));
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
