//! What comes in and goes out: lists, cards, archives. Pure: bytes in, plans and bytes out.

pub mod csv;
pub mod export;
pub mod import;
pub mod mapping;
pub mod read;
pub mod sheet;
pub mod text;
pub mod vcard;

use sheet::Sheet;

use crate::words::Lang;

/// A file as opened: the list in it, and what the person should know of how it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The list.
    pub sheet: Sheet,
    /// The encoding it was found to be in.
    pub encoding: text::Encoding,
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

/// Opens a CSV or vCard file, told apart by its content.
pub fn open(bytes: &[u8], gb18030: text::Gb18030<'_>) -> Result<Source, OpenError> {
    let (text, encoding) = text::decode(bytes, gb18030).map_err(OpenError::Text)?;
    let sheet = Sheet::of_csv(&text).map_err(OpenError::Csv)?;
    Ok(Source { sheet, encoding })
}
