//! Editing what is known of a complaint: responsibility, decision, details.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::book::RowId;
use crate::domain::complaint::complaint;
use crate::domain::record::Flags;
use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, Form, PageHead, Section};
use crate::ui::record::form::focus_error;
use crate::ui::record::{Editing, FieldInput};
use crate::ui::route;

/// The form of a complaint. When it was received and where it stands are not changed by hand: the clocks run by them
/// (P6).
#[component]
pub fn Edit(
    /// The complaint.
    id: RowId,
) -> impl IntoView {
    let app = App::here();
    let form = format!("complaint/{id}");
    let editing = Editing::new(app, app.draft(complaint::ID, id), &form);
    let busy = RwSignal::new(false);
    let back = format!("/complaints/{id}");
    let leave = StoredValue::new(back.clone());
    let submit = Callback::new(move |()| {
        let Some(writes) = editing.writes() else {
            focus_error();
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let saved = app.save(writes).await;
            busy.set(false);
            if saved.is_some() {
                editing.forget();
                route::go(&leave.get_value());
            }
        });
    });
    let cancel = Callback::new(move |()| {
        editing.forget();
        route::go(&leave.get_value());
    });
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=cancel />
            <Button label=app.t("保存", "Save") kind=ButtonKind::Primary submit=true busy />
        }
    };
    let sections = complaint::RECORD
        .sections
        .iter()
        .rev()
        .map(move |section| {
            let asked = |id: u16, flags: Flags| !flags.has(Flags::HIDDEN) && id != complaint::AT.field;
            let fields = section.fields.iter().filter(|field| asked(field.id, field.flags));
            let inputs = fields.map(move |field| view! { <FieldInput editing field /> }).collect_view();
            view! { <Section heading=app.w(section.words)>{inputs}</Section> }
        })
        .collect_view();
    view! {
        <PageHead title=app.t("修改投诉", "Edit the complaint") back=format!("#{back}") back_label=app.t("返回", "Back") />
        <Form on_submit=submit actions>{sections}</Form>
    }
}
