//! What comes in and goes out: lists, cards, archives. Pure: bytes in, plans and bytes out.

mod cards;
mod cell;
pub mod csv;
pub mod export;
pub mod ics;
pub mod import;
pub mod mapping;
pub mod picture;
pub mod read;
pub mod shared;
pub mod sheet;
pub mod text;
pub mod vcard;

use std::collections::BTreeMap;
use std::future::ready;

use futures_util::FutureExt;
use sheet::Sheet;

use crate::words::{Lang, fill, words};

/// So many rows of a list are read between two rests.
const SLICE: usize = 500;

/// A file as opened: the list in it, and what the person should know of how it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The list.
    pub sheet: Sheet,
    /// The encoding it was found to be in.
    pub encoding: text::Encoding,
    /// What stands in the file and has no place in a list: the names of properties of a vCard, and how often each occurs.
    pub left_out: BTreeMap<String, usize>,
}

impl Source {
    /// What was left out of the list, for the person to know; none if nothing was.
    pub fn remark(&self, lang: Lang) -> Option<String> {
        let each = self.left_out.iter().map(|(name, count)| match count {
            1 => name.clone(),
            _ => format!("{name} ×{count}"),
        });
        let all = each.collect::<Vec<_>>().join(words("、", ", ").r#in(lang));
        let text = words(
            "名片中的这些内容没有对应的栏目，不导入：{}。",
            "No column is for these parts of the cards; they are left out: {}.",
        );
        (!all.is_empty()).then(|| fill(text.r#in(lang), &[&all]))
    }
}

/// Why a file cannot be opened.
#[derive(Clone, Debug)]
pub enum OpenError {
    /// Its bytes are no text.
    Text(text::TextError),
    /// Its text is no list.
    Csv(csv::CsvError),
}

impl OpenError {
    /// What is wrong and what to do.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Text(error) => error.words().r#in(lang).to_owned(),
            Self::Csv(error) => error.message(lang),
        }
    }
}

/// Opens a CSV or vCard file, told apart by its content. Columns that come from a vCard are named in `lang`.
pub fn open(bytes: &[u8], gb18030: text::Gb18030<'_>, lang: Lang) -> Result<Source, OpenError> {
    // Without rests there is nothing to wait for.
    let opened = open_slowly(bytes, gb18030, lang, || ready(())).now_or_never();
    opened.unwrap_or_else(|| unreachable!("nothing was waited for"))
}

/// The same with a rest after each slice of a long list.
pub async fn open_slowly<F: Future<Output = ()>>(
    bytes: &[u8],
    gb18030: text::Gb18030<'_>,
    lang: Lang,
    rest: impl Fn() -> F,
) -> Result<Source, OpenError> {
    let (text, encoding) = text::decode(bytes, gb18030).map_err(OpenError::Text)?;
    if vcard::is_vcard(&text) {
        let cards = vcard::read(&text, gb18030);
        return Ok(Source { sheet: cards::sheet(&cards.cards, lang), encoding, left_out: cards.left_out });
    }
    let mut rows = csv::Rows::new(&text).map_err(OpenError::Csv)?;
    let mut sheet = Sheet::begin(&mut rows).map_err(OpenError::Csv)?;
    while sheet.read_on(&mut rows, SLICE).map_err(OpenError::Csv)? {
        rest().await;
    }
    Ok(Source { sheet, encoding, left_out: BTreeMap::new() })
}
