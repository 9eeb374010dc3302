//! How Chinese is read aloud: spelling, sorting and finding by pinyin (C13).
//!
//! Readings are toneless and as typed: `ü` is `v`. The table holds every character of the basic block; its source and
//! format are in `docs/pinyin.md`. A family name may be read in its own way (单 is Shàn, not Dān): that reading counts
//! first at the head of a name.

mod gate;
mod matching;
mod surname;
mod units;

use std::sync::LazyLock;

pub use self::matching::{Match, Place, Query, Rank};
use super::width::narrow;

#[cfg(test)]
mod tests;

/// The first character of the table, and how many there are.
const FIRST: u32 = 0x4e00;
const COUNT: usize = 0x9fff - 0x4e00 + 1;

/// The table, unpacked at its first use.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::unpack(include_bytes!("pinyin/table.bin")));

/// A syllable by its place in the table.
type Syllable = u16;

struct Table {
    syllables: Vec<&'static str>,
    /// Readings of all characters in a row, and where those of each character begin; one more entry closes the last.
    readings: Vec<Syllable>,
    begins: Vec<u16>,
}

impl Table {
    /// Reads the format of `docs/pinyin.md`.
    fn unpack(bytes: &'static [u8]) -> Self {
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or_default();
        let (head, packed) = bytes.split_at(end);
        let syllables = std::str::from_utf8(head).unwrap_or_default().split(' ').collect();
        let mut readings = Vec::with_capacity(COUNT + COUNT / 8);
        let mut begins = Vec::with_capacity(COUNT + 1);
        let place = |readings: &[Syllable]| u16::try_from(readings.len()).unwrap_or(u16::MAX);
        let mut also = false;
        let mut packed = packed.iter().skip(1).copied();
        while let Some(byte) = packed.next() {
            if byte == ALSO {
                also = true;
                continue;
            }
            if !also {
                begins.push(place(&readings));
            }
            also = false;
            match byte {
                NONE => {}
                LONG => readings.push(Syllable::from(LONG) + Syllable::from(packed.next().unwrap_or_default())),
                short => readings.push(Syllable::from(short)),
            }
        }
        begins.push(place(&readings));
        Self { syllables, readings, begins }
    }

    /// The readings of a character, the most usual first.
    fn of(&self, character: char) -> &[Syllable] {
        // The one numeral outside the block.
        let character = if character == '〇' { '零' } else { character };
        let at = u32::from(character).wrapping_sub(FIRST) as usize;
        let range = self.begins.get(at).zip(self.begins.get(at.wrapping_add(1)));
        range.and_then(|(from, to)| self.readings.get(usize::from(*from)..usize::from(*to))).unwrap_or_default()
    }

    fn spell(&self, syllable: Syllable) -> &'static str {
        self.syllables.get(usize::from(syllable)).copied().unwrap_or_default()
    }
}

/// The next byte counts syllables from here.
const LONG: u8 = 252;
/// One more reading of the same character.
const ALSO: u8 = 253;
/// A character without a known reading.
const NONE: u8 = 254;

/// The toneless readings of a character, the most usual first; nothing for one that is not Han.
pub fn readings(character: char) -> impl Iterator<Item = &'static str> {
    TABLE.of(character).iter().map(|syllable| TABLE.spell(*syllable))
}

/// A key that sorts names as a Chinese list does: by syllable, equal characters together, the surname read as one
/// (曾 under Z). Latin text sorts between them by its letters, without regard to case and width.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() * 3);
    write_name_key(name, &mut key);
    key
}

/// Puts the key of a name behind what is there already: for many names without a piece of memory for each.
pub fn write_name_key(name: &str, key: &mut String) {
    each_reading(name, |character, reading| {
        // The separator is less than any letter, so that `li` stands before `lin` whatever follows.
        if let Some(reading) = reading {
            key.push_str(reading);
            key.push('\u{1}');
        }
        key.push(character);
    });
}

/// A name in one word of letters, to compare names that sound the same: `张三丰` and `章叁峰` are `zhangsanfeng`. Signs
/// and spaces are left out.
pub fn spelling(name: &str) -> String {
    let mut spelling = String::with_capacity(name.len() * 2);
    each_reading(name, |character, reading| match reading {
        Some(reading) => spelling.push_str(reading),
        None if character.is_alphanumeric() => spelling.push(character),
        None => {}
    });
    spelling
}

/// The letter under which an index files a name; `#` for names that begin with no letter.
pub fn initial(name: &str) -> char {
    let name = name.trim_start();
    let Some(first) = name.chars().next() else { return '#' };
    let letter = surname::reading(name, 0).and_then(|reading| reading.chars().next());
    let letter = letter.or_else(|| readings(first).next().and_then(|reading| reading.chars().next()));
    let letter = letter.unwrap_or_else(|| fold(first)).to_ascii_uppercase();
    if letter.is_ascii_uppercase() { letter } else { '#' }
}

/// Calls `each` with every character of a name, folded, and its reading if it is Han.
fn each_reading(name: &str, mut each: impl FnMut(char, Option<&'static str>)) {
    let name = name.trim();
    let family = surname::readings(name);
    for (at, character) in name.chars().enumerate() {
        let own = family.get(at).copied().flatten();
        each(fold(character), own.or_else(|| readings(character).next()));
    }
}

/// The form in which characters are compared: narrow, in lower case, `ü` as it is typed.
fn fold(character: char) -> char {
    match character {
        // Nothing to fold in most of what passes here.
        'a'..='z' | '0'..='9' | '\u{3400}'..='\u{9fff}' => character,
        'A'..='Z' => character.to_ascii_lowercase(),
        'ü' | 'Ü' => 'v',
        _ => narrow(character).to_lowercase().next().unwrap_or(character),
    }
}
