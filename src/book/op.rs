//! Operations: what one user action wrote, and their encoding.
//!
//! A [`Batch`] is the one encoding of operations, in the local log and, sealed, in the bucket. It holds the
//! operations of one device with consecutive numbers. Devices and dots stand once in tables at its head and are
//! named by their place, which keeps an edit at about its own size:
//!
//! ```text
//! [ version, first op number, [device…], [device place, stamp, …], [op…] ]
//! op   = [ stamp − stamp of the op before, author | null, batch | null, [row…] ]
//! row  = [ kind, id, [cell…] ]
//! cell = [ field, element | null, value, base place… ]
//! ```

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder, decode};

use super::id::{DevId, Dot, RowId, Stamp};
use super::value::Value;

/// A batch never holds more operations than this; checked before anything is allocated.
pub const MAX_OPS: u64 = 65_536;
const VERSION: u8 = 1;
/// Bytes of the shortest row: array, kind, id, cells.
const LEAST_ROW: usize = 20;
/// Bytes of the shortest cell: array, field, element, value.
const LEAST_CELL: usize = 4;

/// What one user action wrote: all of it takes effect together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Op {
    /// Number of the operation on its device, from 1, without gaps.
    pub opn: u64,
    /// When it was written.
    pub stamp: Stamp,
    /// The staff member at the device, if one was chosen.
    pub by: Option<RowId>,
    /// Larger undertaking that it belongs to, such as an import.
    pub batch: Option<RowId>,
    /// The rows written.
    pub rows: Vec<RowWrite>,
}

/// An operation whose rows lie somewhere else, so that a large undertaking is encoded and applied without a copy.
#[derive(Clone, Copy, Debug)]
pub struct OpRef<'a> {
    /// Number of the operation on its device.
    pub opn: u64,
    /// When it was written.
    pub stamp: Stamp,
    /// The staff member at the device.
    pub by: Option<RowId>,
    /// Larger undertaking that it belongs to.
    pub batch: Option<RowId>,
    /// The rows written.
    pub rows: &'a [RowWrite],
}

impl Op {
    /// The operation as one whose rows lie here.
    pub fn as_ref(&self) -> OpRef<'_> {
        OpRef { opn: self.opn, stamp: self.stamp, by: self.by, batch: self.batch, rows: &self.rows }
    }
}

/// The cells written in one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowWrite {
    /// Record kind.
    pub kind: u16,
    /// Row.
    pub id: RowId,
    /// Cells, each at most once.
    pub cells: Vec<CellWrite>,
}

/// One write of one cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellWrite {
    /// Field of the kind.
    pub field: u16,
    /// Element, for fields that hold a set.
    pub elem: Option<Vec<u8>>,
    /// New value.
    pub value: Value,
    /// The writes that the author saw and that this one supersedes.
    pub bases: Vec<Dot>,
}

/// Consecutive operations of one device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// The device that wrote them.
    pub dev: DevId,
    /// In the order of their numbers.
    pub ops: Vec<Op>,
}

/// A batch that cannot be read: where and why, for the log of held objects.
pub type BatchError = decode::Error;

/// Writes to memory cannot fail.
fn sure<T>(result: Result<T, minicbor::encode::Error<std::convert::Infallible>>) -> T {
    match result {
        Ok(done) => done,
        Err(error) => unreachable!("encoding into memory: {error}"),
    }
}

impl Batch {
    /// Encodes the batch. The inverse of [`Batch::decode`].
    pub fn encode(&self) -> Vec<u8> {
        let ops: Vec<_> = self.ops.iter().map(Op::as_ref).collect();
        Self::encode_ops(self.dev, &ops)
    }

    /// Encodes operations of a device as a batch.
    pub fn encode_ops(dev: DevId, ops: &[OpRef<'_>]) -> Vec<u8> {
        let mut devs = vec![dev];
        let mut dots: BTreeMap<Dot, u32> = BTreeMap::new();
        let mut order = Vec::new();
        for base in ops.iter().flat_map(|op| op.rows).flat_map(|row| &row.cells).flat_map(|cell| &cell.bases) {
            dots.entry(*base).or_insert_with(|| {
                let dev = devs.iter().position(|dev| *dev == base.dev).unwrap_or_else(|| {
                    devs.push(base.dev);
                    devs.len() - 1
                });
                order.push((dev as u64, base.stamp));
                u32::try_from(order.len() - 1).unwrap_or(u32::MAX)
            });
        }
        let mut out = Vec::new();
        sure(Self::write(ops, &mut Encoder::new(&mut out), &devs, &order, &dots));
        out
    }

    fn write(
        ops: &[OpRef<'_>],
        e: &mut Encoder<&mut Vec<u8>>,
        devs: &[DevId],
        order: &[(u64, Stamp)],
        dots: &BTreeMap<Dot, u32>,
    ) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        e.array(5)?.u8(VERSION)?.u64(ops.first().map_or(0, |op| op.opn))?;
        e.array(devs.len() as u64)?;
        for dev in devs {
            e.bytes(&dev.0)?;
        }
        e.array(order.len() as u64 * 2)?;
        for (dev, stamp) in order {
            e.u64(*dev)?.u64(stamp.0)?;
        }
        e.array(ops.len() as u64)?;
        let mut last = 0;
        for op in ops {
            e.array(4)?.u64(op.stamp.0.wrapping_sub(last))?;
            last = op.stamp.0;
            for id in [op.by, op.batch] {
                match id {
                    Some(id) => e.bytes(&id.0)?,
                    None => e.null()?,
                };
            }
            e.array(op.rows.len() as u64)?;
            for row in op.rows {
                e.array(3)?.u16(row.kind)?.bytes(&row.id.0)?.array(row.cells.len() as u64)?;
                for cell in &row.cells {
                    e.array(3 + cell.bases.len() as u64)?.u16(cell.field)?;
                    match &cell.elem {
                        Some(elem) => e.bytes(elem)?,
                        None => e.null()?,
                    };
                    e.encode(&cell.value)?;
                    for base in &cell.bases {
                        e.u32(dots.get(base).copied().unwrap_or(u32::MAX))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Decodes a batch. Counts are checked against the bytes that are there before anything is allocated.
    pub fn decode(bytes: &[u8]) -> Result<Self, BatchError> {
        let mut reader = Reader { d: Decoder::new(bytes), devs: Vec::new(), dots: Vec::new() };
        reader.batch()
    }
}

struct Reader<'b> {
    d: Decoder<'b>,
    devs: Vec<DevId>,
    dots: Vec<Dot>,
}

impl Reader<'_> {
    fn batch(&mut self) -> Result<Batch, BatchError> {
        self.array(5)?;
        if self.d.u8()? != VERSION {
            return Err(decode::Error::message("batch of an unknown version"));
        }
        let first = self.d.u64()?;
        for _ in 0..self.count()? {
            let dev = self.id()?;
            self.devs.push(DevId(dev));
        }
        for _ in 0..self.count()? / 2 {
            let place = self.d.u32()? as usize;
            let dev = *self.devs.get(place).ok_or_else(|| decode::Error::message("dot of an unnamed device"))?;
            self.dots.push(Dot { stamp: Stamp(self.d.u64()?), dev });
        }
        let dev = *self.devs.first().ok_or_else(|| decode::Error::message("batch without a device"))?;
        let count = self.count()?;
        if count > MAX_OPS {
            return Err(decode::Error::message("too many operations in one batch"));
        }
        let mut ops = Vec::new();
        let mut stamp = 0_u64;
        for n in 0..count {
            self.array(4)?;
            let step = self.d.u64()?;
            stamp = stamp.checked_add(step).ok_or_else(|| decode::Error::message("stamp out of range"))?;
            if n > 0 && step == 0 {
                return Err(decode::Error::message("two operations with one stamp"));
            }
            let opn = first.checked_add(n).ok_or_else(|| decode::Error::message("operation number out of range"))?;
            let (by, batch) = (self.row_id()?, self.row_id()?);
            let count = self.count()?;
            let mut rows = self.room(count, LEAST_ROW);
            for _ in 0..count {
                rows.push(self.row()?);
            }
            ops.push(Op { opn, stamp: Stamp(stamp), by, batch, rows });
        }
        if self.d.position() != self.d.input().len() {
            return Err(decode::Error::message("bytes after the end of the batch"));
        }
        Ok(Batch { dev, ops })
    }

    fn row(&mut self) -> Result<RowWrite, BatchError> {
        self.array(3)?;
        let (kind, id) = (self.d.u16()?, RowId(self.id()?));
        let count = self.count()?;
        let mut cells = self.room(count, LEAST_CELL);
        for _ in 0..count {
            let length = self.count()?;
            if length < 3 {
                return Err(decode::Error::message("cell without a value"));
            }
            let field = self.d.u16()?;
            let elem = self.optional_bytes()?.map(<[u8]>::to_vec);
            let value = self.d.decode()?;
            let mut bases = self.room(length - 3, 1);
            for _ in 3..length {
                let place = self.d.u32()? as usize;
                bases.push(*self.dots.get(place).ok_or_else(|| decode::Error::message("base that is not named"))?);
            }
            cells.push(CellWrite { field, elem, value, bases });
        }
        Ok(RowWrite { kind, id, cells })
    }

    fn array(&mut self, length: u64) -> Result<(), BatchError> {
        if self.d.array()? == Some(length) { Ok(()) } else { Err(decode::Error::message("array of another length")) }
    }

    /// A length that the remaining bytes can hold: every item takes at least one.
    fn count(&mut self) -> Result<u64, BatchError> {
        let count = self.d.array()?.ok_or_else(|| decode::Error::message("array without a length"))?;
        let left = self.d.input().len().saturating_sub(self.d.position());
        if count > left as u64 { Err(decode::Error::end_of_input()) } else { Ok(count) }
    }

    /// A list with room for exactly so many items, unless fewer fit into what is left: growing by and by would take
    /// three times the memory.
    fn room<T>(&self, count: u64, least: usize) -> Vec<T> {
        let left = self.d.input().len().saturating_sub(self.d.position());
        Vec::with_capacity(usize::try_from(count).unwrap_or(usize::MAX).min(left / least))
    }

    fn id(&mut self) -> Result<[u8; 16], BatchError> {
        self.d.bytes()?.try_into().map_err(|_| decode::Error::message("id of another length"))
    }

    fn optional_bytes(&mut self) -> Result<Option<&[u8]>, BatchError> {
        if self.d.datatype()? == minicbor::data::Type::Null {
            self.d.null()?;
            return Ok(None);
        }
        self.d.bytes().map(Some)
    }

    fn row_id(&mut self) -> Result<Option<RowId>, BatchError> {
        let Some(bytes) = self.optional_bytes()? else { return Ok(None) };
        RowId::from_slice(bytes).map(Some).ok_or_else(|| decode::Error::message("id of another length"))
    }
}
