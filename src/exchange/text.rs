//! Which characters the bytes of a file mean (C16).
//!
//! A Chinese spreadsheet saves CSV in GB18030, other programs in UTF-8 with or without its mark, and "Unicode text" is
//! UTF-16. The file does not say which; its bytes do.

use crate::words::{Words, words};

/// How a file's text is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8, its mark (BOM) or not.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB18030, which contains GBK and GB 2312.
    Gb18030,
}

impl Encoding {
    /// The usual name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Gb18030 => "GB18030",
        }
    }
}

/// Why bytes are not a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextError {
    /// A spreadsheet in its own format.
    Workbook,
    /// A picture, an archive, or a text in an encoding that is not recognised.
    NotText,
}

impl TextError {
    /// What is wrong and what to do.
    pub const fn words(self) -> Words {
        match self {
            Self::Workbook => words(
                "这是电子表格文件。请在表格软件中“另存为”CSV 后再导入。",
                "This is a spreadsheet. Save it as CSV in the spreadsheet program, then import that file.",
            ),
            Self::NotText => words(
                "这不是文本文件，或其编码无法识别。请另存为 UTF-8 编码。",
                "This is not a text file, or its encoding is unknown. Save it in UTF-8.",
            ),
        }
    }
}

/// Decodes GB18030; none if the bytes are not valid in it.
pub type Gb18030<'a> = &'a dyn Fn(&[u8]) -> Option<String>;

/// The text of a file, without a byte order mark, and its encoding.
///
/// The decoder of GB18030 is passed in, since its tables are large and the browser has its own.
pub fn decode(bytes: &[u8], gb18030: Gb18030<'_>) -> Result<(String, Encoding), TextError> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
    const OTHERS: [&[u8]; 5] = [b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b"];
    if bytes.starts_with(ZIP) || bytes.starts_with(OLE) {
        return Err(TextError::Workbook);
    }
    if OTHERS.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(TextError::NotText);
    }
    let found = |text: Option<String>, encoding| text.map(|text| (text, encoding)).ok_or(TextError::NotText);
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return found(utf8(rest), Encoding::Utf8),
        [0xff, 0xfe, rest @ ..] => return found(utf16(rest, u16::from_le_bytes), Encoding::Utf16Le),
        [0xfe, 0xff, rest @ ..] => return found(utf16(rest, u16::from_be_bytes), Encoding::Utf16Be),
        _ => {}
    }
    if bytes.contains(&0) {
        return zeros(bytes);
    }
    match utf8(bytes) {
        Some(text) => Ok((text, Encoding::Utf8)),
        None => found(gb18030(bytes), Encoding::Gb18030),
    }
}

/// UTF-16 without its mark: every sign, digit and line end has a zero byte, always on the same side.
fn zeros(bytes: &[u8]) -> Result<(String, Encoding), TextError> {
    let pairs = || bytes.chunks_exact(2);
    let (first, second) =
        (pairs().filter(|pair| pair.first() == Some(&0)), pairs().filter(|pair| pair.last() == Some(&0)));
    let (text, encoding) = if first.count() > second.count() {
        (utf16(bytes, u16::from_be_bytes), Encoding::Utf16Be)
    } else {
        (utf16(bytes, u16::from_le_bytes), Encoding::Utf16Le)
    };
    text.filter(|text| !text.contains('\0')).map(|text| (text, encoding)).ok_or(TextError::NotText)
}

fn utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(unit);
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

/// The decoder of GB18030 outside the browser.
#[cfg(not(target_arch = "wasm32"))]
pub fn host_gb18030(bytes: &[u8]) -> Option<String> {
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "客户姓名,手机\r\n张三,１３８\r\n𠮷野,+86\r\n";

    fn sixteen(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn decoded(bytes: &[u8]) -> Result<(String, Encoding), TextError> {
        decode(bytes, &host_gb18030)
    }

    #[test]
    fn every_encoding_is_recognised() {
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        let (little, big) = (sixteen(TEXT, u16::to_le_bytes), sixteen(TEXT, u16::to_be_bytes));
        let (gb, ..) = encoding_rs::GB18030.encode(TEXT);
        for (bytes, encoding) in [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (marked(b"\xef\xbb\xbf", TEXT.as_bytes()), Encoding::Utf8),
            (little.clone(), Encoding::Utf16Le),
            (marked(b"\xff\xfe", &little), Encoding::Utf16Le),
            (big.clone(), Encoding::Utf16Be),
            (marked(b"\xfe\xff", &big), Encoding::Utf16Be),
            (gb.into_owned(), Encoding::Gb18030),
        ] {
            assert_eq!(decoded(&bytes), Ok((TEXT.to_owned(), encoding)), "{}", encoding.name());
        }
        assert_eq!(decoded(b""), Ok((String::new(), Encoding::Utf8)));
        assert_eq!(
            decoded(&sixteen("a,b\n", u16::to_le_bytes)).map(|(_, e)| e),
            Ok(Encoding::Utf16Le),
            "also valid UTF-8"
        );
    }

    #[test]
    fn what_is_no_text_is_refused_with_a_reason() {
        assert_eq!(decoded(b"PK\x03\x04rest"), Err(TextError::Workbook));
        assert_eq!(decoded(b"\xd0\xcf\x11\xe0\xa1\xb1"), Err(TextError::Workbook));
        for bytes in [
            &b"\x89PNG\r\n"[..],
            b"\xff\xd8\xff\xe0",
            b"\xef\xbb\xbf\xff\xff",
            b"\xff\xfea",
            b"\xff\xfe\x00\xd8a\x00",
            b"\x81",
            b"a\0\0\0b",
        ] {
            assert_eq!(decoded(bytes), Err(TextError::NotText), "{bytes:?}");
        }
    }

    #[test]
    fn the_list_of_customers_is_gb18030() {
        let bytes = include_bytes!("../../tests/fixtures/customers-zh.gb18030.csv");
        let (text, encoding) = decoded(bytes).unwrap();
        assert_eq!(encoding, Encoding::Gb18030);
        assert!(text.starts_with("客户姓名,手机号码,"));
    }

    proptest! {
        #[test]
        fn any_chinese_text_survives_every_encoding(text in "[a-z,0-9\n张三单曾，。①龘]{1,60}") {
            let text = format!("{text}\n");
            let (gb, ..) = encoding_rs::GB18030.encode(&text);
            prop_assert_eq!(&decoded(text.as_bytes()).unwrap().0, &text);
            prop_assert_eq!(&decoded(&sixteen(&text, u16::to_le_bytes)).unwrap().0, &text);
            prop_assert_eq!(&decoded(&sixteen(&text, u16::to_be_bytes)).unwrap().0, &text);
            prop_assert_eq!(&host_gb18030(&gb).unwrap(), &text);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = decoded(&bytes);
        }
    }
}
