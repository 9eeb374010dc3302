//! The state: cells that keep every concurrent value, rows, and how operations change them. Pure.

mod column;
pub mod confirm;
pub mod dictionary;
pub mod draft;
pub mod due;
pub mod found;
mod glance;
pub mod history;
pub mod id;
pub mod links;
mod names;
pub mod op;
pub mod page;
pub mod read;
pub mod roll;
pub mod row;
pub mod search;
pub mod show;
pub mod spending;
pub mod state;
mod table;
pub mod value;

pub use dictionary::{Choice, Extra};
pub use draft::Draft;
pub use due::{Birthday, Due};
pub use history::{Event, Span};
pub use id::{DevId, Dot, RowId, Stamp, VaultId};
pub use links::Links;
pub use op::{Batch, CellWrite, Op, OpRef, RowWrite};
pub use page::Checkpoint;
pub use roll::Roll;
pub use row::{Author, Cell, Mark, Row};
pub use search::{Finder, Found};
pub use show::Reader;
pub use state::{Book, Touched};
pub use value::Value;
