//! Family names that are read in their own way.
//!
//! Only those stand here whose reading is not the first of the table; all others need no entry.

use std::sync::LazyLock;

/// Names of one character.
const SINGLE: [(char, &str); 37] = [
    ('单', "shan"),
    ('單', "shan"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('朴', "piao"),
    ('盖', "ge"),
    ('蓋', "ge"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('区', "ou"),
    ('區', "ou"),
    ('乐', "yue"),
    ('樂', "yue"),
    ('召', "shao"),
    ('种', "chong"),
    ('秘', "bi"),
    ('折', "she"),
    ('员', "yun"),
    ('員', "yun"),
    ('贠', "yun"),
    ('缪', "miao"),
    ('繆', "miao"),
    ('祭', "zhai"),
    ('繁', "po"),
    ('能', "nai"),
    ('薄', "bo"),
    ('佴', "nai"),
    ('洗', "xian"),
    ('阚', "kan"),
    ('句', "gou"),
    ('么', "yao"),
    ('粘', "nian"),
    ('炅', "gui"),
    ('都', "du"),
    ('乜', "nie"),
];

/// Names of two characters.
const DOUBLE: [([char; 2], [&str; 2]); 11] = [
    (['尉', '迟'], ["yu", "chi"]),
    (['尉', '遲'], ["yu", "chi"]),
    (['单', '于'], ["chan", "yu"]),
    (['單', '于'], ["chan", "yu"]),
    (['万', '俟'], ["mo", "qi"]),
    (['萬', '俟'], ["mo", "qi"]),
    (['澹', '台'], ["tan", "tai"]),
    (['澹', '臺'], ["tan", "tai"]),
    (['长', '孙'], ["zhang", "sun"]),
    (['子', '车'], ["zi", "ju"]),
    (['吾', '丘'], ["yu", "qiu"]),
];

/// The reading of the character at place `at` of a name (counted in characters) as part of a family name; none if it
/// does not belong to one, or is read as anywhere else.
///
/// A text of more than four characters is taken for the name of an organisation, which begins with no family name
/// (解放路商店).
pub(crate) fn reading(name: &str, at: usize) -> Option<&'static str> {
    if at > 1 { None } else { readings(name)[at] }
}

/// The characters that begin a name of these tables, in their order: most names are turned away by a look at them.
static HEADS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut heads: Vec<char> =
        SINGLE.iter().map(|(name, _)| *name).chain(DOUBLE.iter().map(|(name, _)| name[0])).collect();
    heads.sort_unstable();
    heads
});

/// The readings of the first two characters of a name as its family name; see [`reading`].
pub(crate) fn readings(name: &str) -> [Option<&'static str>; 2] {
    let mut characters = name.chars();
    let Some(first) = characters.next().filter(|first| HEADS.binary_search(first).is_ok()) else { return [None; 2] };
    let second = characters.next();
    if characters.nth(2).is_some() {
        return [None; 2];
    }
    let double = second.and_then(|second| DOUBLE.iter().find(|(name, _)| *name == [first, second]));
    match double {
        Some((_, readings)) => readings.map(Some),
        None => [SINGLE.iter().find(|(name, _)| *name == first).map(|(_, reading)| *reading), None],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pinyin::readings;

    #[test]
    fn every_entry_prefers_a_reading_that_is_not_the_first() {
        let known = |name, reading| readings(name).any(|known| known == reading);
        for (name, reading) in SINGLE {
            assert!(known(name, reading), "{name} is not found by {reading}");
            assert_ne!(readings(name).next(), Some(reading), "{name}");
        }
        for (name, spelt) in DOUBLE {
            assert!(std::iter::zip(name, spelt).all(|(name, reading)| known(name, reading)), "{name:?}");
            // A pair whose first character has the reading as a single surname would still be read so without it.
            let usual = name.map(|character| readings(character).next().unwrap_or_default());
            assert_ne!(usual, spelt, "{name:?}");
        }
    }
}
