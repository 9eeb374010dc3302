//! A moment: a day and a time of day at the reader's place.

use jiff::civil::{Date, Time};
use leptos::prelude::*;

use super::editing::Editing;
use crate::book::Reader;
use crate::book::value::Value;
use crate::domain::day;
use crate::domain::record::{Field, Flags};
use crate::ui::app::App;
use crate::ui::parts::{DateField, TextField, TextKind};

/// The day and the time of a moment of the record being edited.
#[component]
pub fn InstantInput(
    /// The form.
    editing: Editing,
    /// The field.
    field: &'static Field,
) -> impl IntoView {
    let app = App::here();
    let label = app.w(field.words);
    let now = move || {
        let ms = editing.with(|draft| draft.value(field.id, None).int());
        ms.and_then(|ms| app.reader().local(ms))
    };
    let day = Signal::derive(move || now().map(|(date, ..)| date.to_string()).unwrap_or_default());
    let time = Signal::derive(move || now().map(|(_, h, m)| format!("{h:02}:{m:02}")).unwrap_or_default());
    let set = move |day: &str, time: &str| {
        let value = moment(app.reader(), day, time).map_or(Value::Nil, Value::Int);
        editing.change(|draft| {
            draft.put(field.id, None, value);
        });
    };
    let on_day = Callback::new(move |day: String| set(&day, &time.get_untracked()));
    let on_time = Callback::new(move |time: String| set(&day.get_untracked(), &time));
    let error = Signal::derive(move || editing.error(field.id));
    let required = field.flags.has(Flags::REQUIRED);
    view! {
        <div class="side-by-side">
            <DateField label value=day on_input=on_day error required />
            <TextField label=app.t("几点", "At") value=time on_input=on_time kind=TextKind::Time />
        </div>
    }
}

/// The moment of a day and a time at the reader's place; without a time it is midnight.
fn moment(reader: Reader, day: &str, time: &str) -> Option<i64> {
    let date: Date = day.parse().ok()?;
    let time: Time = time.parse().unwrap_or_default();
    let local = day::number_of(date) * 86_400_000 + (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60_000;
    // The clock is asked at about the moment itself: near a change of summer time it may differ from now's.
    let about = local - i64::from((reader.offset)(local)) * 60_000;
    Some(local - i64::from((reader.offset)(about)) * 60_000)
}
