//! A row as bytes: as it lies in the book, in a page and in a snapshot.

use minicbor::{Decoder, Encoder, decode};

use super::{Cell, DELETED, Ghost, Mark, Past, Row, Written};
use crate::book::erase::ERASED;
use crate::book::id::{DevId, Dot, Stamp};
use crate::book::op::CellWrite;

impl Row {
    /// First byte of the encoding: bits that lists need without decoding the rest. Deleted or erased, with a conflict,
    /// erased, erased in part.
    fn summary(&self) -> u8 {
        let partly = self.has_erasures() && !self.is_erased();
        u8::from(self.is_deleted())
            | u8::from(self.conflicts().next().is_some()) << 1
            | u8::from(self.is_erased()) << 2
            | u8::from(partly) << 3
    }

    /// The row as it lies in the book and in a page:
    /// `summary byte, [ [author, stamp, …], [field, element, mark place, value, …], the same for the past, ghosts ]`.
    pub(in crate::book) fn encode(&self) -> Box<[u8]> {
        let mut out = vec![self.summary()];
        let mut marks: Vec<Mark> = Vec::new();
        let live = self.cells.iter().flat_map(|cell| &cell.live);
        for mark in live.chain(self.past.iter().map(|past| &past.written)).map(|written| written.mark) {
            if !marks.contains(&mark) {
                marks.push(mark);
            }
        }
        let written = self.write_to(&mut Encoder::new(&mut out), &marks);
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        out.into_boxed_slice()
    }

    /// The packed row that these writes make where nothing was before; none where it takes more than writing them
    /// down. An import is nothing else.
    pub(in crate::book) fn encode_fresh(writes: &[CellWrite], mark: Mark) -> Option<Box<[u8]>> {
        let mut cells: Vec<&CellWrite> = writes.iter().collect();
        if !writes.is_sorted_by(|a, b| (a.field, &a.elem) < (b.field, &b.elem)) {
            cells.sort_by(|a, b| (a.field, &a.elem).cmp(&(b.field, &b.elem)));
        }
        let twice = |pair: &[&CellWrite]| matches!(pair, [a, b] if a.field == b.field && a.elem == b.elem);
        if cells.windows(2).any(twice) || cells.iter().any(|cell| !cell.bases.is_empty() || cell.field == ERASED) {
            return None;
        }
        let deleted = cells.iter().any(|cell| cell.field == DELETED && cell.elem.is_none() && !cell.value.is_nil());
        let mut out = Vec::with_capacity(256);
        out.push(u8::from(deleted));
        let written = write_fresh(&cells, mark, &mut Encoder::new(&mut out));
        debug_assert!(written.is_ok(), "writing to memory cannot fail");
        Some(out.into_boxed_slice())
    }

    fn write_to(
        &self,
        e: &mut Encoder<&mut Vec<u8>>,
        marks: &[Mark],
    ) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        e.array(4)?.array(marks.len() as u64 * 2)?;
        for mark in marks {
            e.u32(mark.author)?.u64(mark.stamp.0)?;
        }
        let count: usize = self.cells.iter().map(|cell| cell.live.len()).sum();
        e.array(count as u64 * 4)?;
        let live = self.cells.iter().flat_map(|cell| cell.live.iter().map(move |w| (cell.field, &cell.elem, w)));
        let past = self.past.iter().map(|past| (past.field, &past.elem, &past.written));
        for (n, (field, elem, written)) in live.chain(past).enumerate() {
            if n == count {
                e.array(self.past.len() as u64 * 4)?;
            }
            e.u16(field)?;
            match elem {
                Some(elem) => e.bytes(elem)?,
                None => e.null()?,
            };
            e.u64(marks.iter().position(|mark| *mark == written.mark).unwrap_or_default() as u64)?;
            e.encode(&written.value)?;
        }
        if self.past.is_empty() {
            e.array(0)?;
        }
        e.array(self.ghosts.len() as u64 * 4)?;
        for ghost in &self.ghosts {
            e.u16(ghost.field)?;
            match &ghost.elem {
                Some(elem) => e.bytes(elem)?,
                None => e.null()?,
            };
            e.bytes(&ghost.dot.dev.0)?.u64(ghost.dot.stamp.0)?;
        }
        Ok(())
    }

    /// Reads a row back. The inverse of [`Row::encode`].
    pub(in crate::book) fn decode(bytes: &[u8]) -> Result<Self, decode::Error> {
        let mut d = Decoder::new(bytes.get(1..).unwrap_or_default());
        let count = |d: &mut Decoder<'_>| d.array()?.ok_or_else(|| decode::Error::message("array without a length"));
        count(&mut d)?;
        let mut marks = Vec::new();
        for _ in 0..count(&mut d)? / 2 {
            marks.push(Mark { author: d.u32()?, stamp: Stamp(d.u64()?) });
        }
        let mut row = Self::default();
        for _ in 0..count(&mut d)? / 4 {
            let (field, elem, written) = written(&mut d, &marks)?;
            match row.cells.last_mut() {
                Some(cell) if cell.field == field && cell.elem == elem => cell.live.push(written),
                _ => row.cells.push(Cell { field, elem, live: vec![written] }),
            }
        }
        for _ in 0..count(&mut d)? / 4 {
            let (field, elem, written) = written(&mut d, &marks)?;
            row.past.push(Past { field, elem, written });
        }
        for _ in 0..count(&mut d)? / 4 {
            let (field, elem) = (d.u16()?, elem(&mut d)?);
            let dev = DevId::from_slice(d.bytes()?).ok_or_else(|| decode::Error::message("id of another length"))?;
            row.ghosts.push(Ghost { field, elem, dot: Dot { stamp: Stamp(d.u64()?), dev } });
        }
        Ok(row)
    }
}

fn write_fresh(
    cells: &[&CellWrite],
    mark: Mark,
    e: &mut Encoder<&mut Vec<u8>>,
) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
    e.array(4)?.array(if cells.is_empty() { 0 } else { 2 })?;
    if !cells.is_empty() {
        e.u32(mark.author)?.u64(mark.stamp.0)?;
    }
    e.array(cells.len() as u64 * 4)?;
    for cell in cells {
        e.u16(cell.field)?;
        match &cell.elem {
            Some(elem) => e.bytes(elem)?,
            None => e.null()?,
        };
        e.u8(0)?.encode(&cell.value)?;
    }
    e.array(0)?.array(0)?.ok()
}

fn elem(d: &mut Decoder<'_>) -> Result<Option<Vec<u8>>, decode::Error> {
    if d.datatype()? == minicbor::data::Type::Null {
        d.null()?;
        return Ok(None);
    }
    Ok(Some(d.bytes()?.to_vec()))
}

fn written(d: &mut Decoder<'_>, marks: &[Mark]) -> Result<(u16, Option<Vec<u8>>, Written), decode::Error> {
    let (field, elem) = (d.u16()?, elem(d)?);
    let mark = *marks.get(d.u32()? as usize).ok_or_else(|| decode::Error::message("mark that is not named"))?;
    Ok((field, elem, Written { mark, value: d.decode()? }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::book::Value;
    use crate::book::digest::Tally;
    use crate::book::id::RowId;
    use crate::book::row::Author;

    proptest! {
        #[test]
        fn a_fresh_row_is_packed_as_one_that_was_built(
            cells in proptest::collection::btree_map((0_u16..300, proptest::option::of("[ab]{0,2}")), "[a张]{0,9}", 0..12),
            backwards in any::<bool>(),
        ) {
            let cell = |((field, elem), text): ((u16, Option<String>), String)| {
                let value = if text.is_empty() { Value::Nil } else { Value::Text(text) };
                CellWrite { field, elem: elem.map(String::into_bytes), value, bases: Vec::new() }
            };
            let mut writes: Vec<_> = cells.into_iter().map(cell).collect();
            if backwards {
                writes.reverse();
            }
            let authors = [Author { dev: DevId([1; 16]), by: None }];
            let mark = Mark { stamp: Stamp(7), author: 0 };
            let mut row = Row::default();
            let mut tally = Tally::new(1, RowId([2; 16]), &authors, None);
            for write in &writes {
                row.write(write, mark, Dot { stamp: mark.stamp, dev: DevId([1; 16]) }, &mut tally);
            }
            prop_assert_eq!(Row::encode_fresh(&writes, mark), Some(row.encode()));
        }
    }
}
