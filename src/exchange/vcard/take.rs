//! From properties to a card.

use std::collections::BTreeMap;

use super::line::Property;
use super::{Card, Contact, Kind};
use crate::domain::annual::{self, AnnualDay};
use crate::domain::day::DayOrder;
use crate::domain::lunar;
use crate::exchange::text::Gb18030;

/// A card while it is read.
pub(super) struct Reading<'a> {
    card: Card,
    parts_of_name: String,
    labels: BTreeMap<&'a str, String>,
    gb18030: Gb18030<'a>,
}

impl<'a> Reading<'a> {
    /// Begins a card, knowing which groups of properties have labels.
    pub(super) fn new(properties: &'a [Property], gb18030: Gb18030<'a>) -> Self {
        let labels = properties.iter().filter(|property| property.name == "X-ABLABEL");
        let labels = labels.map(|property| (property.group.as_str(), label(&property.text(gb18030)))).collect();
        Self { card: Card::default(), parts_of_name: String::new(), labels, gb18030 }
    }

    /// The card, once all its properties were taken.
    pub(super) fn finish(mut self) -> Card {
        fill(&mut self.card.name, self.parts_of_name);
        self.card
    }

    /// Takes a property into the card; false if it has no place there.
    pub(super) fn take(&mut self, property: &Property) -> bool {
        const SILENT: [&str; 9] = ["VERSION", "PRODID", "REV", "UID", "PHOTO", "LOGO", "SOUND", "X-ABLABEL", "X-ABADR"];
        if SILENT.contains(&property.name.as_str()) || property.is_binary() {
            return true;
        }
        let text = property.text(self.gb18030).trim().to_owned();
        if text.is_empty() {
            return true;
        }
        let contact = |text: String| Contact { kind: kind(property), label: self.label_of(property), text };
        match property.name.as_str() {
            "FN" => fill(&mut self.card.name, text),
            "N" => self.parts_of_name = whole_name(&property.parts(';', self.gb18030)),
            "NICKNAME" => fill(&mut self.card.nickname, text),
            "ORG" => {
                let mut parts = property.parts(';', self.gb18030).into_iter();
                fill(&mut self.card.org, parts.next().unwrap_or_default());
                fill(&mut self.card.department, joined(parts, " "));
            }
            "TITLE" => fill(&mut self.card.title, text),
            "ROLE" if self.card.title.is_empty() => self.card.title = text,
            "TEL" => {
                let number = text.strip_prefix("tel:").unwrap_or(&text).to_owned();
                let contact = contact(number);
                self.card.phones.push(contact);
            }
            "EMAIL" => {
                let contact = contact(text.strip_prefix("mailto:").unwrap_or(&text).to_owned());
                self.card.emails.push(contact);
            }
            "ADR" => {
                let contact = contact(address(&property.parts(';', self.gb18030)));
                self.card.addresses.extend(Some(contact).filter(|contact| !contact.text.is_empty()));
            }
            "URL" => self.card.urls.push(text),
            "NOTE" => {
                let before = std::mem::take(&mut self.card.note);
                self.card.note = joined([before, text], "\n");
            }
            "CATEGORIES" => {
                let categories = property.parts(',', self.gb18030);
                self.card.categories.extend(categories.into_iter().filter(|category| !category.is_empty()));
            }
            "GENDER" | "X-GENDER" => fill(&mut self.card.gender, text.trim_matches(';').to_owned()),
            "X-ANDROID-CUSTOM" => return self.take_android(&property.parts(';', self.gb18030)),
            "IMPP" => {
                let service = property.parameter("X-SERVICE-TYPE").next().unwrap_or_default().to_owned();
                let (scheme, account) = text.split_once(':').unwrap_or(("", &text));
                let service = if service.is_empty() { scheme.to_owned() } else { service };
                self.card.messengers.push((service, account.to_owned()));
            }
            _ => return self.take_day(property, &text) || self.take_messenger(property, text),
        }
        true
    }

    /// Birthdays and anniversaries; false for another property, and for a day that makes no sense.
    fn take_day(&mut self, property: &Property, text: &str) -> bool {
        let chinese = property.parameter("CALSCALE").any(|scale| scale.eq_ignore_ascii_case("chinese"));
        let marked = property.name == "X-ABDATE" && self.label_of(property).eq_ignore_ascii_case("Anniversary");
        let (place, day) = match property.name.as_str() {
            "BDAY" | "X-ALTBDAY" if chinese => (&mut self.card.lunar_birthday, chinese_day(text)),
            "BDAY" => match day(property, text) {
                Some(day) if day.calendar() == annual::Calendar::Lunar => (&mut self.card.lunar_birthday, Some(day)),
                day => (&mut self.card.birthday, day),
            },
            "ANNIVERSARY" | "X-ANNIVERSARY" => (&mut self.card.anniversary, day(property, text)),
            "X-ABDATE" if marked => (&mut self.card.anniversary, day(property, text)),
            _ => return false,
        };
        *place = place.or(day);
        day.is_some()
    }

    /// `X-QQ:12345`.
    fn take_messenger(&mut self, property: &Property, text: String) -> bool {
        const SERVICES: [&str; 12] = [
            "QQ",
            "WECHAT",
            "WEIXIN",
            "MSN",
            "AIM",
            "SKYPE",
            "SKYPE-USERNAME",
            "ICQ",
            "JABBER",
            "YAHOO",
            "GTALK",
            "GOOGLE-TALK",
        ];
        let service = property.name.strip_prefix("X-").filter(|service| SERVICES.contains(service));
        let Some(service) = service else { return false };
        self.card.messengers.push((service.trim_end_matches("-USERNAME").to_owned(), text));
        true
    }

    /// What Android writes in its own way: kind, value, number of the type.
    fn take_android(&mut self, parts: &[String]) -> bool {
        let [kind, value, rest @ ..] = parts else { return false };
        let kind = kind.strip_prefix("vnd.android.cursor.item/").unwrap_or(kind);
        let day = || annual::read(value, DayOrder::Unknown).ok();
        match (kind, rest.first().map(String::as_str)) {
            ("nickname", _) => fill(&mut self.card.nickname, value.clone()),
            ("contact_event", Some("1")) => self.card.anniversary = self.card.anniversary.or_else(day),
            ("contact_event", Some("3")) => self.card.birthday = self.card.birthday.or_else(day),
            _ => return false,
        }
        true
    }

    /// The label that the card gives to a property of the same group.
    fn label_of(&self, property: &Property) -> String {
        let of_group = self.labels.get(property.group.as_str()).filter(|_| !property.group.is_empty());
        of_group.cloned().unwrap_or_default()
    }
}

/// A label as people see it: Apple's own are `_$!<Home>!$_`.
fn label(text: &str) -> String {
    text.trim_start_matches("_$!<").trim_end_matches(">!$_").to_owned()
}

/// The first value told is kept: of several, it is the preferred one.
fn fill(place: &mut String, text: String) {
    if place.is_empty() {
        *place = text;
    }
}

fn kind(property: &Property) -> Kind {
    const KINDS: [(&str, Kind); 6] = [
        ("FAX", Kind::Fax),
        ("CELL", Kind::Mobile),
        ("IPHONE", Kind::Mobile),
        ("MOBILE", Kind::Mobile),
        ("WORK", Kind::Work),
        ("HOME", Kind::Home),
    ];
    KINDS.iter().find(|(name, _)| property.is(name)).map_or(Kind::Other, |(_, kind)| *kind)
}

/// Non-empty parts with a sign between them.
fn joined(parts: impl IntoIterator<Item = String>, sign: &str) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(sign)
}

fn is_han(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

/// Family, given, further, prefix, suffix: in the order of the language they are written in.
fn whole_name(parts: &[String]) -> String {
    let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
    if parts.iter().any(|part| is_han(part)) {
        return [0, 2, 1, 4].map(part).concat();
    }
    joined([3, 1, 2, 0, 4].map(part), " ")
}

/// Box, extension, street, town, region, postal code, country: from the largest in Chinese, from the smallest else.
fn address(parts: &[String]) -> String {
    let part = |at: usize| parts.get(at).map(|part| joined(part.lines().map(|line| line.trim().to_owned()), ", "));
    let part = |at: usize| part(at).unwrap_or_default();
    if parts.iter().any(|part| is_han(part)) {
        return joined([[6, 4, 3, 2, 1, 0].map(part).concat(), part(5)], " ");
    }
    let region = joined([part(4), part(5)], " ");
    joined([part(0), part(1), part(2), part(3), region, part(6)], ", ")
}

/// A solar day, or one in words. Apple writes a year for "none", and names it in a parameter.
fn day(property: &Property, text: &str) -> Option<AnnualDay> {
    let none = property.parameter("X-APPLE-OMIT-YEAR").next().unwrap_or("1604");
    let text = text.strip_prefix(none).map_or(text, |rest| rest.trim_start_matches('-'));
    annual::read(text, DayOrder::Unknown).ok()
}

/// A lunar day as Apple writes it, `007800301201`: number of the sixty-year cycle, year in it, month, day; the first two
/// may be a plain year or lacking, and `L` marks a leap month.
fn chinese_day(text: &str) -> Option<AnnualDay> {
    let signs: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, 'L' | 'l')).collect();
    let leap = signs.contains(['L', 'l']);
    let digits = signs.replace(['L', 'l'], "");
    let (year, rest) = digits.split_at_checked(digits.len().checked_sub(4)?)?;
    let (month, day) = rest.split_at_checked(2)?;
    let year = match (year.len(), year.split_at_checked(4)) {
        (8, Some((cycle, year))) => {
            // Cycle 78 began in 1984.
            let (cycle, year): (i16, i16) = (cycle.parse().ok()?, year.parse().ok()?);
            cycle.checked_sub(78)?.checked_mul(60)?.checked_add(1983)?.checked_add(year)
        }
        (4, _) => year.parse().ok(),
        _ => None,
    };
    let year = year.filter(|year| lunar::YEARS.contains(year));
    AnnualDay::lunar(year, month.parse().ok()?, leap, day.parse().ok()?)
}
