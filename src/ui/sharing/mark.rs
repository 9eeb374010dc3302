//! The mark that says how far the last edit has come, and the sheet behind it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::words;
use crate::sync::driver::{self, HeirError};
use crate::sync::report::{Report, Trouble};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::later::{Part, later};
use crate::ui::parts::{
    Banner, Button, ButtonKind, Dialog, DialogShape, KeyValue, KeyValues, LinkButton, SyncMark, SyncState, Tone,
};
use crate::ui::start::device_name;
use crate::web::{clock, random};
use crate::words::beside;

/// The mark; a press opens the sheet.
#[component]
pub fn Mark() -> impl IntoView {
    let app = App::here();
    let open = app.sharing.sheet;
    let state = Signal::derive(move || app.sharing.state(app));
    let label = Signal::derive(move || {
        match state.get() {
            SyncState::Shared => app.say("已共享", "Shared"),
            SyncState::SavedHere => app.say("已存本机", "Saved here"),
            SyncState::Offline => app.say("离线", "Offline"),
            SyncState::Trouble => app.say("同步有问题", "Sync trouble"),
        }
        .to_owned()
    });
    // The sheet is there from the first press on: it keeps its place for the way it closes.
    let wanted = Memo::new(move |before| before.is_some_and(|wanted| *wanted) || open.get());
    view! {
        <SyncMark state label on_press=Callback::new(move |()| open.set(true)) />
        {move || wanted.get().then(|| later(app, Part::SyncSheet))}
    }
}

/// The sheet behind the mark, in its window.
#[component]
pub fn SheetWindow() -> impl IntoView {
    let app = App::here();
    let open = app.sharing.sheet;
    view! {
        <Dialog
            open
            on_close=Callback::new(move |()| open.set(false))
            title=app.t("同步", "Sync")
            close_label=app.t("关闭", "Close")
            shape=DialogShape::Sheet
            light=true
        >
            <Sheet on_leave=Callback::new(move |()| open.set(false)) />
        </Dialog>
    }
}

#[component]
fn Sheet(on_leave: Callback<()>) -> impl IntoView {
    let app = App::here();
    let sharing = app.sharing;
    let leave = move |_| on_leave.run(());
    view! {
        <Show
            when=move || sharing.connection.with(Option::is_some)
            fallback=move || view! {
                <p>{app.t(
                    "所有内容都已保存在本机。连接存储桶后，团队的设备之间会自动同步。",
                    "Everything is saved on this device. Connect a bucket to share it between the team's devices.",
                )}</p>
                <div on:click=leave>
                    <LinkButton label=app.t("连接存储桶", "Connect a bucket") href="#/more/bucket" kind=ButtonKind::Primary icon=Icon::Bucket />
                </div>
            }
        >
            {move || sharing.report.get().map_or_else(
                || view! { <p>{app.t("正在同步，或由另一个标签页在同步。", "Syncing, or another tab does it.")}</p> }.into_any(),
                |report| view! { <ReportView report /> }.into_any(),
            )}
            <Button
                label=app.t("立即同步", "Sync now")
                kind=ButtonKind::Primary
                busy=sharing.busy
                on_press=Callback::new(move |()| sharing.ring())
            />
        </Show>
    }
}

#[component]
fn ReportView(report: Report) -> impl IntoView {
    let app = App::here();
    let last = report.last_ok_ms.map_or_else(
        || app.say("本次打开后还没有", "not yet since it was opened").to_owned(),
        |ms| app.reader().moment(i64::try_from(ms).unwrap_or(i64::MAX)),
    );
    let (changes, photos) = (report.waiting_ops.to_string(), report.waiting_photos);
    let waiting = match photos {
        0 => changes,
        _ => app.fill("{}，照片 {} 张", "{}, and photos: {}", &[&changes, &photos.to_string()]),
    };
    let empty = report.troubles.contains(&Trouble::BucketEmpty);
    let troubles = report.troubles.iter().map(|trouble| {
        let (tone, text) =
            (if words::is_offline(trouble) { Tone::Plain } else { Tone::Due }, words::trouble(app, trouble));
        view! { <Banner tone title=text /> }
    });
    let held = report.held.iter().map(|held| {
        let from = words::device(app, held.dev);
        let why = words::fault(held.fault).r#in(app.lang.get()).to_owned();
        let title = app.fill("“{}”的一部分修改暂未采用", "Some changes of “{}” are held back", &[&from]);
        view! { <Banner tone=Tone::Warn title text=Some(beside([why, held.name.clone()])) /> }
    });
    let diverged = report.diverged.iter().map(|dev| {
        let name = words::device(app, *dev);
        let title = app.fill("本机与“{}”内容不一致", "This device and “{}” hold different books", &[&name]);
        view! { <Banner tone=Tone::Due title text=Signal::derive(move || Some(app.say(
            "两台设备收到的修改相同，算出的内容却不同，这不应该发生。没有内容丢失。请在两台设备上都更新到最新版本，再各导出一次全部数据备用。",
            "Both have received the same changes and made different books of them, which should never happen. Nothing is lost. Update the app on both, and export everything on each to be safe.",
        ).to_owned())) /> }
    });
    let late = report.latecomers.iter().map(|dev| {
        let title = app.fill("“{}”用收回的邀请加入了", "“{}” came with an invitation that was taken back", &[&words::device(app, *dev)]);
        view! { <Banner tone=Tone::Due title text=Signal::derive(move || Some(app.say(
            "有人留着那个链接。它现在能读到账簿；不认识这台设备的话，请负责人在“团队与设备”里移出它。",
            "Somebody kept the link. It can read the book now; if you do not know this device, let an owner remove it under Team and devices.",
        ).to_owned())) /> }
    });
    let cloned = report.troubles.contains(&Trouble::Cloned);
    let reseed = Callback::new(move |()| {
        app.sharing.reseed.set(true);
        app.sharing.ring();
    });
    view! {
        {troubles.collect_view()}
        {empty.then(|| view! { <Button label=app.t("重新放回桶里", "Put it back into the bucket") icon=Icon::Restore on_press=reseed /> })}
        {cloned.then(|| view! { <Succeed /> })}
        {late.collect_view()}
        {held.collect_view()}
        {diverged.collect_view()}
        <KeyValues>
            <KeyValue label=app.t("上次同步", "Last sync")>{last}</KeyValue>
            <KeyValue label=app.t("等待发送", "Waiting to be sent")>{waiting}</KeyValue>
            <KeyValue label=app.t("设备", "Devices")>{report.members.len().to_string()}</KeyValue>
        </KeyValues>
    }
}

/// A copy of a device goes on as one of its own; what only it has comes along.
#[component]
fn Succeed() -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let go_on = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            let name = device_name(app.lang.get_untracked());
            let _turn = app.sharing.turn().await;
            match driver::succeed(app.session().store(), name, clock::now_ms(), &mut random::fill).await {
                // Whoever holds the old device's book has to read it anew.
                Ok(_) => drop(window().location().reload()),
                Err(HeirError::Store(error)) => app.trouble(&error),
                Err(HeirError::Damaged(_) | HeirError::Fault(_)) => app.toast(
                    app.say(
                        "本机还没发送的内容有一部分读不出来。请先导出全部数据。",
                        "A part of what this device has not sent cannot be read. Export everything first.",
                    )
                    .to_owned(),
                    Tone::Due,
                    None,
                ),
            }
            busy.try_set(false);
        });
    });
    view! { <Button label=app.t("作为一台新设备继续", "Go on as a device of its own") icon=Icon::Device busy on_press=go_on /> }
}
