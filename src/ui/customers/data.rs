//! The data of a card: classification, the four sections with when and by whom each was last confirmed (C2, C3),
//! consent, the shop's own fields.

use leptos::prelude::*;

use super::classes::Classes;
use super::list::stale_ms;
use crate::book::value::Value;
use crate::book::{RowId, confirm};
use crate::domain::customer::customer;
use crate::domain::record::Section as Declared;
use crate::domain::record::Stored;
use crate::domain::team::settings;
use crate::ui::app::App;
use crate::ui::parts::{Badge, Button, ButtonKind, Section, Tone};
use crate::ui::people;
use crate::ui::record::{ExtraFacts, Facts, FactsOf};
use crate::web::clock;

/// Sections that are shown by hand, and those that the head and the axes show already.
const SHOWN_APART: &[&str] = &["head", "basic", "traits", "business", "dealings", "axes"];

/// The data panel.
#[component]
pub(super) fn Data(id: RowId) -> impl IntoView {
    let app = App::here();
    let complete = move || {
        let per_cent =
            app.read(&[customer::ID], |book| confirm::completeness(&book.row(customer::ID, id).unwrap_or_default()));
        app.fill("资料完整度 {}%", "{} % of the card is filled", &[&per_cent.to_string()])
    };
    let sections = customer::RECORD.sections.iter().filter(|section| confirm::SECTIONS.contains(&section.key));
    view! {
        <p class="small">{complete}</p>
        <Classes id />
        {sections.map(|section| view! { <Confirmed id section /> }).collect_view()}
        <ExtraFacts kind_id=customer::ID id />
        <Facts kind_id=customer::ID id without=SHOWN_APART />
    }
}

/// A section with its last confirmation; one tap says that it is still right.
#[component]
fn Confirmed(id: RowId, section: &'static Declared) -> impl IntoView {
    let app = App::here();
    let last = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[customer::ID, settings::ID], |book| {
            let mark = confirm::confirmed(&book.row(customer::ID, id).unwrap_or_default(), section)?;
            let stale = mark.stamp.ms() + stale_ms(book) < clock::now_ms();
            Some((people::origin(app, book, mark, reader), stale))
        })
    });
    let confirm = Callback::new(move |()| {
        let today = app.today.get_untracked().store();
        let mut draft = app.draft(customer::ID, id);
        let write = draft.add(customer::CONFIRMED, section.key.as_bytes(), Value::clone(&today)).write();
        app.save_with_undo(write.into_iter().collect(), app.say("已核实。", "Confirmed.").to_owned());
    });
    let is_stale = move || last.with(|last| last.as_ref().is_some_and(|last| last.1));
    view! {
        <Show when=move || last.with(Option::is_some)>
            <Section
                heading=app.w(section.words)
                action=move || view! {
                    <Button label=app.t("核实无误", "Still right") on_press=confirm kind=ButtonKind::Plain />
                }
            >
                <p class="small confirmed">
                    <Show when=is_stale><Badge label=app.t("待核实", "To confirm") tone=Tone::Warn />" "</Show>
                    {move || last.get().map(|last| app.fill("最近确认：{}", "Last confirmed: {}", &[&last.0]))}
                </p>
                <FactsOf kind_id=customer::ID id fields=section.fields />
            </Section>
        </Show>
    }
}
