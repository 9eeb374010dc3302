//! The tone of a mark: what it means for the person who reads it.

use crate::ui::icon::Icon;

/// What a badge, a banner or a figure says about its matter. The tone chooses colour *and* icon,
/// because colour alone is not seen by everybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// A plain fact.
    #[default]
    Plain,
    /// Done, passed, in order.
    Good,
    /// Look at it soon.
    Warn,
    /// Due now, failed, in trouble: the colour of the seal.
    Due,
}

impl Tone {
    /// The name that the style sheet knows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Due => "due",
        }
    }

    /// The icon that says the same as the colour.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Plain => Icon::Info,
            Self::Good => Icon::Check,
            Self::Warn => Icon::Clock,
            Self::Due => Icon::Warning,
        }
    }
}
