//! The device's clock and its time zone.

use std::cell::RefCell;

use jiff::civil::Date;

/// Milliseconds since 1970 by the device's clock, which may be wrong.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a clock before 1970 reads as 1970
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Minutes to add to UTC for the device's local time at a moment: 480 in China.
///
/// Tens of thousands of clocks ask for the same few hundred days, so what holds for a whole day is remembered.
pub fn offset_minutes(ms: u64) -> i32 {
    let day = ms / DAY_MS;
    let Some(at) = usize::try_from(day).ok().filter(|at| *at < REMEMBERED) else { return ask(ms) };
    OFFSETS.with_borrow_mut(|offsets| {
        if offsets.len() <= at {
            offsets.resize(at + 1, Offset::Unknown);
        }
        if offsets[at] == Offset::Unknown {
            let (first, last) = (ask(day * DAY_MS), ask(day * DAY_MS + DAY_MS - 1));
            offsets[at] = if first == last { Offset::AllDay(first) } else { Offset::Changes };
        }
        if let Offset::AllDay(minutes) = offsets[at] { minutes } else { ask(ms) }
    })
}

const DAY_MS: u64 = 86_400_000;
/// Days since 1970 whose offset is remembered: until 2079.
const REMEMBERED: usize = 40_000;

/// What is known of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offset {
    Unknown,
    AllDay(i32),
    /// The clocks are changed on it.
    Changes,
}

thread_local! {
    /// By days since 1970.
    static OFFSETS: RefCell<Vec<Offset>> = const { RefCell::new(Vec::new()) };
}

/// Asks the browser.
#[allow(clippy::cast_possible_truncation)] // offsets are whole minutes, under a day
fn ask(ms: u64) -> i32 {
    -date(ms).get_timezone_offset() as i32
}

/// The day it is on the device's calendar now. Whoever travelled into another time zone gets its clock from here on.
pub fn today() -> Date {
    let now = now_ms();
    if offset_minutes(now) != ask(now) {
        OFFSETS.with_borrow_mut(Vec::clear);
    }
    day_of(now)
}

/// The day of the device's calendar that a moment falls on.
pub fn day_of(ms: u64) -> Date {
    let date = date(ms);
    let field = |value: u32| i8::try_from(value).ok();
    let day = || {
        Date::new(i16::try_from(date.get_full_year()).ok()?, field(date.get_month() + 1)?, field(date.get_date())?).ok()
    };
    // A clock past the year 9999 reads as its last day.
    day().unwrap_or(Date::MAX)
}

#[allow(clippy::cast_precision_loss)] // exact up to the year 287396
fn date(ms: u64) -> js_sys::Date {
    js_sys::Date::new(&(ms as f64).into())
}
