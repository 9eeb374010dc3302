//! A glance at a packed row: its cells one after the other, without unpacking it.
//!
//! A list of a hundred thousand customers looks at a few fields of each. Unpacking all of them would allocate millions of
//! small pieces of memory; this reads the same bytes in place. The format is that of `Row::encode`.
#![expect(clippy::inline_always, reason = "a dozen calls for each cell of each row, and the app is compiled for size")]

use minicbor::Decoder;

use super::id::{RowId, Stamp};
use super::row::{Cell, Mark, Row, Written};
use super::value::Value;

/// The unsuperseded values of a packed row, in its order.
pub(super) struct Glance<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Values that are still to come.
    left: u64,
    last: Option<(u16, Option<&'b [u8]>)>,
}

/// One value of a cell.
pub(super) struct Seen<'b> {
    pub(super) field: u16,
    /// Element of a field that holds a set.
    pub(super) elem: Option<&'b [u8]>,
    /// Place of the write among the row's marks.
    pub(super) mark: usize,
    /// Whether it is the one that is shown; the others are older ones beside it.
    pub(super) shown: bool,
    pub(super) value: Peek<'b>,
}

/// A value in its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Peek<'b> {
    Nil,
    Int(i64),
    /// Bytes of a text.
    Text(&'b [u8]),
    /// Bytes, such as a reference.
    Bytes(&'b [u8]),
    /// A tick, or a type that this version does not know.
    Other,
}

impl<'b> Peek<'b> {
    /// The text, empty if it is none.
    pub(super) fn text(self) -> &'b str {
        if let Self::Text(bytes) = self { std::str::from_utf8(bytes).unwrap_or_default() } else { "" }
    }

    /// The row that it refers to, if it is a reference.
    pub(super) fn row(self) -> Option<RowId> {
        if let Self::Bytes(bytes) = self { RowId::from_slice(bytes) } else { None }
    }

    /// The value, unpacked; none for a type that is of no use in its place.
    fn unpacked(self) -> Value {
        match self {
            Self::Int(int) => Value::Int(int),
            Self::Text(_) => Value::Text(self.text().to_owned()),
            Self::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
            Self::Nil | Self::Other => Value::Nil,
        }
    }

    /// The number, if it is one.
    pub(super) fn int(self) -> Option<i64> {
        if let Self::Int(int) = self { Some(int) } else { None }
    }
}

/// Major types of CBOR.
const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const SIMPLE: u8 = 7;
/// Null among the simple values.
const NULL: u64 = 22;

impl<'b> Glance<'b> {
    /// Begins to read a row; `stamps` becomes the moments of its marks.
    pub(super) fn new(row: &'b [u8], stamps: &mut Vec<Stamp>) -> Self {
        let mut glance = Self { bytes: row, at: 1, left: 0, last: None };
        stamps.clear();
        glance.left = glance.begin(stamps).unwrap_or_default();
        glance
    }

    fn begin(&mut self, stamps: &mut Vec<Stamp>) -> Option<u64> {
        self.expect(ARRAY)?;
        for _ in 0..self.expect(ARRAY)? / 2 {
            self.expect(UNSIGNED)?;
            stamps.push(Stamp(self.expect(UNSIGNED)?));
        }
        Some(self.expect(ARRAY)? / 4)
    }

    #[inline(always)]
    fn cell(&mut self) -> Option<Seen<'b>> {
        let field = u16::try_from(self.expect(UNSIGNED)?).ok()?;
        let elem = match self.head()? {
            (BYTES, length) => Some(self.take(length)?),
            (SIMPLE, NULL) => None,
            _ => return None,
        };
        let mark = usize::try_from(self.expect(UNSIGNED)?).ok()?;
        let value = self.value()?;
        let shown = self.last != Some((field, elem));
        self.last = Some((field, elem));
        Some(Seen { field, elem, mark, shown, value })
    }

    #[inline(always)]
    fn value(&mut self) -> Option<Peek<'b>> {
        let start = self.at;
        match self.head()? {
            (TEXT, length) => self.take(length).map(Peek::Text),
            (UNSIGNED, number) if i64::try_from(number).is_ok() => i64::try_from(number).ok().map(Peek::Int),
            (NEGATIVE, number) if i64::try_from(number).is_ok() => i64::try_from(number).ok().map(|n| Peek::Int(!n)),
            (SIMPLE, NULL) => Some(Peek::Nil),
            (BYTES, length) => self.take(length).map(Peek::Bytes),
            _ => {
                let mut decoder = Decoder::new(self.bytes);
                decoder.set_position(start);
                decoder.skip().ok()?;
                self.at = decoder.position();
                Some(Peek::Other)
            }
        }
    }

    #[inline(always)]
    fn expect(&mut self, major: u8) -> Option<u64> {
        self.head().filter(|head| head.0 == major).map(|head| head.1)
    }

    #[inline(always)]
    fn head(&mut self) -> Option<(u8, u64)> {
        head(self.bytes, &mut self.at)
    }

    #[inline(always)]
    fn take(&mut self, length: u64) -> Option<&'b [u8]> {
        take(self.bytes, &mut self.at, length)
    }
}

impl<'b> Iterator for Glance<'b> {
    type Item = Seen<'b>;

    #[inline(always)]
    fn next(&mut self) -> Option<Seen<'b>> {
        self.left = self.left.checked_sub(1)?;
        self.cell()
    }
}

/// The row that a field of a packed row refers to.
pub(super) fn refers(row: &[u8], field: u16, stamps: &mut Vec<Stamp>) -> Option<RowId> {
    let mut cells = Glance::new(row, stamps);
    cells.find(|seen| seen.field == field && seen.elem.is_none()).and_then(|seen| seen.value.row())
}

/// The shown values of a few fields as a row, for rules that need no others: numbers, texts and references.
pub(super) fn few(row: &[u8], fields: &[u16], stamps: &mut Vec<Stamp>) -> Row {
    let mut cells = Vec::with_capacity(fields.len());
    for Seen { field, mark, value, .. } in
        Glance::new(row, stamps).filter(|seen| seen.shown && seen.elem.is_none() && fields.contains(&seen.field))
    {
        let stamp = stamps.get(mark).copied().unwrap_or_default();
        let written = Written { mark: Mark { stamp, author: 0 }, value: value.unpacked() };
        cells.push(Cell { field, elem: None, live: vec![written] });
    }
    Row { cells, ..Row::default() }
}

/// Major type and argument of the item at a place, which moves behind its head; none for an item without a length.
#[inline(always)]
pub(super) fn head(bytes: &[u8], at: &mut usize) -> Option<(u8, u64)> {
    let first = *bytes.get(*at)?;
    *at += 1;
    let (major, short) = (first >> 5, first & 31);
    if short < 24 { Some((major, u64::from(short))) } else { Some((major, argument(bytes, at, short)?)) }
}

/// The argument behind a head that has no room for it.
fn argument(bytes: &[u8], at: &mut usize, short: u8) -> Option<u64> {
    let wide = match short {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let argument = bytes.get(*at..*at + wide)?;
    *at += wide;
    Some(argument.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// So many bytes from a place, which moves behind them.
#[inline(always)]
pub(super) fn take<'b>(bytes: &'b [u8], at: &mut usize, length: u64) -> Option<&'b [u8]> {
    let end = at.checked_add(usize::try_from(length).ok()?)?;
    let taken = bytes.get(*at..end)?;
    *at = end;
    Some(taken)
}

/// The bytes of the byte string at a place, which moves behind it.
pub(super) fn byte_string<'b>(bytes: &'b [u8], at: &mut usize) -> Option<&'b [u8]> {
    let (major, length) = head(bytes, at)?;
    if major == BYTES { take(bytes, at, length) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::book::digest::Tally;
    use crate::book::op::CellWrite;
    use crate::book::row::{Author, Mark, Row};
    use crate::book::{DevId, Dot, RowId, Value};

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Nil),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            "[a张 ]{0,40}".prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
            // A number with a fraction, a list, a number too large: types of another version.
            Just(Value::Other(vec![0xfb, 0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18])),
            Just(Value::Other(vec![0x82, 0x01, 0x61, 0x61])),
            Just(Value::Other(vec![0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
        ]
    }

    proptest! {
        #[test]
        fn a_glance_sees_what_unpacking_gives(
            writes in proptest::collection::vec((0_u16..300, proptest::option::of("[ab]{0,2}"), any_value()), 0..40),
        ) {
            let authors = [Author { dev: DevId([1; 16]), by: None }, Author { dev: DevId([2; 16]), by: None }];
            let mut row = Row::default();
            for (n, (field, elem, value)) in (1_u64..).zip(writes) {
                let author = authors[usize::try_from(n % 2).unwrap()];
                let mark = Mark { stamp: Stamp(n << 40), author: u32::try_from(n % 2).unwrap() };
                let write = CellWrite { field, elem: elem.map(String::into_bytes), value, bases: Vec::new() };
                row.write(&write, mark, Dot { stamp: mark.stamp, dev: author.dev }, &mut Tally::new(1, RowId([1; 16]), &authors, None));
            }
            let (bytes, mut stamps) = (row.encode(), Vec::new());
            let seen: Vec<_> = Glance::new(&bytes, &mut stamps)
                .map(|seen| (seen.field, seen.elem.map(<[u8]>::to_vec), stamps_at(&bytes, seen.mark), seen.shown, seen.value.text().to_owned(), seen.value.int(), seen.value == Peek::Nil))
                .collect();
            let mut expected = Vec::new();
            for cell in &row.cells {
                for (n, written) in cell.live.iter().enumerate() {
                    let text = written.value.text().unwrap_or_default().to_owned();
                    expected.push((cell.field, cell.elem.clone(), written.mark.stamp, n == 0, text, written.value.int(), written.value.is_nil()));
                }
            }
            prop_assert_eq!(seen, expected);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Glance::new(&bytes, &mut Vec::new()).count();
        }
    }

    fn stamps_at(bytes: &[u8], mark: usize) -> Stamp {
        let mut stamps = Vec::new();
        let _ = Glance::new(bytes, &mut stamps);
        stamps[mark]
    }
}
