//! One line of text.

use super::field::Field;
use leptos::prelude::*;

/// What a line of text holds: it chooses the keyboard of a phone and what the browser fills in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TextKind {
    /// Any words.
    #[default]
    Words,
    /// A telephone number.
    Phone,
    /// A mail address.
    Mail,
    /// A web address.
    Web,
    /// A secret, shown as dots.
    Secret,
    /// A secret of digits, shown as dots.
    Pin,
    /// A key or a name for machines: no capital letters, no corrections.
    Code,
    /// A whole number.
    Whole,
    /// A number with decimals.
    Decimal,
    /// A day; the value is `2026-11-21`.
    Day,
    /// A time of day; the value is `09:30`.
    Time,
}

impl TextKind {
    /// The `type` and the `inputmode` of the input. Numbers are text with a numeric keyboard:
    /// `type="number"` loses what it cannot read and changes under the mouse wheel.
    const fn input(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Words | Self::Code => ("text", None),
            Self::Phone => ("tel", None),
            Self::Mail => ("email", None),
            Self::Web => ("url", None),
            Self::Secret => ("password", None),
            Self::Pin => ("password", Some("numeric")),
            Self::Whole => ("text", Some("numeric")),
            Self::Decimal => ("text", Some("decimal")),
            Self::Day => ("date", None),
            Self::Time => ("time", None),
        }
    }
}

/// A line of text with its label.
#[component]
pub fn TextField(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The text now.
    #[prop(into)]
    value: Signal<String>,
    /// Hears every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// What the line holds.
    #[prop(optional)]
    kind: TextKind,
    /// One sentence of help.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An answer is asked for.
    #[prop(optional)]
    required: bool,
    /// A sign before the value, such as ¥.
    #[prop(optional, into)]
    before: Option<String>,
    /// A unit after the value, such as 元.
    #[prop(optional, into)]
    unit: Option<String>,
    /// What the browser may fill in: a token of `autocomplete`; off by default, because the form
    /// is about somebody else.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// It has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// One more action at the end of the label's line.
    #[prop(optional, into)]
    action: Option<ViewFn>,
) -> impl IntoView {
    let (type_, mode) = kind.input();
    let control = Box::new(move |links: super::field::FieldLinks| {
        let code = matches!(kind, TextKind::Code | TextKind::Secret | TextKind::Pin);
        view! {
            <span class="line" data-short=(mode.is_some() || matches!(kind, TextKind::Day | TextKind::Time)).then_some("")>
                {before.map(|sign| view! { <span class="unit" aria-hidden="true">{sign}</span> })}
                <input
                    id=links.id
                    type=type_
                    inputmode=mode
                    autocomplete=autocomplete
                    autocapitalize=code.then_some("off")
                    spellcheck=code.then_some("false")
                    autofocus=autofocus
                    required=links.required
                    aria-describedby=links.described_by
                    aria-invalid=links.invalid
                    prop:value=value
                    on:input=move |event| on_input.run(event_target_value(&event))
                />
                {unit.filter(|unit| !unit.is_empty()).map(|unit| view! { <span class="unit">{unit}</span> })}
            </span>
        }
        .into_any()
    });
    view! { <Field label hint error required action control /> }
}
