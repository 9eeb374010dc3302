//! In place of a card or a form: the customer is in the recycle bin, erased, or not on this device yet.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bin::restore;
use super::erase::{erase, planned};
use crate::book::RowId;
use crate::book::erase::ERASED;
use crate::domain::customer::customer;
use crate::domain::role::Role;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, ConfirmDialog, PageHead, Tone};
use crate::ui::people;
use crate::ui::record::leftover;

/// Why there is no card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Why {
    Deleted,
    Erased,
    NotHere,
}

fn why(app: App, id: RowId) -> Why {
    app.read(&[customer::ID], |book| match book.row(customer::ID, id) {
        Some(row) if row.is_erased() => Why::Erased,
        Some(_) => Why::Deleted,
        None => Why::NotHere,
    })
}

/// Says why there is no card, and what to do.
#[component]
pub(super) fn Gone(id: RowId) -> impl IntoView {
    let app = App::here();
    let why = Memo::new(move |_| why(app, id));
    let bring = Callback::new(move |()| restore(app, id));
    view! {
        <PageHead title=app.t("客户", "Customer") back="#/customers" back_label=app.t("返回客户列表", "Back to the list") />
        {move || match why.get() {
            Why::Erased => view! { <Erased id /> }.into_any(),
            Why::NotHere => view! {
                <Banner
                    tone=Tone::Warn
                    title=app.t("这台设备上没有这位客户", "This customer is not on this device")
                    text=Signal::derive(move || Some(app.say("可能还没有同步过来，请联网后再看。", "It may not have been synchronised yet; look again when online.").to_owned()))
                />
            }.into_any(),
            Why::Deleted => view! {
                <Banner
                    title=app.t("这位客户在回收站里", "This customer is in the recycle bin")
                    icon=Icon::Delete
                    action=move || view! { <Button label=app.t("恢复", "Restore") on_press=bring icon=Icon::Restore /> }
                />
            }.into_any(),
        }}
    }
}

/// A form of a customer, as long as the customer is not erased: what would be saved then is dropped everywhere.
#[component]
pub(super) fn Unerased(id: RowId, children: ChildrenFn) -> impl IntoView {
    let app = App::here();
    let erased = Memo::new(move |_| why(app, id) == Why::Erased);
    view! { <Show when=move || !erased.get() fallback=move || view! { <Gone id /> }>{children()}</Show> }
}

/// Who erased a customer, and when.
pub(super) fn when(app: App, id: RowId) -> String {
    let reader = app.reader();
    app.read(&[customer::ID], |book| {
        let row = book.row(customer::ID, id).unwrap_or_default();
        let mark = row.cell(ERASED, None).and_then(|cell| cell.live.last()).map(|written| written.mark);
        mark.map(|mark| people::origin(app, book, mark, reader)).unwrap_or_default()
    })
}

#[component]
fn Erased(id: RowId) -> impl IntoView {
    let app = App::here();
    leftover::sweep(app);
    view! {
        <Banner
            title=app.t("这位客户的资料已被彻底抹去", "This customer was erased")
            text=Signal::derive(move || Some(when(app, id)))
            icon=Icon::Cross
        />
        <Show when=move || app.role.get() == Role::Owner><Late id /></Show>
    }
}

/// What another device noted before it heard of the erasure.
#[component]
fn Late(id: RowId) -> impl IntoView {
    let app = App::here();
    let (asking, plan) = (RwSignal::new(false), planned(app, id));
    let count = Memo::new(move |_| plan.with(|plan| plan.parts.len()));
    let go_on = Callback::new(move |()| {
        asking.set(false);
        spawn_local(async move {
            // If it fails, the person is told why, and the question can be asked again.
            let _ = erase(app, id, false).await;
        });
    });
    view! {
        <Show when=move || { count.get() > 0 }>
            <Banner
                tone=Tone::Warn
                title=app.t("抹去以后又收到了这位客户的记录", "Records of this customer came after the erasure")
                text=Signal::derive(move || Some(app.fill(
                    "共 {} 条，来自当时还不知道的设备。",
                    "{} in all, from a device that did not know yet.",
                    &[&count.get().to_string()],
                )))
                action=move || view! {
                    <Button
                        label=app.t("也抹去", "Erase them too") kind=ButtonKind::Danger
                        on_press=Callback::new(move |()| asking.set(true))
                    />
                }
            />
        </Show>
        <ConfirmDialog
            open=asking
            title=app.t("也抹去这些记录？", "Erase these records too?")
            text=app.t(
                "往来、任务等会消失，投诉和检查只去掉姓名和电话。这不能撤销。",
                "Dealings, tasks and the like go; complaints and checks lose name and telephone. This cannot be undone.",
            )
            confirm_label=app.t("彻底抹去", "Erase for good")
            cancel_label=app.t("取消", "Cancel")
            on_confirm=go_on
            on_cancel=Callback::new(move |()| asking.set(false))
            danger=true
        />
    }
}
