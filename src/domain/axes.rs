//! The four axes of classification (C9), computed from facts. Each says why; a choice by hand stands over it and has a
//! reason of its own.

use jiff::civil::Date;

use super::{day, money};
use crate::words::{Lang, fill, words};

/// A customer is new for so many days after the first deal.
pub const NEW_DAYS: i64 = 180;
/// A deal counts as going on for so many days.
pub const ONGOING_DAYS: i64 = 90;
/// Fewer customers with deals than this cannot be ranked.
pub const LEAST_RANKED: usize = 5;

/// What the axes are computed from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Day of the first deal.
    pub first_deal: Option<Date>,
    /// Day of the last deal.
    pub last_deal: Option<Date>,
    /// How many deals there were.
    pub deals: i64,
    /// What was spent in all, in fen.
    pub spent: i64,
    /// Whether a next step is agreed.
    pub next_step: bool,
    /// How many spent more, and how many spent anything.
    pub rank: (usize, usize),
}

/// A recorded deal: its day and its amount in fen.
pub type Deal = (Option<Date>, i64);

impl Facts {
    /// Adds the deals recorded one by one to what the card carries over from before. A deal up to the card's last
    /// deal is taken to be in its sums already.
    pub fn with_deals(mut self, deals: &[Deal]) -> Self {
        let carried = self.last_deal;
        for (day, amount) in deals {
            if carried.is_none() || *day > carried {
                self.spent += amount;
                self.deals += 1;
            }
            self.first_deal = [self.first_deal, *day].into_iter().flatten().min();
            self.last_deal = [self.last_deal, *day].into_iter().flatten().max();
        }
        self
    }

    /// Whether there was ever a deal.
    pub fn has_dealt(&self) -> bool {
        self.first_deal.is_some() || self.last_deal.is_some() || self.deals > 0 || self.spent > 0
    }
}

/// A place on an axis, and the fact that put it there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Key in the axis' dictionary.
    pub key: &'static str,
    /// Why.
    pub why: Why,
}

/// The fact behind a place on an axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// There was no deal yet.
    NoDeal,
    /// There were deals, on days that nobody wrote down.
    UndatedDeals,
    /// The day of the first deal.
    FirstDeal(Date),
    /// The day of the last deal.
    LastDeal(Date),
    /// A next step is agreed.
    NextStep,
    /// The place among those who bought, counted from one, and the sum in fen.
    Rank {
        /// Place, from one.
        place: usize,
        /// How many spent anything.
        of: usize,
        /// In fen.
        spent: i64,
    },
}

impl Why {
    /// The fact in words.
    pub fn show(self, today: Date, lang: Lang) -> String {
        let say = |zh, en, values: &[&str]| fill(words(zh, en).r#in(lang), values);
        let on = |date| day::show_short(date, today, lang);
        match self {
            Self::NoDeal => say("还没有成交", "no deal yet", &[]),
            Self::UndatedDeals => say("有成交，日期不详", "there were deals, on unknown days", &[]),
            Self::FirstDeal(date) => say("首次成交 {}", "first deal on {}", &[&on(date)]),
            Self::LastDeal(date) => say("最近成交 {}", "last deal on {}", &[&on(date)]),
            Self::NextStep => say("约定了下一步", "a next step is agreed", &[]),
            Self::Rank { place, of, spent } => {
                let (place, of, sum) = (place.to_string(), of.to_string(), money::show(spent));
                say("消费 {}，排第 {}（共 {} 位）", "spent {}, no. {} of {}", &[&sum, &place, &of])
            }
        }
    }
}

/// By time: future without a deal, new for [`NEW_DAYS`] after the first, then old.
pub fn by_time(facts: &Facts, today: Date) -> Judged {
    match facts.first_deal.or(facts.last_deal) {
        Some(first) if day::days_between(first, today) <= NEW_DAYS => Judged { key: "new", why: Why::FirstDeal(first) },
        Some(first) => Judged { key: "old", why: Why::FirstDeal(first) },
        None if facts.has_dealt() => Judged { key: "old", why: Why::UndatedDeals },
        None => Judged { key: "future", why: Why::NoDeal },
    }
}

/// By deal process: ongoing for [`ONGOING_DAYS`] after a deal, else about to if a next step is agreed, else had. None for
/// somebody with neither.
pub fn by_process(facts: &Facts, today: Date) -> Option<Judged> {
    let last = facts.last_deal.or(facts.first_deal);
    match last {
        Some(last) if day::days_between(last, today) <= ONGOING_DAYS => {
            Some(Judged { key: "ongoing", why: Why::LastDeal(last) })
        }
        _ if facts.next_step => Some(Judged { key: "about_to", why: Why::NextStep }),
        Some(last) => Some(Judged { key: "had", why: Why::LastDeal(last) }),
        None => facts.has_dealt().then_some(Judged { key: "had", why: Why::UndatedDeals }),
    }
}

/// By volume: the first fifth of those who spent anything is main, the next two fifths ordinary, the others occasional.
/// None for too few to compare, and for somebody who spent nothing.
pub fn by_volume(facts: &Facts) -> Option<Judged> {
    let (more, of) = facts.rank;
    if of < LEAST_RANKED || facts.spent <= 0 {
        return None;
    }
    let key = match more * 5 / of {
        0 => "main",
        1 | 2 => "ordinary",
        _ => "occasional",
    };
    Some(Judged { key, why: Why::Rank { place: more + 1, of, spent: facts.spent } })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2025, 11, 21);

    fn dealt(first: Date, last: Date) -> Facts {
        Facts { first_deal: Some(first), last_deal: Some(last), deals: 2, spent: 10_000, ..Facts::default() }
    }

    #[test]
    fn time_goes_from_future_over_new_to_old() {
        assert_eq!(by_time(&Facts::default(), TODAY).key, "future");
        let first = day::days_later(TODAY, -NEW_DAYS).unwrap();
        assert_eq!(by_time(&dealt(first, TODAY), TODAY).key, "new");
        assert_eq!(by_time(&dealt(first.yesterday().unwrap(), TODAY), TODAY).key, "old");
        let undated = Facts { spent: 1, ..Facts::default() };
        assert_eq!(by_time(&undated, TODAY), Judged { key: "old", why: Why::UndatedDeals });
    }

    #[test]
    fn a_next_step_makes_a_past_customer_one_about_to_deal() {
        let past = dealt(date(2024, 1, 1), date(2024, 2, 1));
        assert_eq!(by_process(&past, TODAY).unwrap().key, "had");
        assert_eq!(by_process(&Facts { next_step: true, ..past.clone() }, TODAY).unwrap().key, "about_to");
        let now = Facts { last_deal: Some(date(2025, 11, 1)), next_step: true, ..past };
        assert_eq!(by_process(&now, TODAY).unwrap().key, "ongoing");
        assert_eq!(by_process(&Facts::default(), TODAY), None);
    }

    #[test]
    fn volume_goes_by_the_place_among_those_who_bought() {
        let key = |more, of| by_volume(&Facts { spent: 1, rank: (more, of), ..Facts::default() }).map(|j| j.key);
        assert_eq!(key(0, LEAST_RANKED - 1), None);
        assert_eq!((0..10).map(|more| key(more, 10).unwrap()).filter(|key| *key == "main").count(), 2);
        assert_eq!((0..10).map(|more| key(more, 10).unwrap()).filter(|key| *key == "ordinary").count(), 4);
        assert_eq!(by_volume(&Facts { rank: (9, 10), ..Facts::default() }), None);
    }

    #[test]
    fn recorded_deals_come_on_top_of_what_the_card_carries_over() {
        let card = Facts { last_deal: Some(date(2025, 6, 1)), deals: 3, spent: 30_000, ..Facts::default() };
        let deals = [(Some(date(2025, 5, 1)), 7_000), (Some(date(2025, 7, 1)), 5_000)];
        let facts = card.with_deals(&deals);
        assert_eq!((facts.spent, facts.deals), (35_000, 4));
        assert_eq!((facts.first_deal, facts.last_deal), (Some(date(2025, 5, 1)), Some(date(2025, 7, 1))));
    }

    #[test]
    fn the_reason_is_said_in_both_languages() {
        let why = Why::Rank { place: 2, of: 30, spent: 128_000 };
        assert_eq!(why.show(TODAY, Lang::Zh), "消费 ¥1,280.00，排第 2（共 30 位）");
        assert_eq!(why.show(TODAY, Lang::En), "spent ¥1,280.00, no. 2 of 30");
    }
}
