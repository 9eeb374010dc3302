//! Days of the solar calendar as people write them.

use jiff::SignedDuration;
use jiff::civil::{Date, date};

use super::width::narrowed;
use crate::words::{Lang, Words, words};

#[cfg(test)]
mod tests;

/// What stands first in a day of three numbers that ends with its year.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DayOrder {
    /// Not known: `13/02/2021` can only be read one way and is, `01/02/2021` is refused.
    #[default]
    Unknown,
    /// `12/31/2021`, as in America.
    MonthFirst,
    /// `31/12/2021`, as in Europe.
    DayFirst,
}

impl DayOrder {
    /// What a whole column says: one value that can only be read one way decides for all. Unknown if none does, or if
    /// they contradict each other.
    pub fn of_column<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut month_first, mut day_first) = (false, false);
        for value in values {
            if let Some([Part::Number(a, _), Part::Number(b, _), Part::Number(_, 4)]) = parts(value).as_deref() {
                month_first |= *b > 12 && *a <= 12;
                day_first |= *a > 12 && *b <= 12;
            }
        }
        match (month_first, day_first) {
            (true, false) => Self::MonthFirst,
            (false, true) => Self::DayFirst,
            _ => Self::Unknown,
        }
    }
}

/// Why a text is not a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayError {
    /// Nothing stands there.
    Empty,
    /// Something that is not a day.
    NotADay,
    /// `01/02/2021`, and nothing says which is the month.
    Ambiguous,
    /// The 30th of February.
    NotInCalendar,
}

impl DayError {
    /// What is wrong, for the person who typed it.
    pub const fn words(self) -> Words {
        match self {
            Self::Empty => words("没有日期", "No date"),
            Self::NotADay => words("不是日期", "Not a date"),
            Self::Ambiguous => {
                words("分不清月和日，请选择列的日期顺序", "Month or day first? Choose the order for this column")
            }
            Self::NotInCalendar => words("没有这一天", "There is no such day"),
        }
    }
}

/// Reads a day: `2021-10-10`, `2021/1/5`, `2021.1.5`, `2021年1月5日`, `20210105`, `5 Jan 2021`, `Jan 5, 2021`,
/// `01/31/1991` by its order, and the number by which a spreadsheet counts days (`44201`). A time or a weekday after it
/// is dropped.
pub fn read(text: &str, order: DayOrder) -> Result<Date, DayError> {
    if narrowed(text).is_empty() {
        return Err(DayError::Empty);
    }
    let parts = parts(text).ok_or(DayError::NotADay)?;
    let (year, month, day) = match parts.as_slice() {
        [Part::Number(packed, 8)] => (packed / 10_000, packed / 100 % 100, packed % 100),
        [Part::Number(serial, 5)] => return of_serial(*serial).ok_or(DayError::NotADay),
        [Part::Number(year, 4), Part::Number(month, 1..=2) | Part::Month(month), Part::Number(day, 1..=2)]
        | [Part::Number(day, 1..=2), Part::Month(month), Part::Number(year, 4)]
        | [Part::Month(month), Part::Number(day, 1..=2), Part::Number(year, 4)] => (*year, *month, *day),
        [Part::Number(a, 1..=2), Part::Number(b, 1..=2), Part::Number(year, 4)] => {
            let (month, day) = match order {
                DayOrder::MonthFirst => (*a, *b),
                DayOrder::DayFirst => (*b, *a),
                DayOrder::Unknown if *a > 12 || a == b => (*b, *a),
                DayOrder::Unknown if *b > 12 => (*a, *b),
                DayOrder::Unknown => return Err(DayError::Ambiguous),
            };
            (*year, month, day)
        }
        _ => return Err(DayError::NotADay),
    };
    civil(year, month, day).ok_or(DayError::NotInCalendar)
}

/// The day that a spreadsheet counts as `serial`: 1 is the first of January 1900, and 1900 is taken for a leap year, an
/// error that every spreadsheet keeps. Numbers before March 1900 and after 2199 are refused.
pub fn of_serial(serial: u32) -> Option<Date> {
    if !(61..=109_574).contains(&serial) {
        return None;
    }
    // Day 0 of a calendar in which 1900 really was a leap year.
    let zero = Date::new(1899, 12, 30).ok()?;
    days_later(zero, i64::from(serial))
}

/// Where [`number_of`] begins to count.
const EPOCH: Date = date(1970, 1, 1);

/// How many days `to` is after `from`; negative if it is before.
pub fn days_between(from: Date, to: Date) -> i64 {
    // Not `Date::since`: it can fail as far as its type goes, and brings the texts of all errors along.
    to.duration_since(from).as_hours() / 24
}

/// The day that is so many days later, or earlier for a negative number, if the calendar reaches it.
pub fn days_later(day: Date, days: i64) -> Option<Date> {
    day.checked_add(SignedDuration::from_secs(days.checked_mul(86_400)?)).ok()
}

/// Days since 1 January 1970.
pub fn number_of(day: Date) -> i64 {
    days_between(EPOCH, day)
}

/// The day with this [number](number_of).
pub fn of_number(days: i64) -> Option<Date> {
    days_later(EPOCH, days)
}

/// A day in numbers, if it exists and a living memory may reach it: 1800 to 2199.
pub(crate) fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1800..2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A part of a written day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// A number and how many digits it was written with.
    Number(u32, usize),
    /// A month by its English name.
    Month(u32),
}

/// The numbers and month names a day consists of, without the time after it; none if the text is something else.
pub(crate) fn parts(text: &str) -> Option<Vec<Part>> {
    let text = narrowed(text);
    let mut rest = without_weekday(&text);
    let mut parts = Vec::with_capacity(3);
    while parts.len() < 3 {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        if digits > 0 {
            let (number, after) = rest.split_at(digits);
            parts.push(Part::Number(number.parse().ok().filter(|_| digits <= 8)?, digits));
            rest = after;
        } else {
            let letters = rest.chars().take_while(char::is_ascii_alphabetic).count();
            let (name, after) = rest.split_at(letters);
            parts.push(Part::Month(month_of(name)?));
            rest = after;
        }
        let packed = matches!(parts.as_slice(), [Part::Number(_, 5 | 8)]);
        if packed || parts.len() == 3 || rest.is_empty() {
            break;
        }
        match after_separator(rest) {
            Some("") => return Some(parts),
            Some(after) => rest = after,
            None => break,
        }
    }
    is_time_of_day(rest).then_some(parts)
}

/// What stands after the one separator that may stand between two parts.
fn after_separator(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let after = rest.strip_prefix(['-', '/', '.', '年', '月', '日', '号', ',']).unwrap_or(rest);
    Some(after.trim_start()).filter(|after| after.is_empty() || after.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The text without the English weekday that a day may begin with: `Sat 21 Nov`, `Saturday, 21 Nov`.
fn without_weekday(text: &str) -> &str {
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let (name, rest) = text.split_at(letters);
    let name = name.to_ascii_lowercase();
    let known = letters >= 3 && WEEKDAYS.iter().any(|day| name.starts_with(&day.en.to_ascii_lowercase()));
    if known { rest.trim_start_matches(['.', ',']).trim_start() } else { text }
}

fn month_of(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = name.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| name.starts_with(month))?;
    u32::try_from(at + 1).ok()
}

/// Whether what follows a day is only its time or weekday, or nothing.
fn is_time_of_day(rest: &str) -> bool {
    let rest = rest.trim_start().strip_prefix(['日', '号']).unwrap_or(rest);
    let starts = rest.starts_with([' ', 'T', 't', '(', '星', '周', '.']) || rest.is_empty();
    let (mut digits, mut fraction) = (0, false);
    for c in rest.chars() {
        digits += usize::from(c.is_ascii_digit());
        fraction |= c == '.';
        if !c.is_ascii_digit() && !" :.,+-()APMTZapmtz上下午晚时分秒点星期周一二三四五六日天".contains(c)
        {
            return false;
        }
    }
    // A spreadsheet writes the time as a fraction of the day: `44201.5`.
    starts && (!rest.starts_with('.') || (fraction && digits > 0))
}

const WEEKDAYS: [Words; 7] = [
    words("周一", "Mon"),
    words("周二", "Tue"),
    words("周三", "Wed"),
    words("周四", "Thu"),
    words("周五", "Fri"),
    words("周六", "Sat"),
    words("周日", "Sun"),
];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day for people: `11月21日 周六` or `Sat 21 Nov`, with its year when that is not the current one.
pub fn show(day: Date, today: Date, lang: Lang) -> String {
    let short = show_short(day, today, lang);
    let at = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    let weekday = WEEKDAYS.get(at).map(|name| name.r#in(lang)).unwrap_or_default();
    match lang {
        Lang::Zh => format!("{short} {weekday}"),
        Lang::En => format!("{weekday} {short}"),
    }
}

/// A day for people without its weekday, where that tells nothing: `11月21日` or `21 Nov`.
pub fn show_short(day: Date, today: Date, lang: Lang) -> String {
    let (year, month, number) = (day.year(), day.month(), day.day());
    let same_year = year == today.year();
    match lang {
        Lang::Zh => {
            let prefix = if same_year { String::new() } else { format!("{year}年") };
            format!("{prefix}{month}月{number}日")
        }
        Lang::En => {
            let suffix = if same_year { String::new() } else { format!(" {year}") };
            format!("{number} {}{suffix}", month_name(month))
        }
    }
}

/// The short English name of a month; empty for a number that is none.
pub(crate) fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}
