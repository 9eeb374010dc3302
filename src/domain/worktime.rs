//! Working time (G6): which moments count for a deadline.
//!
//! Two counts are kept apart. *Open* time is when the shop serves: several ranges a day, on the days it is open.
//! *Working* time is the same hours on working days only, with days off and the working weekends that pay for them
//! (调休). All of it is data of the shop's settings.
//!
//! Time is counted as the shop's clock shows it: a working day is as long on the day when the clocks change.

use std::ops::RangeInclusive;

use self::days::{Days, Exceptions};
use super::day::{self, DayOrder};
use super::lists;
use super::record::{Key, Set};
use super::team::settings;
use super::width::narrowed;
use crate::book::Row;
use crate::words::{Lang, fill, words};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// A deadline further away than this is none: the shop never opens.
const FARTHEST_DAYS: i64 = 5 * 366;

/// The hours of a shop that has not said any.
const USUAL: [Range; 1] = [Range { from: 9 * 60, to: 21 * 60 }];
/// Its days, Monday first.
const OPEN: [bool; 7] = [true; 7];
const WORKING: [bool; 7] = [true, true, true, true, true, false, false];

/// Opening hours in one stretch, in minutes of the day; the end is not in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Range {
    /// When it opens.
    pub from: u16,
    /// When it closes: up to 1440, midnight.
    pub to: u16,
}

/// Which time counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    /// When the shop is open.
    Open,
    /// The opening hours of working days.
    Working,
}

/// The working time of a shop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkTime {
    hours: Vec<Range>,
    open: Days,
    working: Days,
    offset: Offset,
}

/// Minutes that the shop's clock is ahead of UTC at a moment.
#[derive(Clone, Copy)]
struct Offset(fn(i64) -> i32);

impl PartialEq for Offset {
    fn eq(&self, other: &Self) -> bool {
        (self.0)(0) == (other.0)(0)
    }
}
impl Eq for Offset {}

impl std::fmt::Debug for Offset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:+} min", (self.0)(0))
    }
}

/// What of the settings cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorkTimeError {
    /// A part of the opening hours that is not a range.
    NotARange(String),
    /// A range that ends before it begins: it goes over midnight.
    OverMidnight(String),
    /// A range that begins before the one before it has ended.
    Overlap(String),
    /// A day off or an extra working day that is not a day.
    NotADay(String),
}

impl WorkTimeError {
    /// What is wrong and what to do.
    pub fn text(&self, lang: Lang) -> String {
        let (words, part) = match self {
            Self::NotARange(part) => (
                words(
                    "营业时间“{}”看不懂，请写成 9:00-12:00 13:30-21:00。",
                    "The opening hours “{}” cannot be read: write 9:00-12:00 13:30-21:00.",
                ),
                part,
            ),
            Self::OverMidnight(part) => (
                words(
                    "“{}”跨过了半夜，请分成两段：18:00-24:00 0:00-2:00。",
                    "“{}” goes over midnight: write 18:00-24:00 0:00-2:00.",
                ),
                part,
            ),
            Self::Overlap(part) => (words("“{}”与其他时段重叠。", "“{}” overlaps other hours."), part),
            Self::NotADay(part) => (
                words(
                    "“{}”不是日期，请写成 2026-10-01 或 2026-10-01~2026-10-07。",
                    "“{}” is not a day: write 2026-10-01 or 2026-10-01~2026-10-07.",
                ),
                part,
            ),
        };
        fill(words.r#in(lang), &[part])
    }
}

/// Reads opening hours: `9:00-12:00 13:30-21:00`, also `9-21`, `9：00～12：00、13：30至21：00`. In order of the day.
pub fn read_hours(text: &str) -> Result<Vec<Range>, WorkTimeError> {
    let text = narrowed(text).replace(['~', '至', '到'], "-").replace(" -", "-").replace("- ", "-");
    let parts = text.split([' ', ',', ';', '\n']).filter(|part| !part.is_empty());
    let mut ranges = parts.map(range).collect::<Result<Vec<_>, _>>()?;
    ranges.sort_unstable();
    match ranges.windows(2).find(|pair| pair[1].from < pair[0].to) {
        Some(pair) => Err(WorkTimeError::Overlap(pair[1].show())),
        None => Ok(ranges),
    }
}

fn range(part: &str) -> Result<Range, WorkTimeError> {
    let unreadable = || WorkTimeError::NotARange(part.to_owned());
    let (from, to) = part.split_once('-').ok_or_else(unreadable)?;
    let range = Range { from: minutes(from).ok_or_else(unreadable)?, to: minutes(to).ok_or_else(unreadable)? };
    if range.to > range.from { Ok(range) } else { Err(WorkTimeError::OverMidnight(part.to_owned())) }
}

/// A time of day in minutes: `9`, `9:30`, `24:00`.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= 1_440).then_some(hour * 60 + minute)
}

impl Range {
    /// When it opens, in milliseconds of the day.
    fn opens(self) -> i64 {
        i64::from(self.from) * MINUTE
    }

    /// In milliseconds.
    fn length(self) -> i64 {
        i64::from(self.to - self.from) * MINUTE
    }

    fn show(self) -> String {
        format!("{}:{:02}-{}:{:02}", self.from / 60, self.from % 60, self.to / 60, self.to % 60)
    }
}

/// Reads a day or several in a row: `2026-10-01`, `2026-10-01~2026-10-07`. In days since 1970.
fn read_days(text: &str) -> Result<RangeInclusive<i64>, WorkTimeError> {
    let one = |part: &str| day::read(part, DayOrder::Unknown).map(day::number_of);
    let narrow = narrowed(text).replace('至', "~");
    let (first, last) = narrow.split_once('~').unwrap_or((&narrow, &narrow));
    match (one(first), one(last)) {
        (Ok(first), Ok(last)) if first <= last && last - first <= 366 => Ok(first..=last),
        _ => Err(WorkTimeError::NotADay(text.to_owned())),
    }
}

impl WorkTime {
    /// Open every day from nine to nine, working days Monday to Friday.
    pub fn usual(offset: fn(i64) -> i32) -> Self {
        Self::new(USUAL.to_vec(), (OPEN, WORKING), &Exceptions::default(), offset)
    }

    fn new(
        hours: Vec<Range>,
        (open, working): ([bool; 7], [bool; 7]),
        exceptions: &Exceptions,
        offset: fn(i64) -> i32,
    ) -> Self {
        let days = |week| Days::new(week, exceptions);
        Self { hours, open: days(open), working: days(working), offset: Offset(offset) }
    }

    /// The working time of the settings. What cannot be read is as usual, and comes back to be said.
    pub fn of_settings(row: &Row, offset: fn(i64) -> i32) -> (Self, Vec<WorkTimeError>) {
        let mut errors = Vec::new();
        let mut hours = read_hours(row.text(settings::HOURS)).unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        });
        if hours.is_empty() {
            hours = USUAL.to_vec();
        }
        let mut exceptions = Exceptions::default();
        for (key, days) in [(settings::DAYS_OFF, &mut exceptions.off), (settings::EXTRA_DAYS, &mut exceptions.extra)] {
            for text in row.words(key.field) {
                match read_days(text) {
                    Ok(read) => days.extend(read),
                    Err(error) => errors.push(error),
                }
            }
        }
        let weeks = (week(row, settings::OPEN_DAYS, OPEN), week(row, settings::WORKING_DAYS, WORKING));
        (Self::new(hours, weeks, &exceptions, offset), errors)
    }

    /// The same with the hours of one shop.
    pub fn with_hours(&self, hours: Vec<Range>) -> Self {
        let mut time = self.clone();
        if !hours.is_empty() {
            time.hours = hours;
        }
        time
    }

    /// Open minutes of a day: the length of one working day.
    pub fn day_minutes(&self) -> i64 {
        self.hours.iter().map(|range| i64::from(range.to - range.from)).sum()
    }

    fn days(&self, count: Count) -> &Days {
        match count {
            Count::Open => &self.open,
            Count::Working => &self.working,
        }
    }

    /// What the shop's clock shows at a moment, in milliseconds.
    fn local(&self, ms: i64) -> i64 {
        ms + i64::from((self.offset.0)(ms)) * MINUTE
    }

    /// The moment of a local time.
    fn moment(&self, local: i64) -> i64 {
        let ahead = |ms: i64| i64::from((self.offset.0)(ms)) * MINUTE;
        local - ahead(local - ahead(local))
    }

    /// How much time counted before a local time, from a day that is the same for all.
    fn counted(&self, days: &Days, local: i64) -> i64 {
        let (day, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let passed = |range: &Range| (time - range.opens()).clamp(0, range.length());
        let today = if days.counts(day) { self.hours.iter().map(passed).sum() } else { 0 };
        days.before(day) * self.day_minutes() * MINUTE + today
    }

    /// How much time between two moments counts, in milliseconds of the shop's clock.
    pub fn between(&self, count: Count, from: i64, to: i64) -> i64 {
        if to <= from {
            return 0;
        }
        let counted = |ms| self.counted(self.days(count), self.local(ms));
        (counted(to) - counted(from)).max(0)
    }

    /// The moment at which `span` milliseconds that count have passed since a moment; none if the shop never opens.
    pub fn after(&self, count: Count, from: i64, span: i64) -> Option<i64> {
        let (days, local, length) = (self.days(count), self.local(from), self.day_minutes() * MINUTE);
        // Exactly at closing is still that day; of no time at all, the next moment that is open.
        let spare = i64::from(span > 0);
        let goal = self.counted(days, local) + span - spare;
        let day = days.nth(local.div_euclid(DAY), goal.checked_div_euclid(length)?)?;
        let mut left = goal.rem_euclid(length);
        for range in &self.hours {
            if left < range.length() {
                return Some(self.moment(day * DAY + range.opens() + left + spare));
            }
            left -= range.length();
        }
        None
    }
}

/// Days of the week from the settings; as usual if none is chosen.
fn week(row: &Row, key: Key<Set>, usual: [bool; 7]) -> [bool; 7] {
    let chosen: Vec<&str> = row.words(key.field).collect();
    if chosen.is_empty() {
        return usual;
    }
    let mut days = usual;
    for (day, entry) in days.iter_mut().zip(lists::WEEKDAY.entries) {
        *day = chosen.contains(&entry.key);
    }
    days
}

mod days;
#[cfg(test)]
mod tests;
