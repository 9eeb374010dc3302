//! What every record gets from its declaration: form, card, timeline, the choice between two values.

pub mod card;
pub mod editing;
pub mod extras;
pub mod field;
pub mod form;
pub mod instant;
pub mod leftover;
pub mod picker;
pub mod timeline;
pub mod versions;

pub use card::{Facts, FactsOf, PhotosFact};
pub use editing::Editing;
pub use extras::{ExtraFacts, ExtraFields};
pub use field::FieldInput;
pub use form::{Fields, RecordForm};
pub use instant::InstantInput;
pub use picker::Picker;
pub use timeline::RecordTimeline;
pub use versions::Conflicts;
