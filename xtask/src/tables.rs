//! Generated tables.

use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use encoding_rs::{BIG5, Encoding, GBK};
use pinyin::ToPinyinMulti;

/// Where the table of readings stands; its format is in `docs/pinyin.md`.
const READINGS: &str = "src/domain/pinyin/table.bin";

/// The block of Han characters that the table covers.
const HAN: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// Syllables written with one byte.
const SHORT: usize = 252;
/// The next byte is a syllable beyond [`SHORT`].
const LONG: u8 = 252;
/// One more reading of the character before.
const ALSO: u8 = 253;
/// A character without a known reading.
const NONE: u8 = 254;

/// Readings that the source lacks: family names.
const ADDED: [(char, &str); 2] = [('萬', "mo"), ('贠', "yun")];

/// Characters whose everyday reading is not the first of the source, found by comparing with an independent one; see
/// `docs/pinyin.md`.
const USUAL: [(char, &str); 20] = [
    ('卜', "bu"),
    ('似', "si"),
    ('茄', "qie"),
    ('佛', "fo"),
    ('泊', "bo"),
    ('掺', "chan"),
    ('傀', "kui"),
    ('肋', "lei"),
    ('嚼', "jiao"),
    ('匙', "chi"),
    ('炔', "que"),
    ('伺', "si"),
    ('囤', "tun"),
    ('琢', "zhuo"),
    ('椎', "zhui"),
    ('幢', "zhuang"),
    ('貉', "he"),
    ('潦', "liao"),
    ('长', "chang"),
    ('爪', "zhua"),
];

/// Writes every generated table below `root` anew.
pub(crate) fn run(root: &Path) -> io::Result<()> {
    fs::write(root.join(READINGS), readings()?)
}

/// The table of readings.
fn readings() -> io::Result<Vec<u8>> {
    let characters: Vec<Vec<String>> = HAN.map(readings_of).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for syllable in characters.iter().flatten() {
        *counts.entry(syllable).or_default() += 1;
    }
    // The most frequent syllables take one byte; the alphabet decides between equals, so that the table is always the same.
    let mut syllables: Vec<&str> = counts.keys().copied().collect();
    syllables.sort_by_key(|syllable| (usize::MAX - counts[syllable], *syllable));
    let place: HashMap<&str, usize> = syllables.iter().enumerate().map(|(at, syllable)| (*syllable, at)).collect();

    let mut table = syllables.join(" ").into_bytes();
    table.push(b'\n');
    for readings in &characters {
        if readings.is_empty() {
            table.push(NONE);
        }
        for (number, reading) in readings.iter().enumerate() {
            if number > 0 {
                table.push(ALSO);
            }
            let at = place[reading.as_str()];
            if at >= SHORT {
                table.push(LONG);
            }
            table.push(u8::try_from(if at < SHORT { at } else { at - SHORT }).map_err(io::Error::other)?);
        }
    }
    Ok(table)
}

/// Toneless readings, the most usual first, `ü` as `v`. Characters beyond everyday use keep only their first: what a
/// dictionary says of them further nobody types, and it would fill a fifth of the table.
fn readings_of(character: char) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain().replace('ü', "v").replace('ê', "e");
        if plain.bytes().all(|byte| byte.is_ascii_lowercase()) && !readings.contains(&plain) {
            readings.push(plain);
        }
    }
    if let Some((_, usual)) = USUAL.iter().find(|(known, _)| *known == character) {
        readings.sort_by_key(|reading| reading != usual);
    }
    if !is_everyday(character) {
        readings.truncate(1);
    }
    readings.extend(ADDED.iter().filter(|(added, _)| *added == character).map(|(_, reading)| (*reading).to_owned()));
    readings
}

/// Whether a character is in GB 2312 (mainland) or in the frequent half of Big5 (Taiwan, Hong Kong).
fn is_everyday(character: char) -> bool {
    let two_bytes = |encoding: &'static Encoding| {
        let text = character.to_string();
        let (bytes, _, failed) = encoding.encode(&text);
        <[u8; 2]>::try_from(bytes.as_ref()).ok().filter(|_| !failed)
    };
    let simplified = two_bytes(GBK).is_some_and(|[lead, trail]| (0xb0..=0xf7).contains(&lead) && trail >= 0xa1);
    simplified || two_bytes(BIG5).is_some_and(|[lead, _]| (0xa4..=0xc6).contains(&lead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_table_is_what_the_source_gives() {
        let committed = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(READINGS)).unwrap();
        assert!(committed == readings().unwrap(), "run `cargo xtask tables`");
    }

    #[test]
    fn everyday_characters_keep_all_readings() {
        assert_eq!(readings_of('单'), ["dan", "chan", "shan"]);
        assert!(readings_of('單').len() > 2);
        assert_eq!(readings_of('女'), ["nv", "ru"]);
        assert_eq!(readings_of('长'), ["chang", "zhang"]);
        assert!(readings_of('a').is_empty());
    }
}
