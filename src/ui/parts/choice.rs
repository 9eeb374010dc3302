//! One entry of something to choose from.

/// An entry of a select, of chips, of tabs: what is stored and what is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The stable value, handed to callbacks.
    pub value: String,
    /// The words shown, in the language of the screen.
    pub label: String,
}

impl Choice {
    /// An entry of a value and its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}
