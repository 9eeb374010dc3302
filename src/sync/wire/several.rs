//! Several objects or pages in one body. Each has a least length, so that a body of many empty ones, which deflates to
//! nothing, cannot take many times its own memory.

use minicbor::Decoder;
use minicbor::bytes::{ByteSlice, ByteVec};
use minicbor::decode::Error;

/// No page is shorter: it has a version, a kind, and a row with its id. An object is much longer.
const LEAST: usize = 20;

pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<ByteVec>, Error> {
    let each = d.array_iter::<&ByteSlice>()?.map(|bytes| match bytes {
        Ok(bytes) if bytes.len() >= LEAST => Ok(bytes.to_vec().into()),
        Ok(_) => Err(Error::message("shorter than one can be")),
        Err(error) => Err(error),
    });
    each.collect()
}
