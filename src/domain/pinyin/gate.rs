//! A quick look that turns most names away.
//!
//! A name can only be found if one of its characters may begin the query and either ends it as well or is followed by one
//! that may go on. Both are known for every character once the query is known, one byte each, so that the look costs one
//! load for a character. It lets through all names that are found and a few that are not.

use super::matching::places;
use super::{COUNT, FIRST, TABLE};

/// The character may eat the beginning of the query.
const BEGINS: u8 = 1;
/// The character may eat all of the query.
const ENDS: u8 = 2;
/// The character may go on after one that begins.
const FOLLOWS: u8 = 4;

/// What is known of every character for one query.
#[derive(Debug)]
pub(super) struct Gate {
    first: char,
    /// By place in the table.
    flags: Vec<u8>,
}

impl Gate {
    /// Prepares the look for a query: its signs, and what each syllable reaches from each of them.
    pub(super) fn new(signs: &[char], reach: &[u64]) -> Self {
        let end = 1_u64 << signs.len();
        let rows = || reach.chunks_exact(signs.len().max(1));
        let from_start = |row: &[u64]| row.first().copied().unwrap_or_default();
        let first = signs.first().copied().unwrap_or_default();
        // Places at which the second character of a find may begin.
        let second = rows().fold(2, |second, row| second | from_start(row)) & !end;
        let syllables: Vec<u8> = rows()
            .map(|row| {
                let follows = places(second).any(|place| row.get(place).is_some_and(|reached| *reached != 0));
                let start = from_start(row);
                flag(start != 0, BEGINS) | flag(start & end != 0, ENDS) | flag(follows, FOLLOWS)
            })
            .collect();
        let mut flags = vec![0; COUNT];
        if !syllables.is_empty() {
            for (flags, span) in flags.iter_mut().zip(TABLE.begins.windows(2)) {
                if let [from, to] = *span {
                    let readings = TABLE.readings.get(usize::from(from)..usize::from(to)).unwrap_or_default();
                    *flags = readings.iter().fold(0, |flags, syllable| {
                        flags | syllables.get(usize::from(*syllable)).copied().unwrap_or_default()
                    });
                }
            }
        }
        // The characters of the query eat themselves.
        for (place, sign) in signs.iter().enumerate() {
            if let Some(flags) = flags.get_mut(place_in_table(*sign)) {
                *flags |= flag(place == 0, BEGINS) | flag(place == 0 && signs.len() == 1, ENDS);
                *flags |= flag(second & (1 << place) != 0, FOLLOWS);
            }
        }
        Self { first, flags }
    }

    /// Calls `each` with every name that is let through, and where it begins, of names that are followed by a line feed.
    pub(super) fn scan<'n>(&self, names: &'n [u8], mut each: impl FnMut(usize, &'n str)) {
        let mut from = 0;
        while from < names.len() {
            let (lets, seen) = self.look(names, from);
            let end = seen + names.get(seen..).unwrap_or_default().iter().position(|byte| *byte == b'\n').unwrap_or(0);
            if lets {
                each(from, names.get(from..end).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default());
            }
            from = end + 1;
        }
    }

    /// Whether the name that begins at a place is let through, and how far it was looked at: not beyond its line feed.
    fn look(&self, names: &[u8], from: usize) -> (bool, usize) {
        let mut begun = false;
        let mut at = from;
        // Han characters of the table, by the bytes that they are written with; all else is looked at sign by sign.
        while let Some([lead @ 0xe4..=0xe9, one, two]) = names.get(at..at + 3) {
            let code = usize::from(lead & 15) << 12 | usize::from(one & 63) << 6 | usize::from(two & 63);
            let Some(flags) = self.flags.get(code.wrapping_sub(FIRST as usize)) else { break };
            if flags & ENDS != 0 || (begun && flags & FOLLOWS != 0) {
                return (true, at);
            }
            begun = flags & BEGINS != 0;
            at += 3;
        }
        if names.get(at).is_none_or(|byte| *byte == b'\n') {
            return (false, at);
        }
        let rest = names.get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let name = rest.get(..length).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
        (self.lets(name), from + length)
    }

    /// Whether a name may be found.
    pub(super) fn lets(&self, name: &str) -> bool {
        // Whether the unit before may begin the query, and whether we are in a word and it is one of digits.
        let (mut begun, mut word) = (false, None);
        for character in name.chars() {
            if let Some(flags) = self.flags.get(place_in_table(character)) {
                if flags & ENDS != 0 || (begun && flags & FOLLOWS != 0) {
                    return true;
                }
                (begun, word) = (flags & BEGINS != 0, None);
            } else if !character.is_ascii() {
                // Rare enough to be looked at in full.
                return true;
            } else if character.is_ascii_alphanumeric() {
                let in_digits = Some(character.is_ascii_digit());
                if word != in_digits && (begun || character.to_ascii_lowercase() == self.first) {
                    return true;
                }
                (begun, word) = (false, in_digits);
            } else {
                word = None;
            }
        }
        false
    }
}

fn flag(set: bool, flag: u8) -> u8 {
    if set { flag } else { 0 }
}

/// Place of a character in the table; beyond its end for any other character.
fn place_in_table(character: char) -> usize {
    u32::from(character).wrapping_sub(FIRST) as usize
}
