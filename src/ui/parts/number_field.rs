//! Numbers, money and days: lines of text with the right keyboard.

use super::text_field::{TextField, TextKind};
use leptos::prelude::*;

/// A whole number or, with `decimals`, one with a fraction. The value is the text as typed, so
/// that nothing typed is lost; the domain reads it and says what is wrong.
#[component]
pub fn NumberField(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The text now.
    #[prop(into)]
    value: Signal<String>,
    /// Hears every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// A fraction is possible.
    #[prop(optional)]
    decimals: bool,
    /// The unit after it, such as 分钟.
    #[prop(optional, into)]
    unit: String,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An answer is asked for.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let kind = if decimals {
        TextKind::Decimal
    } else {
        TextKind::Whole
    };
    view! { <TextField label value on_input kind unit hint error required /> }
}

/// An amount of money in yuan as typed ("1,280.5"); the domain turns it into fen (G7).
#[component]
pub fn MoneyField(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The text now.
    #[prop(into)]
    value: Signal<String>,
    /// Hears every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An answer is asked for.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let kind = TextKind::Decimal;
    view! { <TextField label value on_input kind before="¥" hint error required /> }
}

/// A day of the calendar, as `2026-11-21`; an action beside the label may switch to lunar (G6).
#[component]
pub fn DateField(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The day now, or nothing.
    #[prop(into)]
    value: Signal<String>,
    /// Hears every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An answer is asked for.
    #[prop(optional)]
    required: bool,
    /// One more action at the end of the label's line.
    #[prop(optional, into)]
    action: ViewFn,
) -> impl IntoView {
    let kind = TextKind::Day;
    view! { <TextField label value on_input kind hint error required action /> }
}
