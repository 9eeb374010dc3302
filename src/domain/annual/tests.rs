use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::day::{DayError, DayOrder};

fn reads(text: &str) -> Result<String, DayError> {
    read(text, DayOrder::Unknown).map(AnnualDay::to_stored)
}

#[test]
fn solar_days_in_every_shape() {
    for text in [
        "1950/9/28",
        "1950年9月28日",
        "19500928",
        "1950-09-28 00:00:00",
        "1950.9.28",
        "１９５０．９．２８",
        "公历1950年9月28日",
        "阳历 1950-9-28",
        "1950年9月28日（公历）",
        "一九五〇年九月二十八日",
        "28 Sep 1950",
        "09/28/1950",
        "50.9.28",
        "50年9月28日",
        "500928",
        "solar:1950-09-28",
        "18534",
    ] {
        assert_eq!(reads(text).as_deref(), Ok("solar:1950-09-28"), "{text}");
    }
    for text in [
        "8/15",
        "0815",
        "08-15",
        "8.15",
        "8月15日",
        "8月15",
        "８月１５号",
        "--0815",
        "--08-15",
        "八月十五日",
        "15 Aug",
        "8-15",
    ] {
        assert_eq!(reads(text).as_deref(), Ok("solar:--08-15"), "{text}");
    }
    assert_eq!(reads("元月一日").as_deref(), Ok("solar:--01-01"));
    assert_eq!(reads("2月29日").as_deref(), Ok("solar:--02-29"));
    assert_eq!(read("3/12", DayOrder::DayFirst).unwrap().to_stored(), "solar:--12-03");
}

#[test]
fn lunar_days_in_every_shape() {
    for (text, stored) in [
        ("农历三月初八", "lunar:--03-08"),
        ("1990年四月十五(阴历)", "lunar:1990-04-15"),
        ("1990年四月十五（农历）", "lunar:1990-04-15"),
        ("农历1990年4月15日", "lunar:1990-04-15"),
        ("農曆1990年四月十五", "lunar:1990-04-15"),
        ("农历1990-04-15", "lunar:1990-04-15"),
        ("1990.4.15 农历", "lunar:1990-04-15"),
        ("1990四月十五", "lunar:1990-04-15"),
        ("阴历19900415", "lunar:1990-04-15"),
        ("一九九〇年四月十五", "lunar:1990-04-15"),
        ("lunar 1990-4-15", "lunar:1990-04-15"),
        ("90年四月十五", "lunar:1990-04-15"),
        ("闰四月初一", "lunar:--04L-01"),
        ("2020年闰4月1日", "lunar:2020-04L-01"),
        ("农历闰四月初一", "lunar:--04L-01"),
        ("正月十五", "lunar:--01-15"),
        ("腊月三十", "lunar:--12-30"),
        ("臘月卅", "lunar:--12-30"),
        ("冬月廿三", "lunar:--11-23"),
        ("十一月二十", "lunar:--11-20"),
        ("十月初十", "lunar:--10-10"),
        ("八月二十九", "lunar:--08-29"),
        ("农历八月十五日", "lunar:--08-15"),
        ("农历8.15", "lunar:--08-15"),
        ("农历0815", "lunar:--08-15"),
        ("阴历：8月15", "lunar:--08-15"),
        ("(农)8-15", "lunar:--08-15"),
        ("农8月15", "lunar:--08-15"),
        ("8月初5", "lunar:--08-05"),
        ("农历1990-02-30", "lunar:1990-02-30"),
        ("中秋节", "lunar:--08-15"),
        ("中秋", "lunar:--08-15"),
        ("1988年除夕", "lunar:1988-12-30"),
        ("大年初一", "lunar:--01-01"),
        ("重阳节", "lunar:--09-09"),
        ("lunar:--04L-15", "lunar:--04L-15"),
    ] {
        assert_eq!(reads(text).as_deref(), Ok(stored), "{text}");
    }
}

#[test]
fn what_is_no_day_says_why() {
    use DayError::{Ambiguous, Empty, NotADay, NotInCalendar};
    for (text, error) in [
        ("", Empty),
        ("　", Empty),
        ("不详", NotADay),
        ("春天", NotADay),
        ("8", NotADay),
        ("13800138000", NotADay),
        ("四月", NotADay),
        ("公历正月初一", NotADay),
        ("廿十月初一", NotADay),
        ("公历5月9日(农历四月十五)", Ambiguous),
        ("01/02/1990", Ambiguous),
        ("010203", Ambiguous),
        ("13月1日", NotInCalendar),
        ("1990-02-29", NotInCalendar),
        ("农历三月三十一", NotInCalendar),
        ("solar:--04L-15", NotADay),
    ] {
        assert_eq!(reads(text), Err(error), "{text}");
    }
}

#[test]
fn days_are_shown_in_both_languages() {
    for (stored, zh, en) in [
        ("solar:1950-09-28", "1950年9月28日", "28 Sep 1950"),
        ("solar:--07-18", "7月18日", "18 Jul"),
        ("lunar:--03-08", "农历三月初八", "Lunar 3rd month, day 8"),
        ("lunar:1990-12-30", "农历1990年腊月三十", "Lunar 1990, 12th month, day 30"),
        ("lunar:--04L-21", "农历闰四月廿一", "Lunar leap 4th month, day 21"),
    ] {
        let day = AnnualDay::from_stored(stored).unwrap();
        assert_eq!(day.show(Lang::Zh), zh);
        assert_eq!(day.show(Lang::En), en);
    }
}

#[test]
fn a_day_falls_where_families_keep_it() {
    let next = |stored: &str, from| AnnualDay::from_stored(stored).unwrap().next_on_or_after(from).unwrap();
    assert_eq!(next("solar:--02-29", date(2023, 1, 1)), date(2023, 2, 28), "a common year");
    assert_eq!(next("solar:--02-29", date(2024, 1, 1)), date(2024, 2, 29));
    assert_eq!(next("solar:1950-09-28", date(2026, 9, 28)), date(2026, 9, 28), "today counts");
    assert_eq!(next("solar:1950-09-28", date(2026, 9, 29)), date(2027, 9, 28));
    assert_eq!(next("lunar:--08-15", date(2025, 10, 7)), date(2026, 9, 25));
    assert_eq!(next("lunar:--12-30", date(2025, 1, 1)), date(2025, 1, 28), "the 12th month of 2024 has 29 days");
    assert_eq!(next("lunar:--12-08", date(2026, 1, 26)), date(2026, 1, 26), "still the lunar year 2025");
    assert_eq!(next("lunar:--04L-01", date(2020, 1, 1)), date(2020, 5, 23), "the leap month itself");
    assert_eq!(next("lunar:--04-01", date(2020, 1, 1)), date(2020, 4, 23), "not the leap month");
    assert_eq!(next("lunar:--04L-01", date(2021, 1, 1)), date(2021, 5, 12), "no leap month that year");
    assert_eq!(AnnualDay::from_stored("lunar:--04-01").unwrap().next_on_or_after(date(2101, 6, 1)), None);
}

#[test]
fn age_counts_in_its_own_calendar() {
    let age = |stored: &str, day| AnnualDay::from_stored(stored).unwrap().age_on(day);
    assert_eq!(age("solar:1990-09-28", date(2026, 9, 27)), Some(35));
    assert_eq!(age("solar:1990-09-28", date(2026, 9, 28)), Some(36));
    assert_eq!(age("lunar:1990-12-08", date(2026, 1, 25)), Some(34));
    assert_eq!(age("lunar:1990-12-08", date(2026, 1, 26)), Some(35));
    assert_eq!(age("solar:1990-09-28", date(1980, 1, 1)), None, "not born yet");
    assert_eq!(age("solar:--09-28", date(2026, 9, 28)), None);
}

fn any_day() -> impl Strategy<Value = AnnualDay> {
    let year = proptest::option::of(1900_i16..2100);
    (any::<bool>(), year, 1_i8..=12, any::<bool>(), 1_i8..=31).prop_filter_map(
        "exists",
        |(lunar, year, month, leap, day)| {
            if lunar { AnnualDay::lunar(year, month, leap, day) } else { AnnualDay::solar(year, month, day) }
        },
    )
}

proptest! {
    #[test]
    fn what_is_stored_or_shown_reads_back(day in any_day()) {
        prop_assert_eq!(AnnualDay::from_stored(&day.to_stored()), Some(day));
        prop_assert_eq!(read(&day.show(Lang::Zh), DayOrder::Unknown), Ok(day));
    }

    #[test]
    fn it_falls_once_a_year(day in any_day(), offset in 0_i32..60_000) {
        let from = date(1901, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
        let next = day.next_on_or_after(from).unwrap();
        prop_assert!(next >= from);
        let again = day.next_on_or_after(next.tomorrow().unwrap()).unwrap();
        // A lunar year has up to 385 days, and a leap month in one year but not the next moves a day by another.
        prop_assert!((352..=415).contains(&(again - next).get_days()), "{next} {again}");
    }

    #[test]
    fn no_text_panics(text in "[农历阴闰正一二三十月日年初廿0-9./ -]{0,12}") {
        let _ = read(&text, DayOrder::Unknown);
    }
}
