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

/// The questions beside the fields of the complaint, as the form keeps their answers.
const WAY: &str = "way";
const CUSTOMER: &str = "customer";
const CARD: &str = "card";

/// Who complains, as the form has it.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    editing: Editing,
    /// Row of the card that a new one gets.
    card: RowId,
}

impl Who {
    /// As the address asks (`?customer=ID`), or as the form was left.
    pub fn new(app: App, editing: Editing) -> Self {
        let who = Self { editing, card: app.new_id() };
        let asked = app.route.with_untracked(|route| route.param("customer").and_then(RowId::parse));
        if let Some(asked) = asked.filter(|id| !app.peek(|book| book.is_erased(customer::ID, *id))) {
            editing.assume(CUSTOMER, asked.to_string());
            editing.assume(WAY, "known".to_owned());
        }
        who
    }

    /// `known`, `new` or `anonymous`.
    fn way(self) -> String {
        let said = self.editing.said(WAY);
        if said.is_empty() { "known".to_owned() } else { said }
    }

    /// The customer of the book.
    fn chosen(self) -> Option<RowId> {
        RowId::parse(&self.editing.said(CUSTOMER))
    }

    /// It is this customer of the book.
    fn take(self, id: Option<RowId>) {
        self.editing.say(CUSTOMER, id.map(|id| id.to_string()).unwrap_or_default());
        self.editing.say(WAY, "known".to_owned());
    }

    /// Whether a new one gets a card.
    fn gets_card(self) -> bool {
        self.editing.said(CARD) != "no"
    }

    /// Puts into the complaint who it is. Returns the card of a new customer, if one is made.
    ///
    /// The name and the phone stay on the complaint as they were then, so that it is found by them and reads right on
    /// paper even when the card changes.
    pub fn settle(self, app: App) -> Option<RowWrite> {
        let editing = self.editing;
        match self.chosen().filter(|_| self.way() == "known") {
            Some(id) => {
                let row = app.peek(|book| book.row(customer::ID, id)).unwrap_or_default();
                editing.set(complaint::CUSTOMER, &id);
                editing.set(complaint::WHO, &row.text(customer::NAME).to_owned());
                editing.set(complaint::PHONE, &row.text(customer::PHONE).to_owned());
                None
            }
            None if self.way() == "new" => self.new_card(),
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

    fn new_card(self) -> Option<RowWrite> {
        let editing = self.editing;
        let name = text_of(editing, complaint::WHO).trim().to_owned();
        if !self.gets_card() || name.is_empty() {
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
}

/// The fields of who complains.
#[component]
pub fn WhoFields(
    /// Who complains.
    who: Who,
) -> impl IntoView {
    let app = App::here();
    let ways = Signal::derive(move || {
        vec![
            Choice::new("known", app.say("已有客户", "A customer")),
            Choice::new("new", app.say("新客户", "Somebody new")),
            Choice::new("anonymous", app.say("匿名", "Anonymous")),
        ]
    });
    let way = Memo::new(move |_| who.way());
    let choose_way = Callback::new(move |way| who.editing.say(WAY, way));
    let fields = move || match way.get().as_str() {
        "known" => view! {
            <Picker
                label=app.t("客户", "Customer")
                chosen=Signal::derive(move || who.chosen())
                on_choose=Callback::new(move |id| who.take(id))
            />
        }
        .into_any(),
        "new" => view! { <NewOne who /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <div>
            <Chips label=app.t("投诉人", "Who") value=way choices=ways on_choose=choose_way />
            {fields}
        </div>
    }
}

#[component]
fn NewOne(who: Who) -> impl IntoView {
    let app = App::here();
    let editing = who.editing;
    // Somebody with this phone may have a card already (C14).
    let alike = Memo::new(move |_| {
        let phone = Phone::read(&text_of(editing, complaint::PHONE));
        app.finder(customer::ID, |finder| finder.with_phone(&phone)).first().copied()
    });
    let name = move |id| {
        let reader = app.reader();
        app.read(&[customer::ID], |book| book.title(customer::ID, id, reader))
    };
    let take = Callback::new(move |()| who.take(alike.get_untracked()));
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
            checked=Signal::derive(move || who.gets_card())
            on_change=Callback::new(move |on| editing.say(CARD, if on { "yes" } else { "no" }.to_owned()))
        />
    }
}
