//! What a cell can hold.

use minicbor::{Decode, Decoder, Encode, Encoder, data::Type, decode, encode};

/// The value of one cell.
///
/// The encoding is CBOR and describes itself, so an app that does not know a value's meaning, or not even its
/// type, still keeps it and passes it on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Value {
    /// Cleared. It is a write like any other: it has an author and can be undone.
    #[default]
    Nil,
    /// A tick.
    Bool(bool),
    /// A whole number: a count, fen, minutes, milliseconds, a day as `yyyymmdd`.
    Int(i64),
    /// Text of any length.
    Text(String),
    /// Raw bytes: a reference, a frontier.
    Bytes(Vec<u8>),
    /// A type that this version does not know, as its encoded bytes.
    Other(Vec<u8>),
}

impl Value {
    /// Whether nothing is there to show.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(int) = self { Some(*int) } else { None }
    }
}

impl<C> Encode<C> for Value {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::Nil => e.null()?.ok(),
            Self::Bool(value) => e.bool(*value)?.ok(),
            Self::Int(value) => e.i64(*value)?.ok(),
            Self::Text(value) => e.str(value)?.ok(),
            Self::Bytes(value) => e.bytes(value)?.ok(),
            Self::Other(raw) => e.writer_mut().write_all(raw).map_err(encode::Error::write),
        }
    }
}

impl<'b, C> Decode<'b, C> for Value {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Ok(match d.datatype()? {
            Type::Null => {
                d.null()?;
                Self::Nil
            }
            Type::Bool => Self::Bool(d.bool()?),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                let start = d.position();
                match d.i64() {
                    Ok(value) => Self::Int(value),
                    Err(_) => other(d, start)?,
                }
            }
            Type::String => Self::Text(d.str()?.to_owned()),
            Type::Bytes => Self::Bytes(d.bytes()?.to_vec()),
            _ => {
                let start = d.position();
                other(d, start)?
            }
        })
    }
}

fn other(d: &mut Decoder<'_>, start: usize) -> Result<Value, decode::Error> {
    d.set_position(start);
    d.skip()?;
    let raw = d.input().get(start..d.position()).ok_or_else(decode::Error::end_of_input)?;
    Ok(Value::Other(raw.to_vec()))
}
