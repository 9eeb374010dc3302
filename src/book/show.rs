//! Values as people read them: on cards, in lists, histories, conflicts and on paper.

use jiff::civil::Date;

use super::dictionary::{Extra, is_shown};
use super::id::RowId;
use super::photo::PhotoRef;
use super::row::{EXTRA, Row};
use super::state::Book;
use super::value::Value;
use crate::domain::annual::AnnualDay;
use crate::domain::phone::Phone;
use crate::domain::record::{Field, KindId, Shape, Stored};
use crate::domain::{day, kind, money, shipped_name};
use crate::words::{Lang, words};

/// What showing needs to know of the reader.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Language.
    pub lang: Lang,
    /// Today at the reader's place.
    pub today: Date,
    /// Minutes that the reader's clock is ahead of UTC at a moment, in milliseconds since 1970.
    pub offset: fn(i64) -> i32,
}

impl Reader {
    /// The day and the time of day of a moment at the reader's place: hour and minute.
    pub fn local(&self, ms: i64) -> Option<(Date, i8, i8)> {
        let minutes = ms.div_euclid(60_000) + i64::from((self.offset)(ms));
        let date = day::of_number(minutes.div_euclid(1_440))?;
        let of_day = minutes.rem_euclid(1_440);
        Some((date, i8::try_from(of_day / 60).ok()?, i8::try_from(of_day % 60).ok()?))
    }

    /// A moment: `11月21日 周六 09:05`, without the day if it is today.
    pub fn moment(&self, ms: i64) -> String {
        let Some((date, hour, minute)) = self.local(ms) else { return String::new() };
        if date == self.today { format!("{hour:02}:{minute:02}") } else { self.dated(ms) }
    }

    /// A moment with its day even if it is today, for what is read on another day: paper.
    pub fn dated(&self, ms: i64) -> String {
        let shown = |(date, hour, minute)| format!("{} {hour:02}:{minute:02}", self.day(date));
        self.local(ms).map(shown).unwrap_or_default()
    }

    /// A day: `11月21日 周六` · `Sat 21 Nov`.
    pub fn day(&self, date: Date) -> String {
        day::show(date, self.today, self.lang)
    }

    /// A day without its weekday, which tells nothing of one long past: `11月21日` · `21 Nov`.
    pub fn short_day(&self, date: Date) -> String {
        day::show_short(date, self.today, self.lang)
    }
}

impl Book {
    /// What stands for a whole record: its title, else the name it is shipped with, else the kind's name.
    pub fn title(&self, of: KindId, id: RowId, reader: Reader) -> String {
        let shipped = shipped_name(of, id).map(|name| name.r#in(reader.lang).to_owned());
        let Some((kind, row)) = kind(of).zip(self.row(of, id)) else { return shipped.unwrap_or_default() };
        let title = kind.field(kind.title).map(|field| self.show(&row, field, reader)).unwrap_or_default();
        if !title.is_empty() {
            return title;
        }
        shipped.unwrap_or_else(|| kind.words.r#in(reader.lang).to_owned())
    }

    /// A field of a row as people read it; empty if nothing is there. The elements of a set are joined.
    pub fn show(&self, row: &Row, field: &Field, reader: Reader) -> String {
        if field.shape == Shape::Photos {
            return photos(row.elements(field.id).count(), reader.lang);
        }
        if !field.shape.is_set() {
            return self.show_value(field.shape, row.value(field.id), reader);
        }
        let all = row.elements(field.id).map(|(elem, value)| self.show_element(field.shape, elem, value, reader));
        all.collect::<Vec<_>>().join(words("、", ", ").r#in(reader.lang))
    }

    /// One element of a set.
    pub fn show_element(&self, shape: Shape, elem: &[u8], value: &Value, reader: Reader) -> String {
        let text = String::from_utf8_lossy(elem);
        match shape {
            Shape::Phones => Phone::from_stored(&text).show(reader.lang),
            Shape::Choices(list) => self.label(list, &text, reader.lang),
            Shape::Photos => photos(1, reader.lang),
            Shape::Answers => format!("{text}: {}", plain(value, reader.lang)),
            _ => text.into_owned(),
        }
    }

    /// One value. What does not fit the shape, as a newer version may write, is shown as plainly as it can be.
    pub fn show_value(&self, shape: Shape, value: &Value, reader: Reader) -> String {
        if !is_shown(value) {
            return String::new();
        }
        let shown = match shape {
            Shape::Phone => value.text().map(|text| Phone::from_stored(text).show(reader.lang)),
            Shape::Money => value.int().map(money::show),
            Shape::Day => Date::read(value).map(|date| reader.day(date)),
            Shape::Annual => AnnualDay::read(value).map(|annual| annual.show(reader.lang)),
            Shape::Instant => value.int().map(|ms| reader.moment(ms)),
            Shape::Choice(list) => value.text().map(|key| self.label(list, key, reader.lang)),
            Shape::Ref(of) => RowId::read(value).map(|id| self.title(of, id, reader)),
            _ => None,
        };
        shown.unwrap_or_else(|| plain(value, reader.lang))
    }

    /// One of the shop's own fields.
    pub fn show_extra(&self, row: &Row, extra: &Extra, reader: Reader) -> String {
        let value = row.cell(EXTRA, Some(&extra.id.0)).map_or(&Value::Nil, |cell| cell.shown());
        let shape = if extra.shape == "day" { Shape::Day } else { Shape::Text };
        self.show_value(shape, value, reader)
    }
}

/// So many photos, in words; nothing for none.
fn photos(count: usize, lang: Lang) -> String {
    match (count, lang) {
        (0, _) => String::new(),
        (1, Lang::En) => "1 photo".to_owned(),
        (_, Lang::En) => format!("{count} photos"),
        (_, Lang::Zh) => format!("{count} 张照片"),
    }
}

fn plain(value: &Value, lang: Lang) -> String {
    match value {
        Value::Nil => String::new(),
        Value::Bool(true) => words("是", "Yes").r#in(lang).to_owned(),
        Value::Bool(false) => words("否", "No").r#in(lang).to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => PhotoRef::all(text).map_or_else(|| text.clone(), |all| photos(all.len(), lang)),
        Value::Bytes(_) | Value::Other(_) => words("（新版本的内容）", "(from a newer version)").r#in(lang).to_owned(),
    }
}
