//! The days that count, counted by whole weeks: a complaint may be years old, and a list has many of them.

use std::collections::{BTreeMap, BTreeSet};

use super::FARTHEST_DAYS;

/// Days off and days that are worked although their day of the week is not, in days since 1970.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Exceptions {
    pub(super) off: BTreeSet<i64>,
    pub(super) extra: BTreeSet<i64>,
}

/// Days of the week that count, and the days on which it is otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Days {
    /// Monday first.
    week: [bool; 7],
    /// Each day that differs from its day of the week, with how many counting days it and those before it bring (+) or
    /// take (−).
    turns: Vec<(i64, i64)>,
}

impl Days {
    pub(super) fn new(week: [bool; 7], exceptions: &Exceptions) -> Self {
        let extra = exceptions.extra.iter().map(|day| (*day, true));
        // What is off is off, also if it is an extra day.
        let all: BTreeMap<i64, bool> = extra.chain(exceptions.off.iter().map(|day| (*day, false))).collect();
        let mut sum = 0;
        let turns = all.into_iter().filter(|(day, counts)| is_usual(week, *day) != *counts).map(|(day, counts)| {
            sum += if counts { 1 } else { -1 };
            (day, sum)
        });
        Self { turns: turns.collect(), week }
    }

    /// Whether a day counts.
    pub(super) fn counts(&self, day: i64) -> bool {
        is_usual(self.week, day) != self.turns.binary_search_by_key(&day, |turn| turn.0).is_ok()
    }

    /// How many days before this one count, from a day that is the same for all: only differences mean something.
    pub(super) fn before(&self, day: i64) -> i64 {
        let (weeks, rest) = ((day + THURSDAY).div_euclid(7), (day + THURSDAY).rem_euclid(7));
        let of = |days: i64| (0..days).zip(self.week).filter(|(_, counts)| *counts).count();
        let usual = weeks * i64::try_from(of(7)).unwrap_or_default() + i64::try_from(of(rest)).unwrap_or_default();
        let turned = self.turns.partition_point(|turn| turn.0 < day).checked_sub(1);
        usual + turned.and_then(|at| self.turns.get(at)).map_or(0, |turn| turn.1)
    }

    /// The first day from `first` on with so many counting days before it and itself among them; none if that is too far.
    pub(super) fn nth(&self, first: i64, before: i64) -> Option<i64> {
        let (mut near, mut far) = (first, first + FARTHEST_DAYS);
        while near < far {
            let middle = i64::midpoint(near, far);
            if self.before(middle + 1) > before { far = middle } else { near = middle + 1 }
        }
        (near < first + FARTHEST_DAYS).then_some(near)
    }
}

/// The first of January 1970 was a Thursday: three days after a Monday.
const THURSDAY: i64 = 3;

fn is_usual(week: [bool; 7], day: i64) -> bool {
    usize::try_from((day + THURSDAY).rem_euclid(7)).ok().and_then(|at| week.get(at)).is_some_and(|counts| *counts)
}
