//! A completed check: the score, what failed, self-check against inspection, every answer.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::actions;
use super::check::Open;
use super::clash::CheckClashes;
use super::compare::Comparison;
use super::lines::Lines;
use super::run::delete;
use super::words::{NAMES, answer, joined, person, score, standard_name};
use crate::book::{Book, Reader};
use crate::domain::lists;
use crate::domain::standard::checks::{self, Check};
use crate::domain::standard::document::{Item, ItemKind};
use crate::domain::standard::scoring::{Answer, Tally};
use crate::domain::standard::{action, check};
use crate::domain::team::staff;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Banner, Button, ButtonKind, CardHead, Dialog, Menu, MenuItem, PageHead, Section, TextArea, Tone,
};
use crate::ui::people;
use crate::ui::photos::PhotosShown;

/// A completed check.
#[component]
pub fn Report(
    /// The check.
    open: Open,
) -> impl IntoView {
    let app = App::here();
    let asking = RwSignal::new(false);
    let id = open.id;
    let items = Signal::derive(move || {
        let item = |value: &str, label: &str, icon, danger| MenuItem {
            value: value.to_owned(),
            label: label.to_owned(),
            icon,
            danger,
        };
        vec![
            item("print", app.say("打印", "Print"), Icon::Print, false),
            item("delete", app.say("删除这次检查", "Delete this check"), Icon::Delete, true),
        ]
    });
    let choose = Callback::new(move |chosen: String| match chosen.as_str() {
        "print" => drop(crate::web::print::print()),
        _ => delete(app, id),
    });
    let menu = move || view! { <Menu label=app.t("更多操作", "More actions") items on_choose=choose /> };
    let correct = Callback::new(move |()| asking.set(true));
    view! {
        <PageHead
            title=app.t("检查结果", "Result of the check") bare=true actions=menu
            back="#/standards" back_label=app.t("返回标准", "Back to standards")
        />
        <ReportHead open on_correct=correct />
        <CheckClashes open />
        <Corrections open />
        <Comparison open />
        <AllAnswers open />
        <WhyDialog open asking />
    }
}

#[component]
fn ReportHead(open: Open, on_correct: Callback<()>) -> impl IntoView {
    let app = App::here();
    let words = move |of: fn(&Book, &Check, Reader) -> String| {
        Signal::derive(move || {
            let reader = app.reader();
            let check = open.check.get();
            check.map(|check| app.read(&NAMES, |book| of(book, &check, reader))).unwrap_or_default()
        })
    };
    let title = words(|book, check, reader| standard_name(book, check.standard, reader));
    let second = words(|book, check, reader| {
        joined([
            Some(book.label(lists::USE, &check.usage, reader.lang)),
            person(book, check.staff, reader),
            Some(reader.dated(check.at)),
        ])
    });
    // Added up from the answers shown: two devices may each have stored a score before they knew of each other.
    let tally = Memo::new(move |_| open.document.with(|text| open.answers.with(|given| Tally::of(text, given))));
    let total = Signal::derive(move || score(tally.with(Tally::percent)));
    let marks = move || {
        move || {
            let (failed, critical) = tally.with(|tally| (tally.failed.len(), tally.critical));
            let count = app.fill("{} 项不合格", "{} failed", &[&failed.to_string()]);
            view! {
                {critical.then(|| view! { <Badge label=app.t("关键项不合格，整体不通过", "A critical item failed: not passed") tone=Tone::Due /> })}
                {(failed > 0).then(|| view! { <Badge label=Signal::stored(count) tone=Tone::Warn /> })}
            }
        }
    };
    let lead = move || {
        view! {
            <p class="total" data-tone=move || total.get().1.name()>
                <span class="hide">{app.t("得分", "Score")}</span>" "{move || total.get().0}
            </p>
        }
    };
    let edit = move || view! { <Button label=app.t("修改", "Correct") icon=Icon::Edit on_press=on_correct /> };
    view! {
        <CardHead title second=Signal::derive(move || Some(second.get())) lead marks actions=edit />
        <p class="text">{move || app.read(&[check::ID], |book| {
            book.row(check::ID, open.id).map(|row| row.text(check::NOTE).to_owned())
        })}</p>
    }
}

/// The corrective actions that came from this check.
#[component]
fn Corrections(open: Open) -> impl IntoView {
    let app = App::here();
    let lines = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&[action::ID, staff::ID], |book| {
            let keys = open.document.with(|text| text.items().map(|item| item.key.clone()).collect::<Vec<_>>());
            keys.iter().flat_map(|key| actions::of_item(book, open.id, key, reader)).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || !lines.with(Vec::is_empty)>
            <Section heading=app.t("这次检查的整改", "Actions from this check")>
                <Lines label=app.t("这次检查的整改", "Actions from this check") lines />
            </Section>
        </Show>
    }
}

/// Every answer with its note, section by section; what was changed after completion says so (S4).
#[component]
fn AllAnswers(open: Open) -> impl IntoView {
    let app = App::here();
    let answered = move |item: Item| {
        let key = item.key.clone();
        let given = Memo::new(move |_| open.answers.with(|all| all.get(&key).cloned()));
        let key = item.key.clone();
        let photos = Memo::new(move |_| {
            let answered = match given.get() {
                Some(Answer::Photos(photos)) => photos,
                _ => Vec::new(),
            };
            let of_failure =
                app.read(&NAMES, |book| book.row(check::ID, open.id).map(|row| checks::photos(&row, &key)));
            answered.into_iter().chain(of_failure.unwrap_or_default()).collect::<Vec<_>>()
        });
        let key = item.key.clone();
        let more = Memo::new(move |_| {
            let reader = app.reader();
            app.read(&NAMES, |book| {
                let row = book.row(check::ID, open.id).unwrap_or_default();
                let edited = checks::edited_after(&row).get(&key).map(|mark| people::origin(app, book, *mark, reader));
                (checks::note(&row, &key), edited)
            })
        });
        let text = item.text.clone();
        let pictures =
            if item.kind == ItemKind::Signature { app.t("签名", "Signature") } else { app.t("照片", "Photos") };
        let mark = move || {
            let (label, tone) = answer(&item, given.get().as_ref(), app.reader());
            view! { <Badge label=Signal::stored(label) tone /> }
        };
        view! {
            <li>
                <p class="answered"><span>{move || text.r#in(app.lang.get()).to_owned()}</span>{mark}</p>
                {move || Some(more.get().0).filter(|note| !note.is_empty()).map(|note| view! { <p class="tip">{note}</p> })}
                <Show when=move || !photos.with(Vec::is_empty)><PhotosShown label=pictures photos /></Show>
                {move || more.get().1.map(|origin| view! {
                    <p class="tip">{app.fill("完成后修改：{}", "Edited after completion: {}", &[&origin])}</p>
                })}
            </li>
        }
    };
    let sections = move || open.document.with(|text| text.sections.clone());
    let edited = Memo::new(move |_| {
        app.read(&[check::ID], |book| {
            book.row(check::ID, open.id).map(|row| row.text(check::WHY_EDITED).to_owned()).filter(|why| !why.is_empty())
        })
    });
    view! {
        <Show when=move || edited.with(Option::is_some)>
            <Banner
                title=app.t("完成后修改过", "Edited after completion")
                text=edited
                icon=Icon::History
            />
        </Show>
        {move || sections().into_iter().map(|part| {
            let title = part.title;
            let items = part.items.into_iter().filter(|item| !item.hidden).map(answered).collect_view();
            if title.is_empty() {
                view! { <ol class="items" role="list">{items}</ol> }.into_any()
            } else {
                view! {
                    <Section heading=Signal::derive(move || title.r#in(app.lang.get()).to_owned())>
                        <ol class="items" role="list">{items}</ol>
                    </Section>
                }
                .into_any()
            }
        }).collect_view()}
    }
}

/// Asks why a completed check is changed, before it can be (S4).
#[component]
fn WhyDialog(open: Open, asking: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let why = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let close = Callback::new(move |()| asking.set(false));
    let go = Callback::new(move |()| {
        let words = why.get_untracked().trim().to_owned();
        if words.is_empty() {
            error.set(Some(app.say("请写明原因。", "Please say why.").to_owned()));
            return;
        }
        let mut draft = app.draft(check::ID, open.id);
        let rows: Vec<_> = draft.set(check::WHY_EDITED, &words).write().into_iter().collect();
        spawn_local(async move {
            // The same reason as before is already there.
            if rows.is_empty() || app.save(rows).await.is_some() {
                asking.set(false);
                open.correcting.set(true);
            }
        });
    });
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=close />
            <Button label=app.t("开始修改", "Start correcting") kind=ButtonKind::Primary on_press=go />
        }
    };
    view! {
        <Dialog
            open=asking on_close=close actions
            title=app.t("为什么要修改？", "Why is it corrected?")
            close_label=app.t("关闭", "Close")
        >
            <p>{app.t("检查已经完成。修改会留下谁、何时、为什么。", "The check is complete. Corrections keep who, when and why.")}</p>
            <TextArea
                label=app.t("原因", "Reason") value=why error required=true
                on_input=Callback::new(move |text| { error.set(None); why.set(text); })
            />
        </Dialog>
    }
}
