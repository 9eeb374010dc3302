//! The record declaration (G1): what every kind must say, and that one further line is a further field everywhere.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used)] // tests

mod exchange_kit;

use std::collections::HashSet;

use dianbu::book::row::{DELETED, EXTRA};
use dianbu::book::{Draft, Finder, Reader, RowId, Value};
use dianbu::domain::lists::{self, List};
use dianbu::domain::record::{Field, Flags, Kind, Shape};
use dianbu::domain::{KINDS, kind};
use dianbu::exchange::export::csv;
use dianbu::exchange::mapping::{Mapping, Target};
use dianbu::exchange::open;
use dianbu::exchange::text::host_gb18030;
use dianbu::words::{Lang, Words};
use exchange_kit::Shop;

/// Whether a text stands in both languages: Chinese signs in the one, none in the other.
fn is_in_both(words: Words) -> bool {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    han(words.zh) && !words.en.trim().is_empty() && !han(words.en)
}

/// Whether a name can be a name in files, for ever.
fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Panics if one of the values comes twice.
fn assert_unique<T: std::hash::Hash + Eq + std::fmt::Debug>(what: &str, all: impl Iterator<Item = T>) {
    let mut seen = HashSet::new();
    for value in all {
        let shown = format!("{what}: {value:?} comes twice");
        assert!(seen.insert(value), "{shown}");
    }
}

fn check(declared: &'static Kind) {
    let key = declared.key;
    assert!(is_key(key) && is_in_both(declared.words), "{key}");
    assert!(declared.field(declared.title).is_some(), "{key} has no field for its title");
    assert_unique(key, declared.fields().map(|field| field.id));
    assert_unique(key, declared.fields().map(Field::key));
    assert_unique(key, declared.sections.iter().map(|section| section.key));
    for lang in [Lang::Zh, Lang::En] {
        // A column of an exported list is known by its name.
        assert_unique(key, declared.fields().map(|field| field.words.r#in(lang)));
    }
    for section in declared.sections {
        assert!(is_key(section.key) && is_in_both(section.words), "{key}: {}", section.key);
        assert!(!section.fields.is_empty(), "{key}: nothing in {}", section.key);
    }
    for field in declared.fields() {
        let name = format!("{key}.{}", field.key());
        assert!(is_key(&field.key()), "{name}");
        assert!(is_in_both(field.words), "{name}: {:?}", field.words);
        assert!(![DELETED, EXTRA].contains(&field.id), "{name} takes a number of the book's own");
        assert!(field.also.iter().all(|other| !other.trim().is_empty()), "{name}");
        assert!(!field.flags.has(Flags::PERSON.and(Flags::ORG)), "{name} is for nobody");
        let refers = matches!(field.shape, Shape::Ref(_));
        assert!(refers || !field.flags.has(Flags::OWNED), "{name} belongs to nothing");
        match field.shape {
            Shape::Choice(list) | Shape::Choices(list) => {
                assert!(lists::ALL.contains(&list), "{name}: {} cannot be edited by the shop", list.key);
            }
            Shape::Ref(of) => assert!(kind(of).is_some(), "{name} refers to kind {of}, which is not there"),
            _ => {}
        }
    }
}

#[test]
fn every_kind_is_declared_in_full() {
    for kind in KINDS {
        check(kind);
    }
    assert_unique("kinds", KINDS.iter().map(|kind| kind.id));
    assert_unique("kinds", KINDS.iter().map(|kind| kind.key));
}

#[test]
fn every_choice_has_its_key_and_both_languages() {
    let check = |list: &List| {
        assert!(is_key(list.key) && is_in_both(list.words) && !list.entries.is_empty(), "{}", list.key);
        assert_unique(list.key, list.entries.iter().map(|entry| entry.key));
        for entry in list.entries {
            assert!(is_key(entry.key) && is_in_both(entry.words), "{}.{}", list.key, entry.key);
            assert!(entry.under.is_empty() || list.shipped(entry.under).is_some(), "{}.{}", list.key, entry.key);
        }
        for lang in [Lang::Zh, Lang::En] {
            // A file names an entry by its label.
            let labels = list.entries.iter().map(|entry| entry.words.r#in(lang).to_lowercase());
            assert_unique(list.key, labels);
        }
    };
    lists::ALL.iter().for_each(check);
    assert_unique("lists", lists::ALL.iter().map(|list| list.key));
}

mod before {
    dianbu::record! {
        /// A bicycle left for repair.
        bicycle = 900, "自行车" / "Bicycle", title MODEL, by DAILY;
        basic "基本" / "Basics" {
            MODEL = 1: Text, "型号" / "Model", [required search list];
        }
    }
}

mod after {
    dianbu::record! {
        /// The same, and one line more.
        bicycle = 900, "自行车" / "Bicycle", title MODEL, by DAILY;
        basic "基本" / "Basics" {
            MODEL = 1: Text, "型号" / "Model", [required search list];
            FRAME = 2: Text, "车架号" / "Frame number", [search list], also "frame no";
        }
    }
}

use after::bicycle;

const ROW: RowId = RowId([5; 16]);

#[test]
fn one_line_in_one_file_is_a_field_everywhere() {
    check(&before::bicycle::RECORD);
    check(&bicycle::RECORD);
    let shop = Shop::new();
    // A record from before the field was there.
    let mut draft = Draft::new(bicycle::ID, ROW);
    draft.set(before::bicycle::MODEL, &"凤凰".to_owned());
    shop.save(&[draft.write().unwrap()]);
    // Typed access, the form's draft, the book and its history.
    let mut draft = shop.read(|book| Draft::open(book, bicycle::ID, ROW));
    assert_eq!(draft.get(bicycle::FRAME), None);
    draft.set(bicycle::FRAME, &"PH-2087".to_owned());
    shop.save(&[draft.write().unwrap()]);
    let row = shop.read(|book| book.live(bicycle::ID, ROW).unwrap());
    assert_eq!((row.text(bicycle::MODEL), row.text(bicycle::FRAME)), ("凤凰", "PH-2087"));
    let changed = shop.read(|book| book.history(bicycle::ID, ROW).remove(0));
    assert_eq!((changed.field, changed.after), (bicycle::FRAME.field, Value::Text("PH-2087".to_owned())));
    // The card, in both languages.
    let field = bicycle::RECORD.field(bicycle::FRAME.field).unwrap();
    for (lang, name) in [(Lang::Zh, "车架号"), (Lang::En, "Frame number")] {
        let reader = Reader { lang, today: jiff::civil::date(2026, 11, 21), offset: |_| 0 };
        assert_eq!(field.words.r#in(lang), name);
        assert_eq!(shop.read(|book| book.show(&row, field, reader)), "PH-2087");
        // The list that leaves, and the columns of one that comes in.
        let file = shop.read(|book| csv(book, &bicycle::RECORD, None, lang));
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(text.lines().next().unwrap().ends_with(name) && text.contains("凤凰,PH-2087"), "{text}");
        assert_eq!(guessed(&shop, &file), [Target::Field(1), Target::Field(2)]);
    }
    assert_eq!(guessed(&shop, b"Model,Frame No.\nx,1\n"), [Target::Field(1), Target::Field(2)]);
    // The search.
    let found = |declared, text: &str| shop.read(|book| Finder::of(book, declared).find(text, 9)).len();
    assert_eq!(found(&bicycle::RECORD, "ph-208"), 1);
    assert_eq!(found(&before::bicycle::RECORD, "ph-208"), 0, "without the line it is not searched");
}

fn guessed(shop: &Shop, file: &[u8]) -> Vec<Target> {
    let sheet = open(file, &host_gb18030, Lang::Zh).unwrap().sheet;
    shop.read(|book| Mapping::guess_for(book, &bicycle::RECORD, &sheet)).columns
}
