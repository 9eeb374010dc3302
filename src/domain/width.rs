//! Full-width signs.
//!
//! A Chinese keyboard writes digits, letters and signs either narrow (`1+`) or as wide as a character (`１＋`). They mean
//! the same, so everything that is read is narrowed first.

/// The narrow form of a sign; any other character is itself.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '，' | '、' => ',',
        '。' | '．' => '.',
        // The full-width block stands at a fixed distance from the narrow one.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        // Dashes that people and programs use for each other.
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '￥' => '¥',
        _ => c,
    }
}

/// A text with every sign narrow and no space around it.
pub(crate) fn narrowed(text: &str) -> String {
    text.trim().chars().filter(|c| !is_invisible(*c)).map(narrow).collect::<String>().trim().to_owned()
}

/// Marks that take no room: copied from chats and web pages together with what one wanted.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_signs_become_narrow_and_text_stays() {
        assert_eq!(narrowed("　（＋８６）１３８－Ａ　店 "), "(+86)138-A 店");
        assert_eq!(narrowed("\u{202d}138\u{202c}"), "138");
    }
}
