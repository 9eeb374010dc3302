//! The device's clock and its time zone.

use jiff::civil::Date;

/// Milliseconds since 1970 by the device's clock, which may be wrong.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a clock before 1970 reads as 1970
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Minutes to add to UTC for the device's local time at a moment: 480 in China.
#[allow(clippy::cast_possible_truncation)] // offsets are whole minutes, under a day
pub fn offset_minutes(ms: u64) -> i32 {
    -date(ms).get_timezone_offset() as i32
}

/// The day it is on the device's calendar now.
pub fn today() -> Date {
    day_of(now_ms())
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
