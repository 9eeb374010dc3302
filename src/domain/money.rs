//! Money in fen (G7).

use super::width::narrowed;
use crate::words::{Words, words};

/// The largest amount that is taken, in fen: a hundred thousand million yuan. More is a typing error.
pub const MOST: i64 = 10_000_000_000_000;

/// Why a text is not an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MoneyError {
    /// Nothing stands there.
    Empty,
    /// Something that is not a number.
    NotANumber,
    /// Less than a fen: `0.125`.
    TooFine,
    /// Beyond [`MOST`].
    TooLarge,
}

impl MoneyError {
    /// What is wrong, for the person who typed it.
    pub const fn words(self) -> Words {
        match self {
            Self::Empty => words("没有金额", "No amount"),
            Self::NotANumber => words("不是金额", "Not an amount"),
            Self::TooFine => words("金额最多到分", "An amount has at most two decimals"),
            Self::TooLarge => words("金额过大", "The amount is too large"),
        }
    }
}

/// Reads an amount in yuan as people type and programs print it, in fen: `¥48,589.37`, `82035.39 `, `36,523.90元`,
/// `￥0.00`, `1.2万`, `CNY 5`, `-3`, and `(3)`, which bookkeepers write for it.
pub fn read(text: &str) -> Result<i64, MoneyError> {
    let text = narrowed(text);
    let mut rest = text.as_str();
    if rest.is_empty() {
        return Err(MoneyError::Empty);
    }
    let mut negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (negative, rest) = (true, inner);
    }
    // Sign and currency stand in either order: `-¥3`, `¥-3`.
    for _ in 0..2 {
        rest = rest.trim_start();
        for currency in ["¥", "RMB", "CNY", "rmb", "cny", "人民币"] {
            rest = rest.strip_prefix(currency).unwrap_or(rest).trim_start();
        }
        if let Some(after) = rest.strip_prefix('-').filter(|_| !negative) {
            (negative, rest) = (true, after);
        } else {
            rest = rest.strip_prefix('+').unwrap_or(rest);
        }
    }
    for currency in ["元整", "元", "圆", "块", "RMB", "CNY", "rmb", "cny"] {
        rest = rest.strip_suffix(currency).unwrap_or(rest).trim_end();
    }
    let mut unit = 100;
    for (suffix, times) in
        [("亿", 100_000_000), ("千万", 10_000_000), ("百万", 1_000_000), ("万", 10_000), ("千", 1_000)]
    {
        if let Some(before) = rest.strip_suffix(suffix) {
            (rest, unit) = (before.trim_end(), 100 * times);
            break;
        }
    }
    let fen = number(rest, unit)?;
    Ok(if negative { -fen } else { fen })
}

/// A plain decimal times a unit in fen.
fn number(text: &str, unit: i128) -> Result<i64, MoneyError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let whole: String = ungrouped(whole).ok_or(MoneyError::NotANumber)?;
    let fraction = fraction.trim_end_matches('0');
    if !digits(&whole) || !digits(fraction) || (whole.is_empty() && !text.starts_with('.')) || text == "." {
        return Err(MoneyError::NotANumber);
    }
    if whole.len() > 15 {
        return Err(MoneyError::TooLarge);
    }
    if fraction.len() > 12 {
        return Err(MoneyError::TooFine);
    }
    let parse = |text: &str| {
        if text.is_empty() { Ok(0) } else { text.parse::<i128>().map_err(|_| MoneyError::NotANumber) }
    };
    let scale = (0..fraction.len()).fold(1_i128, |scale, _| scale * 10);
    let scaled = (parse(&whole)? * scale + parse(fraction)?) * unit;
    if scaled % scale != 0 {
        return Err(MoneyError::TooFine);
    }
    i64::try_from(scaled / scale).ok().filter(|fen| *fen <= MOST).ok_or(MoneyError::TooLarge)
}

/// Digits without the signs that group them in threes or fours; none if the signs stand elsewhere, since `1,5` is more
/// likely one and a half than fifteen.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split([',', '\'']);
    let first = groups.next()?;
    let mut all = first.to_owned();
    let mut size = None;
    for group in groups {
        let fits = matches!(group.len(), 3 | 4) && *size.get_or_insert(group.len()) == group.len();
        if !fits || first.is_empty() || first.len() > group.len() {
            return None;
        }
        all.push_str(group);
    }
    Some(all)
}

/// An amount for people: `¥48,589.37`, `-¥3.00`.
pub fn show(fen: i64) -> String {
    let (sign, size) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    let yuan = (size / 100).to_string();
    let mut grouped = String::with_capacity(yuan.len() + yuan.len() / 3);
    for (at, digit) in yuan.chars().enumerate() {
        if at > 0 && (yuan.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}¥{grouped}.{:02}", size % 100)
}

/// An amount for files: `48589.37`.
pub fn plain(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_in_every_shape() {
        for (text, fen) in [
            ("¥48,589.37", 4_858_937),
            ("82035.39 ", 8_203_539),
            ("36,523.90元", 3_652_390),
            ("￥0.00", 0),
            ("1.2万", 1_200_000),
            ("１，２３４．５", 123_450),
            ("-3", -300),
            ("¥ -3.05", -305),
            ("-￥3", -300),
            ("（1,000.00）", -100_000),
            ("RMB 20", 2_000),
            ("20 元整", 2_000),
            ("3亿", 30_000_000_000),
            (".5", 50),
            ("5.", 500),
            ("0.1230万", 123_000),
            ("12,3456", 12_345_600),
            ("1.50000", 150),
        ] {
            assert_eq!(read(text), Ok(fen), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_says_why() {
        use MoneyError::{Empty, NotANumber, TooFine, TooLarge};
        for (text, error) in [
            ("", Empty),
            (" 　", Empty),
            ("面议", NotANumber),
            ("¥", NotANumber),
            (".", NotANumber),
            ("1,5", NotANumber),
            ("1.2.3", NotANumber),
            ("--3", NotANumber),
            ("1e5", NotANumber),
            ("0.125", TooFine),
            ("999999999999999", TooLarge),
            ("9999999999999999999999999999999999999999999999", TooLarge),
            ("99999亿", TooLarge),
        ] {
            assert_eq!(read(text), Err(error), "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_grouped() {
        assert_eq!(show(4_858_937), "¥48,589.37");
        assert_eq!(show(100_000_000), "¥1,000,000.00");
        assert_eq!(show(-5), "-¥0.05");
        assert_eq!(plain(-1_234_505), "-12345.05");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(fen in -MOST..=MOST) {
            prop_assert_eq!(read(&show(fen)), Ok(fen));
            prop_assert_eq!(read(&plain(fen)), Ok(fen));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = read(&text);
        }
    }
}
