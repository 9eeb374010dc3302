//! What the person should know before anything else: a new version, another tab in the way.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::domain::role::Role;
use crate::store::idb::Notice;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, LinkButton, Tone};
use crate::web::sw;
use crate::web::system::is_wechat;

/// The notices, above every screen. Each stays while its matter lasts.
#[component]
pub fn Notices() -> impl IntoView {
    let app = App::here();
    let update = RwSignal::new(false);
    sw::on_update(move || update.set(true)).forget();
    spawn_local(async move {
        // It may have been waiting before we listened. A browser without workers has no updates to tell of.
        if sw::is_waiting().await == Ok(true) {
            update.set(true);
        }
    });
    view! {
        {move || app.notice.get().map(|notice| view! { <StoreNotice notice /> })}
        {is_wechat().then(|| view! { <InWeChat /> })}
        <Show when=move || app.role.get() == Role::Removed><Removed /></Show>
        <Show when=move || update.get()>
            <Update on_later=Callback::new(move |()| update.set(false)) />
        </Show>
    }
}

/// `WeChat` shows pages, but installs none and forgets what they kept.
#[component]
fn InWeChat() -> impl IntoView {
    let app = App::here();
    let shown = RwSignal::new(true);
    view! {
        <Show when=move || shown.get()>
            <Banner
                tone=Tone::Warn
                title=app.t("请在浏览器中打开", "Please open it in a browser")
                text=Signal::derive(move || Some(app.say(
                    "微信里不能安装店簿，记下的内容也可能丢失。点右上角 ···，选“在浏览器中打开”。",
                    "WeChat cannot install Dianbu and may lose what is noted. Press ··· in the upper corner, then “Open in browser”.",
                ).to_owned()))
                action=move || view! {
                    <Button label=app.t("知道了", "I see") on_press=Callback::new(move |()| shown.set(false)) />
                }
            />
        </Show>
    }
}

/// An owner took this device out.
#[component]
fn Removed() -> impl IntoView {
    let app = App::here();
    view! {
        <Banner
            tone=Tone::Due
            title=app.t("这台设备已被移出账簿", "This device was removed from the book")
            text=Signal::derive(move || Some(app.say(
                "已有的内容还在本机，可以查看和导出；新写的不会再被采用。要回来，请负责人重新邀请。",
                "What it has is still here to read and to export; nothing new is applied. To come back, ask an owner for an invitation.",
            ).to_owned()))
            action=move || view! { <LinkButton label=app.t("导出", "Export") href="#/more/export" /> }
        />
    }
}

/// A new version is here. It takes over when the person agrees; half-filled forms come along.
#[component]
fn Update(on_later: Callback<()>) -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let apply = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            if sw::apply().await != Ok(true) {
                busy.set(false);
                on_later.run(());
            }
        });
    });
    view! {
        <Banner
            icon=Icon::Star
            title=app.t("有新版本", "A new version is here")
            text=Signal::derive(move || Some(app.say("没写完的内容会保留。", "What you are writing is kept.").to_owned()))
            action=move || view! {
                <Button label=app.t("更新", "Update") kind=ButtonKind::Primary busy on_press=apply />
                <Button label=app.t("以后再说", "Later") on_press=on_later />
            }
        />
    }
}

/// Another tab did something to the database.
#[component]
fn StoreNotice(notice: Notice) -> impl IntoView {
    let app = App::here();
    let (zh, en) = match notice {
        Notice::Newer => (
            "另一个标签页已更新店簿，请重新打开本页再继续。",
            "Another tab has updated the book. Reload this page to go on.",
        ),
        Notice::Erased => (
            "另一个标签页清除了本机数据，请重新打开本页。",
            "Another tab erased the data on this device. Reload this page.",
        ),
        Notice::Blocked => (
            "另一个标签页里的旧版本占着数据，请关闭那个标签页。",
            "An older version in another tab holds the data. Close that tab.",
        ),
    };
    let reload = Callback::new(|()| drop(window().location().reload()));
    view! {
        <Banner tone=Tone::Due title=app.t(zh, en) action=move || view! {
            <Button label=app.t("重新打开", "Reload") kind=ButtonKind::Primary on_press=reload />
        } />
    }
}
