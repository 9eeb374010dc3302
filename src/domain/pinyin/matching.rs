//! Finding names by what one types (C13).
//!
//! A name is a row of *units*: one Han character, or one word of letters or digits. A query is eaten from its first
//! sign to its last by units that follow each other, beginning at any of them. A Han unit eats itself, a whole reading, or
//! the initial of one (`z`, `zh`); a word eats itself or its first letter; and whatever unit comes last may be left
//! unfinished. So `张san`, `zhangs`, `zs` and `zhsan` all find 张三, and `js` finds John Smith.
//!
//! Most names are turned away by a quick look at their characters (`gate`). For the others the scan keeps the set of places
//! in the query that have been reached as the bits of one number; what each syllable eats from each place is worked out once
//! for a query. So no key is needed beside the name, and 100,000 names take a few milliseconds.

use std::ops::Range;

use super::gate::Gate;
use super::units::{Unit, Units};
use super::{Syllable, TABLE, fold, surname};

/// A query takes part with so many signs; no name is found by more.
const LONGEST: usize = 63;
/// Fewer signs than these are a short query.
const SHORT: usize = 12;

/// What somebody types to find a name.
#[derive(Debug)]
pub struct Query {
    signs: Vec<char>,
    /// For each syllable and each place of the query, the places reached by eating it.
    reach: Vec<u64>,
    /// The same for syllables that are eaten whole.
    whole: Vec<u64>,
    pub(super) gate: Gate,
}

/// Where in a name a query was found; the smaller, the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// It is the whole name.
    Whole,
    /// The name begins with it.
    Start,
    /// It begins later, at a syllable or word.
    Inside,
}

/// How well a query fits; the smaller, the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rank {
    /// Where it was found.
    pub place: Place,
    /// How much was left unsaid: nothing for the characters themselves, little for whole readings, more for initials and
    /// for readings that are not the usual one.
    pub distance: u16,
    /// The unit at which it begins.
    pub start: u16,
}

/// A found name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// How well it fits.
    pub rank: Rank,
    /// What to highlight, in characters of the name.
    pub ranges: Vec<Range<usize>>,
}

/// Best way to a place of the query.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    later: bool,
    distance: u16,
    start: u16,
}

impl Query {
    /// Prepares a query. Case, width, spaces and signs between letters do not count.
    pub fn new(text: &str) -> Self {
        let signs: Vec<char> = text.chars().map(fold).filter(|c| c.is_alphanumeric()).take(LONGEST).collect();
        let (mut reach, mut whole) = (Vec::new(), Vec::new());
        if signs.iter().any(char::is_ascii_lowercase) {
            reach = vec![0; TABLE.syllables.len() * signs.len()];
            whole.clone_from(&reach);
            let rows = reach.chunks_exact_mut(signs.len()).zip(whole.chunks_exact_mut(signs.len()));
            for (syllable, (reach, whole)) in TABLE.syllables.iter().zip(rows) {
                reach_of(syllable, &signs, reach, whole);
            }
        }
        let gate = Gate::new(&signs, &reach);
        Self { signs, reach, whole, gate }
    }

    /// Whether nothing was typed. Such a query finds nothing.
    pub fn is_empty(&self) -> bool {
        self.signs.is_empty()
    }

    /// Whether a name is found; the quickest question.
    pub fn finds(&self, name: &str) -> bool {
        !self.is_empty() && self.gate.lets(name) && self.finds_surely(name)
    }

    pub(super) fn finds_surely(&self, name: &str) -> bool {
        let end = 1_u64 << self.signs.len();
        let mut reached = 0;
        Units::new(name).any(|unit| {
            // Every unit may be the first.
            reached = places(reached | 1).fold(0, |next, from| next | self.eaten(unit, from));
            reached & end != 0
        })
    }

    /// How well a name fits; none if it is not found.
    pub fn rank(&self, name: &str) -> Option<Rank> {
        if self.finds(name) { self.rank_likely(name) } else { None }
    }

    /// The same for a name that was let through already.
    pub(crate) fn rank_likely(&self, name: &str) -> Option<Rank> {
        // Most queries are short, and then there is less to be kept for each name.
        if self.signs.len() < SHORT {
            self.rank_within::<SHORT>(name)
        } else {
            self.rank_within::<{ LONGEST + 1 }>(name)
        }
    }

    /// Calls `each` with every name that may be found, and where it begins, of names that are followed by a line feed.
    pub(crate) fn scan<'n>(&self, names: &'n [u8], each: impl FnMut(usize, &'n str)) {
        if !self.is_empty() {
            self.gate.scan(names, each);
        }
    }

    fn rank_within<const PLACES: usize>(&self, name: &str) -> Option<Rank> {
        let end = self.signs.len();
        let mut ways = [None::<Way>; PLACES];
        let mut best: Option<Rank> = None;
        let mut units = Units::new(name).zip(0_u16..).peekable();
        while let Some((unit, number)) = units.next() {
            let mut next = [None::<Way>; PLACES];
            *ways.first_mut()? = Some(Way { later: number > 0, distance: 0, start: number });
            for (from, way) in ways.iter().enumerate().take(end).filter_map(|(from, way)| Some((from, (*way)?))) {
                for to in places(self.eaten(unit, from)) {
                    let distance = way.distance.saturating_add(self.distance(name, unit, from, to));
                    let reached = Way { distance, ..way };
                    if let Some(old) = next.get_mut(to) {
                        *old = Some(old.map_or(reached, |old| old.min(reached)));
                    }
                }
            }
            if let Some(way) = next.get(end).copied().flatten() {
                let place = match (way.later, units.peek()) {
                    (true, _) => Place::Inside,
                    (false, Some(_)) => Place::Start,
                    (false, None) => Place::Whole,
                };
                let rank = Rank { place, distance: way.distance, start: way.start };
                best = Some(best.map_or(rank, |best| best.min(rank)));
            }
            ways = next;
        }
        best
    }

    /// How well a name fits and what of it to highlight; none if it is not found.
    pub fn matches(&self, name: &str) -> Option<Match> {
        let rank = self.rank(name)?;
        let units: Vec<Unit<'_>> = Units::new(name).skip(usize::from(rank.start)).collect();
        let mut ranges = Vec::new();
        self.trace(name, &units, 0, rank.distance, &mut ranges);
        ranges.reverse();
        ranges.dedup_by(|later, earlier| {
            let touches = earlier.end == later.start;
            earlier.end = if touches { later.end } else { earlier.end };
            touches
        });
        Some(Match { rank, ranges })
    }

    /// Goes the way of exactly this distance and notes what it highlights, from its end.
    fn trace(&self, name: &str, units: &[Unit<'_>], from: usize, left: u16, ranges: &mut Vec<Range<usize>>) -> bool {
        let Some((unit, rest)) = units.split_first() else { return false };
        for to in places(self.eaten(*unit, from)) {
            let Some(left) = left.checked_sub(self.distance(name, *unit, from, to)) else { continue };
            let ends = to == self.signs.len();
            if (ends && left == 0) || (!ends && self.trace(name, rest, to, left, ranges)) {
                let length = if unit.han.is_some() { 1 } else { to - from };
                ranges.push(unit.at..unit.at + length);
                return true;
            }
        }
        false
    }

    /// The places reached from a place by eating a unit, as bits.
    fn eaten(&self, unit: Unit<'_>, from: usize) -> u64 {
        let Some(han) = unit.han else { return self.eaten_word(unit, from) };
        let itself = if self.signs.get(from) == Some(&han) { 1 << (from + 1) } else { 0 };
        if self.reach.is_empty() {
            return itself;
        }
        TABLE.of(han).iter().fold(itself, |to, syllable| to | self.eaten_syllable(*syllable, from))
    }

    fn eaten_syllable(&self, syllable: Syllable, from: usize) -> u64 {
        self.reach.get(usize::from(syllable) * self.signs.len() + from).copied().unwrap_or_default()
    }

    /// The whole word, its first letter, or as much as the query still holds.
    fn eaten_word(&self, unit: Unit<'_>, from: usize) -> u64 {
        let rest = self.signs.get(from..).unwrap_or_default();
        let mut word = unit.text.chars().map(fold);
        let mut same = 0;
        while let Some(sign) = rest.get(same) {
            match word.next() {
                Some(letter) if letter == *sign => same += 1,
                Some(_) if same == 0 => return 0,
                Some(letter) => return if letter.is_numeric() { 0 } else { 1 << (from + 1) },
                None => break,
            }
        }
        let initial = if rest.first().is_some_and(|sign| sign.is_numeric()) { 0 } else { 1 << (from + 1) };
        initial | 1 << (from + same)
    }

    /// What is left unsaid when a unit eats the query between two places.
    fn distance(&self, name: &str, unit: Unit<'_>, from: usize, to: usize) -> u16 {
        const INITIAL: u16 = 2;
        const UNFINISHED: u16 = 1;
        const UNUSUAL: u16 = 4;
        let eaten = self.signs.get(from..to).unwrap_or_default();
        let Some(han) = unit.han else {
            let letters = unit.text.chars().count();
            return match eaten.len() {
                all if all == letters => 0,
                1 => INITIAL,
                _ => UNFINISHED,
            };
        };
        if eaten == [han] {
            return 0;
        }
        let readings = TABLE.of(han);
        let family = surname::reading(name, unit.at);
        let is_family = |syllable: &&Syllable| Some(TABLE.spell(**syllable)) == family;
        let usual = readings.iter().find(is_family).or(readings.first());
        let mut best = u16::MAX;
        for syllable in readings {
            let (at, place) = (usize::from(*syllable) * self.signs.len() + from, 1 << to);
            let eats = |reach: &[u64]| reach.get(at).is_some_and(|reached| reached & place != 0);
            if !eats(&self.reach) {
                continue;
            }
            let said = match eaten.len() {
                _ if eats(&self.whole) => 1,
                1 => 1 + INITIAL,
                _ => 1 + UNFINISHED,
            };
            best = best.min(said + if Some(syllable) == usual { 0 } else { UNUSUAL });
        }
        best
    }
}

/// Whether signs are a whole reading (true) or its beginning (false).
fn said(reading: &str, signs: &[char]) -> Option<bool> {
    spellings(reading).find_map(|(head, tail)| {
        let mut letters = head.chars().chain(tail.chars());
        let begins = signs.iter().all(|sign| letters.next() == Some(*sign));
        begins.then(|| letters.next().is_none())
    })
}

/// The ways in which a reading is typed, in two halves: as it is; `v` also as `u`, and as `yu` as passports have it.
fn spellings(reading: &str) -> impl Iterator<Item = (&str, &str)> {
    let (initial, rest) =
        reading.split_at_checked(1).filter(|(_, rest)| rest.starts_with('v')).unwrap_or((reading, ""));
    let others: &[(&str, &str)] = match (initial, rest) {
        ("l", "v") => &[("l", "u"), ("l", "yu")],
        ("n", "v") => &[("n", "u"), ("n", "yu")],
        ("l", "ve") => &[("l", "ue"), ("l", "yue")],
        ("n", "ve") => &[("n", "ue"), ("n", "yue")],
        _ => &[],
    };
    std::iter::once((initial, rest)).chain(others.iter().copied())
}

/// For each place of the query, the places reached by a syllable: behind all of it, behind its initial, and the end of the
/// query if that comes first; and the first of these alone.
fn reach_of(syllable: &str, signs: &[char], reach: &mut [u64], whole: &mut [u64]) {
    let Some(first) = syllable.chars().next() else { return };
    let initial = if syllable.chars().nth(1) == Some('h') && syllable.len() > 2 { 2 } else { 1 };
    let begins = signs.iter().zip(reach).zip(whole).enumerate().filter(|(_, ((sign, _), _))| **sign == first);
    for (from, ((_, reach), whole)) in begins {
        let rest = signs.get(from..).unwrap_or_default();
        // Up to six letters and one more for `lyue`.
        for length in 1..=rest.len().min(7) {
            let place = 1 << (from + length);
            match said(syllable, rest.get(..length).unwrap_or_default()) {
                Some(true) => {
                    *whole |= place;
                    *reach |= place;
                }
                Some(false) if length == 1 || length == initial || length == rest.len() => *reach |= place,
                Some(false) => {}
                // What is not said so far is not said by more.
                None => break,
            }
        }
    }
}

/// The places in a set, lowest first.
pub(super) fn places(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (place < u64::BITS).then_some(place as usize)
    })
}
