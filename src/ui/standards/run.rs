//! Running a check, item by item, with one hand: every tap is saved as it is made (S3).

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::check::Open;
use super::clash::CheckClashes;
use super::item::ItemView;
use super::kept::{KeptWords, Lines, kept_as};
use super::words::{NAMES, joined, person, standard_name};
use crate::book::{Draft, RowId};
use crate::domain::lists;
use crate::domain::standard::checks;
use crate::domain::standard::document::Section as Part;
use crate::domain::standard::scoring::{Missing, Tally, missing};
use crate::domain::standard::{action, check};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, Menu, MenuItem, PageHead, Progress, Section, Tone};
use crate::ui::route;
use crate::web::clock;

/// A check being answered.
#[component]
pub fn Run(
    /// The check.
    open: Open,
) -> impl IntoView {
    let app = App::here();
    // What is missing is shown once the person thinks that all is there.
    let tried = RwSignal::new(false);
    let lacking = Memo::new(move |_| if tried.get() { lacking(app, open) } else { Vec::new() });
    let sections = Memo::new(move |_| {
        let shown = |part: &Part| part.items.iter().any(|item| !item.hidden);
        open.document.with(|text| text.sections.iter().filter(|part| shown(part)).cloned().collect::<Vec<_>>())
    });
    let count = move || (lacking.with(Vec::len) > 0).then(|| lacking.with(Vec::len).to_string());
    view! {
        <RunHead open />
        <CheckClashes open />
        <For each=move || sections.get() key=|part| part.clone() children=move |part| {
            view! { <PartView open part lacking /> }
        } />
        <Summary open />
        {move || count().map(|count| view! {
            <Banner tone=Tone::Due title=Signal::derive(move || {
                app.fill("还有 {} 项要补充，已标出。", "{} items still need something; they are marked.", &[&count])
            }) />
        })}
        <Finish open tried />
    }
}

/// Name, people, how far: it stays in sight.
#[component]
fn RunHead(open: Open) -> impl IntoView {
    let app = App::here();
    let title = Signal::derive(move || {
        let reader = app.reader();
        let of = open.check.with(|check| check.as_ref().map(|check| check.standard));
        of.map(|id| app.read(&NAMES, |book| standard_name(book, id, reader))).unwrap_or_default()
    });
    let about = Signal::derive(move || {
        let reader = app.reader();
        let Some(check) = open.check.get() else { return String::new() };
        app.read(&NAMES, |book| {
            let usage = book.label(lists::USE, &check.usage, reader.lang);
            joined([Some(usage), person(book, check.staff, reader), Some(reader.moment(check.at))])
        })
    });
    let tally = Memo::new(move |_| open.document.with(|text| open.answers.with(|given| Tally::of(text, given))));
    #[allow(clippy::cast_precision_loss)] // some dozens of items
    let value = Signal::derive(move || {
        tally.with(|tally| (tally.asked > 0).then(|| tally.answered as f64 / tally.asked as f64))
    });
    let text = Signal::derive(move || {
        tally.with(|tally| {
            let score = tally.percent().map(|percent| format!("{percent}%"));
            Some(joined([Some(format!("{} / {}", tally.answered, tally.asked)), score]))
        })
    });
    let items = Signal::derive(move || {
        let label = app.say("删除这次检查", "Delete this check").to_owned();
        vec![MenuItem { value: "delete".to_owned(), label, icon: Icon::Delete, danger: true }]
    });
    let delete = Callback::new(move |_| delete(app, open.id));
    let actions = move || view! { <Menu label=app.t("更多操作", "More actions") items on_choose=delete /> };
    view! {
        <PageHead title back="#/standards" back_label=app.t("返回标准", "Back to standards") actions />
        <div class="check-head"><Progress label=about value text /></div>
    }
}

/// Moves a check to the recycle bin, with an undo.
pub fn delete(app: App, id: RowId) {
    let write = app.peek(|book| Draft::open(book, check::ID, id).delete(book).write());
    route::replace("/standards");
    app.save_with_undo(
        write.into_iter().collect(),
        app.say("检查已移到回收站。", "The check is in the recycle bin.").to_owned(),
    );
}

/// A section with its items.
#[component]
fn PartView(open: Open, part: Part, lacking: Memo<Vec<Missing>>) -> impl IntoView {
    let app = App::here();
    let Part { title, tip, items, .. } = part;
    let heading = Signal::derive(move || title.r#in(app.lang.get()).to_owned());
    let tip = Signal::derive(move || tip.r#in(app.lang.get()).to_owned());
    view! {
        <Section heading>
            <Show when=move || !tip.with(String::is_empty)><p class="tip">{tip}</p></Show>
            <ol class="items" role="list">
                {items
                    .into_iter()
                    .filter(|item| !item.hidden)
                    .map(|item| view! { <ItemView open item lacking /> })
                    .collect_view()}
            </ol>
        </Section>
    }
}

/// A word on the whole.
#[component]
fn Summary(open: Open) -> impl IntoView {
    let app = App::here();
    let id = open.id;
    let stored = Signal::derive(move || {
        app.read(&[check::ID], |book| book.row(check::ID, id).map(|row| row.text(check::NOTE).to_owned()))
            .unwrap_or_default()
    });
    let write = Callback::new(move |text: String| {
        app.peek(|book| Draft::open(book, check::ID, id).set(check::NOTE, &text).write())
    });
    view! {
        <Section heading=app.t("小结", "Summary")>
            <KeptWords
                label=app.t("一句话总结（可不填）", "In one sentence (optional)")
                stored
                form=kept_as(app, id, "summary", "")
                write
                lines=Lines::Many
            />
        </Section>
    }
}

/// Completes the check, or says what is missing.
#[component]
fn Finish(open: Open, tried: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let finish = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            // The last answer may still be on its way into the store.
            app.catch_up().await;
            if let Some(first) = lacking(app, open).first() {
                tried.try_set(true);
                focus(&format!("item-{}", first.key()));
            } else if open.correcting.try_get_untracked() == Some(true) {
                open.correcting.try_set(false);
                focus_heading();
            } else {
                let now = i64::try_from(clock::now_ms()).unwrap_or(i64::MAX);
                let write = app.peek(|book| checks::complete(book, open.id, now));
                if app.save(write.into_iter().collect()).await.is_some() {
                    focus_heading();
                }
            }
            busy.try_set(false);
        });
    };
    let label = Signal::derive(move || {
        if open.correcting.get() {
            app.say("修改完毕", "Done correcting")
        } else {
            app.say("完成检查", "Complete the check")
        }
        .to_owned()
    });
    view! {
        <div class="finish">
            <Button label kind=ButtonKind::Primary wide=true busy on_press=Callback::new(finish) />
        </div>
    }
}

/// What the check still needs.
fn lacking(app: App, open: Open) -> Vec<Missing> {
    let (row, acted) = app.read(&[check::ID, action::ID], |book| {
        let of_this = book.rows(action::ID).filter(|(_, row)| row.get(action::CHECK) == Some(open.id));
        let acted: Vec<String> = of_this.map(|(_, row)| row.text(action::ITEM).to_owned()).collect();
        (book.row(check::ID, open.id).unwrap_or_default(), acted)
    });
    let noted = |key: &str| !checks::note(&row, key).is_empty();
    let shown = |key: &str| !checks::photos(&row, key).is_empty();
    let acted = |key: &str| acted.iter().any(|it| it == key);
    open.document.with(|text| open.answers.with(|given| missing(text, given, noted, shown, acted)))
}

/// Moves the focus to an item, and with it the sight.
fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        use wasm_bindgen::JsCast;
        let found = document().get_element_by_id(&id).and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(item) = found {
            let _ = item.focus();
        }
    });
}

/// Moves the focus to the heading of what took the place of this screen.
fn focus_heading() {
    request_animation_frame(|| {
        use wasm_bindgen::JsCast;
        let found = document().query_selector(".card-pane h1").ok().flatten();
        if let Some(heading) = found.and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = heading.focus();
        }
    });
}
