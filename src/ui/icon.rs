//! The icons: one weight, one grid of 24 units, the colour of the text around them.
//!
//! An icon never speaks alone: it stands beside words or inside a control that carries its own
//! name, so it is hidden from assistive technology. Use it in a view as `{Icon::Phone.svg()}`.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is the picture")]
pub enum Icon {
    Today,
    Customers,
    Standards,
    Complaints,
    More,
    Plus,
    Search,
    Back,
    Edit,
    Delete,
    Restore,
    Phone,
    Message,
    Copy,
    Share,
    Check,
    Cross,
    Minus,
    Warning,
    Clock,
    Calendar,
    Cake,
    Promise,
    SavedHere,
    Shared,
    Trouble,
    Offline,
    Settings,
    Import,
    Export,
    People,
    Person,
    Device,
    Bucket,
    Language,
    Sun,
    Moon,
    Print,
    History,
    Star,
    Filter,
    Sort,
    Undo,
    Camera,
    Photo,
    Place,
    Link,
    Qr,
    Info,
    Left,
    Right,
    Up,
    Down,
    Drag,
    Lock,
}

impl Icon {
    /// The picture, drawn in the colour of the text, hidden from assistive technology.
    pub fn svg(self) -> impl IntoView + use<> {
        view! {
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path d=self.strokes() />
            </svg>
        }
    }

    /// The strokes on the grid. A dot is a stroke of no length with round ends.
    const fn strokes(self) -> &'static str {
        match self {
            Self::Today => "M6 3h12v18l-6-3.5L6 21zM9.5 8h5M9.5 12h5",
            Self::Customers => {
                "M5 4h14v16H5zM9 4v16M14 9.5a1.7 1.7 0 1 0 .01 0M11.5 16c.4-3 4.6-3 5 0M3 8h2M3 12h2M3 16h2"
            }
            Self::Standards => {
                "M4 6l1.5 1.5L8 5M4 12.5L5.5 14 8 11.5M4 19l1.5 1.5L8 18M11.5 6.5H20M11.5 13H20M11.5 19.5H20"
            }
            Self::Complaints => "M4 5h16v11.5h-8L7.5 20.5v-4H4zM12 8v3.5M12 13.9h.01",
            Self::More => {
                "M4.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M11.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M18.5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Search => "M4.5 10.5a6 6 0 1 0 12 0a6 6 0 1 0-12 0M15 15l5 5",
            Self::Back => "M19 12H5M11 6l-6 6 6 6",
            Self::Edit => "M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM13.5 7.5l3 3",
            Self::Delete => "M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l1 13.5h9l1-13.5M10.5 10.5v6M13.5 10.5v6",
            Self::Restore => "M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l1 13.5h9l1-13.5M12 17v-6.5M9.7 12.7l2.3-2.3 2.3 2.3",
            Self::Phone => {
                "M6 4h3.5l1.5 4.5-2 1.5a11 11 0 0 0 5 5l1.5-2 4.5 1.5V18a2 2 0 0 1-2 2A14.5 14.5 0 0 1 4 6a2 2 0 0 1 2-2z"
            }
            Self::Message => "M4 5h16v11.5h-8L7.5 20.5v-4H4zM8 9h8M8 12.5h5",
            Self::Copy => "M8.5 8.5H20V20H8.5zM15.5 5.5V4H4v11.5h1.5",
            Self::Share => "M12 15V3.5M7.5 8L12 3.5 16.5 8M5 12.5V20.5h14v-8",
            Self::Check => "M4.5 12.5l5 5 10-11",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Minus => "M6 12h12",
            Self::Warning => "M12 4l9 16H3zM12 10v4.5M12 17.2h.01",
            Self::Clock => "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 7v5l3.5 2",
            Self::Calendar => "M4 5.5h16V20H4zM4 10h16M8 3.5v4M16 3.5v4",
            Self::Cake => "M4 20h16M5.5 20v-8h13v8M5.5 15.5c2 1.5 4.3 1.5 6.5 0 2.2 1.5 4.5 1.5 6.5 0M12 12V8M12 5.5V4",
            Self::Promise => {
                "M3 7.5l3-2.5 4.5 1.5M21 7.5L18 5l-4.5 1-4 3.5c1.5 1.5 3.5 1 4.5 0l5 4.5M3 15.5l2.5-1 4.5 4c1 .8 2 .5 2.3-.3 1 .6 2.2.2 2.3-1 1.2.2 2-.6 1.9-1.7 1.3 0 2.2-.9 1.5-2"
            }
            Self::SavedHere => "M7 3h10v18H7zM10.5 18h3M9.5 10.5l2 2 3.5-4",
            Self::Shared => "M7 18.5a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.7-1A4.5 4.5 0 0 1 17 18.5zM9 13.5l2.2 2.2 3.8-4.2",
            Self::Trouble => {
                "M7 18.5a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.7-1A4.5 4.5 0 0 1 17 18.5zM12 9.5v3.5M12 15.7h.01"
            }
            Self::Offline => {
                "M9 5.8a5.5 5.5 0 0 1 8.2 3.7A4.5 4.5 0 0 1 20 16.5M16 18.5H7a4 4 0 0 1-.5-8l.7-2M4 4l16.5 16.5"
            }
            Self::Settings => {
                "M4 7h9M17 7h3M13 7a2 2 0 1 0 4 0a2 2 0 1 0-4 0M4 17h3M11 17h9M7 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0"
            }
            Self::Import => "M12 3.5V15M7.5 10.5L12 15l4.5-4.5M4.5 15.5v5h15v-5",
            Self::Export => "M12 15V3.5M7.5 8L12 3.5 16.5 8M4.5 15.5v5h15v-5",
            Self::People => {
                "M6 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0M3 19.5c0-7 12-7 12 0M15 5.2a3 3 0 0 1 0 5.6M17.5 14.2c2.3.7 3.5 2.5 3.5 5.3"
            }
            Self::Person => "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.5 20.5c0-9 15-9 15 0",
            Self::Device => "M7 3h10v18H7zM10.5 18h3",
            Self::Bucket => "M5 7c0-3.3 14-3.3 14 0s-14 3.3-14 0l1.5 11.5c.3 2.3 10.7 2.3 11 0L19 7",
            Self::Language => "M4 6h9M8.5 4v2M5.5 14c4-2 5.8-5 6-8M6 9c.8 2.5 2.5 4 5 5M12.5 20l4-10 4 10M14 16.5h5",
            Self::Sun => {
                "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M18.4 5.6l-1 1M6.6 17.4l-1 1"
            }
            Self::Moon => "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
            Self::Print => "M7 8V3.5h10V8M7 16.5H4V8h16v8.5h-3M7 13.5h10v7H7zM16.5 10.8h.01",
            Self::History => "M4 5v4h4M4.3 9A8.5 8.5 0 1 1 3.5 13M12 8v4.5l3 2",
            Self::Star => "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z",
            Self::Filter => "M4 6h16M7 12h10M10 18h4",
            Self::Sort => "M8 4.5v15M4.5 16L8 19.5l3.5-3.5M13.5 6H20M13.5 11H18M13.5 16H16",
            Self::Undo => "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H8",
            Self::Camera => "M3.5 7H8l1.5-2.5h5L16 7h4.5v12.5h-17zM8.5 13a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
            Self::Photo => "M3.5 5h17v14h-17zM3.5 16l4.5-4.5 4.5 4.5 2.5-2.5 5.5 5M15.5 9.2h.01",
            Self::Place => {
                "M12 21c-4-4.3-6.5-7.5-6.5-11a6.5 6.5 0 0 1 13 0c0 3.5-2.5 6.7-6.5 11zM9.7 10a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0"
            }
            Self::Link => {
                "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"
            }
            Self::Qr => {
                "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v.01M14 20h.01M17 20h3v-2.5M7 7h.01M17 7h.01M7 17h.01"
            }
            Self::Info => "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 11v5.5M12 7.7h.01",
            Self::Left => "M14.5 5.5L8 12l6.5 6.5",
            Self::Right => "M9.5 5.5L16 12l-6.5 6.5",
            Self::Up => "M5.5 14.5L12 8l6.5 6.5",
            Self::Down => "M5.5 9.5L12 16l6.5-6.5",
            Self::Lock => "M6 11h12v9.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.8v2",
            Self::Drag => "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
        }
    }
}
