//! Contacts as phones and services write them: vCard 2.1, 3.0 and 4.0 (C16).
//!
//! What a card says that has no place here is counted by its name, so that the person who imports can be told. Pictures
//! are left out.

mod line;
mod take;

use std::collections::BTreeMap;

use self::line::{Property, properties};
use self::take::Reading;
use super::text::Gb18030;
use crate::domain::annual::AnnualDay;

#[cfg(test)]
mod tests;

/// How a file of contacts begins.
const BEGIN: &str = "BEGIN:VCARD";

/// What a file holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cards {
    /// The cards in their order.
    pub cards: Vec<Card>,
    /// Names of properties that were not taken, and how often each occurs: of no use here, or with a value that makes no
    /// sense.
    pub left_out: BTreeMap<String, usize>,
}

/// One contact.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Card {
    /// The full name, as the card shows it or put together from its parts.
    pub name: String,
    /// 昵称.
    pub nickname: String,
    /// The employer.
    pub org: String,
    /// Its unit.
    pub department: String,
    /// Position.
    pub title: String,
    /// Telephone numbers as written, the preferred one first.
    pub phones: Vec<Contact>,
    /// Mail addresses, the preferred one first.
    pub emails: Vec<Contact>,
    /// Postal addresses, each in one line.
    pub addresses: Vec<Contact>,
    /// Web addresses.
    pub urls: Vec<String>,
    /// Accounts by service: (`QQ`, `12345`).
    pub messengers: Vec<(String, String)>,
    /// Birthday, solar.
    pub birthday: Option<AnnualDay>,
    /// The lunar birthday, where the card has one beside or instead of the solar (G6).
    pub lunar_birthday: Option<AnnualDay>,
    /// 纪念日.
    pub anniversary: Option<AnnualDay>,
    /// Notes, several joined by line ends.
    pub note: String,
    /// Groups or tags.
    pub categories: Vec<String>,
    /// As written: `M`, `F`, `O`, `N`, `U` or a word.
    pub gender: String,
}

/// A way to reach somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    /// What it is for.
    pub kind: Kind,
    /// The person's own word for it; empty where there is none.
    pub label: String,
    /// As written.
    pub text: String,
}

/// What a number or address is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A mobile phone.
    Mobile,
    /// At work.
    Work,
    /// At home.
    Home,
    /// A fax machine, wherever.
    Fax,
    /// Anything else.
    Other,
}

/// Whether a text is a file of contacts.
pub fn is_vcard(text: &str) -> bool {
    let begin = text.trim_start().get(..BEGIN.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(BEGIN))
}

/// Reads all cards of a file. The decoder of GB18030 is needed for cards of old phones that name it in a property.
pub fn read(text: &str, gb18030: Gb18030<'_>) -> Cards {
    let mut cards = Cards::default();
    let mut open: Vec<Vec<Property>> = Vec::new();
    for property in properties(text) {
        let about_card = |property: &Property| property.text(gb18030).trim().eq_ignore_ascii_case("VCARD");
        match property.name.as_str() {
            "BEGIN" if about_card(&property) => open.push(Vec::new()),
            "END" if about_card(&property) => {
                // A card inside a card is that of an assistant: somebody else.
                if let Some(whole) = open.pop().filter(|_| open.is_empty()) {
                    cards.add(&whole, gb18030);
                }
            }
            _ => match open.last_mut() {
                Some(card) => card.push(property),
                None => cards.leave_out(&property.name),
            },
        }
    }
    // A file that was cut off still tells what it has told.
    if let Some(first) = open.first() {
        cards.add(first, gb18030);
    }
    cards
}

impl Cards {
    fn leave_out(&mut self, name: &str) {
        *self.left_out.entry(name.to_owned()).or_default() += 1;
    }

    fn add(&mut self, properties: &[Property], gb18030: Gb18030<'_>) {
        let mut reading = Reading::new(properties, gb18030);
        // Preferred numbers and addresses come first, others keep their order.
        let (preferred, others): (Vec<_>, Vec<_>) = properties.iter().partition(|property| is_preferred(property));
        for property in preferred.into_iter().chain(others) {
            if !reading.take(property) {
                self.leave_out(&property.name);
            }
        }
        self.cards.push(reading.finish());
    }
}

fn is_preferred(property: &Property) -> bool {
    property.is("PREF") || property.parameter("PREF").any(|rank| rank == "1")
}
