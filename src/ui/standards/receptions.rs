//! Receptions and what they come to (S7): losses by stage, success by approach and kind of visitor.

use leptos::prelude::*;

use super::Missing;
use super::lines::{Line, Lines};
use super::reception::NAMES;
use super::words::{joined, person};
use crate::book::{Book, Draft, Reader, Row, RowId};
use crate::domain::lists::{self, List};
use crate::domain::record::Key;
use crate::domain::standard::{reception, visits};
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Bar, BarChart, CardHead, EmptyState, Fab, LinkButton, Menu, MenuItem, PageHead, Section, Tone};
use crate::ui::record::{Conflicts, FactsOf, RecordTimeline};
use crate::ui::route;

/// Receptions shown in the list.
const SHOWN: usize = 50;

/// The list of receptions with its reports.
#[component]
pub fn Receptions() -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&NAMES, |book| lines(book, reader))
    });
    let none = move || lines.with(Vec::is_empty);
    let new = move || view! { <Allowed kind=reception::ID><LinkButton label=app.t("记一次接待", "Note a reception") href="#/standards/reception/new" /></Allowed> };
    view! {
        <PageHead
            title=app.t("接待记录", "Reception records")
            back="#/standards" back_label=app.t("返回标准", "Back to standards")
        />
        <Show when=move || !none() fallback=move || view! {
            <EmptyState
                icon=Icon::Person
                title=app.t("还没有接待记录", "No receptions yet")
                text=app.t(
                    "每接待一位顾客，点几下记下他为何而来、在哪一步离开；这里会显示顾客在哪里流失。",
                    "After each visitor, a few taps say why they came and where they left; here you see where visitors are lost.",
                )
                action=new
            />
        }>
            <Reports />
            <Section heading=app.t("最近的接待", "Latest receptions")>
                <Lines label=app.t("最近的接待", "Latest receptions") lines />
            </Section>
            <Allowed kind=reception::ID><Fab label=app.t("记一次接待", "Note a reception") href="#/standards/reception/new" /></Allowed>
        </Show>
    }
}

#[component]
fn Reports() -> impl IntoView {
    let app = App::here();
    let losses = Memo::new(move |_| {
        let lang = app.lang.get();
        app.read(&NAMES, |book| {
            let counts = visits::losses(book);
            // In the order of the path, so that the eye follows the visitor.
            let stages = book.entries(lists::STAGE, lang).into_iter();
            let counted = stages.filter_map(|stage| Some((stage.label, *counts.get(&stage.key)?)));
            counted.map(|(label, count)| bar(label, count, count.to_string())).collect::<Vec<_>>()
        })
    });
    let rates = move |list: List, key: Key<String>| {
        Memo::new(move |_| {
            let lang = app.lang.get();
            app.read(&NAMES, |book| {
                let counted = visits::success(book, key).into_iter();
                counted
                    .map(|(key, (sold, all))| {
                        bar(
                            book.label(list, &key, lang),
                            sold * 100 / all,
                            format!("{}% · {sold}/{all}", sold * 100 / all),
                        )
                    })
                    .collect::<Vec<_>>()
            })
        })
    };
    let kinds = rates(lists::VISITOR, reception::VISITOR);
    let ways = rates(lists::APPROACH, reception::APPROACH);
    let chart = move |title: Signal<String>, bars: Memo<Vec<Bar>>, first: Signal<String>, second: Signal<String>| {
        view! {
            <Show when=move || !bars.with(Vec::is_empty)>
                <BarChart
                    title bars
                    table_label=app.t("看表格", "Show as a table")
                    heads=Signal::derive(move || (first.get(), second.get()))
                />
            </Show>
        }
    };
    let (bought, kind) = (app.t("成交率", "Bought"), app.t("顾客类型", "Kind of visitor"));
    view! {
        {chart(app.t("在哪一步离开", "Where visitors left"), losses, app.t("阶段", "Stage"), app.t("人数", "Visitors"))}
        {chart(app.t("各类顾客的成交率", "Who buys, by kind of visitor"), kinds, kind, bought)}
        {chart(app.t("各种接近方式的成交率", "Who buys, by approach"), ways, app.t("接近方式", "Approach"), bought)}
    }
}

#[allow(clippy::cast_precision_loss)] // counts of visitors
fn bar(label: String, value: usize, text: String) -> Bar {
    Bar { label, value: value as f64, text, href: None }
}

fn lines(book: &Book, reader: Reader) -> Vec<Line> {
    let mut rows: Vec<(RowId, Row)> = book.rows(reception::ID).collect();
    rows.sort_by_key(|(id, row)| (std::cmp::Reverse(row.get(reception::AT)), *id));
    rows.iter().take(SHOWN).map(|(id, row)| line(book, *id, row, reader)).collect()
}

fn line(book: &Book, id: RowId, row: &Row, reader: Reader) -> Line {
    let label = |list, key| Some(book.label(list, row.text(key), reader.lang)).filter(|label| !label.is_empty());
    let outcome = label(lists::OUTCOME, reception::OUTCOME).unwrap_or_default();
    let visitor = label(lists::VISITOR, reception::VISITOR);
    Line {
        title: visitor.unwrap_or_else(|| reception::RECORD.words.r#in(reader.lang).to_owned()),
        second: joined([
            row.get(reception::AT).map(|at| reader.moment(at)),
            person(book, row.get(reception::STAFF), reader),
            label(lists::STAGE, reception::STAGE),
        ]),
        href: format!("#/standards/reception/{id}"),
        badge: Some((outcome, if visits::bought(row) { Tone::Good } else { Tone::Plain })),
    }
}

/// The card of a reception.
#[component]
pub fn ReceptionCard(
    /// The reception.
    id: RowId,
) -> impl IntoView {
    let app = App::here();
    let there = Memo::new(move |_| app.read(&[reception::ID], |book| book.live(reception::ID, id).is_some()));
    move || if there.get() { view! { <Card id /> }.into_any() } else { view! { <Missing /> }.into_any() }
}

#[component]
fn Card(id: RowId) -> impl IntoView {
    let app = App::here();
    let head = Signal::derive(move || {
        let reader = app.reader();
        app.read(&NAMES, |book| line(book, id, &book.row(reception::ID, id).unwrap_or_default(), reader))
    });
    let items = Signal::derive(move || {
        let label = app.say("删除这条记录", "Delete this record").to_owned();
        vec![MenuItem { value: "delete".to_owned(), label, icon: Icon::Delete, danger: true }]
    });
    let delete = Callback::new(move |_| {
        let write = app.peek(|book| Draft::open(book, reception::ID, id).delete(book).write());
        route::replace("/standards/reception");
        let text = app.say("记录已移到回收站。", "The record is in the recycle bin.").to_owned();
        app.save_with_undo(write.into_iter().collect(), text);
    });
    let menu = move || view! { <Menu label=app.t("更多操作", "More actions") items on_choose=delete /> };
    let edit = move || {
        view! {
            <Allowed kind=reception::ID><LinkButton label=app.t("修改", "Edit") icon=Icon::Edit href=format!("#/standards/reception/{id}/edit") /></Allowed>
        }
    };
    let fields = reception::RECORD.sections.first().map(|section| section.fields).unwrap_or_default();
    view! {
        <PageHead
            title=app.t("接待记录", "Reception record") bare=true actions=menu
            back="#/standards/reception" back_label=app.t("返回接待记录", "Back to receptions")
        />
        <CardHead
            title=Signal::derive(move || head.get().title)
            second=Signal::derive(move || Some(head.get().second))
            actions=edit
        />
        <Conflicts kind_id=reception::ID id=Signal::stored(id) />
        <FactsOf kind_id=reception::ID id=Signal::stored(id) fields />
        <Section heading=app.t("修改记录", "History")>
            <RecordTimeline kind_id=reception::ID id=Signal::stored(id) />
        </Section>
    }
}
