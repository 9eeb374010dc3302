//! Choosing a customer by searching.

use leptos::prelude::*;

use crate::book::RowId;
use crate::domain::customer::customer;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{IconButton, List, TextField};
use crate::words::beside;

/// How many are offered while typing.
const OFFERED: usize = 6;

/// A customer, found by name, pinyin or phone. The chosen one stands in place of the search until it is taken away.
#[component]
pub fn Picker(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The customer chosen.
    #[prop(into)]
    chosen: Signal<Option<RowId>>,
    /// Hears the choice.
    #[prop(into)]
    on_choose: Callback<Option<RowId>>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let app = App::here();
    let text = RwSignal::new(String::new());
    let name = move |id: RowId| {
        let reader = app.reader();
        app.read(&[customer::ID], |book| book.title(customer::ID, id, reader))
    };
    let offers = Memo::new(move |_| {
        app.find(customer::ID, &text.get(), OFFERED).into_iter().map(|found| found.id).collect::<Vec<_>>()
    });
    let second = move |id: RowId| {
        let reader = app.reader();
        app.peek(|book| {
            let row = book.row(customer::ID, id).unwrap_or_default();
            let fields = [customer::PHONE.field, customer::EMPLOYER.field];
            let shown = fields.iter().filter_map(|id| customer::RECORD.field(*id)).map(|f| book.show(&row, f, reader));
            beside(shown)
        })
    };
    let choose = move |id: RowId| {
        text.set(String::new());
        on_choose.run(Some(id));
    };
    view! {
        <Show
            when=move || chosen.get().is_some()
            fallback=move || view! {
                <TextField
                    label
                    value=text
                    on_input=Callback::new(move |typed| text.set(typed))
                    hint=Signal::derive(move || Some(app.say("按姓名、拼音或电话查找", "Search by name, pinyin or phone").to_owned()))
                    error
                />
                <Show when=move || !offers.with(Vec::is_empty)>
                    <List label=app.t("找到的客户", "Customers found")>
                        <For each=move || offers.get() key=|id| *id children=move |id| view! {
                            <li>
                                <button type="button" class="row" on:click=move |_| choose(id)>
                                    <span class="row-words">
                                        <span class="row-title">{move || name(id)}</span>
                                        <span class="row-second">{second(id)}</span>
                                    </span>
                                </button>
                            </li>
                        } />
                    </List>
                </Show>
            }
        >
            <div class="field">
                <span class="small">{label}</span>
                <p class="picked">
                    <strong>{move || chosen.get().map(name)}</strong>
                    <IconButton
                        label=app.t("换一位客户", "Choose another customer")
                        icon=Icon::Cross
                        on_press=Callback::new(move |()| on_choose.run(None))
                    />
                </p>
            </div>
        </Show>
    }
}
