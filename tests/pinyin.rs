//! The readings against an independent source. Every disagreement is listed here and judged in `docs/pinyin.md`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

use dianbu::domain::pinyin::{Query, readings, spelling};

const SOURCE: &str = include_str!("fixtures/pinyin-pro.tsv");

/// Family names that are read in two ways, with our reading and the other.
const SURNAMES: [(&str, &str, &str); 2] = [("六", "liu", "lu"), ("隗", "kui", "wei")];

/// Characters with two readings in use, with the one that we take for the usual, and the other.
const CHARACTERS: [(char, &str, &str); 20] = [
    ('剥', "bo", "bao"),
    ('簿', "bu", "bo"),
    ('刹', "sha", "cha"),
    ('弹', "dan", "tan"),
    ('调', "diao", "tiao"),
    ('镐', "gao", "hao"),
    ('貉', "he", "mo"),
    ('藉', "ji", "jie"),
    ('咀', "ju", "zui"),
    ('咳', "ke", "hai"),
    ('了', "le", "liao"),
    ('勒', "lei", "le"),
    ('牟', "mou", "mu"),
    ('耙', "ba", "pa"),
    ('铣', "xi", "xian"),
    ('嚣', "xiao", "ao"),
    ('削', "xue", "xiao"),
    ('翟', "di", "zhai"),
    ('栅', "zha", "shan"),
    ('粘', "zhan", "nian"),
];

/// Lines of a section: a reading, and what is read so.
fn section(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (_, rest) = SOURCE.split_once(&format!("[{name}]\n")).unwrap();
    rest.lines().take_while(|line| !line.starts_with('[')).map(|line| line.split_once('\t').unwrap())
}

#[test]
fn family_names_are_read_as_an_independent_table_has_them() {
    let (mut count, mut others) = (0, Vec::new());
    for (theirs, names) in section("surnames") {
        for surname in names.split(' ') {
            count += 1;
            let name = format!("{surname}一");
            let (ours, theirs) = (spelling(&name), format!("{}yi", theirs.replace(' ', "")));
            assert!(Query::new(&theirs).finds(&name), "{name} is not found by {theirs}");
            if ours != theirs {
                let plain = |reading: &str| reading.strip_suffix("yi").unwrap().to_owned();
                others.push((surname, plain(&ours), plain(&theirs)));
            }
        }
    }
    assert!(count > 400, "{count}");
    let listed = SURNAMES.map(|(name, ours, theirs)| (name, ours.to_owned(), theirs.to_owned()));
    others.sort();
    assert_eq!(others, listed, "judge what is new and take away what is settled");
}

#[test]
fn the_characters_of_everyday_names_are_read_as_an_independent_table_has_them() {
    let (mut count, mut others) = (0, Vec::new());
    for (theirs, characters) in section("characters") {
        for character in characters.chars() {
            count += 1;
            let ours: Vec<_> = readings(character).collect();
            assert!(ours.contains(&theirs), "{character} is not found by {theirs}");
            if ours.first() != Some(&theirs) {
                others.push((character, ours[0], theirs));
            }
        }
    }
    assert_eq!(count, 3755);
    let mut listed = CHARACTERS.to_vec();
    others.sort_unstable();
    listed.sort_unstable();
    assert_eq!(others, listed, "judge what is new and take away what is settled");
}
