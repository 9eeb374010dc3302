//! How complaints and their clocks are said.

use crate::book::{Book, Reader, Row};
use crate::domain::complaint::clock::{Due, Urgency, What};
use crate::domain::complaint::{State, complaint};
use crate::domain::customer::customer;
use crate::domain::lists;
use crate::domain::record::Key;
use crate::ui::parts::Tone;
use crate::words::{Lang, beside, fill, words};

/// Whose complaint it is: the customer, the name that was given, nobody's, or that of somebody who was erased.
pub fn who(book: &Book, row: &Row, reader: Reader) -> String {
    let card = row.get(complaint::CUSTOMER).map(|id| book.title(customer::ID, id, reader));
    let given = || row.text(complaint::WHO).to_owned();
    let name = card.filter(|name| !name.is_empty()).unwrap_or_else(given);
    if !name.is_empty() {
        return name;
    }
    let nobody =
        if row.drops(complaint::WHO.field) { words("已抹去", "Erased") } else { words("匿名", "Anonymous") };
    nobody.r#in(reader.lang).to_owned()
}

/// What was written, or that it was erased.
pub fn written(row: &Row, key: Key<String>, lang: Lang) -> String {
    match row.text(key) {
        "" if row.drops(key.field) => words("（已抹去）", "(erased)").r#in(lang).to_owned(),
        text => text.to_owned(),
    }
}

/// Whose it is and what kind: `张敏 · 质量差`.
pub fn title(book: &Book, row: &Row, reader: Reader) -> String {
    beside([who(book, row, reader), kind(book, row, reader.lang)])
}

/// The kind of a complaint; for what is none, the sort of voice (P11).
pub fn kind(book: &Book, row: &Row, lang: Lang) -> String {
    match (row.text(complaint::VOICE), row.text(complaint::KIND)) {
        ("" | "complaint", "") => String::new(),
        ("" | "complaint", kind) => book.label(lists::COMPLAINT, kind, lang),
        (voice, _) => book.label(lists::VOICE, voice, lang),
    }
}

/// The name of a state.
pub fn state(book: &Book, state: State, lang: Lang) -> String {
    book.label(lists::COMPLAINT_STATE, state.key(), lang)
}

/// A clock in a few words: `答复：剩 3 小时 20 分`.
pub fn due(due: Due, lang: Lang) -> String {
    let what = match due.what {
        What::Acknowledge => words("确认", "Acknowledge"),
        What::Answer => words("答复", "Answer"),
        What::Solve => words("解决", "Solve"),
    };
    let how = match due.urgency {
        Urgency::Over => words("{}超时 {}", "{}: {} over"),
        Urgency::Paused => words("{}暂停，剩 {}", "{} paused, {} left"),
        Urgency::Calm | Urgency::Soon => words("{}剩 {}", "{}: {} left"),
    };
    fill(how.r#in(lang), &[what.r#in(lang), &span(due.left.abs(), due.day, lang)])
}

/// The colour of a clock (P6).
pub const fn tone(urgency: Urgency) -> Tone {
    match urgency {
        Urgency::Calm => Tone::Good,
        Urgency::Soon => Tone::Warn,
        Urgency::Over => Tone::Due,
        Urgency::Paused => Tone::Plain,
    }
}

/// A length of working time: minutes while it is short, hours, or working days of so many minutes.
fn span(minutes: i64, day: Option<i64>, lang: Lang) -> String {
    let say = |zh, en, values: &[i64]| {
        let values: Vec<String> = values.iter().map(i64::to_string).collect();
        fill(words(zh, en).r#in(lang), &values.iter().map(String::as_str).collect::<Vec<_>>())
    };
    match (minutes, day.filter(|day| *day > 0)) {
        (_, Some(day)) if minutes >= 2 * day => say("{} 个工作日", "{} working days", &[minutes / day]),
        (600.., _) => say("{} 小时", "{} h", &[minutes / 60]),
        (60.., _) => say("{} 小时 {} 分", "{} h {} min", &[minutes / 60, minutes % 60]),
        _ => say("{} 分钟", "{} min", &[minutes]),
    }
}
