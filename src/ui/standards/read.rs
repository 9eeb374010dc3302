//! A standard to read: its steps with their tips, what counts how much, its editions (S1, S2).

use leptos::prelude::*;

use super::Missing;
use super::words::{NAMES, joined, kind};
use crate::book::{Draft, RowId};
use crate::domain::standard::checks::READ;
use crate::domain::standard::document::{Item, ItemKind, Section as Part};
use crate::domain::standard::shelf::{self, Edition, Standard};
use crate::domain::standard::shipped::Shipped;
use crate::domain::standard::{check, standard};
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Badge, Banner, ButtonKind, CardHead, LinkButton, Menu, MenuItem, PageHead, Section, Tone};
use crate::ui::route;

/// The card of a standard.
#[component]
pub fn StandardCard(
    /// The standard.
    id: RowId,
) -> impl IntoView {
    let app = App::here();
    let standard = Memo::new(move |_| app.read(&READ, |book| Standard::find(book, id)));
    let there = Memo::new(move |_| standard.with(Option::is_some));
    move || if there.get() { view! { <Card id standard /> }.into_any() } else { view! { <Missing /> }.into_any() }
}

#[component]
fn Card(id: RowId, standard: Memo<Option<Standard>>) -> impl IntoView {
    let app = App::here();
    // The published text is what counts; a draft is only read while nothing was published yet.
    let sections = Memo::new(move |_| {
        standard
            .with(|standard| {
                let standard = standard.as_ref()?;
                let text = standard.current.as_ref().map_or_else(|| standard.text(), |now| now.text.clone());
                Some(text.sections)
            })
            .unwrap_or_default()
    });
    let drafted = Memo::new(move |_| standard.with(|s| s.as_ref().is_some_and(|s| s.draft.is_some())));
    let title = app.t("标准", "Standard");
    view! {
        <PageHead
            title bare=true actions=move || view! { <More id standard /> }
            back="#/standards" back_label=app.t("返回标准", "Back to standards")
        />
        <StandardHead id standard />
        <Show when=move || drafted.get()>
            <Banner
                tone=Tone::Warn
                title=app.t("有未发布的草稿", "There is a draft that is not published")
                text=Signal::derive(move || Some(app.say(
                    "检查仍按已发布的版本进行，发布后才用新内容。",
                    "Checks go by the published edition until the draft is published.",
                ).to_owned()))
                action=move || view! { <LinkButton label=app.t("继续编辑", "Go on editing") href=format!("#/standards/s/{id}/edit") /> }
            />
        </Show>
        {move || (1..).zip(sections.get()).map(|(n, part)| view! { <PartText n part /> }).collect_view()}
        <Editions id />
    }
}

#[component]
fn StandardHead(id: RowId, standard: Memo<Option<Standard>>) -> impl IntoView {
    let app = App::here();
    let words = move |of: fn(&Standard) -> &crate::domain::standard::document::Text| {
        Signal::derive(move || {
            let lang = app.lang.get();
            standard.with(|s| s.as_ref().map(|s| of(s).r#in(lang).to_owned())).unwrap_or_default()
        })
    };
    let purpose = words(|standard| &standard.purpose);
    let state = Memo::new(move |_| {
        standard.with(|s| s.as_ref().map(|s| (s.current.as_ref().map(|now| now.number), s.retired))).unwrap_or_default()
    });
    let marks = move || {
        move || {
            let (number, retired) = state.get();
            let number = number.map_or_else(
                || app.say("未发布", "Not published").to_owned(),
                |number| app.fill("第 {} 版", "Edition {}", &[&number.to_string()]),
            );
            view! {
                <Badge label=Signal::stored(number) />
                {retired.then(|| view! { <Badge label=app.t("已停用", "Retired") tone=Tone::Warn /> })}
            }
        }
    };
    let usable = move || matches!(state.get(), (Some(_), false));
    let actions = move || {
        view! {
            <Show when=move || usable() && app.may_write(check::ID)>
                <LinkButton
                    label=app.t("开始检查", "Start a check") kind=ButtonKind::Primary
                    href=format!("#/standards/start?standard={id}")
                />
            </Show>
            <Allowed kind=standard::ID><LinkButton label=app.t("编辑", "Edit") icon=Icon::Edit href=format!("#/standards/s/{id}/edit") shortcut="e" /></Allowed>
        }
    };
    view! {
        <CardHead
            title=words(|standard| &standard.name)
            second=Signal::derive(move || Some(purpose.get()))
            marks actions
        />
    }
}

/// Print, retire, delete.
#[component]
fn More(id: RowId, standard: Memo<Option<Standard>>) -> impl IntoView {
    let app = App::here();
    let retired = Memo::new(move |_| standard.with(|s| s.as_ref().is_some_and(|s| s.retired)));
    let items = Signal::derive(move || {
        let item = |value: &str, label: &str, icon, danger| MenuItem {
            value: value.to_owned(),
            label: label.to_owned(),
            icon,
            danger,
        };
        let retire = if retired.get() { app.say("恢复使用", "Use again") } else { app.say("停用", "Retire") };
        let mut items = vec![
            item("print", app.say("打印", "Print"), Icon::Print, false),
            item("retire", retire, Icon::History, false),
        ];
        // A shipped standard is retired, not deleted: it would only come back with the next device.
        if Shipped::find(id).is_none() {
            items.push(item("delete", app.say("删除", "Delete"), Icon::Delete, true));
        }
        items
    });
    let choose = Callback::new(move |chosen: String| match chosen.as_str() {
        "print" => drop(crate::web::print::print()),
        "retire" => {
            let now = !retired.get_untracked();
            let write = app.draft(standard::ID, id).set(standard::RETIRED, &now).write();
            let text =
                if now { app.say("已停用。", "Retired.") } else { app.say("已恢复使用。", "In use again.") };
            app.save_with_undo(write.into_iter().collect(), text.to_owned());
        }
        _ => {
            let write = app.peek(|book| Draft::open(book, standard::ID, id).delete(book).write());
            route::replace("/standards");
            let text = app.say("标准已移到回收站。", "The standard is in the recycle bin.").to_owned();
            app.save_with_undo(write.into_iter().collect(), text);
        }
    });
    view! { <Menu label=app.t("更多操作", "More actions") items on_choose=choose /> }
}

/// A section as it is read.
#[component]
fn PartText(n: usize, part: Part) -> impl IntoView {
    let app = App::here();
    let Part { title, tip, items, .. } = part;
    let heading = Signal::derive(move || format!("{n}　{}", title.r#in(app.lang.get())));
    let has_tip = !tip.is_empty();
    view! {
        <Section heading>
            {has_tip.then(|| view! { <p class="tip">{move || tip.r#in(app.lang.get()).to_owned()}</p> })}
            <ol class="items" role="list">
                {items.into_iter().filter(|item| !item.hidden).map(|item| view! { <ItemText item /> }).collect_view()}
            </ol>
        </Section>
    }
}

/// An item as it is read: the text, how it is scored, what a failure means.
#[component]
fn ItemText(item: Item) -> impl IntoView {
    let app = App::here();
    let Item { text, kind: of, options, weight, critical, na, tip, .. } = item;
    let marks = Signal::derive(move || {
        joined([
            Some(kind(&of).r#in(app.lang.get()).to_owned()),
            (weight.0 != 1).then(|| app.fill("权重 {}", "weight {}", &[&weight.0.to_string()])),
            na.then(|| app.say("可不适用", "may not apply").to_owned()),
        ])
    });
    let scale = options.len() == 5;
    let sentences = (!options.is_empty()).then(|| {
        let line = |(n, text): (usize, crate::domain::standard::document::Text)| {
            view! {
                <li>{scale.then(|| format!("{n} "))}{move || text.r#in(app.lang.get()).to_owned()}</li>
            }
        };
        view! { <ul class="scale" role="list">{options.into_iter().enumerate().map(line).collect_view()}</ul> }
    });
    let has_tip = !tip.is_empty();
    view! {
        <li>
            <p class="answered">
                <span>{move || text.r#in(app.lang.get()).to_owned()}</span>
                {critical.then(|| view! { <Badge label=app.t("关键项", "Critical") tone=Tone::Warn icon=Icon::Warning /> })}
            </p>
            <p class="small">{marks}</p>
            {sentences}
            {has_tip.then(|| view! { <p class="tip">{move || tip.r#in(app.lang.get()).to_owned()}</p> })}
        </li>
    }
}

/// The published editions, newest first.
#[component]
fn Editions(id: RowId) -> impl IntoView {
    let app = App::here();
    let editions = Memo::new(move |_| {
        let mut all: Vec<Edition> = app.read(&NAMES, |book| shelf::editions(book, id).collect());
        all.sort_by_key(|edition| std::cmp::Reverse((edition.number, edition.at)));
        all.into_iter().map(|edition| (edition.number, edition.at, edition.why)).collect::<Vec<_>>()
    });
    let line = move |(number, at, why): (i64, Option<i64>, String)| {
        let when =
            at.map_or_else(|| app.say("随应用提供", "Shipped with the app").to_owned(), |at| app.reader().moment(at));
        let words = joined([Some(app.fill("第 {} 版", "Edition {}", &[&number.to_string()])), Some(when), Some(why)]);
        view! { <li>{words}</li> }
    };
    view! {
        <Show when=move || !editions.with(Vec::is_empty)>
            <Section heading=app.t("版本", "Editions")>
                <ul class="scale" role="list">{move || editions.get().into_iter().map(line).collect_view()}</ul>
            </Section>
        </Show>
    }
}

/// Whether an item of this kind has sentences or options to write.
pub const fn has_options(kind: &ItemKind) -> bool {
    matches!(kind, ItemKind::Score | ItemKind::Choice)
}
