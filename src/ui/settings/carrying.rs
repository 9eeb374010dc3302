//! Changes that go by hand: a file with what is not shared yet, for where there is no network.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::devices::{at_work, failure};
use crate::book::Book;
use crate::sync::driver::carry::{self, CarryError};
use crate::sync::driver::{InviteError, Moment};
use crate::sync::fault::Fault;
use crate::sync::report::Report;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, Section, Tone};
use crate::web::{clock, files, random};

/// Hands out such a file, and takes one in.
#[component]
pub fn Carrying() -> impl IntoView {
    let app = App::here();
    let tell = move |result: Result<String, String>| match result {
        Ok(text) => app.toast(text, Tone::Good, None),
        Err(text) => app.toast(text, Tone::Warn, None),
    };
    let hand_out = Callback::new(move |()| spawn_local(async move { tell(pack(app).await) }));
    let take_in = move |event: web_sys::Event| {
        if let Some(file) = files::picked(&event).into_iter().next() {
            spawn_local(async move { tell(unpack(app, file).await) });
        }
    };
    view! {
        <Section heading=app.t("没有网络时", "Without a network")>
            <p>{app.t(
                "把还没共享的改动存成文件，用数据线、局域网或聊天软件带到另一台设备上读入。文件是加密的，只有团队里的设备能读；以后联网时不会重复。",
                "Save what is not shared yet as a file, carry it by cable, local network or chat, and read it on another device. The file is encrypted: only devices of the team can read it. Nothing is doubled when the network is back.",
            )}</p>
            <div class="actions">
                <Button label=app.t("存成文件", "Save as a file") icon=Icon::Export on_press=hand_out />
                <label class="btn">
                    {Icon::Import.svg()}
                    <span>{app.t("读入文件", "Read a file")}</span>
                    <input class="hide" type="file" accept=".dianbu" on:change=take_in />
                </label>
            </div>
        </Section>
    }
}

async fn pack(app: App) -> Result<String, String> {
    let (mut engine, _, _turn) = at_work(app).await?;
    let session = app.session();
    let moment = Moment::new(clock::now_ms(), &mut random::fill);
    let file = carry::pack(&mut engine, session.store(), moment).await;
    let file = file.map_err(|error| failure(app, InviteError::Store(error)))?;
    let name = format!("dianbu-{}.dianbu", app.reader().today);
    files::download(&name, "application/octet-stream", &file).map_err(|error| error.to_string())?;
    Ok(app.say("文件已存好。在另一台设备上读入它。", "The file is saved. Read it on another device.").to_owned())
}

async fn unpack(app: App, file: files::Picked) -> Result<String, String> {
    let bytes = file.read(|_| true).await.map_err(|error| error.to_string())?.unwrap_or_default();
    let (mut engine, _, _turn) = at_work(app).await?;
    let session = app.session();
    let moment = Moment::new(clock::now_ms(), &mut random::fill);
    let report = carry::unpack(&mut engine, session.store(), &bytes, moment).await;
    let report = report.map_err(|error| refusal(app, error))?;
    if report.pulled_ops > 0 {
        app.catch_up().await;
        app.tell_tabs("changed");
    }
    for (photo, body) in carry::photos_in(&engine, &bytes, &app.peek(Book::photos)) {
        session.keep_fetched(&photo, body).await.map_err(|error| failure(app, InviteError::Store(error)))?;
    }
    outcome(app, &report)
}

/// Why a file was not taken in.
fn refusal(app: App, error: CarryError) -> String {
    let text = match error {
        CarryError::NoFile => app.say(
            "这不是店簿存的改动文件，或者来自更新的版本。请选 .dianbu 文件，或先更新店簿。",
            "This is no file of changes, or one of a newer version. Choose a .dianbu file, or update the app first.",
        ),
        CarryError::OtherVault => app.say("这个文件属于另一本账簿。", "This file belongs to another book."),
        CarryError::Own => app.say(
            "这是本机自己存的文件，请在别的设备上读入。",
            "This device saved the file itself. Read it on another one.",
        ),
    };
    text.to_owned()
}

/// What came of one that was.
fn outcome(app: App, report: &Report) -> Result<String, String> {
    let count = report.pulled_ops.to_string();
    let wrong = report.held.iter().find(|held| !matches!(held.fault, Fault::NotAllowed | Fault::UnknownEntry));
    match wrong.map(|held| held.fault) {
        Some(Fault::NotVisible | Fault::UnknownEpoch | Fault::UnknownMember) => Err(app.fill(
            "读入了 {} 项改动。其余的接着本机还没有的内容：先联网同步一次，再读这个文件。",
            "{} changes were read. The rest follows what is not here yet: synchronise once, then read the file again.",
            &[&count],
        )),
        Some(_) => Err(app.fill(
            "读入了 {} 项改动。其余的已损坏或不被承认，没有采用。",
            "{} changes were read. The rest is damaged or not accepted, and was left out.",
            &[&count],
        )),
        None if report.pulled_ops == 0 => {
            Ok(app.say("文件里的改动本机都有了。", "All changes of the file are here already.").to_owned())
        }
        None => Ok(app.fill("读入了 {} 项改动。", "{} changes were read.", &[&count])),
    }
}
