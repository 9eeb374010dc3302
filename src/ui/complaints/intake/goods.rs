//! Goods or service, and what about it: two taps (P1).

use leptos::prelude::*;

use super::{RECORD, input, text_of};
use crate::domain::complaint::complaint;
use crate::domain::lists;
use crate::domain::team::entry;
use crate::ui::app::App;
use crate::ui::parts::{Chips, Choice};
use crate::ui::record::Editing;

/// The kind in two levels: the first tap offers what stands below it.
#[component]
pub fn GoodsOrService(
    /// The form.
    editing: Editing,
) -> impl IntoView {
    let app = App::here();
    let field = RECORD.field(complaint::KIND.field)?;
    let chosen = Memo::new(move |_| text_of(editing, complaint::KIND));
    let all = Memo::new(move |_| {
        let lang = app.lang.get();
        let entries = app.read(&[entry::ID], |book| book.entries(lists::COMPLAINT, lang));
        entries.into_iter().filter(|entry| !entry.retired).map(|it| (it.key, it.label, it.under)).collect::<Vec<_>>()
    });
    let top = Memo::new(move |_| {
        let chosen = chosen.get();
        let under = all.with(|all| all.iter().find(|entry| entry.0 == chosen).map(|entry| entry.2.clone()));
        under.filter(|under| !under.is_empty()).unwrap_or(chosen)
    });
    let below = move |above: &str| {
        all.with(|all| {
            let own = all.iter().filter(|entry| entry.2 == above);
            own.map(|entry| Choice::new(&entry.0, &entry.1)).collect::<Vec<_>>()
        })
    };
    let tops = Signal::derive(move || below(""));
    let subs = Signal::derive(move || top.with(|top| if top.is_empty() { Vec::new() } else { below(top) }));
    let choose = Callback::new(move |key: String| editing.type_text(field, key));
    Some(view! {
        <div>
            <Chips label=app.w(field.words) value=top choices=tops on_choose=choose />
            <Show when=move || !subs.with(Vec::is_empty)>
                <Chips label=app.t("具体是", "More exactly") value=chosen choices=subs on_choose=choose />
            </Show>
            {input(editing, complaint::SUBJECT)}
        </div>
    })
}
