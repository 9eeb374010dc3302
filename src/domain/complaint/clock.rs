//! The clocks of a complaint (P2, P6): until when it must be acknowledged, answered and solved.
//!
//! They count only working time (G6) and stand still while the customer's turn lasts. A reopened complaint gets new
//! clocks from the moment of its reopening.

use super::case::{Case, Entry};
use super::complaint;
use super::state::State;
use crate::book::{Book, Row, RowId};
use crate::domain::team::{settings, shop};
use crate::domain::worktime::{Count, WorkTime, WorkTimeError, read_hours};

const MINUTE: i64 = 60_000;

/// "At once": a complaint is acknowledged while the customer is still there. Open minutes.
pub const ACKNOWLEDGE_MINUTES: i64 = 15;
/// Hours to answer, unless the shop says otherwise. Open hours.
pub const ANSWER_HOURS: i64 = 24;
/// Days to solve, unless the shop says otherwise. Working days.
pub const SOLVE_DAYS: i64 = 5;

/// How long each thing may take, and the working time by which it is counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Open hours to answer.
    pub answer_hours: i64,
    /// Working days to solve.
    pub solve_days: i64,
    /// The working time of the settings.
    pub time: WorkTime,
    shops: Vec<(RowId, WorkTime)>,
    /// What of the settings cannot be read; the usual stands in its place.
    pub errors: Vec<WorkTimeError>,
}

/// What is to be done by a moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// Tell the customer who looks after it.
    Acknowledge,
    /// Give our answer.
    Answer,
    /// Bring it to its end.
    Solve,
}

/// How near the end of a limit is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Urgency {
    /// More than a quarter of the time is left.
    Calm,
    /// The last quarter.
    Soon,
    /// Run over.
    Over,
    /// The customer's turn.
    Paused,
}

/// The limit that comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// What is to be done.
    pub what: What,
    /// When the time is up, in milliseconds since 1970; none while the clock stands still.
    pub at: Option<i64>,
    /// Minutes left of the time that counts; negative when run over.
    pub left: i64,
    /// Minutes of one working day, for a limit in days; none for one in hours.
    pub day: Option<i64>,
    /// How near the end is.
    pub urgency: Urgency,
}

impl Rules {
    /// The rules of the book: its settings and the hours of its shops. `offset` is minutes ahead of UTC at a moment.
    pub fn of(book: &Book, offset: fn(i64) -> i32) -> Self {
        let row = book.rows(settings::ID).next().map(|(_, row)| row).unwrap_or_default();
        let (time, mut errors) = WorkTime::of_settings(&row, offset);
        let mut shops = Vec::new();
        for (id, shop) in book.rows(shop::ID) {
            match read_hours(shop.text(shop::HOURS)) {
                Ok(hours) => shops.push((id, time.with_hours(hours))),
                Err(error) => errors.push(error),
            }
        }
        let or = |key, usual| row.get(key).filter(|limit| *limit > 0).unwrap_or(usual);
        Self {
            answer_hours: or(settings::ANSWER_HOURS, ANSWER_HOURS),
            solve_days: or(settings::SOLVE_DAYS, SOLVE_DAYS),
            time,
            shops,
            errors,
        }
    }

    /// The working time of the shop where a complaint was received.
    fn time_of(&self, row: &Row) -> &WorkTime {
        let own = row.get(complaint::SHOP).and_then(|id| self.shops.iter().find(|(shop, _)| *shop == id));
        own.map_or(&self.time, |(_, time)| time)
    }
}

/// The share of the usual time that a severity gets, in percent (P2).
const fn percent(severity: &str) -> i64 {
    match severity.as_bytes() {
        b"serious" => 50,
        _ => 100,
    }
}

/// The limit that comes next; none for what has ended and for suggestions and praise, which wait for nothing (P11).
pub fn due(case: &Case, rules: &Rules, now: i64) -> Option<Due> {
    if !case.state().is_open() || !case.is_complaint() {
        return None;
    }
    let what = next(case);
    let time = rules.time_of(&case.row);
    let (count, limit) = limit(case, rules, what);
    let day = (what == What::Solve).then(|| time.day_minutes());
    let (at, left) = run(case, time, count, limit * MINUTE, now);
    let urgency = match at {
        None => Urgency::Paused,
        Some(_) if left < 0 => Urgency::Over,
        Some(_) if left * 4 <= limit * MINUTE => Urgency::Soon,
        Some(_) => Urgency::Calm,
    };
    // Whole minutes, rounded so that nothing is run over before its time and "0 left" is never said of what is over.
    Some(Due { what, at, left: left.div_euclid(MINUTE), day, urgency })
}

/// How much time a thing gets, in minutes that count (P2).
fn limit(case: &Case, rules: &Rules, what: What) -> (Count, i64) {
    let share = percent(case.row.text(complaint::SEVERITY));
    match what {
        What::Acknowledge => (Count::Open, ACKNOWLEDGE_MINUTES),
        What::Answer => (Count::Open, rules.answer_hours * 60 * share / 100),
        What::Solve => (Count::Working, rules.solve_days * rules.time_of(&case.row).day_minutes() * share / 100),
    }
}

/// When the customer has our answer at the latest: what they are told when the complaint is taken (P3). None for what
/// waits for no answer, or while it stands still.
pub fn answer_by(case: &Case, rules: &Rules) -> Option<i64> {
    let (count, limit) = limit(case, rules, What::Answer);
    case.is_complaint().then(|| run(case, rules.time_of(&case.row), count, limit * MINUTE, case.received()).0)?
}

/// Where a complaint stands in the list, whatever the time is: running clocks by their end, then those that stand still,
/// then what waits for nothing, the newest first, and last what has ended.
pub fn order(case: &Case, rules: &Rules) -> (u8, i64) {
    match due(case, rules, case.received()) {
        Some(Due { at: Some(at), .. }) => (0, at),
        Some(_) => (1, case.received()),
        None if case.state().is_open() => (2, -case.received()),
        None => (3, -case.row.get(complaint::CLOSED).unwrap_or_else(|| case.received())),
    }
}

/// What comes next: who has not been acknowledged is not asked for an answer yet.
fn next(case: &Case) -> What {
    let been =
        |wanted: fn(State) -> bool| case.round().iter().filter_map(Entry::state).any(wanted) || wanted(case.state());
    if been(|state| matches!(state, State::Answered | State::Decided)) {
        What::Solve
    } else if case.is_reopened() || been(|state| state != State::Received) {
        What::Answer
    } else {
        What::Acknowledge
    }
}

/// Runs a clock: when its time is up, none while it stands still; and how much of it is left now.
fn run(case: &Case, time: &WorkTime, count: Count, limit: i64, now: i64) -> (Option<i64>, i64) {
    let (mut left, mut since, mut up) = (limit, Some(case.taken_up()), None);
    for entry in case.round() {
        match (since, entry.state()) {
            (Some(from), Some(State::Waiting)) => {
                spend(time, count, (from, entry.at), &mut left, &mut up);
                since = None;
            }
            (None, Some(state)) if state != State::Waiting => since = Some(entry.at),
            _ => {}
        }
    }
    // A record from elsewhere may be waiting without a word of it in the log.
    match since.filter(|_| case.state() != State::Waiting) {
        Some(from) => {
            let at = up.or_else(|| time.after(count, from, left));
            spend(time, count, (from, now), &mut left, &mut up);
            (at, left)
        }
        None => (None, left),
    }
}

/// Takes the time between two moments off what is left; notes the moment at which it was used up.
fn spend(time: &WorkTime, count: Count, (from, to): (i64, i64), left: &mut i64, up: &mut Option<i64>) {
    let spent = time.between(count, from, to);
    if *left >= 0 && spent > *left {
        *up = time.after(count, from, *left);
    }
    *left -= spent;
}
