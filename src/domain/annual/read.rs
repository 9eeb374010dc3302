//! Reading a day of the year as people write it.

use super::{AnnualDay, Calendar};
use crate::domain::day::{self, DayError, DayOrder, Part};
use crate::domain::width::narrowed;

/// Words that say in which calendar a day is meant. Longer ones first, since each is cut out of the text.
const LUNAR: [&str; 12] =
    ["农历", "農曆", "阴历", "陰曆", "陰历", "旧历", "舊曆", "夏历", "lunar", "Lunar", "(农)", "(阴)"];
const SOLAR: [&str; 10] = ["公历", "公曆", "阳历", "陽曆", "新历", "国历", "西历", "solar", "Solar", "(公)"];

/// Days that people call by their festival; all lunar: month and day.
const FESTIVALS: [(&str, i8, i8); 10] = [
    ("除夕", 12, 30),
    ("大年三十", 12, 30),
    ("年三十", 12, 30),
    ("春节", 1, 1),
    ("大年初一", 1, 1),
    ("元宵", 1, 15),
    ("端午", 5, 5),
    ("七夕", 7, 7),
    ("中秋", 8, 15),
    ("重阳", 9, 9),
];

/// Reads a day of the year: whatever [`day::read`] takes, without a year too (`8/15`, `0815`, `08-15`, `8月15日`,
/// `--0815`), lunar ones (`农历三月初八`, `1990年四月十五(阴历)`, `闰四月初一`, `腊月三十`, `农历1990-04-15`, `中秋`), two-digit
/// years that can be nothing else (`85.8.15`, `850815`), and the stored form.
///
/// Without a word that names the calendar, a day is lunar when it is written as only lunar days are: with 正月, 冬月,
/// 腊月, 闰, 初, 廿 or 卅, or in Chinese numerals without 日 or 号 at its end. `order` tells months from days in a column
/// that ends with the year.
pub fn read(text: &str, order: DayOrder) -> Result<AnnualDay, DayError> {
    let text = narrowed(text);
    if text.is_empty() {
        return Err(DayError::Empty);
    }
    if let Some(day) = AnnualDay::from_stored(&text) {
        return Ok(day);
    }
    let (bare, said) = without_calendar(&text)?;
    let written = if bare.chars().any(is_han_sign) { in_han(&bare)? } else { in_digits(&bare, order)? };
    let Written { year, month, leap, day, lunar } = written;
    let number = |n: u32| i8::try_from(n).ok();
    let year = year.map(i16::try_from).transpose().map_err(|_| DayError::NotInCalendar)?;
    let made = match said {
        Some(Calendar::Solar) if lunar == Some(true) => return Err(DayError::NotADay),
        Some(Calendar::Lunar) if lunar == Some(false) => return Err(DayError::NotADay),
        Some(Calendar::Lunar) => number(month).zip(number(day)).and_then(|(m, d)| AnnualDay::lunar(year, m, leap, d)),
        None if lunar == Some(true) => {
            number(month).zip(number(day)).and_then(|(m, d)| AnnualDay::lunar(year, m, leap, d))
        }
        _ => number(month).zip(number(day)).and_then(|(m, d)| AnnualDay::solar(year, m, d)),
    };
    made.ok_or(DayError::NotInCalendar)
}

/// A day as it was written. `lunar` is what its way of writing says, where it says something.
struct Written {
    year: Option<u32>,
    month: u32,
    leap: bool,
    day: u32,
    lunar: Option<bool>,
}

/// The text without words for the calendar and brackets, and which calendar they named. Two different ones are two
/// days, of which only a person can choose.
fn without_calendar(text: &str) -> Result<(String, Option<Calendar>), DayError> {
    let mut bare = text.to_owned();
    let mut said = None;
    for (names, calendar) in [(LUNAR.as_slice(), Calendar::Lunar), (SOLAR.as_slice(), Calendar::Solar)] {
        for name in names {
            if bare.contains(name) {
                if said.is_some_and(|said| said != calendar) {
                    return Err(DayError::Ambiguous);
                }
                said = Some(calendar);
                bare = bare.replace(name, "");
            }
        }
    }
    for (mark, calendar) in [('农', Calendar::Lunar), ('阴', Calendar::Lunar), ('阳', Calendar::Solar)] {
        // `阳` alone may belong to 重阳.
        if said.is_none()
            && let Some(rest) = bare.strip_prefix(mark)
        {
            said = Some(calendar);
            bare = rest.to_owned();
        }
    }
    let bare = bare.replace("()", "").trim_matches(|c: char| " :;,[]".contains(c)).to_owned();
    let bare = bare.strip_prefix('(').and_then(|bare| bare.strip_suffix(')')).map_or(bare.clone(), str::to_owned);
    Ok((bare, said))
}

/// Signs that only a day in Chinese numerals has.
fn is_han_sign(c: char) -> bool {
    "〇零一二三四五六七八九十正冬腊臘闰閏初廿卅元".contains(c) || "除春端中重".contains(c)
}

/// `[1990年][闰]四月十五[日]`, each number in Chinese numerals or digits, or a festival.
fn in_han(text: &str) -> Result<Written, DayError> {
    let bad = DayError::NotADay;
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (year, rest) = match text.split_once('年').filter(|_| text.contains('月') || !text.contains("大年")) {
        Some((year, rest)) if !year.is_empty() => (Some(year_in_han(year).ok_or(bad)?), rest),
        _ => {
            let digits = text.chars().take_while(char::is_ascii_digit).count();
            match text.split_at_checked(digits).filter(|_| digits == 4) {
                Some((year, rest)) => (year.parse().ok(), rest.trim_start_matches(['.', '-', '/', ','])),
                None => (None, text.as_str()),
            }
        }
    };
    let festival = rest.strip_suffix('节').unwrap_or(rest);
    if let Some((_, month, day)) = FESTIVALS.iter().find(|(name, ..)| *name == festival || *name == rest) {
        let number = |n: i8| u32::try_from(n).unwrap_or_default();
        return Ok(Written { year, month: number(*month), leap: false, day: number(*day), lunar: Some(true) });
    }
    let (month, day) = rest.split_once('月').ok_or(bad)?;
    let plain = month.strip_prefix(['闰', '閏']);
    let (leap, month) = (plain.is_some(), plain.unwrap_or(month));
    let (month, named) = month_in_han(month).ok_or(bad)?;
    let short = day.strip_suffix(['日', '号']);
    let day = short.unwrap_or(day);
    let counted = day.starts_with(['初', '廿', '卅']);
    let in_digits = day.chars().all(|c| c.is_ascii_digit());
    let lunar = match named {
        // 元月 is January.
        Named::Solar => Some(false),
        Named::Lunar => Some(true),
        Named::Number if leap || counted || (!in_digits && short.is_none()) => Some(true),
        Named::Number => None,
    };
    let day = number_in_han(day.strip_prefix('初').unwrap_or(day)).ok_or(bad)?;
    Ok(Written { year, month, leap, day, lunar })
}

/// What the name of a month says of its calendar.
enum Named {
    Lunar,
    Solar,
    Number,
}

fn month_in_han(text: &str) -> Option<(u32, Named)> {
    Some(match text {
        "正" => (1, Named::Lunar),
        "冬" => (11, Named::Lunar),
        "腊" | "臘" => (12, Named::Lunar),
        "元" => (1, Named::Solar),
        _ => (number_in_han(text)?, Named::Number),
    })
}

/// `1990`, `90`, `一九九〇`.
fn year_in_han(text: &str) -> Option<u32> {
    let digits: Option<Vec<u32>> = text.chars().map(digit).collect();
    let digits = digits?;
    let year = digits.iter().fold(0, |year, digit| year * 10 + digit);
    match digits.len() {
        4 => Some(year),
        2 => last_century(year),
        _ => None,
    }
}

/// A year of two digits that cannot be a day; one up to 31 could be either, or of this century.
fn last_century(year: u32) -> Option<u32> {
    (32..100).contains(&year).then_some(1900 + year)
}

/// A number up to 39 in digits or Chinese numerals: `8`, `08`, `八`, `十`, `十五`, `二十`, `廿三`, `卅`, `三十一`.
fn number_in_han(text: &str) -> Option<u32> {
    if !text.is_empty() && text.len() <= 2 && text.chars().all(|c| c.is_ascii_digit()) {
        return text.parse().ok();
    }
    let mut signs = text.chars();
    let tens = |signs: &mut std::str::Chars<'_>, tens: u32| match signs.next() {
        None => Some(tens),
        // 廿十 and the like are no numbers.
        Some(sign) => digit(sign).filter(|unit| *unit > 0).map(|unit| tens + unit),
    };
    let number = match signs.next()? {
        '十' => tens(&mut signs, 10),
        '廿' => tens(&mut signs, 20),
        '卅' => tens(&mut signs, 30),
        sign => {
            let first = digit(sign)?;
            match signs.next() {
                None => Some(first),
                Some('十') if (1..=3).contains(&first) => tens(&mut signs, 10 * first),
                Some(_) => None,
            }
        }
    };
    number.filter(|_| signs.next().is_none())
}

fn digit(sign: char) -> Option<u32> {
    if sign == '零' {
        return Some(0);
    }
    let han = "〇一二三四五六七八九".chars().position(|c| c == sign);
    sign.to_digit(10).or_else(|| u32::try_from(han?).ok())
}

/// Days in digits, with or without a year.
fn in_digits(text: &str, order: DayOrder) -> Result<Written, DayError> {
    let text = text.strip_prefix("--").unwrap_or(text);
    let parts = day::parts(text).ok_or(DayError::NotADay)?;
    let (year, month, day) = match parts.as_slice() {
        [Part::Number(packed, 4)] => (None, packed / 100, packed % 100),
        [Part::Number(packed, 6)] => {
            let year = last_century(packed / 10_000).ok_or(DayError::Ambiguous)?;
            (Some(year), packed / 100 % 100, packed % 100)
        }
        [Part::Number(a, 1..=2), Part::Number(b, 1..=2)] => {
            let (month, day) = if order == DayOrder::DayFirst && !text.contains('月') { (*b, *a) } else { (*a, *b) };
            (None, month, day)
        }
        [Part::Month(month), Part::Number(day, 1..=2)] | [Part::Number(day, 1..=2), Part::Month(month)] => {
            (None, *month, *day)
        }
        [Part::Number(year, 2), Part::Number(month, 1..=2), Part::Number(day, 1..=2)] if *year > 31 => {
            (last_century(*year), *month, *day)
        }
        // A lunar day may be one that the solar calendar lacks, such as the 30th of the second month.
        [Part::Number(year, 4), Part::Number(month, 1..=2), Part::Number(day, 1..=2)] => (Some(*year), *month, *day),
        [Part::Number(packed, 8)] => (Some(packed / 10_000), packed / 100 % 100, packed % 100),
        _ => {
            let date = day::read(text, order)?;
            let number = |n: i8| u32::try_from(n).unwrap_or_default();
            (u32::try_from(date.year()).ok(), number(date.month()), number(date.day()))
        }
    };
    Ok(Written { year, month, leap: false, day, lunar: None })
}
