//! What a failed item asks for (S4): a word on why, and who puts it right by when.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::actions;
use super::check::Open;
use super::choose::RowSelect;
use super::kept::{KeptWords, Lines, kept_as};
use super::lines::Lines as Rows;
use crate::book::{Draft, PhotoRef, RowWrite, Value};
use crate::domain::day::{self, DayOrder};
use crate::domain::standard::checks;
use crate::domain::standard::correction::State;
use crate::domain::standard::document::Item;
use crate::domain::standard::scoring::Answer;
use crate::domain::standard::{action, check};
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Badge, Button, ButtonKind, DateField, Form, TextField, Tone};
use crate::ui::photos::PhotosPut;

/// Days until a corrective action is due, if nothing else is said.
const DAYS: i64 = 7;

/// Note and corrective actions of an item. A note can be made on any item, an action where it failed.
#[component]
pub fn FollowUp(
    /// The check.
    open: Open,
    /// The item.
    item: StoredValue<Item>,
    /// Whether it failed.
    failed: Memo<bool>,
) -> impl IntoView {
    let app = App::here();
    let key = StoredValue::new(item.with_value(|item| item.key.clone()));
    let note = Memo::new(move |_| {
        key.with_value(|key| {
            app.read(&[check::ID], |book| book.row(check::ID, open.id).map(|row| checks::note(&row, key)))
        })
        .unwrap_or_default()
    });
    let form = key.with_value(|key| kept_as(app, open.id, "note", key));
    // A note that a closed tab left is shown, and with that saved.
    let asked = RwSignal::new(form.find().is_ok_and(|left| left.is_some()));
    let form = StoredValue::new(form);
    let photos = Memo::new(move |_| {
        key.with_value(|key| {
            app.read(&[check::ID], |book| book.row(check::ID, open.id).map(|row| checks::photos(&row, key)))
        })
        .unwrap_or_default()
    });
    let noting =
        Memo::new(move |_| failed.get() || asked.get() || !note.with(String::is_empty) || !photos.with(Vec::is_empty));
    let write = Callback::new(move |text: String| {
        let value = if text.is_empty() { Value::Nil } else { Value::Text(text) };
        let mut draft = app.draft(check::ID, open.id);
        key.with_value(|key| draft.add(check::NOTES, key.as_bytes(), value).write())
    });
    let add = Callback::new(move |()| asked.set(true));
    let put = Callback::new(move |photos: Vec<PhotoRef>| {
        let mut draft = app.draft(check::ID, open.id);
        let value = Answer::Photos(photos).store();
        let write = key.with_value(|key| draft.add(check::PHOTOS, key.as_bytes(), value).write());
        spawn_local(async move { drop(app.save(write.into_iter().collect()).await) });
    });
    let critical = item.with_value(|item| item.critical).then(|| {
        view! { <Badge label=app.t("关键项", "Critical") tone=Tone::Warn icon=Icon::Warning /> }
    });
    view! {
        <div class="item-foot">
            <span>{critical}</span>
            <Show when=move || !noting.get()>
                <Button label=app.t("加说明", "Add a note") kind=ButtonKind::Plain on_press=add />
            </Show>
        </div>
        <Show when=move || noting.get()>
            <div class="note" class:follow-up=move || failed.get()>
                <KeptWords label=app.t("说明", "Note") stored=note form=form.get_value() write lines=Lines::Many />
                <Show when=move || failed.get() || !photos.with(Vec::is_empty)>
                    <PhotosPut label=app.t("照片", "Photos") photos put />
                </Show>
                <Show when=move || failed.get()><Corrections open item /></Show>
            </div>
        </Show>
    }
}

/// The corrective actions of an item, and the form for one more.
#[component]
fn Corrections(open: Open, item: StoredValue<Item>) -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[action::ID, staff::ID], |book| {
            item.with_value(|item| actions::of_item(book, open.id, &item.key, reader))
        })
    });
    let asking = RwSignal::new(false);
    let ask = Callback::new(move |()| asking.set(true));
    let label = app.t("安排整改", "Make a corrective action");
    view! {
        <Rows label=app.t("整改", "Corrective actions") lines />
        <Show
            when=move || asking.get()
            fallback=move || view! { <Button label icon=Icon::Plus on_press=ask /> }
        >
            <CorrectionForm open item on_end=Callback::new(move |()| asking.set(false)) />
        </Show>
    }
}

#[component]
fn CorrectionForm(open: Open, item: StoredValue<Item>, on_end: Callback<()>) -> impl IntoView {
    let app = App::here();
    let lang = app.lang.get_untracked();
    let what = RwSignal::new(item.with_value(|item| item.text.r#in(lang).to_owned()));
    let who = RwSignal::new(open.check.with_untracked(|check| check.as_ref().and_then(|check| check.staff)));
    let in_days = |days| day::days_later(app.today.get_untracked(), days).unwrap_or(jiff::civil::Date::MAX);
    let by = RwSignal::new(in_days(DAYS).to_string());
    let errors = RwSignal::new((None::<String>, None::<String>));
    let save = move |()| {
        let due = day::read(&by.get_untracked(), DayOrder::Unknown);
        let empty = what.with_untracked(|what| what.trim().is_empty());
        let lang = app.lang.get_untracked();
        errors.set((
            empty.then(|| app.say("请填写这一项。", "Please fill this in.").to_owned()),
            due.as_ref().err().map(|error| error.words().r#in(lang).to_owned()),
        ));
        let (Ok(due), false) = (due, empty) else { return };
        let mut draft = Draft::new(action::ID, app.new_id());
        draft.set(action::CHECK, &open.id).set(action::WHAT, &what.get_untracked().trim().to_owned());
        draft.set(action::ITEM, &item.with_value(|item| item.key.clone())).set(action::DUE, &due);
        draft.set(action::STATE, &State::Open.key().to_owned());
        if let Some(who) = who.get_untracked() {
            draft.set(action::STAFF, &who);
        }
        let rows: Vec<RowWrite> = draft.write().into_iter().collect();
        spawn_local(async move {
            if app.save(rows).await.is_some() {
                on_end.run(());
            }
        });
    };
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=on_end />
            <Button label=app.t("保存整改", "Save the action") submit=true />
        }
    };
    view! {
        <Form on_submit=Callback::new(save) inline=true label=app.say("整改", "Corrective action") actions>
            <TextField
                label=app.t("整改内容", "What to do") value=what required=true
                on_input=Callback::new(move |text| what.set(text))
                error=Signal::derive(move || errors.get().0)
            />
            <RowSelect label=app.t("负责人", "Who") of=staff::ID value=who />
            <DateField
                label=app.t("期限", "By") value=by required=true
                on_input=Callback::new(move |text| by.set(text))
                error=Signal::derive(move || errors.get().1)
            />
        </Form>
    }
}
