use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::book::{Batch, Book, DevId, Draft, Op, RowId, Stamp, Value};

const CHINA: fn(i64) -> i32 = |_| 480;

/// A local time in November 2026; the 21st is a Saturday.
fn at(day: i64, hour: i64, minute: i64) -> i64 {
    let november = day::number_of(date(2026, 11, 1));
    (november + day - 1) * DAY + (hour * 60 + minute - 480) * MINUTE
}

fn with(hours: &str) -> WorkTime {
    WorkTime::usual(CHINA).with_hours(read_hours(hours).unwrap())
}

/// Working time as the settings say it.
fn of(fill: impl FnOnce(&mut Draft)) -> (WorkTime, Vec<WorkTimeError>) {
    let mut draft = Draft::new(settings::ID, RowId([1; 16]));
    fill(&mut draft);
    let mut book = Book::default();
    let op = Op { opn: 1, stamp: Stamp::at(1), by: None, batch: None, rows: draft.write().into_iter().collect() };
    book.apply(&Batch { dev: DevId([1; 16]), ops: vec![op] });
    WorkTime::of_settings(&book.row(settings::ID, RowId([1; 16])).unwrap_or_default(), CHINA)
}

#[test]
fn hours_are_read_in_the_shapes_people_write() {
    let split = vec![Range { from: 540, to: 720 }, Range { from: 810, to: 1260 }];
    for text in ["9:00-12:00 13:30-21:00", "９：００～１２：００、13:30至21:00", "13:30 - 21:00; 9-12"] {
        assert_eq!(read_hours(text), Ok(split.clone()), "{text}");
    }
    assert_eq!(read_hours("0:00-24:00"), Ok(vec![Range { from: 0, to: 1440 }]));
    assert_eq!(read_hours(""), Ok(vec![]));
}

#[test]
fn wrong_hours_say_which_part() {
    assert_eq!(read_hours("9:00-12:00 下午"), Err(WorkTimeError::NotARange("下午".into())));
    assert_eq!(read_hours("9:70-12"), Err(WorkTimeError::NotARange("9:70-12".into())));
    assert_eq!(read_hours("18:00-2:00"), Err(WorkTimeError::OverMidnight("18:00-2:00".into())));
    assert_eq!(read_hours("9-12 11:00-15:00"), Err(WorkTimeError::Overlap("11:00-15:00".into())));
    assert!(WorkTimeError::NotARange("下午".into()).text(Lang::Zh).contains("“下午”"));
}

#[test]
fn only_open_time_counts() {
    let time = with("9:00-12:00 13:30-21:00");
    assert_eq!(time.day_minutes(), 630);
    // From before opening over the break until after closing: the whole day.
    assert_eq!(time.between(Count::Open, at(20, 6, 0), at(20, 23, 0)), 630 * MINUTE);
    assert_eq!(time.between(Count::Open, at(20, 11, 30), at(20, 14, 0)), 60 * MINUTE);
    assert_eq!(time.between(Count::Open, at(20, 22, 0), at(21, 9, 0)), 0);
    assert_eq!(time.between(Count::Open, at(20, 14, 0), at(20, 11, 0)), 0);
}

#[test]
fn a_deadline_skips_the_break_and_the_night() {
    let time = with("9:00-12:00 13:30-21:00");
    assert_eq!(time.after(Count::Open, at(20, 11, 30), 60 * MINUTE), Some(at(20, 14, 0)));
    assert_eq!(time.after(Count::Open, at(20, 20, 30), 60 * MINUTE), Some(at(21, 9, 30)));
    // Exactly at closing is still today, not tomorrow's opening.
    assert_eq!(time.after(Count::Open, at(20, 20, 0), 60 * MINUTE), Some(at(20, 21, 0)));
    assert_eq!(time.after(Count::Open, at(20, 3, 0), 0), Some(at(20, 9, 0)));
}

#[test]
fn a_working_day_skips_the_weekend() {
    let time = WorkTime::usual(CHINA);
    let days = |n: i64| n * time.day_minutes() * MINUTE;
    // Friday at three; one working day later is Monday at three.
    assert_eq!(time.after(Count::Working, at(20, 15, 0), days(1)), Some(at(23, 15, 0)));
    assert_eq!(time.after(Count::Open, at(20, 15, 0), days(1)), Some(at(21, 15, 0)));
    assert_eq!(time.after(Count::Working, at(21, 15, 0), days(5)), Some(at(27, 21, 0)));
}

#[test]
fn days_off_and_working_weekends_are_data() {
    let (time, errors) = of(|draft| {
        draft.add(settings::DAYS_OFF, "2026-11-23~2026-11-24".as_bytes(), Value::Bool(true));
        draft.add(settings::EXTRA_DAYS, "2026-11-21".as_bytes(), Value::Bool(true));
    });
    assert_eq!(errors, []);
    let days = |n: i64| n * time.day_minutes() * MINUTE;
    assert_eq!(time.after(Count::Working, at(20, 15, 0), days(1)), Some(at(21, 15, 0)), "the Saturday is worked");
    assert_eq!(time.after(Count::Working, at(21, 15, 0), days(1)), Some(at(25, 15, 0)), "Monday and Tuesday are off");
    assert_eq!(time.between(Count::Open, at(23, 0, 0), at(25, 0, 0)), 0, "nor is the shop open");
}

#[test]
fn days_of_the_week_are_data() {
    let (time, _) = of(|draft| {
        draft.add(settings::OPEN_DAYS, b"tue", Value::Bool(true));
        draft.set(settings::HOURS, &"10-12".to_owned());
    });
    assert_eq!(time.after(Count::Open, at(20, 10, 0), 60 * MINUTE), Some(at(24, 11, 0)));
}

#[test]
fn what_cannot_be_read_is_as_usual_and_is_said() {
    let (time, errors) = of(|draft| {
        draft.set(settings::HOURS, &"早到晚".to_owned());
        draft.add(settings::DAYS_OFF, "国庆".as_bytes(), Value::Bool(true));
    });
    assert_eq!(time, WorkTime::usual(CHINA));
    assert_eq!(errors.len(), 2);
}

#[test]
fn a_shop_that_never_opens_has_no_deadline() {
    let (time, _) = of(|draft| {
        draft.add(settings::OPEN_DAYS, b"never", Value::Bool(true));
    });
    assert_eq!(time.after(Count::Open, at(20, 10, 0), MINUTE), None);
}

/// One hour ahead, two in summer; the clocks change at one in the night by UTC.
fn with_summer(ms: i64) -> i32 {
    let (day, hour) = (ms.div_euclid(DAY).rem_euclid(365), ms.rem_euclid(DAY) / 60 / MINUTE);
    if (day, hour) >= (84, 1) && (day, hour) < (300, 1) { 120 } else { 60 }
}

/// The same question answered day by day.
struct DayByDay<'a> {
    time: &'a WorkTime,
    week: [bool; 7],
    exceptions: &'a Exceptions,
}

impl DayByDay<'_> {
    fn stretches(&self, day: i64) -> Vec<(i64, i64)> {
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap();
        let counts =
            (self.week[weekday] || self.exceptions.extra.contains(&day)) && !self.exceptions.off.contains(&day);
        let moment = |minute: u16| self.time.moment(day * DAY + i64::from(minute) * MINUTE);
        let hours = self.time.hours.iter().filter(|_| counts);
        hours.map(|range| (moment(range.from), moment(range.to))).collect()
    }

    fn between(&self, from: i64, to: i64) -> i64 {
        let day = |ms| self.time.local(ms).div_euclid(DAY);
        let all = (day(from)..=day(to)).flat_map(|day| self.stretches(day));
        all.map(|(open, close)| (close.min(to) - open.max(from)).max(0)).sum()
    }

    fn after(&self, from: i64, span: i64) -> Option<i64> {
        let (first, mut left) = (self.time.local(from).div_euclid(DAY), span);
        for (open, close) in (first..first + FARTHEST_DAYS).flat_map(|day| self.stretches(day)) {
            let open = open.max(from);
            if close - open >= left && close > open {
                return Some(open + left);
            }
            left -= (close - open).max(0);
        }
        None
    }
}

proptest! {
    #[test]
    fn counting_by_weeks_gives_what_counting_day_by_day_gives(
        week in any::<[bool; 7]>(),
        ends in proptest::collection::btree_set(36_u16..=288, 2..7),
        off in proptest::collection::btree_set(20_700_i64..20_900, 0..30),
        extra in proptest::collection::btree_set(20_700_i64..20_900, 0..30),
        from in 20_680 * DAY..20_920 * DAY,
        span in prop_oneof![Just(0), 0..90 * DAY, (0..2_000_i64).prop_map(|minutes| minutes * 5 * MINUTE)],
        on_the_minute in any::<bool>(),
        summer in any::<bool>(),
    ) {
        let ends: Vec<u16> = ends.into_iter().map(|five| five * 5).collect();
        let hours = ends.chunks_exact(2).map(|pair| Range { from: pair[0], to: pair[1] }).collect();
        let (exceptions, from) = (Exceptions { off, extra }, if on_the_minute { from - from % (5 * MINUTE) } else { from });
        let time = WorkTime::new(hours, (week, [false; 7]), &exceptions, if summer { with_summer } else { CHINA });
        let slow = DayByDay { time: &time, week, exceptions: &exceptions };
        prop_assert_eq!(time.between(Count::Open, from, from + span), slow.between(from, from + span));
        prop_assert_eq!(time.after(Count::Open, from, span), slow.after(from, span));
    }
}
