//! A name as a row of units: Han characters, and words of letters or of digits.

use super::fold;

/// A piece of a name that is eaten as one.
#[derive(Clone, Copy)]
pub(super) struct Unit<'a> {
    /// Place of its first character, counted in characters.
    pub(super) at: usize,
    /// As written.
    pub(super) text: &'a str,
    /// The character, if it is a unit of its own.
    pub(super) han: Option<char>,
}

/// The units of a name in their order.
pub(super) struct Units<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Units<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        Self { rest: name, at: 0 }
    }
}

/// What a character is to a unit.
#[derive(PartialEq, Eq)]
enum Class {
    Han,
    Letter,
    Digit,
    Other,
}

fn class(character: char) -> Class {
    match character {
        '\u{3400}'..='\u{9fff}' => Class::Han,
        _ => match fold(character) {
            'a'..='z' => Class::Letter,
            '0'..='9' => Class::Digit,
            // From here on every script writes a syllable or a word with one sign.
            folded if folded >= '\u{2e80}' && folded.is_alphanumeric() => Class::Han,
            folded if folded.is_numeric() => Class::Digit,
            folded if folded.is_alphabetic() => Class::Letter,
            _ => Class::Other,
        },
    }
}

impl<'a> Iterator for Units<'a> {
    type Item = Unit<'a>;

    fn next(&mut self) -> Option<Unit<'a>> {
        loop {
            let first = self.rest.chars().next()?;
            let kind = class(first);
            let (mut length, mut characters) = (first.len_utf8(), 1);
            if matches!(kind, Class::Letter | Class::Digit) {
                for next in self.rest.chars().skip(1).take_while(|next| class(*next) == kind) {
                    length += next.len_utf8();
                    characters += 1;
                }
            }
            let (text, rest) = self.rest.split_at_checked(length)?;
            let at = self.at;
            self.rest = rest;
            self.at += characters;
            if kind != Class::Other {
                return Some(Unit { at, text, han: (kind == Class::Han).then_some(first) });
            }
        }
    }
}
