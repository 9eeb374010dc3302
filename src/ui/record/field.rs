//! The control of a field, chosen by its shape.

use leptos::prelude::*;

use super::editing::Editing;
use super::picker::Picker;
use crate::book::RowId;
use crate::book::photo::{self, PhotoRef};
use crate::book::value::Value;
use crate::domain::annual;
use crate::domain::day::DayOrder;
use crate::domain::lists::List;
use crate::domain::phone::Phone;
use crate::domain::record::{Field, Flags, KindId, Shape, Stored};
use crate::domain::team;
use crate::ui::app::App;
use crate::ui::parts::{
    Choice, DateField, ManyChips, MoneyField, NumberField, Select, TextArea, TextField, TextKind, Tick,
};
use crate::ui::photos::PhotosPut;
use crate::web::clock;
use crate::words::beside;

/// The entries of a dictionary for a control: retired ones only where one is chosen already. An entry below another
/// carries the name above it.
pub fn choices(app: App, list: List, chosen: &str) -> Vec<Choice> {
    let lang = app.lang.get();
    app.read(&[crate::domain::team::entry::ID], |book| {
        let all = book.entries(list, lang);
        let name = |key: &str| all.iter().find(|entry| entry.key == key).map(|entry| entry.label.clone());
        all.iter()
            .filter(|entry| !entry.retired || entry.key == chosen)
            .map(|entry| match name(&entry.under) {
                Some(above) => Choice::new(&entry.key, beside([above, entry.label.clone()])),
                None => Choice::new(&entry.key, &entry.label),
            })
            .collect()
    })
}

/// A field of the record being edited.
#[component]
pub fn FieldInput(
    /// The form.
    editing: Editing,
    /// The field.
    field: &'static Field,
    /// It has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let app = App::here();
    let erased = Memo::new(move |_| editing.is_erased(field.id));
    move || {
        if erased.get() {
            view! {
                <div class="field">
                    <span class="small">{app.w(field.words)}</span>
                    <p>{app.t("已抹去，不再填写。", "Erased; nothing is entered here any more.")}</p>
                </div>
            }
            .into_any()
        } else {
            view! { <Control editing field autofocus /> }.into_any()
        }
    }
}

/// The control itself.
#[component]
fn Control(editing: Editing, field: &'static Field, autofocus: bool) -> impl IntoView {
    let app = App::here();
    let label = app.w(field.words);
    let value = Signal::derive(move || editing.text(field));
    let error = Signal::derive(move || editing.error(field.id));
    let on_input = Callback::new(move |text: String| editing.type_text(field, text));
    let required = field.flags.has(Flags::REQUIRED);
    let hint = hint(app, editing, field, value);
    match field.shape {
        Shape::Choice(list) => {
            let choices = Signal::derive(move || choices(app, list, &value.get()));
            let empty = app.t("— 未选 —", "— none —");
            view! { <Select label value choices on_choose=on_input empty error required /> }.into_any()
        }
        Shape::Choices(list) => view! { <SetInput editing field list hint /> }.into_any(),
        Shape::Tick => {
            let checked =
                Signal::derive(move || editing.with(|draft| *draft.value(field.id, None) == Value::Bool(true)));
            let on_change = Callback::new(move |on: bool| {
                editing.change(|draft| {
                    draft.put(field.id, None, Value::Bool(on));
                });
            });
            view! { <Tick label checked on_change /> }.into_any()
        }
        Shape::Photos => view! { <PhotosInput editing field /> }.into_any(),
        Shape::Instant => view! { <super::InstantInput editing field /> }.into_any(),
        Shape::Ref(of) => view! { <RefInput editing field of /> }.into_any(),
        Shape::Long => view! { <TextArea label value on_input error required autofocus /> }.into_any(),
        Shape::Money => view! { <MoneyField label value on_input error required /> }.into_any(),
        Shape::Whole | Shape::Minutes | Shape::Score => {
            view! { <NumberField label value on_input hint error required /> }.into_any()
        }
        Shape::Day => view! { <DateField label value on_input error required /> }.into_any(),
        _ => {
            let kind = text_kind(field.shape);
            view! { <TextField label value on_input kind hint error required autofocus /> }.into_any()
        }
    }
}

const fn text_kind(shape: Shape) -> TextKind {
    match shape {
        Shape::Phone => TextKind::Phone,
        Shape::Mail => TextKind::Mail,
        Shape::Link => TextKind::Web,
        _ => TextKind::Words,
    }
}

/// What counts while the field is empty, and how the text is understood while it is typed (G6, G7).
fn hint(app: App, editing: Editing, field: &'static Field, value: Signal<String>) -> Signal<Option<String>> {
    let kind = editing.kind().map_or(0, |kind| kind.id);
    Signal::derive(move || {
        let text = value.get();
        let remark = team::remark(kind, field.id, app.lang.get());
        match field.shape {
            _ if remark.is_some() => remark,
            Shape::Annual if text.trim().is_empty() => Some(
                app.say("例如 1990-08-15、8月15日、农历八月十五", "e.g. 1990-08-15, 8/15, 农历八月十五 (lunar)")
                    .to_owned(),
            ),
            Shape::Annual => annual::read(&text, DayOrder::Unknown).ok().map(|annual| annual.show(app.lang.get())),
            Shape::Phone if !text.trim().is_empty() && Phone::read(&text).doubtful => Some(
                app.say(
                    "号码不像完整的电话，将按原样保存。",
                    "This does not look like a full number; it is kept as typed.",
                )
                .to_owned(),
            ),
            Shape::Phones | Shape::Tags => {
                Some(app.say("多个之间用顿号或逗号分开", "Separate several with commas").to_owned())
            }
            _ => None,
        }
    })
}

#[component]
fn PhotosInput(editing: Editing, field: &'static Field) -> impl IntoView {
    let app = App::here();
    let photos = Memo::new(move |_| photo::in_order(editing.with(|draft| draft.elements(field.id))));
    let put = Callback::new(move |photos: Vec<PhotoRef>| {
        let now = i64::try_from(clock::now_ms()).unwrap_or(i64::MAX);
        editing.change(|draft| photo::put(draft, field.id, &photos, now));
    });
    view! { <PhotosPut label=app.w(field.words) photos put /> }
}

#[component]
fn SetInput(editing: Editing, field: &'static Field, list: List, hint: Signal<Option<String>>) -> impl IntoView {
    let app = App::here();
    let values = Signal::derive(move || {
        let elems = editing.with(|draft| draft.elements(field.id));
        elems.into_iter().map(|(elem, _)| String::from_utf8_lossy(&elem).into_owned()).collect::<Vec<_>>()
    });
    let choices = Signal::derive(move || choices(app, list, ""));
    let on_change = Callback::new(move |now: Vec<String>| {
        editing.change(|draft| {
            for (elem, _) in draft.elements(field.id) {
                if !now.iter().any(|kept| kept.as_bytes() == elem) {
                    draft.put(field.id, Some(elem), Value::Nil);
                }
            }
            for key in now {
                draft.put(field.id, Some(key.into_bytes()), Value::Bool(true));
            }
        });
    });
    view! { <ManyChips label=app.w(field.words) values choices on_change hint /> }
}

/// Another record: people and shops from a select, customers by search.
#[component]
fn RefInput(editing: Editing, field: &'static Field, of: KindId) -> impl IntoView {
    let app = App::here();
    let label = app.w(field.words);
    let error = Signal::derive(move || editing.error(field.id));
    let chosen = Signal::derive(move || editing.with(|draft| RowId::read(draft.value(field.id, None))));
    let choose = move |id: Option<RowId>| {
        let value = id.map_or(Value::Nil, |id| id.store());
        editing.change(|draft| {
            draft.put(field.id, None, value);
        });
    };
    if of == crate::domain::customer::customer::ID {
        return view! { <Picker label chosen on_choose=Callback::new(choose) error /> }.into_any();
    }
    let value = Signal::derive(move || chosen.get().map(|id| id.to_string()).unwrap_or_default());
    let choices = Signal::derive(move || {
        let reader = app.reader();
        app.read(&[of], |book| {
            book.rows(of).map(|(id, _)| Choice::new(id.to_string(), book.title(of, id, reader))).collect::<Vec<_>>()
        })
    });
    let on_choose = Callback::new(move |text: String| choose(RowId::parse(&text)));
    let empty = app.t("— 未选 —", "— none —");
    view! { <Select label value choices on_choose empty error /> }.into_any()
}
