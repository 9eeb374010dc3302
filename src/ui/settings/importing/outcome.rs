//! The dry run with its reasons, and the finished import.

use leptos::prelude::*;

use super::desk::Desk;
use crate::exchange::csv::Writer;
use crate::exchange::import::{Line, Outcome, Twin};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, LinkButton, List, ListRow, Section, Stat, Stats, Tone};
use crate::web::files;

/// So many rows are listed; the file has them all.
const LISTED: usize = 50;

/// What would happen, and why.
#[component]
pub fn DryRun(
    /// The import.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let count = move |of: fn(&Outcome) -> bool| Signal::derive(move || desk.count(of).to_string());
    let new = count(|outcome| *outcome == Outcome::New);
    let twins = count(|outcome| matches!(outcome, Outcome::Duplicate(_)));
    let rejects = count(|outcome| matches!(outcome, Outcome::Reject(_)));
    let blank = count(|outcome| *outcome == Outcome::Blank);
    let remarks = Memo::new(move |_| {
        desk.lines.with(|lines| {
            let told = lines.iter().filter_map(|line| remark(app, desk, line).map(|why| (line.row, why)));
            told.take(LISTED).collect::<Vec<_>>()
        })
    });
    let label = Signal::derive(move || app.fill("导入 {} 条", "Import {}", &[&new.get()]));
    view! {
        <Stats>
            <Stat value=new label=app.t("新记录", "New") />
            <Stat value=twins label=app.t("重复", "Duplicates") />
            <Stat value=rejects label=app.t("不能导入", "Rejected") />
            <Stat value=blank label=app.t("空行", "Blank") />
        </Stats>
        <Show when=move || !remarks.with(Vec::is_empty)>
            <Section heading=app.t("需要留意的行", "Rows to look at")>
                <List label=app.t("需要留意的行", "Rows to look at")>
                    <For each=move || remarks.get() key=|row| row.clone() children=move |(row, why)| view! {
                        <ListRow title=app.fill("第 {} 行", "Row {}", &[&row.to_string()]) second=why />
                    } />
                </List>
                <Button label=app.t("保存全部说明", "Save the whole report") icon=Icon::Export on_press=Callback::new(move |()| report(app, desk)) />
            </Section>
        </Show>
        <div class="form-actions">
            <Button label=app.t("返回", "Back") on_press=Callback::new(move |()| desk.stop()) />
            <Button label kind=ButtonKind::Primary on_press=Callback::new(move |()| desk.import()) />
        </div>
    }
}

/// What the person should know of a row; none if all is well with it.
fn remark(app: App, desk: Desk, line: &Line) -> Option<String> {
    let lang = app.lang.get();
    let own = match &line.outcome {
        Outcome::Reject(why) => Some(why.r#in(lang).to_owned()),
        Outcome::Duplicate(Twin::Row(row)) => {
            Some(app.fill("与第 {} 行是同一位。", "The same as row {}.", &[&row.to_string()]))
        }
        Outcome::Duplicate(Twin::Record(_)) => Some(app.say("店簿里已有。", "Already in the book.").to_owned()),
        Outcome::New | Outcome::Blank => None,
    };
    let source = desk.source();
    let name =
        |column: usize| source.as_ref().and_then(|source| source.sheet.header.get(column).cloned()).unwrap_or_default();
    let warnings = line.warnings.iter().map(|warning| {
        app.fill(
            "“{}”未能识别，已写入备注：{}",
            "“{}” was not understood and goes to the note: {}",
            &[&name(warning.column), warning.why.r#in(lang)],
        )
    });
    let all: Vec<_> = own.into_iter().chain(warnings).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// Every row that is not simply imported, as it was, with its reason (C16).
fn report(app: App, desk: Desk) {
    let Some(source) = desk.source() else { return };
    let mut file = Writer::new();
    let head = [app.say("行号", "Row"), app.say("说明", "Reason")];
    file.row(head.into_iter().chain(source.sheet.header.iter().map(String::as_str)));
    desk.lines.with_untracked(|lines| {
        for (line, (_, cells)) in lines.iter().zip(&source.sheet.rows) {
            if let Some(why) = remark(app, desk, line) {
                let own = [line.row.to_string(), why];
                file.row(own.iter().map(String::as_str).chain(cells.iter().map(String::as_str)));
            }
        }
    });
    let name = format!("{}-{}.csv", desk.name.get_untracked(), app.say("说明", "report"));
    if files::download(&name, "text/csv", &file.finish()).is_err() {
        app.toast(
            app.say("浏览器不允许保存文件。", "The browser does not allow files to be saved.").to_owned(),
            Tone::Due,
            None,
        );
    }
}

/// It is in the book; one tap takes it back.
#[component]
pub fn Done(
    /// The import.
    desk: Desk,
) -> impl IntoView {
    let app = App::here();
    let count = desk.count(|outcome| *outcome == Outcome::New).to_string();
    let title = Signal::derive(move || app.fill("已导入 {} 条", "{} imported", &[&count]));
    let kind = desk.mapping.get_untracked().map_or("customer", |mapping| mapping.kind.key);
    let href = if kind == "complaint" { "#/complaints" } else { "#/customers" };
    view! {
        <Banner tone=Tone::Good title action=move || view! {
            <LinkButton label=app.t("去看看", "Show them") href=href kind=ButtonKind::Primary />
            <Button label=app.t("撤销整次导入", "Undo the whole import") icon=Icon::Undo on_press=Callback::new(move |()| desk.undo()) />
            <Button label=app.t("再导入一个文件", "Import another file") icon=Icon::Import on_press=Callback::new(move |()| desk.leave()) />
        } />
    }
}
