//! Which characters of a shown text a search found: for the second line of a row.

use std::ops::Range;

/// Ranges of characters to highlight: each typed word where the text has it, whatever its case, and typed digits also
/// across the gaps of a phone (`0013 8` in `138 0013 8000`).
pub fn ranges(shown: &str, typed: &str) -> Vec<Range<usize>> {
    let signs: Vec<char> = shown.chars().map(|sign| sign.to_lowercase().next().unwrap_or(sign)).collect();
    let mut found = vec![false; signs.len()];
    for word in typed.split_whitespace() {
        let word: Vec<char> = word.to_lowercase().chars().collect();
        for at in 0..=signs.len().saturating_sub(word.len()) {
            if signs.get(at..at + word.len()) == Some(&word[..]) {
                mark(&mut found, at..at + word.len());
            }
        }
    }
    let digits: Vec<char> = typed.chars().filter(char::is_ascii_digit).collect();
    let places: Vec<usize> = (0..).zip(&signs).filter(|(_, sign)| sign.is_ascii_digit()).map(|(at, _)| at).collect();
    if digits.len() > 1 && typed.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '-' | '+')) {
        let own = |window: &[usize]| window.iter().zip(&digits).all(|(at, digit)| signs.get(*at) == Some(digit));
        for window in places.windows(digits.len()).filter(|window| own(window)) {
            let (first, last) = (window.first().copied().unwrap_or(0), window.last().copied().unwrap_or(0));
            mark(&mut found, first..last + 1);
        }
    }
    runs(&found)
}

fn mark(found: &mut [bool], range: Range<usize>) {
    if let Some(marks) = found.get_mut(range) {
        marks.fill(true);
    }
}

fn runs(found: &[bool]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in (0..).zip(found).filter(|(_, marked)| **marked) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(shown: &str, typed: &str) -> Vec<(usize, usize)> {
        ranges(shown, typed).into_iter().map(|range| (range.start, range.end)).collect()
    }

    #[test]
    fn words_are_found_whatever_their_case() {
        assert_eq!(found("138 0013 8000 · ACME 公司", "acme"), [(16, 20)]);
        assert_eq!(found("老街坊面馆", "面馆 街"), [(1, 2), (3, 5)]);
        assert_eq!(found("老街坊面馆", "粥"), []);
    }

    #[test]
    fn digits_are_found_across_the_gaps_of_a_phone() {
        assert_eq!(found("138 0013 8000", "8000"), [(9, 13)]);
        assert_eq!(found("138 0013 8000", "1380013"), [(0, 8)]);
        assert_eq!(found("138 0013 8000", "0"), [(4, 6), (10, 13)]);
    }
}
