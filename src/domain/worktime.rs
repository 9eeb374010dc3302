//! Working time (G6): which moments count for a deadline.
//!
//! Two counts are kept apart. *Open* time is when the shop serves: several ranges a day, on the days it is open.
//! *Working* time is the same hours on working days only, with days off and the working weekends that pay for them
//! (调休). All of it is data of the shop's settings.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

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
    /// Monday first.
    open: [bool; 7],
    /// Monday first.
    working: [bool; 7],
    /// Days since 1970 on which nothing counts.
    off: BTreeSet<i64>,
    /// Days since 1970 that are worked although their day of the week is not.
    extra: BTreeSet<i64>,
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
        Self {
            hours: USUAL.to_vec(),
            open: [true; 7],
            working: [true, true, true, true, true, false, false],
            off: BTreeSet::new(),
            extra: BTreeSet::new(),
            offset: Offset(offset),
        }
    }

    /// The working time of the settings. What cannot be read is as usual, and comes back to be said.
    pub fn of_settings(row: &Row, offset: fn(i64) -> i32) -> (Self, Vec<WorkTimeError>) {
        let mut time = Self::usual(offset);
        let mut errors = Vec::new();
        match read_hours(row.text(settings::HOURS)) {
            Ok(hours) if hours.is_empty() => {}
            Ok(hours) => time.hours = hours,
            Err(error) => errors.push(error),
        }
        week(row, settings::OPEN_DAYS, &mut time.open);
        week(row, settings::WORKING_DAYS, &mut time.working);
        for (key, days) in [(settings::DAYS_OFF, &mut time.off), (settings::EXTRA_DAYS, &mut time.extra)] {
            for text in row.words(key.field) {
                match read_days(text) {
                    Ok(read) => days.extend(read),
                    Err(error) => errors.push(error),
                }
            }
        }
        (time, errors)
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

    /// Whether a day counts; `day` in days since 1970.
    fn counts(&self, count: Count, day: i64) -> bool {
        // The first of January 1970 was a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
        let extra = self.extra.contains(&day);
        let usual = match count {
            Count::Open => self.open[weekday],
            Count::Working => self.working[weekday],
        };
        (usual || extra) && !self.off.contains(&day)
    }

    /// The stretches of a day that count, in milliseconds since 1970.
    fn stretches(&self, count: Count, day: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let hours = if self.counts(count, day) { self.hours.as_slice() } else { &[] };
        let moment = move |minute: u16| self.moment(day * DAY + i64::from(minute) * MINUTE);
        hours.iter().map(move |range| (moment(range.from), moment(range.to)))
    }

    /// The moment of a local time.
    fn moment(&self, local: i64) -> i64 {
        let ahead = |ms: i64| i64::from((self.offset.0)(ms)) * MINUTE;
        local - ahead(local - ahead(local))
    }

    fn day_of(&self, ms: i64) -> i64 {
        (ms + i64::from((self.offset.0)(ms)) * MINUTE).div_euclid(DAY)
    }

    /// How much time between two moments counts, in milliseconds.
    pub fn between(&self, count: Count, from: i64, to: i64) -> i64 {
        if to <= from {
            return 0;
        }
        let days = self.day_of(from)..=self.day_of(to);
        days.flat_map(|day| self.stretches(count, day))
            .map(|(open, close)| (close.min(to) - open.max(from)).max(0))
            .sum()
    }

    /// The moment at which `span` milliseconds that count have passed since a moment; none if the shop never opens.
    pub fn after(&self, count: Count, from: i64, span: i64) -> Option<i64> {
        let (first, mut left) = (self.day_of(from), span);
        for day in first..first + FARTHEST_DAYS {
            for (open, close) in self.stretches(count, day) {
                let open = open.max(from);
                if close - open >= left && close > open {
                    return Some(open + left);
                }
                left -= (close - open).max(0);
            }
        }
        None
    }
}

/// Days of the week from the settings; as usual if none is chosen.
fn week(row: &Row, key: Key<Set>, days: &mut [bool; 7]) {
    let chosen: Vec<&str> = row.words(key.field).collect();
    if !chosen.is_empty() {
        for (day, entry) in days.iter_mut().zip(lists::WEEKDAY.entries) {
            *day = chosen.contains(&entry.key);
        }
    }
}

#[cfg(test)]
mod tests;
