//! Onto the home screen (craft §4): by the browser's own offer where it makes one, else in words.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, Tone};
use crate::web::install::is_installed;
use crate::web::system::{System, is_wechat, system};
use crate::words::{Words, words};

/// Why, and how.
#[component]
pub fn Install() -> impl IntoView {
    let app = App::here();
    let here = is_installed();
    view! {
        <Head title=app.t("安装到主屏幕", "Install") />
        <Show
            when=move || !here
            fallback=move || view! {
                <Banner
                    tone=Tone::Good
                    title=app.t("已经安装", "Installed")
                    text=Signal::derive(move || Some(app.say("店簿正在自己的窗口里运行。", "Dianbu runs in a window of its own.").to_owned()))
                />
            }
        >
            <p>{app.t(
                "装上以后像其他应用一样从主屏幕打开，没有网络也能用，浏览器也不会轻易清除数据。",
                "It then opens from the home screen like any other app, also without a network, and the browser does not clear its data lightly.",
            )}</p>
            <Offered />
            <ol class="steps" role="list">{steps().iter().map(|step| view! { <li>{app.w(*step)}</li> }).collect_view()}</ol>
            {(system() == System::Ios).then(|| view! { <Evicted /> })}
        </Show>
    }
}

/// The browser's own offer.
#[component]
fn Offered() -> impl IntoView {
    let app = App::here();
    let take = Callback::new(move |()| {
        let offer = app.offer();
        spawn_local(async move {
            if offer.take().await == Ok(true) {
                app.toast(app.say("已安装。", "Installed.").to_owned(), Tone::Good, None);
            }
        });
    });
    view! {
        <Show when=move || app.installable.get()>
            <p><Button label=app.t("安装", "Install") kind=ButtonKind::Primary icon=Icon::Device on_press=take /></p>
        </Show>
    }
}

/// The way by hand.
fn steps() -> &'static [Words] {
    const WECHAT: &[Words] = &[
        words("点右上角的 ···", "Press ··· in the upper corner"),
        words("选“在浏览器中打开”", "Choose “Open in browser”"),
        words("在浏览器里再打开这一页", "Open this page there"),
    ];
    const IOS: &[Words] = &[
        words("用 Safari 打开店簿，点底部的分享按钮", "Open Dianbu in Safari and press Share"),
        words("选“添加到主屏幕”，再点“添加”", "Choose “Add to Home Screen”, then “Add”"),
        words("以后都从主屏幕的印章打开", "From now on open it by the seal on the home screen"),
    ];
    const ANDROID: &[Words] = &[
        words("打开浏览器右上角的菜单", "Open the browser's menu"),
        words("选“安装应用”或“添加到主屏幕”", "Choose “Install app” or “Add to Home screen”"),
    ];
    const DESK: &[Words] = &[
        words("地址栏右边有安装图标时，点它", "Press the install icon at the end of the address bar, if there is one"),
        words(
            "没有就打开浏览器菜单，选“安装”或“添加到程序坞”",
            "Else open the browser's menu: “Install” or “Add to Dock”",
        ),
    ];
    match system() {
        _ if is_wechat() => WECHAT,
        System::Ios => IOS,
        System::Android => ANDROID,
        System::Desk => DESK,
    }
}

/// What Safari does to pages that are not installed.
#[component]
fn Evicted() -> impl IntoView {
    let app = App::here();
    view! {
        <Banner
            tone=Tone::Warn
            title=app.t("先安装，再录入", "Install first, then enter data")
            text=Signal::derive(move || Some(app.say(
                "Safari 会清除七天没有打开的网页的数据；主屏幕上的店簿另有一份数据，不受影响。",
                "Safari clears what a page keeps when it was not opened for seven days. The app on the home screen keeps its own data and is not touched.",
            ).to_owned()))
        />
    }
}
