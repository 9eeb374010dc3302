//! Rounds of talks (P8): when, who, what was offered, whether it was accepted.

use leptos::prelude::*;

use super::card::Desk;
use super::sheets::Sheet;
use crate::book::{Book, Reader, Row, RowId};
use crate::domain::complaint::{Case, round};
use crate::domain::money;
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::parts::{Badge, Button, ButtonKind, Section, Tone};
use crate::words::{beside, words};

/// One round as shown.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Talk {
    id: RowId,
    origin: String,
    offer: String,
    answer: String,
    accepted: Option<bool>,
}

/// The rounds, newest first, and the way to add one.
#[component]
pub fn Talks(
    /// What the parts of the card share.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let talks = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[round::ID, staff::ID], |book| {
            let own = book.rows(round::ID).filter(|(_, row)| row.get(round::COMPLAINT) == Some(desk.id));
            let mut all: Vec<_> = own.collect();
            all.sort_by_key(|(_, row)| -row.get(round::AT).unwrap_or_default());
            all.into_iter().map(|(id, row)| talk(book, id, &row, reader)).collect::<Vec<_>>()
        })
    });
    let open = Memo::new(move |_| desk.with(|case: &Case| case.state().is_open()));
    let add = move || {
        open.get().then(|| view! {
            <Button label=app.t("记一轮协商", "Add a round") on_press=desk.open(Sheet::Round) kind=ButtonKind::Plain />
        })
    };
    view! {
        <Section heading=app.t("协商", "Talks") action=move || view! { {add} }>
            <Show
                when=move || !talks.with(Vec::is_empty)
                fallback=move || view! { <p class="small">{app.t("还没有协商过。", "No talks yet.")}</p> }
            >
                <ul class="talks" role="list">
                    <For each=move || talks.get() key=|talk| talk.clone() children=move |talk| row(app, talk) />
                </ul>
            </Show>
        </Section>
    }
}

fn talk(book: &Book, id: RowId, row: &Row, reader: Reader) -> Talk {
    let by = row.get(round::STAFF).map(|by| book.title(staff::ID, by, reader));
    let when = reader.moment(row.get(round::AT).unwrap_or_default());
    let amount = row.get(round::AMOUNT).map(money::show);
    let offer = [Some(row.text(round::OFFER).to_owned()), amount];
    Talk {
        id,
        origin: beside([Some(when), by].into_iter().flatten()),
        offer: offer.into_iter().flatten().collect::<Vec<_>>().join(words("，", ", ").r#in(reader.lang)),
        answer: row.text(round::ANSWER).to_owned(),
        accepted: row.get(round::ACCEPTED),
    }
}

fn row(app: App, talk: Talk) -> impl IntoView {
    let verdict = talk.accepted.map(|accepted| {
        let (label, tone) = if accepted {
            (app.t("接受", "Accepted"), Tone::Good)
        } else {
            (app.t("不接受", "Not accepted"), Tone::Warn)
        };
        view! { <Badge label tone /> }
    });
    view! {
        <li>
            <p class="small">{talk.origin}" "{verdict}</p>
            <p class="text">{talk.offer}</p>
            {(!talk.answer.is_empty()).then(|| view! { <p class="text said">{talk.answer}</p> })}
        </li>
    }
}
