//! The four axes on the card (C9): what the facts say and why, and what somebody said by hand instead.

use leptos::prelude::*;

use crate::book::RowId;
use crate::book::spending;
use crate::domain::axes::{self, Facts, Judged};
use crate::domain::customer::{customer, deal};
use crate::domain::lists::{self, List};
use crate::domain::record::Key;
use crate::domain::team::entry;
use crate::ui::app::App;
use crate::ui::parts::{Badge, KeyValue, KeyValues, Section, Tone};

/// What a customer's classification is computed from; runs again when a card or a deal changes.
pub(super) fn facts(app: App, id: RowId) -> Facts {
    let deals = app.linked(deal::CUSTOMER, id);
    app.roll(|book, roll| {
        let deals: Vec<_> =
            deals.iter().filter_map(|id| book.live(deal::ID, *id)).map(|row| spending::deal_of(&row)).collect();
        let card = book.row(customer::ID, id).unwrap_or_default();
        let mut facts = spending::facts(&card).with_deals(&deals);
        let all = book.spendings(roll);
        facts.rank = (all.iter().filter(|spent| **spent > facts.spent).count(), all.len());
        facts
    })
}

/// One axis: its name, its dictionary, what was said by hand, what the facts say.
type Axis = (List, Option<Key<String>>, Option<Judged>);

/// The axes, each with its reason.
#[component]
pub(super) fn Classes(id: RowId) -> impl IntoView {
    let app = App::here();
    let shown = Memo::new(move |_| {
        let (facts, today) = (facts(app, id), app.today.get());
        let axes: [Axis; 4] = [
            (lists::BY_TIME, Some(customer::BY_TIME), Some(axes::by_time(&facts, today))),
            (lists::BY_PROCESS, Some(customer::BY_PROCESS), axes::by_process(&facts, today)),
            (lists::NATURE, None, None),
            (lists::BY_VOLUME, Some(customer::BY_VOLUME), axes::by_volume(&facts)),
        ];
        axes.map(|axis| show(app, id, axis))
    });
    view! {
        <Section heading=app.t("分类", "Classification")>
            <KeyValues>
                {move || shown.get().into_iter().map(|(name, label, hand, why)| view! {
                    <KeyValue label=Signal::stored(name)>
                        <Badge label tone=if hand { Tone::Warn } else { Tone::Plain } />
                        <p class="small">{why}</p>
                    </KeyValue>
                }).collect_view()}
            </KeyValues>
        </Section>
    }
}

/// The axis' name, its label, whether it was chosen by hand, and why.
fn show(app: App, id: RowId, (list, by_hand, judged): Axis) -> (String, String, bool, String) {
    let reader = app.reader();
    app.read(&[customer::ID, entry::ID], |book| {
        let row = book.row(customer::ID, id).unwrap_or_default();
        let label = |key: &str| if key.is_empty() { "—".to_owned() } else { book.label(list, key, reader.lang) };
        let computed = judged.map(|judged| (label(judged.key), judged.why.show(reader.today, reader.lang)));
        let name = list.words.r#in(reader.lang).to_owned();
        let Some(by_hand) = by_hand else {
            return (name, label(row.text(customer::NATURE)), false, String::new());
        };
        let hand = row.text(by_hand);
        let (found, why) = computed
            .unwrap_or_else(|| ("—".to_owned(), app.say("资料不够，还不能判断", "not enough facts to say").to_owned()));
        if hand.is_empty() {
            return (name, found, false, why);
        }
        let reason = row.text(customer::AXIS_REASON);
        let reason = if reason.is_empty() { app.say("未写理由", "no reason given") } else { reason };
        let text = app.fill("手动：{}；按资料是“{}”，{}", "By hand: {}. By the facts: {}, {}", &[reason, &found, &why]);
        (name, label(hand), true, text)
    })
}
