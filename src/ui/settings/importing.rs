//! The import (C16): a file, its columns, a dry run with reasons, the import itself, and taking it back.

pub mod columns;
pub mod desk;
pub mod earlier;
pub mod outcome;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Head;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Progress, Tone};
use crate::ui::route;

use columns::Columns;
use desk::{Desk, Step};
use earlier::Earlier;
use outcome::{Done, DryRun};

/// The import from the file to the way back.
#[component]
pub fn Import() -> impl IntoView {
    let app = App::here();
    let desk = Desk::new(app);
    let given = Memo::new(move |_| app.route.with(|route| route.param("given").is_some()));
    Effect::new(move || {
        if given.get() {
            desk.open_given();
            // An address that is opened anew promises no file.
            route::replace("/more/import");
        }
    });
    let step = move || match desk.step.get() {
        Step::Choose => view! { <ChooseFile desk /><Earlier /> }.into_any(),
        Step::Columns => view! { <Columns desk /> }.into_any(),
        Step::Working => view! { <Working desk /> }.into_any(),
        Step::DryRun => view! { <DryRun desk /> }.into_any(),
        Step::Done => view! { <Done desk /> }.into_any(),
    };
    view! {
        <Head title=app.t("导入", "Import") />
        {move || desk.error.get().map(|why| view! {
            <Banner tone=Tone::Due title=app.t("这个文件读不了", "This file cannot be read") text=Signal::stored(Some(why)) />
        })}
        {step}
    }
}

#[component]
fn ChooseFile(desk: Desk) -> impl IntoView {
    let app = App::here();
    let chosen = move |event: leptos::ev::Event| {
        let raw: &web_sys::Event = event.unchecked_ref();
        if let Some(file) = crate::web::files::picked(raw).into_iter().next() {
            desk.open(file);
        }
    };
    view! {
        <p>{app.t(
            "选一个 CSV 表格或 vCard 名片文件。编码（UTF-8、UTF-16、GB18030）会自动识别；写入之前先给你看结果。",
            "Choose a CSV list or a vCard file. The encoding (UTF-8, UTF-16, GB18030) is recognised; you see the result before anything is written.",
        )}</p>
        <label class="btn choose-file" data-kind="primary">
            {Icon::Import.svg()}
            <span>{app.t("选择文件", "Choose a file")}</span>
            <input class="hide" type="file" accept=".csv,.txt,.tsv,.vcf,text/csv,text/vcard" on:change=chosen />
        </label>
    }
}

#[component]
fn Working(desk: Desk) -> impl IntoView {
    let app = App::here();
    let text = Signal::derive(move || {
        let (done, all) = desk.progress.get();
        (all > 0).then(|| app.fill("{} / {} 行", "{} of {} rows", &[&done.to_string(), &all.to_string()]))
    });
    #[allow(clippy::cast_precision_loss)] // a part of a bar
    let value = Signal::derive(move || {
        let (done, all) = desk.progress.get();
        (all > 0).then(|| done as f64 / all as f64)
    });
    view! {
        <Progress
            label=app.t("正在读取…", "Reading…")
            value
            text
            cancel_label=app.say("停止", "Stop")
            on_cancel=Callback::new(move |()| desk.stop())
        />
    }
}
