//! Who complains: a customer of the book, a new one, or nobody named.

use leptos::prelude::*;

use super::{input, text_of};
use crate::book::{Draft, RowId, RowWrite};
use crate::domain::complaint::complaint;
use crate::domain::customer::customer;
use crate::domain::phone::Phone;
use crate::ui::app::App;
use crate::ui::parts::{Banner, Button, Chips, Choice, Tick, Tone};
use crate::ui::record::{Editing, Picker};

/// Who complains, as the form has it.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    /// `known`, `new` or `anonymous`.
    way: RwSignal<String>,
    chosen: RwSignal<Option<RowId>>,
    /// A new one gets a card.
    keep: RwSignal<bool>,
    /// Row of that card.
    card: RowId,
}

impl Who {
    /// As the address asks (`?customer=ID`), or as a kept text was left.
    pub fn new(app: App, editing: Editing) -> Self {
        let asked = app.route.with_untracked(|route| route.param("customer").and_then(RowId::parse));
        let asked = asked.filter(|id| !app.peek(|book| book.is_erased(customer::ID, *id)));
        let named = asked.is_none() && untrack(|| !text_of(editing, complaint::WHO).is_empty());
        Self {
            way: RwSignal::new(if named { "new" } else { "known" }.to_owned()),
            chosen: RwSignal::new(asked),
            keep: RwSignal::new(true),
            card: app.new_id(),
        }
    }

    /// Puts into the complaint who it is. Returns the card of a new customer, if one is made.
    ///
    /// The name and the phone stay on the complaint as they were then, so that it is found by them and reads right on
    /// paper even when the card changes.
    pub fn settle(self, app: App, editing: Editing) -> Option<RowWrite> {
        let known = self.chosen.get_untracked().filter(|_| self.is("known"));
        match known {
            Some(id) => {
                let row = app.peek(|book| book.row(customer::ID, id)).unwrap_or_default();
                editing.set(complaint::CUSTOMER, &id);
                editing.set(complaint::WHO, &row.text(customer::NAME).to_owned());
                editing.set(complaint::PHONE, &row.text(customer::PHONE).to_owned());
                None
            }
            None if self.is("new") => self.new_card(editing),
            None => {
                editing.change(|draft| {
                    draft.clear(complaint::CUSTOMER);
                });
                editing.set(complaint::WHO, &String::new());
                editing.set(complaint::PHONE, &String::new());
                None
            }
        }
    }

    fn new_card(self, editing: Editing) -> Option<RowWrite> {
        let name = text_of(editing, complaint::WHO).trim().to_owned();
        if !self.keep.get_untracked() || name.is_empty() {
            editing.change(|draft| {
                draft.clear(complaint::CUSTOMER);
            });
            return None;
        }
        let phone = text_of(editing, complaint::PHONE);
        let mut draft = Draft::new(customer::ID, self.card);
        draft.set(customer::NAME, &name);
        if !phone.trim().is_empty() {
            draft.set(customer::PHONE, &Phone::read(&phone).text);
        }
        editing.set(complaint::CUSTOMER, &self.card);
        draft.write()
    }

    fn is(self, way: &str) -> bool {
        self.way.with_untracked(|now| now == way)
    }
}

/// The fields of who complains.
#[component]
pub fn WhoFields(
    /// Who complains.
    who: Who,
    /// The form.
    editing: Editing,
) -> impl IntoView {
    let app = App::here();
    let ways = Signal::derive(move || {
        vec![
            Choice::new("known", app.say("已有客户", "A customer")),
            Choice::new("new", app.say("新客户", "Somebody new")),
            Choice::new("anonymous", app.say("匿名", "Anonymous")),
        ]
    });
    let choose_way = Callback::new(move |way| who.way.set(way));
    let fields = move || match who.way.get().as_str() {
        "known" => view! {
            <Picker
                label=app.t("客户", "Customer")
                chosen=who.chosen
                on_choose=Callback::new(move |id| who.chosen.set(id))
            />
        }
        .into_any(),
        "new" => view! { <NewOne who editing /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <div>
            <Chips label=app.t("投诉人", "Who") value=who.way choices=ways on_choose=choose_way />
            {fields}
        </div>
    }
}

#[component]
fn NewOne(who: Who, editing: Editing) -> impl IntoView {
    let app = App::here();
    // Somebody with this phone may have a card already (C14).
    let alike = Memo::new(move |_| {
        let phone = Phone::read(&text_of(editing, complaint::PHONE));
        app.finder(customer::ID, |finder| finder.with_phone(&phone)).first().copied()
    });
    let name = move |id| {
        let reader = app.reader();
        app.read(&[customer::ID], |book| book.title(customer::ID, id, reader))
    };
    let take = Callback::new(move |()| {
        who.chosen.set(alike.get_untracked());
        who.way.set("known".to_owned());
    });
    let hint = Signal::derive(move || Some(app.say("有姓名才建档", "A card needs a name").to_owned()));
    view! {
        {input(editing, complaint::WHO)}
        {input(editing, complaint::PHONE)}
        {move || alike.get().map(|id| view! {
            <Banner
                tone=Tone::Warn
                title=Signal::derive(move || app.fill("这个电话是“{}”的", "This is the phone of “{}”", &[&name(id)]))
                action=move || view! { <Button label=app.t("就是这位客户", "It is this customer") on_press=take /> }
            />
        })}
        <Tick
            label=app.t("同时建立客户档案", "Also make a customer card")
            hint
            checked=who.keep
            on_change=Callback::new(move |on| who.keep.set(on))
        />
    }
}
