//! Quick add (C14): a name and a phone are enough, and whoever is likely the same person shows while one types.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{card_of, position};
use crate::book::{Book, RowId};
use crate::domain::customer::customer;
use crate::domain::phone::Phone;
use crate::domain::record::{Field, Key};
use crate::exchange::shared;
use crate::session::Saved;
use crate::ui::app::App;
use crate::ui::parts::{List, ListRow, PageHead};
use crate::ui::record::{Editing, FieldInput, Fields, RecordForm};
use crate::ui::route;
use crate::web::given;
use crate::words::beside;

/// How many likely duplicates are shown.
const SHOWN: usize = 4;
/// What is asked first.
const FIRST: [u16; 2] = [customer::NAME.field, customer::PHONE.field];

/// The form of a new customer.
#[component]
pub(super) fn QuickAdd() -> impl IntoView {
    let app = App::here();
    let editing = Editing::new(app, app.draft(customer::ID, app.new_id()), "customer/new");
    let on_saved = Callback::new(move |(id, saved): (RowId, Saved)| {
        app.offer_undo(saved, app.say("客户已保存。", "The customer is saved.").to_owned());
        route::replace(&card_of(id));
    });
    let more = RwSignal::new(false);
    if app.route.with_untracked(|route| route.param("given").is_some()) {
        // An address that is opened anew promises no text.
        route::replace("/customers/new");
        fill_in(editing);
    }
    // One types at once: after the shell has moved the focus to the heading.
    position::after_two_frames(|| position::focus(position::find(".card-pane input")));
    let fields = move || {
        view! {
            {FIRST.into_iter().filter_map(|id| customer::RECORD.field(id)).map(|field| view! {
                <FieldInput editing field />
            }).collect_view()}
            <Alike editing />
            <details on:toggle=move |_| more.set(true)>
                <summary>{app.t("更多资料", "More")}</summary>
                <Show when=move || more.get()><Fields editing without=&FIRST /></Show>
            </details>
        }
    };
    view! {
        <PageHead title=app.t("新客户", "New customer") back="#/customers" back_label=app.t("返回客户列表", "Back to the list") />
        <RecordForm
            editing
            fields
            on_saved
            on_cancel=Callback::new(|()| route::go("/customers"))
        />
    }
}

/// Puts a text that another app shared into the form; the person looks at it and saves it.
fn fill_in(editing: Editing) {
    spawn_local(async move {
        let bytes = match given::take().await {
            Some(file) => file.read(|_| true).await.ok().flatten(),
            None => None,
        };
        let shared = shared::read(&String::from_utf8_lossy(&bytes.unwrap_or_default()));
        let parts = [(customer::NAME, shared.name), (customer::PHONE, shared.phone), (customer::NOTE, shared.note)];
        for (key, text) in parts {
            if let Some(field) = customer::RECORD.field(key.field).filter(|_| !text.is_empty()) {
                editing.type_text(field, text);
            }
        }
    });
}

fn typed(editing: Editing, key: Key<String>) -> String {
    let text = |field: &'static Field| editing.text(field);
    customer::RECORD.field(key.field).map(text).unwrap_or_default()
}

/// Customers with the same phone, then those whose name sounds the same. One tap opens the card.
#[component]
fn Alike(editing: Editing) -> impl IntoView {
    let app = App::here();
    let alike = Memo::new(move |_| {
        let (name, phone) = (typed(editing, customer::NAME), typed(editing, customer::PHONE));
        app.finder(customer::ID, |finder| {
            let mut found = if phone.trim().is_empty() { Vec::new() } else { finder.with_phone(&Phone::read(&phone)) };
            let named = finder.with_name(&name);
            found.extend(named.into_iter().filter(|id| !found.contains(id)).collect::<Vec<_>>());
            found.truncate(SHOWN);
            found
        })
    });
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        let line = |book: &Book, id: RowId| {
            let row = book.row(customer::ID, id).unwrap_or_default();
            let phone = Phone::from_stored(row.text(customer::PHONE)).show(reader.lang);
            let parts = [phone, row.text(customer::EMPLOYER).to_owned(), row.text(customer::ADDRESS).to_owned()];
            (id, book.title(customer::ID, id, reader), beside(parts))
        };
        app.read(&[customer::ID], |book| alike.with(|ids| ids.iter().map(|id| line(book, *id)).collect::<Vec<_>>()))
    });
    let row = |(id, title, second): (RowId, String, String)| {
        view! { <ListRow title second href=format!("#{}", card_of(id)) /> }
    };
    view! {
        <div role="status">
            <Show when=move || !lines.with(Vec::is_empty)>
                // Whoever opens a card that was there gives up the new one.
                <div class="alike" on:click=move |_| editing.forget()>
                    <p class="small">{app.t("可能已经有档案，点开看看：", "There may be a card already; open it:")}</p>
                    <List label=app.t("相近的客户", "Similar customers")>
                        <For each=move || lines.get() key=|line| line.clone() children=row />
                    </List>
                </div>
            </Show>
        </div>
    }
}
