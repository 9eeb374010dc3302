//! The Chinese lunar calendar (农历), 1900 to 2100 (G6).
//!
//! Astronomers compute it: a month begins on the day of the new moon in China's time, and the month without a principal
//! term (中气) is a leap month, named after the one before it (GB/T 33661-2017). Computing it takes a theory of the moon;
//! two hundred years of month lengths take 804 bytes, and agree with the published tables by construction.
//!
//! The table was computed with the ephemeris of `sxtwl` 2.0.7, compared day by day with
//! `lunar_python` 1.4.8 for the whole range and with `cnlunar` 0.2.5 (the Hong Kong Observatory's tables) where they
//! differ. One month does: the new moon of September 2057 falls within seconds of midnight. The observatory and `sxtwl`
//! put it on the 28th, as here; the observatory notes that such a day may still move.

use std::ops::RangeInclusive;

use jiff::civil::Date;

/// Lunar years that can be converted.
pub const YEARS: RangeInclusive<i16> = FIRST..=2100;

const FIRST: i16 = 1900;

/// One number a year, from its lowest bit: four bits the month that is repeated as a leap month (0 for none), twelve bits
/// the months from the twelfth to the first (set: 30 days, else 29), one bit the same for the leap month, six bits the
/// day of the solar year on which New Year falls.
const TABLE: [u32; 201] = [
    0x3e_4bd8, 0x64_4ae0, 0x4e_a570, 0x3a_54d5, 0x5e_d260, 0x46_d950, 0x33_6554, 0x58_56a0, 0x42_9ad0,
    0x2c_55d2, // 1900
    0x52_4ae0, 0x3c_a5b6, 0x62_a4d0, 0x4a_d250, 0x35_d255, 0x5a_b540, 0x44_d6a0, 0x2e_ada2, 0x54_95b0,
    0x41_4977, // 1910
    0x66_4970, 0x4e_a4b0, 0x38_b4b5, 0x5e_6a50, 0x48_6d40, 0x31_ab54, 0x58_2b60, 0x42_9570, 0x2e_52f2,
    0x52_4970, // 1920
    0x3c_6566, 0x60_d4a0, 0x4a_ea50, 0x35_6a95, 0x5a_5ad0, 0x46_2b60, 0x31_86e3, 0x54_92e0, 0x3f_c8d7,
    0x64_c950, // 1930
    0x4e_d4a0, 0x37_d8a6, 0x5c_b550, 0x48_56a0, 0x33_a5b4, 0x58_25d0, 0x42_92d0, 0x2c_d2b2, 0x52_a950,
    0x3a_b557, // 1940
    0x60_6ca0, 0x4a_b550, 0x37_5355, 0x5a_4da0, 0x44_a5b0, 0x31_4573, 0x56_52b0, 0x3e_a9a8, 0x62_e950,
    0x4e_6aa0, // 1950
    0x38_aea6, 0x5c_ab50, 0x48_4b60, 0x32_aae4, 0x58_a570, 0x42_5260, 0x2a_f263, 0x50_d950, 0x3c_5b57,
    0x60_56a0, // 1960
    0x4a_96d0, 0x36_4dd5, 0x5c_4ad0, 0x44_a4d0, 0x2e_d4d4, 0x54_d250, 0x3e_d558, 0x62_b540, 0x4c_b6a0,
    0x39_95a6, // 1970
    0x5e_95b0, 0x48_49b0, 0x32_a974, 0x58_a4b0, 0x42_b27a, 0x66_6a50, 0x50_6d40, 0x3a_af46, 0x60_ab60,
    0x4a_9570, // 1980
    0x36_4af5, 0x5c_4970, 0x46_64b0, 0x2e_74a3, 0x52_ea50, 0x3e_6b58, 0x64_5ac0, 0x4c_ab60, 0x38_96d5,
    0x5e_92e0, // 1990
    0x48_c960, 0x30_d954, 0x56_d4a0, 0x40_da50, 0x2c_7552, 0x50_56a0, 0x3a_abb7, 0x62_25d0, 0x4c_92d0,
    0x34_cab5, // 2000
    0x5a_a950, 0x44_b4a0, 0x2e_baa4, 0x52_ad50, 0x3e_55d9, 0x64_4ba0, 0x4e_a5b0, 0x39_5176, 0x5e_52b0,
    0x48_a930, // 2010
    0x32_7954, 0x56_6aa0, 0x40_ad50, 0x2c_5b52, 0x52_4b60, 0x3a_a6e6, 0x60_a4e0, 0x4a_d260, 0x34_ea65,
    0x58_d530, // 2020
    0x44_5aa0, 0x2e_76a3, 0x54_96d0, 0x3e_4afb, 0x64_4ad0, 0x4e_a4d0, 0x39_d0b6, 0x5c_d250, 0x46_d520,
    0x30_dd45, // 2030
    0x56_b5a0, 0x40_56d0, 0x2c_55b2, 0x52_49b0, 0x3c_a577, 0x60_a4b0, 0x4a_aa50, 0x35_b255, 0x5a_6d20,
    0x42_ada0, // 2040
    0x2f_4b63, 0x54_9370, 0x40_49f8, 0x64_4970, 0x4e_64b0, 0x39_68a6, 0x5c_ea50, 0x46_6aa0, 0x31_a6c4,
    0x56_aae0, // 2050
    0x42_92e0, 0x2a_d2e3, 0x50_c960, 0x3a_d557, 0x60_d4a0, 0x48_da50, 0x34_5d55, 0x5a_56a0, 0x44_a6d0,
    0x2e_55d4, // 2060
    0x54_52d0, 0x3e_a9b8, 0x64_a950, 0x4c_b4a0, 0x36_b6a6, 0x5c_ad50, 0x48_55a0, 0x30_aba4, 0x56_a5b0,
    0x42_52b0, // 2070
    0x2c_b273, 0x50_6930, 0x3a_7337, 0x60_6aa0, 0x4a_ad50, 0x35_4b55, 0x5a_4b60, 0x44_a570, 0x30_54e4,
    0x52_d160, // 2080
    0x3c_e968, 0x62_d520, 0x4c_daa0, 0x37_6aa6, 0x5c_56d0, 0x48_4ae0, 0x32_a9d4, 0x56_a2d0, 0x40_d150,
    0x2a_f252, // 2090
    0x50_d520, // 2100
];

/// A day of the lunar calendar. It may be one that does not exist, such as the 30th of a short month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct LunarDate {
    /// The solar year in which the lunar year begins.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// The leap month that follows `month`.
    pub leap: bool,
    /// 1 to 30.
    pub day: i8,
}

/// The table's entry of a year.
fn entry(year: i16) -> Option<u32> {
    TABLE.get(usize::try_from(year.checked_sub(FIRST)?).ok()?).copied()
}

fn bits(entry: u32, from: u32, count: u32) -> i8 {
    i8::try_from((entry >> from) & ((1 << count) - 1)).unwrap_or_default()
}

/// The day of the solar year on which the lunar one begins, counted from 1.
fn new_year(entry: u32) -> i16 {
    i16::from(bits(entry, 17, 6))
}

/// The months of a year in their order, leap month included, with their days: `(month, leap, days)`.
fn months(entry: u32) -> impl Iterator<Item = (i8, bool, i8)> {
    let leap = bits(entry, 0, 4);
    (1..=12_u32).flat_map(move |month| {
        let plain = (i8::try_from(month).unwrap_or_default(), 29 + bits(entry, 16 - month, 1));
        let again = (plain.0 == leap).then(|| (plain.0, true, 29 + bits(entry, 16, 1)));
        std::iter::once((plain.0, false, plain.1)).chain(again)
    })
}

/// The month that is repeated in a year; none if it has no leap month or is not in [`YEARS`].
pub fn leap_month(year: i16) -> Option<i8> {
    entry(year).map(|entry| bits(entry, 0, 4)).filter(|month| *month > 0)
}

/// Days of a month; none if the year has no such month.
pub fn days_in_month(year: i16, month: i8, leap: bool) -> Option<i8> {
    months(entry(year)?).find(|(m, l, _)| (*m, *l) == (month, leap)).map(|(_, _, days)| days)
}

impl LunarDate {
    /// The lunar day of a solar one; none before 31 January 1900 and after the lunar year 2100.
    pub fn from_solar(date: Date) -> Option<Self> {
        // Before New Year the lunar year is still that of the solar year before.
        let day = date.day_of_year();
        let started = entry(date.year()).filter(|entry| day >= new_year(*entry));
        let (year, entry, mut rest) = if let Some(entry) = started {
            (date.year(), entry, day - new_year(entry))
        } else {
            let year = date.year().checked_sub(1)?;
            let entry = entry(year)?;
            (year, entry, day + days_in_solar_year(year) - new_year(entry))
        };
        for (month, leap, days) in months(entry) {
            if rest < i16::from(days) {
                return Some(Self { year, month, leap, day: i8::try_from(rest + 1).ok()? });
            }
            rest -= i16::from(days);
        }
        None
    }

    /// The solar day; none if the day does not exist or its year is not in [`YEARS`].
    pub fn to_solar(self) -> Option<Date> {
        let entry = entry(self.year)?;
        let mut day_of_year = new_year(entry);
        for (month, leap, days) in months(entry) {
            if (month, leap) == (self.month, self.leap) {
                if !(1..=days).contains(&self.day) {
                    return None;
                }
                day_of_year += i16::from(self.day) - 1;
                let length = days_in_solar_year(self.year);
                return if day_of_year <= length {
                    on_day_of_year(self.year, day_of_year)
                } else {
                    on_day_of_year(self.year + 1, day_of_year - length)
                };
            }
            day_of_year += i16::from(days);
        }
        None
    }
}

fn days_in_solar_year(year: i16) -> i16 {
    if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) { 366 } else { 365 }
}

fn on_day_of_year(year: i16, day: i16) -> Option<Date> {
    Date::new(year, 1, 1).ok()?.with().day_of_year(day).build().ok()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use jiff::civil::date;
    use sha2::{Digest, Sha256};

    use super::*;

    /// SHA-256 of one line a day, `2021-06-10 2021-05-01`, a leap month marked `L`, as the ephemeris prints them.
    const EVERY_DAY: &str = "4c77ce93b51b0a7835538132c4f2b91d942e2055ace869a90573cc46d2dc54c4";

    #[test]
    fn every_day_from_1901_to_2099_is_that_of_the_ephemeris() {
        let mut hash = Sha256::new();
        let mut day = date(1901, 1, 1);
        while day.year() < 2100 {
            let l = LunarDate::from_solar(day).unwrap();
            let leap = if l.leap { "L" } else { "" };
            hash.update(format!("{day} {:04}-{:02}{leap}-{:02}\n", l.year, l.month, l.day));
            assert_eq!(l.to_solar(), Some(day), "{l:?} leads back");
            day = day.tomorrow().unwrap();
        }
        let hex = hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        assert_eq!(hex, EVERY_DAY);
    }

    #[test]
    fn well_known_days() {
        for (solar, year, month, leap, day) in [
            (date(1900, 1, 31), 1900, 1, false, 1),
            (date(2024, 2, 9), 2023, 12, false, 30),
            (date(2024, 2, 10), 2024, 1, false, 1),
            (date(2025, 10, 6), 2025, 8, false, 15),
            (date(2020, 5, 23), 2020, 4, true, 1),
            (date(1933, 7, 22), 1933, 5, true, 30),
            (date(2057, 9, 28), 2057, 9, false, 1),
            (date(2101, 1, 28), 2100, 12, false, 29),
        ] {
            let lunar = LunarDate { year, month, leap, day };
            assert_eq!(LunarDate::from_solar(solar), Some(lunar));
            assert_eq!(lunar.to_solar(), Some(solar));
        }
    }

    #[test]
    fn years_join_without_a_gap() {
        for year in FIRST..2100 {
            let days: i16 = months(entry(year).unwrap()).map(|(_, _, days)| i16::from(days)).sum();
            let last = LunarDate { year, month: 1, leap: false, day: 1 }.to_solar().unwrap();
            let next = LunarDate { year: year + 1, month: 1, leap: false, day: 1 }.to_solar().unwrap();
            assert_eq!((next - last).get_days(), i32::from(days), "{year}");
        }
    }

    #[test]
    fn what_does_not_exist_has_no_solar_day() {
        let day = |year, month, leap, day| LunarDate { year, month, leap, day }.to_solar();
        assert_eq!(day(2021, 4, true, 1), None, "2021 has no leap month");
        assert_eq!(day(2024, 1, false, 30), None, "a short month");
        assert_eq!(day(2024, 13, false, 1), None);
        assert_eq!(day(2101, 1, false, 1), None);
        assert_eq!(LunarDate::from_solar(date(1900, 1, 30)), None);
        assert_eq!(LunarDate::from_solar(date(2101, 1, 29)), None);
        assert_eq!(leap_month(2033), Some(11));
        assert_eq!(leap_month(2024), None);
    }
}
