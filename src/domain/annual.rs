//! A day of every year: a birthday, an anniversary (G6).
//!
//! It is solar or lunar, with or without its year, kept exactly as it was told and projected on the solar calendar only
//! when somebody looks. So a lunar birthday moves with the moon, and a wrong year can be put right without loss.

mod read;

use jiff::civil::Date;

pub use self::read::read;
use super::day::{civil, month_name};
use super::lunar::{self, LunarDate};
use crate::words::Lang;

/// The calendar that a day of the year counts in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Calendar {
    /// 公历.
    Solar,
    /// 农历.
    Lunar,
}

/// A day of every year, as it was told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct AnnualDay {
    calendar: Calendar,
    year: Option<i16>,
    month: i8,
    leap: bool,
    day: i8,
}

impl AnnualDay {
    /// A solar day; none if no year has it, or that year has not.
    pub fn solar(year: Option<i16>, month: i8, day: i8) -> Option<Self> {
        // Without a year the 29th of February may be meant.
        let number = |n: i8| u32::try_from(n).ok();
        civil(u32::try_from(year.unwrap_or(2000)).ok()?, number(month)?, number(day)?)?;
        Some(Self { calendar: Calendar::Solar, year, month, leap: false, day })
    }

    /// A lunar day; none if no year could have it. Whether the year really has such a leap month or 30th day is not
    /// asked: people remember what they were told, and the projection knows what to do.
    pub fn lunar(year: Option<i16>, month: i8, leap: bool, day: i8) -> Option<Self> {
        let exists = (1..=12).contains(&month) && (1..=30).contains(&day);
        let plausible = year.is_none_or(|year| (1800..2200).contains(&year));
        (exists && plausible).then_some(Self { calendar: Calendar::Lunar, year, month, leap, day })
    }

    /// Which calendar it counts in.
    pub const fn calendar(self) -> Calendar {
        self.calendar
    }

    /// The year of birth in its own calendar, when it is known.
    pub const fn year(self) -> Option<i16> {
        self.year
    }

    /// 1 to 12.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// Whether the leap month that follows `month` is meant.
    pub const fn is_leap(self) -> bool {
        self.leap
    }

    /// 1 to 31, 1 to 30 in the lunar calendar.
    pub const fn day(self) -> i8 {
        self.day
    }

    /// The same day without its year.
    pub const fn without_year(self) -> Self {
        Self { year: None, ..self }
    }

    /// As it stands in a cell: `solar:1950-09-28`, `solar:--07-18`, `lunar:1990-04-15`, `lunar:--04L-15`.
    pub fn to_stored(self) -> String {
        let calendar = match self.calendar {
            Calendar::Solar => "solar",
            Calendar::Lunar => "lunar",
        };
        let year = self.year.map_or_else(|| "-".to_owned(), |year| format!("{year:04}"));
        let leap = if self.leap { "L" } else { "" };
        format!("{calendar}:{year}-{:02}{leap}-{:02}", self.month, self.day)
    }

    /// From the form of [`Self::to_stored`]; none for any other text.
    pub fn from_stored(text: &str) -> Option<Self> {
        let (calendar, rest) = text.split_once(':')?;
        let (year, rest) = match rest.strip_prefix("--") {
            Some(rest) => (None, rest),
            None => rest.split_once('-').and_then(|(year, rest)| Some((Some(year.parse().ok()?), rest)))?,
        };
        let (month, day) = rest.split_once('-')?;
        let (month, leap) = month.strip_suffix('L').map_or((month, false), |month| (month, true));
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        match calendar {
            "solar" if !leap => Self::solar(year, month, day),
            "lunar" => Self::lunar(year, month, leap, day),
            _ => None,
        }
    }

    /// The solar day on which it falls in a year of its own calendar; none beyond the lunar table.
    ///
    /// What a year does not have is kept on the nearest day that families keep it on: the 29th of February on the 28th,
    /// a lunar 30th in a short month on the 29th, a day of a leap month in a year without it in the month of the same
    /// name.
    pub fn in_year(self, year: i16) -> Option<Date> {
        match self.calendar {
            Calendar::Solar => {
                let first = Date::new(year, self.month, 1).ok()?;
                Date::new(year, self.month, self.day.min(first.days_in_month())).ok()
            }
            Calendar::Lunar => {
                let leap = self.leap && lunar::leap_month(year) == Some(self.month);
                let day = self.day.min(lunar::days_in_month(year, self.month, leap)?);
                LunarDate { year, month: self.month, leap, day }.to_solar()
            }
        }
    }

    /// The first day on or after `from` on which it falls; none when the lunar table ends first.
    pub fn next_on_or_after(self, from: Date) -> Option<Date> {
        let year = self.year_of(from)?;
        let this = self.in_year(year)?;
        if this >= from { Some(this) } else { self.in_year(year + 1) }
    }

    /// Full years on a day, counted in its own calendar, as the family counts; none without a year of birth, before it,
    /// and outside the lunar table.
    pub fn age_on(self, day: Date) -> Option<u16> {
        let year = self.year_of(day)?;
        let reached = self.in_year(year)? <= day;
        u16::try_from(year - self.year? - i16::from(!reached)).ok()
    }

    /// The year of its own calendar that a solar day belongs to.
    fn year_of(self, day: Date) -> Option<i16> {
        match self.calendar {
            Calendar::Solar => Some(day.year()),
            Calendar::Lunar => LunarDate::from_solar(day).map(|lunar| lunar.year),
        }
    }

    /// For people: `农历三月初八`, `1950年9月28日`, `Lunar 3rd month, day 8`, `28 Sep 1950`.
    pub fn show(self, lang: Lang) -> String {
        let (month, day) = (self.month, self.day);
        match (self.calendar, lang) {
            (Calendar::Solar, Lang::Zh) => {
                let year = self.year.map_or_else(String::new, |year| format!("{year}年"));
                format!("{year}{month}月{day}日")
            }
            (Calendar::Solar, Lang::En) => {
                let year = self.year.map_or_else(String::new, |year| format!(" {year}"));
                format!("{day} {}{year}", month_name(month))
            }
            (Calendar::Lunar, Lang::Zh) => {
                let year = self.year.map_or_else(String::new, |year| format!("{year}年"));
                let leap = if self.leap { "闰" } else { "" };
                format!("农历{year}{leap}{}{}", han_month(month), han_day(day))
            }
            (Calendar::Lunar, Lang::En) => {
                let year = self.year.map_or_else(String::new, |year| format!("{year}, "));
                let leap = if self.leap { "leap " } else { "" };
                let suffix = match month {
                    1 => "st",
                    2 => "nd",
                    3 => "rd",
                    _ => "th",
                };
                format!("Lunar {year}{leap}{month}{suffix} month, day {day}")
            }
        }
    }
}

const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const MONTHS: [&str; 12] = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"];

/// `三月`; the first, eleventh and twelfth have names of their own.
fn han_month(month: i8) -> String {
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    format!("{name}月")
}

/// `初八`, `十五`, `廿三`, `三十`.
fn han_day(day: i8) -> String {
    let unit = usize::try_from(day % 10).ok().and_then(|at| DIGITS.get(at)).copied().unwrap_or_default();
    match day {
        10 => "初十".to_owned(),
        20 => "二十".to_owned(),
        30 => "三十".to_owned(),
        1..=9 => format!("初{unit}"),
        11..=19 => format!("十{unit}"),
        _ => format!("廿{unit}"),
    }
}

#[cfg(test)]
mod tests;
