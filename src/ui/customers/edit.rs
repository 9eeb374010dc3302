//! The forms: of the card, and of what belongs to a customer.

use leptos::prelude::*;

use super::{card_of, is_gone};
use crate::book::{Draft, RowId, RowWrite};
use crate::domain::customer::{contact, customer, deal, dealing, promise, task};
use crate::domain::kind;
use crate::domain::record::{Key, KindId};
use crate::session::Saved;
use crate::ui::app::App;
use crate::ui::calendar;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, PageHead, Tone};
use crate::ui::record::{Conflicts, Editing, RecordForm, RecordTimeline};
use crate::ui::route;
use crate::web::clock;
use crate::words::beside;

/// The form of a card.
#[component]
pub(super) fn Edit(id: RowId) -> impl IntoView {
    let app = App::here();
    let editing = Editing::new(app, app.draft(customer::ID, id), &format!("customer/{id}"));
    let back = format!("#{}", card_of(id));
    let leave = move || route::replace(&card_of(id));
    let on_saved = Callback::new(move |(_, saved): (RowId, Saved)| {
        app.offer_undo(saved, app.say("修改已保存。", "The changes are saved.").to_owned());
        leave();
    });
    view! {
        <PageHead title=app.t("修改资料", "Edit the card") back back_label=app.t("返回档案", "Back to the card") />
        <Conflicts kind_id=customer::ID id />
        <RecordForm editing on_saved on_cancel=Callback::new(move |()| leave()) />
    }
}

/// The form of a dealing, deal, task, promise or key person of a customer; below it, of one that is there already, its
/// history and the way to the recycle bin.
#[component]
pub(super) fn EditPart(
    /// Whose it is.
    customer: RowId,
    /// What it is.
    kind_id: KindId,
    /// The record; none for a new one.
    part: Option<RowId>,
) -> impl IntoView {
    let app = App::here();
    let id = part.unwrap_or_else(|| app.new_id());
    let form = format!("{kind_id}/{}", part.unwrap_or(customer));
    let mut draft = app.draft(kind_id, id);
    if part.is_none() {
        defaults(app, &mut draft, customer);
    }
    let editing = Editing::new(app, draft, &form);
    let leave = move || route::replace(&card_of(customer));
    let on_saved = Callback::new(move |(_, saved): (RowId, Saved)| {
        tell(app, kind_id, part.is_none(), customer, saved);
        leave();
    });
    let also = Callback::new(move |()| next_step(app, editing).into_iter().collect());
    let title = move || {
        let name = kind(kind_id).map(|kind| kind.words.r#in(app.lang.get())).unwrap_or_default();
        let whose = app.read(&[customer::ID], |book| book.title(customer::ID, customer, app.reader()));
        beside([name.to_owned(), whose])
    };
    let back = format!("#{}", card_of(customer));
    view! {
        <PageHead title=Signal::derive(title) back back_label=app.t("返回档案", "Back to the card") />
        <Show when=move || part.is_some()><Conflicts kind_id id /></Show>
        <RecordForm editing on_saved on_cancel=Callback::new(move |()| leave()) also />
        <Show when=move || part.is_some() && !is_gone(app, customer)>
            <PartFoot kind_id id customer />
        </Show>
    }
}

/// The history of a record, and the way to the recycle bin.
#[component]
fn PartFoot(kind_id: KindId, id: RowId, customer: RowId) -> impl IntoView {
    let app = App::here();
    let open = RwSignal::new(false);
    let delete = Callback::new(move |()| {
        let write = app.peek(|book| Draft::open(book, kind_id, id).delete(book).write());
        app.save_with_undo(write.into_iter().collect(), app.say("已删除。", "Deleted.").to_owned());
        route::replace(&card_of(customer));
    });
    let to_calendar = Callback::new(move |()| {
        let mut dues = app.peek(|book| [book.open_tasks(), book.open_promises()].concat());
        dues.retain(|due| due.id == id);
        calendar::save(app, &dues);
    });
    view! {
        <details class="foot" on:toggle=move |_| open.set(true)>
            <summary>{app.t("修改记录", "History")}</summary>
            <Show when=move || open.get()><RecordTimeline kind_id id /></Show>
        </details>
        <div class="foot form-row">
            {[task::ID, promise::ID].contains(&kind_id).then(|| view! {
                <Button label=app.t("放进手机日历", "Into the calendar") on_press=to_calendar icon=Icon::Calendar />
            })}
            <Button label=app.t("删除", "Delete") on_press=delete kind=ButtonKind::Danger icon=Icon::Delete />
        </div>
    }
}

/// What is known before anybody types: whose it is, now, by whom, in the shop (C20).
fn defaults(app: App, draft: &mut Draft, customer: RowId) {
    let now = i64::try_from(clock::now_ms()).unwrap_or_default();
    let today = app.today.get_untracked();
    let (whose, by): (Key<RowId>, Option<Key<RowId>>) = match draft.kind() {
        dealing::ID => {
            draft.set(dealing::AT, &now).set(dealing::MANNER, &"in_shop".to_owned());
            (dealing::CUSTOMER, Some(dealing::STAFF))
        }
        deal::ID => {
            draft.set(deal::DAY, &today);
            (deal::CUSTOMER, Some(deal::STAFF))
        }
        task::ID => {
            draft.set(task::DUE, &today);
            (task::CUSTOMER, Some(task::STAFF))
        }
        promise::ID => (promise::CUSTOMER, Some(promise::STAFF)),
        _ => (contact::CUSTOMER, Some(contact::KNOWN_BY)),
    };
    draft.set(whose, &customer);
    if let Some((by, me)) = by.zip(app.me.get_untracked()) {
        draft.set(by, &me);
    }
}

/// The next step that a dealing agrees on becomes the customer's, in the same action (C20, C23).
fn next_step(app: App, editing: Editing) -> Option<RowWrite> {
    let (customer, at, step, day) = editing.with(|draft| {
        let agreed = draft.kind() == dealing::ID && draft.changed_fields().any(is_step);
        let customer = draft.get(dealing::CUSTOMER).filter(|_| agreed)?;
        Some((customer, draft.get(dealing::AT), draft.get(dealing::NEXT_STEP), draft.get(dealing::NEXT_DAY)))
    })?;
    let others = app.linked(dealing::CUSTOMER, customer);
    let is_later = |id| app.peek(|book| book.row(dealing::ID, id)).and_then(|row| row.get(dealing::AT)) > at;
    // Mending an old dealing does not undo what was agreed since.
    if others.into_iter().any(is_later) {
        return None;
    }
    let mut card = app.draft(customer::ID, customer);
    card.set(customer::NEXT_STEP, &step.unwrap_or_default());
    match day {
        Some(day) => card.set(customer::NEXT_DAY, &day),
        None => card.clear(customer::NEXT_DAY),
    };
    card.write()
}

fn is_step(field: u16) -> bool {
    [dealing::NEXT_STEP.field, dealing::NEXT_DAY.field].contains(&field)
}

/// Says that it is saved. After a new dealing it asks whether anything on the card has changed (C20).
fn tell(app: App, kind_id: KindId, is_new: bool, customer: RowId, saved: Saved) {
    if kind_id != dealing::ID || !is_new {
        app.offer_undo(saved, app.say("已保存。", "Saved.").to_owned());
        return;
    }
    let text =
        app.say("往来已记下。档案上有变化吗？", "The dealing is saved. Anything changed on the card?").to_owned();
    let edit = Callback::new(move |()| route::go(&format!("{}/edit", card_of(customer))));
    app.toast(text, Tone::Good, Some((app.say("修改资料", "Edit the card").to_owned(), edit)));
}
