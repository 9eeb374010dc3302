//! The state: cells that keep every concurrent value, rows, tables, and how operations change them. Pure.

pub mod id;
pub mod op;
pub mod value;

pub use id::{DevId, Dot, RowId, Stamp, VaultId};
pub use op::{Batch, CellWrite, Op, RowWrite};
pub use value::Value;
