use jiff::civil::date;
use proptest::prelude::*;

use super::*;

#[test]
fn days_in_every_shape() {
    for text in [
        "2021-01-05",
        "2021/1/5",
        "2021.1.5",
        "2021年1月5日",
        "2021 年 1 月 5 号",
        "２０２１－０１－０５",
        "20210105",
        "2021-01-05 00:00:00",
        "2021-01-05T08:30:00.000Z",
        "2021/1/5 8:30 AM",
        "2021年1月5日 星期二",
        "2021-1-5（周二）",
        "2021年1月5日 下午3点",
        "5 Jan 2021",
        "January 5, 2021",
        "44201",
        "44201.5",
    ] {
        assert_eq!(read(text, DayOrder::Unknown), Ok(date(2021, 1, 5)), "{text}");
    }
}

#[test]
fn the_year_last_takes_the_order_of_its_column() {
    assert_eq!(read("02/01/1999", DayOrder::MonthFirst), Ok(date(1999, 2, 1)));
    assert_eq!(read("02/01/1999", DayOrder::DayFirst), Ok(date(1999, 1, 2)));
    assert_eq!(read("02/01/1999", DayOrder::Unknown), Err(DayError::Ambiguous));
    assert_eq!(read("01/01/1991", DayOrder::Unknown), Ok(date(1991, 1, 1)));
    assert_eq!(read("01/31/1991", DayOrder::Unknown), Ok(date(1991, 1, 31)));
    assert_eq!(read("31.01.1991", DayOrder::Unknown), Ok(date(1991, 1, 31)));
    assert_eq!(read("01/31/1991", DayOrder::DayFirst), Err(DayError::NotInCalendar));
}

#[test]
fn a_column_tells_its_order() {
    assert_eq!(DayOrder::of_column(["02/01/1999", "", "02/21/1999"]), DayOrder::MonthFirst);
    assert_eq!(DayOrder::of_column(["02/01/1999", "21/02/1999"]), DayOrder::DayFirst);
    assert_eq!(DayOrder::of_column(["02/01/1999", "1999-02-21"]), DayOrder::Unknown);
    assert_eq!(DayOrder::of_column(["02/21/1999", "21/02/1999"]), DayOrder::Unknown);
}

#[test]
fn what_is_no_day_says_why() {
    use DayError::{Empty, NotADay, NotInCalendar};
    for (text, error) in [
        (" ", Empty),
        ("下周", NotADay),
        ("12", NotADay),
        ("2021", NotADay),
        ("2021-1", NotADay),
        ("2021-01-05-3x", NotADay),
        ("13800138000", NotADay),
        ("2021-02-30", NotInCalendar),
        ("20211301", NotInCalendar),
        ("0021-01-05", NotInCalendar),
    ] {
        assert_eq!(read(text, DayOrder::Unknown), Err(error), "{text}");
    }
}

#[test]
fn days_are_shown_with_their_year_when_it_differs() {
    let (today, day) = (date(2026, 1, 1), date(2026, 11, 21));
    assert_eq!(show(day, today, Lang::Zh), "11月21日 周六");
    assert_eq!(show(day, today, Lang::En), "Sat 21 Nov");
    assert_eq!(show_short(day, today, Lang::Zh), "11月21日");
    assert_eq!(show_short(day, today, Lang::En), "21 Nov");
    assert_eq!(show(date(2025, 11, 21), today, Lang::Zh), "2025年11月21日 周五");
    assert_eq!(show(date(2025, 11, 21), today, Lang::En), "Fri 21 Nov 2025");
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(serial in 61_u32..109_575) {
        let day = of_serial(serial).unwrap();
        let other = date(1850, 1, 1);
        for lang in [Lang::Zh, Lang::En] {
            prop_assert_eq!(read(&show(day, other, lang), DayOrder::Unknown), Ok(day));
        }
        prop_assert_eq!(read(&day.to_string(), DayOrder::Unknown), Ok(day));
    }

    #[test]
    fn no_text_panics(text in ".{0,30}") {
        let _ = read(&text, DayOrder::Unknown);
    }
}
