//! Names and words that the screens of this area share.

use crate::book::{Book, Reader, RowId};
use crate::domain::lists;
use crate::domain::standard::checks::Check;
use crate::domain::standard::document::{Item, ItemKind};
use crate::domain::standard::scoring::Answer;
use crate::domain::standard::{check, edition, shelf, standard};
use crate::domain::team::{entry, shop, staff};
use crate::ui::parts::Tone;
use crate::words::{Words, beside, fill, words};

use super::lines::Line;

/// Kinds of rows that the names in a list of checks come from.
pub const NAMES: [u16; 6] = [check::ID, edition::ID, standard::ID, staff::ID, shop::ID, entry::ID];

/// The name of a standard.
pub fn standard_name(book: &Book, id: RowId, reader: Reader) -> String {
    shelf::name(book, id).r#in(reader.lang).to_owned()
}

/// The name of a person, if there is one.
pub fn person(book: &Book, id: Option<RowId>, reader: Reader) -> Option<String> {
    id.map(|id| book.title(staff::ID, id, reader)).filter(|name| !name.is_empty())
}

/// Words that are there, one after the other.
pub fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    beside(parts.into_iter().flatten())
}

/// A score in words, and what it means.
pub fn score(percent: Option<i64>) -> (String, Tone) {
    match percent {
        Some(percent) if percent >= 80 => (format!("{percent}%"), Tone::Good),
        Some(percent) if percent >= 60 => (format!("{percent}%"), Tone::Warn),
        Some(percent) => (format!("{percent}%"), Tone::Due),
        None => ("—".to_owned(), Tone::Plain),
    }
}

/// A check as a row of a list.
pub fn check_line(book: &Book, check: &Check, reader: Reader) -> Line {
    let usage = book.label(lists::USE, &check.usage, reader.lang);
    let open = words("未完成", "Unfinished").r#in(reader.lang).to_owned();
    Line {
        title: standard_name(book, check.standard, reader),
        second: joined([Some(usage), person(book, check.staff, reader), Some(reader.moment(check.at))]),
        href: format!("#/standards/check/{}", check.id),
        badge: Some(if check.done.is_some() { score(check.score) } else { (open, Tone::Warn) }),
    }
}

/// How an item is answered, for the editor.
pub fn kind(kind: &ItemKind) -> Words {
    match kind {
        ItemKind::Pass => words("合格 / 不合格", "Pass / fail"),
        ItemKind::Score => words("0–4 分", "0–4"),
        ItemKind::Choice => words("选项", "Choice"),
        ItemKind::Number => words("数字", "Number"),
        ItemKind::Words => words("文字", "Text"),
        ItemKind::Photo => words("照片", "Photos"),
        ItemKind::Signature => words("签名", "Signature"),
        ItemKind::Newer(_) => words("新版本的类型", "Kind of a newer version"),
    }
}

/// An answer in words, and what it means.
pub fn answer(item: &Item, answer: Option<&Answer>, reader: Reader) -> (String, Tone) {
    let say = |words: Words| words.r#in(reader.lang).to_owned();
    match answer {
        None => ("—".to_owned(), Tone::Plain),
        Some(Answer::Passed(true)) => (say(words("合格", "Pass")), Tone::Good),
        Some(Answer::Passed(false)) => (say(words("不合格", "Fail")), Tone::Due),
        Some(given @ Answer::Score(score)) => {
            (format!("{score} / 4"), if given.is_failure() { Tone::Due } else { Tone::Good })
        }
        Some(Answer::Option(place)) => {
            let option = item.options.get(*place).map_or("", |text| text.r#in(reader.lang));
            (option.to_owned(), Tone::Plain)
        }
        Some(Answer::Words(text)) => (text.clone(), Tone::Plain),
        Some(Answer::Photos(_)) if item.kind == ItemKind::Signature => (say(words("已签名", "Signed")), Tone::Plain),
        Some(Answer::Photos(photos)) => {
            (fill(words("{} 张照片", "photos: {}").r#in(reader.lang), &[&photos.len().to_string()]), Tone::Plain)
        }
        Some(Answer::NotApplicable) => (say(words("不适用", "N/A")), Tone::Plain),
    }
}
