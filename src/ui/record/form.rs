//! A form from the declaration: its sections, its fields, save and cancel.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::editing::Editing;
use super::extras::ExtraFields;
use super::field::FieldInput;
use crate::book::{Draft, RowId, RowWrite, confirm};
use crate::domain::customer::customer;
use crate::domain::record::{Field, Flags};
use crate::session::Saved;
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Form, Section};

/// Whether a field belongs on the form of this record: hidden ones never, and those of persons and organisations by
/// the customer's nature (C5).
pub fn is_asked(editing: Editing, field: &Field) -> bool {
    let of = editing.with(Draft::kind);
    // What was just chosen counts before it is saved.
    let nature = (of == customer::ID).then(|| customer::RECORD.field(customer::NATURE.field)).flatten();
    confirm::is_asked(&nature.map(|nature| editing.text(nature)).unwrap_or_default(), field)
}

/// The fields of the record, by section.
#[component]
pub fn Fields(
    /// The form.
    editing: Editing,
    /// Fields that the screen shows in another place.
    #[prop(optional)]
    without: &'static [u16],
) -> impl IntoView {
    let app = App::here();
    let sections = editing.kind().map(|kind| kind.sections).unwrap_or_default();
    let several = sections.len() > 1;
    sections
        .iter()
        .map(|section| {
            let fields = move || {
                section
                    .fields
                    .iter()
                    .filter(|field| !field.flags.has(Flags::HIDDEN) && !without.contains(&field.id))
                    .map(|field| {
                        view! { <Show when=move || is_asked(editing, field)><FieldInput editing field /></Show> }
                    })
                    .collect_view()
            };
            if several {
                view! { <Section heading=app.w(section.words)>{fields()}</Section> }.into_any()
            } else {
                fields().into_any()
            }
        })
        .chain([view! { <ExtraFields editing /> }.into_any()])
        .collect_view()
}

/// The whole form of a record. A screen that needs more puts its own fields before or after.
#[component]
pub fn RecordForm(
    /// The form's state.
    editing: Editing,
    /// Hears that the record is saved.
    #[prop(into)]
    on_saved: Callback<(RowId, Saved)>,
    /// Hears that the person gave up.
    #[prop(into)]
    on_cancel: Callback<()>,
    /// Words of the main button.
    #[prop(optional, into)]
    save_label: Option<Signal<String>>,
    /// The fields, where a screen arranges them itself.
    #[prop(optional, into)]
    fields: Option<ViewFn>,
    /// What else belongs to the same action; asked for when the record itself is right.
    #[prop(optional, into)]
    also: Option<Callback<(), Vec<RowWrite>>>,
) -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let submit = move |()| {
        if busy.get_untracked() {
            return;
        }
        let Some(mut writes) = editing.writes() else {
            focus_error();
            return;
        };
        writes.extend(also.map(|also| also.run(())).unwrap_or_default());
        busy.set(true);
        spawn_local(async move {
            let saved = app.save(writes).await;
            busy.set(false);
            if let Some(saved) = saved {
                editing.forget();
                on_saved.run((editing.id(), saved));
            }
        });
    };
    let cancel = move |()| {
        editing.forget();
        on_cancel.run(());
    };
    let save_label = save_label.unwrap_or_else(|| app.t("保存", "Save"));
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=Callback::new(cancel) />
            <Button label=save_label kind=ButtonKind::Primary submit=true busy />
        }
    };
    view! {
        <Form on_submit=Callback::new(submit) actions>
            {fields.map_or_else(|| view! { <Fields editing /> }.into_any(), |fields| fields.run().into_any())}
        </Form>
    }
}

/// Moves the focus to the first field that is wrong, once the page shows it.
pub fn focus_error() {
    request_animation_frame(|| {
        use wasm_bindgen::JsCast;
        let found = document().query_selector("[aria-invalid=true]").ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
