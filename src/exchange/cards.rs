//! Contacts as a list: the columns bear the names of the customer's fields, so that the mapping knows them (C16).

use super::cell::annual_text;
use super::sheet::Sheet;
use super::vcard::{Card, Contact, Kind};
use crate::book::read::plain_elements;
use crate::domain::customer::customer;
use crate::domain::phone::Phone;
use crate::domain::record::Shape;
use crate::words::{Lang, Words, words};

/// The columns, in their order.
const COLUMNS: [u16; 12] = [
    customer::NAME.field,
    customer::PHONE.field,
    customer::MORE_PHONES.field,
    customer::EMPLOYER.field,
    customer::POSITION.field,
    customer::ADDRESS.field,
    customer::BIRTHDAY.field,
    customer::MAIL.field,
    customer::WECHAT.field,
    customer::LINK.field,
    customer::TAGS.field,
    customer::NOTE.field,
];

/// The cards as rows, numbered from 1.
pub(super) fn sheet(cards: &[Card], lang: Lang) -> Sheet {
    let name = |field: u16| customer::RECORD.field(field).map_or("", |field| field.words.r#in(lang)).to_owned();
    Sheet {
        header: COLUMNS.map(name).to_vec(),
        rows: (1..).zip(cards).map(|(number, card)| (number, row(card, lang).to_vec())).collect(),
    }
}

fn row(card: &Card, lang: Lang) -> [String; COLUMNS.len()] {
    let mut note = Note { lang, lines: Vec::new() };
    if !card.note.is_empty() {
        note.lines.push(card.note.clone());
    }
    // A card without a name is that of a firm, or of somebody known by another name.
    let names = [&card.name, &card.nickname, &card.org];
    let name = names.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
    if card.nickname != name {
        note.add(words("昵称", "Nickname"), &card.nickname);
    }
    note.add(words("部门", "Department"), &card.department);
    note.add(words("性别", "Gender"), &card.gender);
    let (phone, more) = phones(&card.phones);
    for fax in card.phones.iter().filter(|phone| phone.kind == Kind::Fax) {
        note.add(words("传真", "Fax"), &fax.text);
    }
    let birthday = card.birthday.or(card.lunar_birthday);
    let other = card.lunar_birthday.filter(|_| card.birthday.is_some());
    for (what, day) in
        [(words("农历生日", "Lunar birthday"), other), (words("纪念日", "Anniversary"), card.anniversary)]
    {
        note.add(what, &day.map_or_else(String::new, |day| day.show(lang)));
    }
    let mail = note.first(words("其他邮箱", "Other e-mail"), card.emails.iter().map(|mail| mail.text.as_str()));
    let address = note.first(words("其他地址", "Other address"), card.addresses.iter().map(|at| at.text.as_str()));
    let link = note.first(words("其他网址", "Other website"), card.urls.iter().map(String::as_str));
    let (wechat, others): (Vec<_>, Vec<_>) = card.messengers.iter().partition(|(service, _)| is_wechat(service));
    let wechat = note.first(words("其他微信", "Other WeChat"), wechat.iter().map(|(_, account)| account.as_str()));
    for (service, account) in others {
        note.lines.push(if service.is_empty() { account.clone() } else { format!("{service}: {account}") });
    }
    [
        name,
        phone,
        more,
        card.org.clone(),
        card.title.clone(),
        address,
        birthday.map_or_else(String::new, |day| annual_text(day, lang)),
        mail,
        wechat,
        link,
        plain_elements(Shape::Tags, card.categories.iter()),
        note.lines.join("\n"),
    ]
}

/// The first mobile, else the first number of all, and the others; no fax among them.
fn phones(all: &[Contact]) -> (String, String) {
    let voice: Vec<_> = all.iter().filter(|phone| phone.kind != Kind::Fax).collect();
    let mobile = voice.iter().find(|phone| phone.kind == Kind::Mobile || Phone::read(&phone.text).is_mobile());
    let Some(first) = mobile.or(voice.first()) else { return Default::default() };
    let mut others: Vec<String> = Vec::new();
    for phone in voice.iter().map(|phone| Phone::read(&phone.text).text) {
        if phone != Phone::read(&first.text).text && !others.contains(&phone) {
            others.push(phone);
        }
    }
    (first.text.clone(), plain_elements(Shape::Phones, others.iter()))
}

fn is_wechat(service: &str) -> bool {
    ["wechat", "weixin", "微信"].iter().any(|name| service.eq_ignore_ascii_case(name))
}

/// What a card says beyond the columns, a line each.
struct Note {
    lang: Lang,
    lines: Vec<String>,
}

impl Note {
    fn add(&mut self, what: Words, text: &str) {
        if !text.is_empty() {
            self.lines.push(format!("{}: {text}", what.r#in(self.lang)));
        }
    }

    /// The first of several; the others become lines.
    fn first<'a>(&mut self, what: Words, mut all: impl Iterator<Item = &'a str>) -> String {
        let first = all.next().unwrap_or_default().to_owned();
        all.for_each(|other| self.add(what, other));
        first
    }
}
