//! The fields that the shop added (G3), on forms and cards.

use leptos::prelude::*;

use super::editing::Editing;
use crate::book::read::{Read, read};
use crate::book::row::EXTRA;
use crate::book::value::Value;
use crate::book::{Extra, RowId};
use crate::domain::day::DayOrder;
use crate::domain::kind;
use crate::domain::record::{KindId, Shape, Stored};
use crate::domain::team::extra;
use crate::ui::app::App;
use crate::ui::parts::{Choice, DateField, KeyValue, KeyValues, NumberField, Section, Select, TextField, Tick};

fn extras(app: App, kind_id: KindId) -> Vec<Extra> {
    let key = kind(kind_id).map(|kind| kind.key).unwrap_or_default();
    app.read(&[extra::ID], |book| book.extras(key))
}

/// The controls of the shop's own fields. Nothing at all while it has none.
#[component]
pub fn ExtraFields(
    /// The form.
    editing: Editing,
) -> impl IntoView {
    let app = App::here();
    let of = editing.kind().map_or(0, |kind| kind.id);
    let all = Memo::new(move |_| extras(app, of));
    view! {
        <Show when=move || !all.with(Vec::is_empty)>
            <Section heading=app.t("自定义字段", "Own fields")>
                <For each=move || all.get() key=|extra| (extra.id, extra.name.clone()) children=move |extra| control(app, editing, extra) />
            </Section>
        </Show>
    }
}

fn control(app: App, editing: Editing, extra: Extra) -> AnyView {
    let id = extra.id;
    let label = Signal::stored(extra.name);
    let is_day = extra.shape == "day";
    let stored = move || editing.with(|draft| draft.value(EXTRA, Some(&id.0)).clone());
    let value = Signal::derive(move || text(&stored(), is_day));
    let error = Signal::derive(move || editing.extra_error(id));
    let take = move |shape: Shape| {
        Callback::new(move |typed: String| {
            let value = match app.peek(|book| read(book, shape, &typed, DayOrder::Unknown)) {
                Ok(Read::Value(value)) => Ok(value),
                Ok(_) => Ok(Value::Text(typed)),
                Err(why) => Err(why.r#in(app.lang.get_untracked()).to_owned()),
            };
            editing.set_extra(id, value);
        })
    };
    match extra.shape.as_str() {
        "whole" => view! { <NumberField label value on_input=take(Shape::Whole) error /> }.into_any(),
        "day" => view! { <DateField label value on_input=take(Shape::Day) error /> }.into_any(),
        "tick" => {
            let on_change = Callback::new(move |on: bool| editing.set_extra(id, Ok(Value::Bool(on))));
            view! { <Tick label checked=Signal::derive(move || stored() == Value::Bool(true)) on_change /> }.into_any()
        }
        "choice" => {
            let choices = extra.choices.into_iter().map(|choice| Choice::new(choice.clone(), choice));
            let choices = Signal::stored(choices.collect::<Vec<_>>());
            let on_choose = Callback::new(move |chosen: String| editing.set_extra(id, Ok(chosen.store())));
            view! { <Select label value choices on_choose empty=app.t("— 未选 —", "— none —") /> }.into_any()
        }
        _ => view! { <TextField label value on_input=take(Shape::Text) error /> }.into_any(),
    }
}

/// A value as its control takes it.
fn text(value: &Value, is_day: bool) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(_) if is_day => jiff::civil::Date::read(value).map(|date| date.to_string()).unwrap_or_default(),
        Value::Int(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The filled ones of the shop's own fields of a record. Nothing at all while there is none.
#[component]
pub fn ExtraFacts(
    /// Kind of the record.
    kind_id: KindId,
    /// The record.
    #[prop(into)]
    id: Signal<RowId>,
) -> impl IntoView {
    let app = App::here();
    let facts = Memo::new(move |_| {
        let (reader, all) = (app.reader(), extras(app, kind_id));
        app.read(&[kind_id], |book| {
            let row = book.row(kind_id, id.get()).unwrap_or_default();
            let shown = all.iter().map(|extra| (extra.name.clone(), book.show_extra(&row, extra, reader)));
            shown.filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || !facts.with(Vec::is_empty)>
            <Section heading=app.t("自定义字段", "Own fields")>
                <KeyValues>
                    <For each=move || facts.get() key=|fact| fact.clone() children=move |(name, text)| view! {
                        <KeyValue label=Signal::stored(name)>{text}</KeyValue>
                    } />
                </KeyValues>
            </Section>
        </Show>
    }
}
