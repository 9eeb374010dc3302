//! Telephone numbers (G7).
//!
//! A number is kept in one form, E.164 (`+8613800138000`, an extension as `;ext=8012`), so that the same customer is found
//! however the number was typed. Numbers without a country belong to mainland China. One that fits no plan is *doubtful*:
//! kept as typed, shown with a warning, never refused, since the person at the counter may know better.

use super::width::narrowed;
use crate::words::Lang;

#[cfg(test)]
mod tests;

/// A telephone number as it stands in a cell.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Phone {
    /// E.164 with `;ext=`, or as typed when doubtful.
    pub text: String,
    /// Whether it fits no numbering plan that we know.
    pub doubtful: bool,
}

/// A number that fits a plan, in its parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Plan<'a> {
    /// Eleven digits.
    Mobile(&'a str),
    /// Area code without its zero, and the local number.
    Landline(&'a str, &'a str),
    /// 400 and 800: ten digits, dialled without an area code.
    Service(&'a str),
    /// Country code and number, since only few countries' plans are known here.
    Foreign(&'a str),
}

impl Phone {
    /// Reads a number in any shape in which people type or paste it: spaces, dashes, dots, brackets, full-width digits,
    /// `+86`, `0086`, `86`, a leading zero, a label before a colon; landlines with area code and extension (`转8012`,
    /// `-8012`, `ext. 12`, `#12`); foreign numbers with `+` or `00`.
    pub fn read(text: &str) -> Self {
        let typed = || Self { text: text.trim().to_owned(), doubtful: true };
        let narrow = narrowed(text);
        let bare = without_label(&narrow);
        let (number, extension) = split_extension(bare);
        let Some(e164) = canonical(number) else {
            return typed();
        };
        match extension {
            None => Self { text: e164, doubtful: false },
            // Mobiles have no extensions; what looks like one is a slip.
            Some(_) if matches!(plan(&e164), Some(Plan::Mobile(_))) => typed(),
            Some(extension) => Self { text: format!("{e164};ext={extension}"), doubtful: false },
        }
    }

    /// Reads all numbers of a cell that holds several: `13800138000/021-58881234`. Nothing for an empty text. What cannot
    /// be divided into at least one good number stays one doubtful number.
    pub fn read_all(text: &str) -> Vec<Self> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        let whole = Self::read(text);
        if !whole.doubtful {
            return vec![whole];
        }
        for separators in [";；/／、,，|\n\r或", ";；/／、,，|\n\r或 　"] {
            let parts = text.split(|c| separators.contains(c)).filter(|part| !part.trim().is_empty());
            let numbers: Vec<Self> = parts.map(Self::read).collect();
            if numbers.len() > 1 && numbers.iter().any(|number| !number.doubtful) {
                return numbers;
            }
        }
        vec![whole]
    }

    /// A number as it stands in a cell, in the form that [`Self::read`] gives.
    pub fn from_stored(text: &str) -> Self {
        let (number, _) = stored_parts(text);
        Self { text: text.to_owned(), doubtful: plan(number).is_none() }
    }

    /// For people: `138 0013 8000`, `010 6809 4788 转 8012`, `+852 6123 4567`; as typed when doubtful.
    pub fn show(&self, lang: Lang) -> String {
        let (number, extension) = stored_parts(&self.text);
        let Some(plan) = self.plan() else {
            return self.text.clone();
        };
        let grouped = match plan {
            Plan::Mobile(number) => groups(number, &[3, 4, 4]),
            Plan::Landline(area, local) if local.len() == 7 => {
                format!("0{area} {}", groups(local, &[3, 4]))
            }
            Plan::Landline(area, local) => format!("0{area} {}", groups(local, &[4, 4])),
            Plan::Service(number) => groups(number, &[3, 3, 4]),
            Plan::Foreign(_) => foreign(number),
        };
        match (extension, lang) {
            (None, _) => grouped,
            (Some(extension), Lang::Zh) => format!("{grouped} 转 {extension}"),
            (Some(extension), Lang::En) => format!("{grouped} ext. {extension}"),
        }
    }

    /// For people without the right to see it (G5): `138****8000`.
    pub fn mask(&self) -> String {
        let digits = self.digits();
        let size = digits.len();
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        match size {
            9.. => format!("{}****{}", part(0, 3), part(size - 4, size)),
            5.. => format!("****{}", part(size - 2, size)),
            _ => "****".to_owned(),
        }
    }

    /// Only digits, as dialled in China, for search by any part and by the last four (C13): `13800138000`,
    /// `01068094788`; country code first for a foreign one. The extension is left out.
    pub fn digits(&self) -> String {
        match self.plan() {
            Some(Plan::Mobile(number) | Plan::Service(number) | Plan::Foreign(number)) => number.to_owned(),
            Some(Plan::Landline(area, local)) => format!("0{area}{local}"),
            None => narrowed(&self.text).chars().filter(char::is_ascii_digit).collect(),
        }
    }

    /// A link that dials it, the extension after a pause; none for a text with too few digits to dial.
    pub fn href(&self) -> Option<String> {
        let (number, extension) = stored_parts(&self.text);
        let digits = match self.plan() {
            // Service numbers are known inside the country only.
            Some(Plan::Service(number)) => number.to_owned(),
            Some(_) => number.to_owned(),
            None => Some(self.digits()).filter(|digits| digits.len() > 2)?,
        };
        let pause =
            if self.doubtful { String::new() } else { extension.map_or_else(String::new, |ext| format!(",{ext}")) };
        Some(format!("tel:{digits}{pause}"))
    }

    /// Whether messages can be sent to it.
    pub fn is_mobile(&self) -> bool {
        matches!(self.plan(), Some(Plan::Mobile(_)))
    }

    fn plan(&self) -> Option<Plan<'_>> {
        if self.doubtful { None } else { plan(stored_parts(&self.text).0) }
    }
}

/// Number and extension of the stored form.
fn stored_parts(text: &str) -> (&str, Option<&str>) {
    text.split_once(";ext=").map_or((text, None), |(number, extension)| (number, Some(extension)))
}

/// Without `手机：`, `tel:` and the like: whatever stands before a colon and has no digit.
fn without_label(text: &str) -> &str {
    match text.split_once(':') {
        Some((label, rest)) if !label.contains(|c: char| c.is_ascii_digit()) => rest.trim(),
        _ => text,
    }
}

/// A number and the extension after it, where one is marked or follows a complete landline after a dash.
fn split_extension(text: &str) -> (&str, Option<&str>) {
    const MARKS: [&str; 11] = [";ext=", "转分机", "分机号", "转", "轉", "分机", "ext", "Ext", "EXT", "x", "#"];
    let is_extension = |text: &str| (1..=6).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit());
    for mark in MARKS {
        if let Some((number, rest)) = text.split_once(mark) {
            let extension = rest.trim_start_matches(['.', ':', ' ']).trim_end_matches([')', ' ']);
            if is_extension(extension) {
                return (number.trim_end_matches(['(', ' ', ',', '-']), Some(extension));
            }
        }
    }
    if let Some((number, extension)) = text.rsplit_once('-') {
        let complete = canonical(number);
        let extends = matches!(complete.as_deref().and_then(plan), Some(Plan::Landline(..) | Plan::Service(_)));
        if extends && is_extension(extension.trim()) {
            return (number, Some(extension.trim()));
        }
    }
    (text, None)
}

/// E.164 for a number that fits a plan.
fn canonical(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(text.len());
    let mut plus = false;
    // `+86 (0)21 5888 1234`: a zero in brackets is dialled inside the country only.
    for c in text.replace("(0)", " ").chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            ' ' | '-' | '.' | '(' | ')' | '/' | '\t' | '_' => {}
            _ => return None,
        }
    }
    let international = if plus { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    let candidate = match international {
        Some(number) => match number.strip_prefix("86") {
            Some(national) => format!("+86{}", national.strip_prefix('0').unwrap_or(national)),
            None => format!("+{number}"),
        },
        None => match digits.strip_prefix('0') {
            // A zero before a mobile is an old way of calling one in another province.
            Some(rest) => format!("+86{rest}"),
            None if is_mobile(&digits) || is_service(&digits) => format!("+86{digits}"),
            None => {
                let national = digits.strip_prefix("86")?;
                format!("+86{}", national.strip_prefix('0').unwrap_or(national))
            }
        },
    };
    plan(&candidate)?;
    Some(candidate)
}

/// The plan that an E.164 number fits.
fn plan(e164: &str) -> Option<Plan<'_>> {
    let digits = e164.strip_prefix('+').filter(|digits| digits.chars().all(|c| c.is_ascii_digit()))?;
    let Some(national) = digits.strip_prefix("86") else {
        let fits = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
        return fits.then_some(Plan::Foreign(digits));
    };
    if is_mobile(national) {
        return Some(Plan::Mobile(national));
    }
    if is_service(national) {
        return Some(Plan::Service(national));
    }
    // Beijing is 10, the largest cities 2x with eight digits; all others have three digits and seven or eight.
    let big = national.starts_with("10") || national.starts_with('2');
    let (area, local) = national.split_at_checked(if big { 2 } else { 3 })?;
    let area_fits = big || area.starts_with(|c: char| ('3'..='9').contains(&c));
    let length_fits = local.len() == 8 || (local.len() == 7 && !big);
    let starts = local.starts_with(|c: char| ('2'..='9').contains(&c));
    (area_fits && length_fits && starts).then_some(Plan::Landline(area, local))
}

fn is_mobile(national: &str) -> bool {
    let mut digits = national.chars();
    national.len() == 11 && digits.next() == Some('1') && digits.next().is_some_and(|c| ('3'..='9').contains(&c))
}

fn is_service(national: &str) -> bool {
    national.len() == 10 && (national.starts_with("400") || national.starts_with("800"))
}

/// Digits in groups of the given lengths, what is left over at the end.
fn groups(digits: &str, lengths: &[usize]) -> String {
    let mut out = String::with_capacity(digits.len() + lengths.len());
    let mut rest = digits;
    for length in lengths {
        if let Some((group, after)) = rest.split_at_checked(*length).filter(|(group, _)| !group.is_empty()) {
            out.push_str(if out.is_empty() { "" } else { " " });
            out.push_str(group);
            rest = after;
        }
    }
    out + rest
}

/// Country code apart where it is one of those that customers call from; the rest grouped where its length is usual.
fn foreign(e164: &str) -> String {
    const CODES: [&str; 16] =
        ["852", "853", "886", "1", "7", "33", "39", "44", "49", "60", "61", "65", "66", "81", "82", "84"];
    let digits = e164.trim_start_matches('+');
    let Some((code, rest)) = CODES.iter().find_map(|code| Some((code, digits.strip_prefix(code)?))) else {
        return e164.to_owned();
    };
    let grouped = match rest.len() {
        8 => groups(rest, &[4, 4]),
        9 => groups(rest, &[3, 3, 3]),
        10 => groups(rest, &[3, 3, 4]),
        _ => rest.to_owned(),
    };
    format!("+{code} {grouped}")
}
