//! Choosing a person, a shop or a standard.

use leptos::prelude::*;

use crate::book::RowId;
use crate::domain::record::KindId;
use crate::domain::standard::checks::READ;
use crate::domain::standard::shelf::Standard;
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::parts::{Choice, Select};

/// A row of a kind from a select; nothing while the shop has none of them.
#[component]
pub fn RowSelect(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The kind.
    of: KindId,
    /// The row chosen.
    value: RwSignal<Option<RowId>>,
    /// The words for none.
    #[prop(optional, into)]
    empty: Option<Signal<String>>,
) -> impl IntoView {
    let app = App::here();
    let empty = empty.unwrap_or_else(|| app.t("— 未选 —", "— none —"));
    let choices = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[of], |book| {
            // People who left are not asked any more.
            let here = book.rows(of).filter(|(_, row)| of != staff::ID || row.get(staff::LEFT).is_none());
            here.map(|(id, _)| Choice::new(id.to_string(), book.title(of, id, reader))).collect::<Vec<_>>()
        })
    });
    let text = Signal::derive(move || value.get().map(|id| id.to_string()).unwrap_or_default());
    view! {
        <Show when=move || !choices.with(Vec::is_empty)>
            <Select
                label
                value=text
                choices
                on_choose=Callback::new(move |text: String| value.set(RowId::parse(&text)))
                empty
            />
        </Show>
    }
}

/// Who served or checks, asked only while the device does not know who works at it.
#[component]
pub fn AskMe(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The person; begins as the one who works at the device.
    value: RwSignal<Option<RowId>>,
) -> impl IntoView {
    let app = App::here();
    view! { <Show when=move || app.me.get().is_none()><RowSelect label of=staff::ID value /></Show> }
}

/// A standard that is published and not retired.
#[component]
pub fn StandardSelect(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The standard chosen.
    value: RwSignal<Option<RowId>>,
    /// The words for none; without them one must stand.
    #[prop(optional, into)]
    empty: Option<Signal<String>>,
) -> impl IntoView {
    let app = App::here();
    let choices = Memo::new(move |_| {
        let lang = app.lang.get();
        let all = app.read(&READ, Standard::all);
        let offered = all.into_iter().filter(|standard| standard.current.is_some() && !standard.retired);
        offered.map(|standard| Choice::new(standard.id.to_string(), standard.name.r#in(lang))).collect::<Vec<_>>()
    });
    let text = Signal::derive(move || value.get().map(|id| id.to_string()).unwrap_or_default());
    let on_choose = Callback::new(move |text: String| value.set(RowId::parse(&text)));
    match empty {
        Some(empty) => view! { <Select label value=text choices on_choose empty /> }.into_any(),
        None => view! { <Select label value=text choices on_choose /> }.into_any(),
    }
}
