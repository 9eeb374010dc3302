//! More: everything that is set up once, and what comes in and goes out.

pub mod bucket;
pub mod carrying;
pub mod devices;
pub mod exporting;
pub mod importing;
pub mod install;
pub mod invitations;
pub mod inviting;
pub mod joining;
pub mod language;
pub mod lists;
pub mod lock;
pub mod member;
pub mod menu;
pub mod records;
pub mod recovery;
pub mod scan;
pub mod storage;

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::gallery::Gallery;
use crate::ui::icon::Icon;
use crate::ui::parts::{EmptyState, PageHead, Split};

/// The place behind 更多: its menu, and the page chosen from it.
#[component]
pub fn More() -> impl IntoView {
    let app = App::here();
    let path = Memo::new(move |_| app.route.with(|route| route.path.clone()));
    let open =
        Signal::derive(move || path.with(|path| path.len() > 1 || path.first().is_some_and(|first| first != "more")));
    view! {
        <Split open list=move || view! { <menu::Menu /> }>
            {move || path.with(|path| page(&path.iter().map(String::as_str).collect::<Vec<_>>()))}
        </Split>
    }
}

fn page(path: &[&str]) -> AnyView {
    match path {
        ["more", "import"] => view! { <importing::Import /> }.into_any(),
        ["more", "export"] => view! { <exporting::Export /> }.into_any(),
        ["more", "bucket"] | ["connect"] => view! { <bucket::BucketPage /> }.into_any(),
        ["more", "devices"] => view! { <devices::Devices /> }.into_any(),
        ["join"] => view! { <joining::Join /> }.into_any(),
        ["more", "install"] => view! { <install::Install /> }.into_any(),
        ["more", "gallery"] => view! { <Gallery /> }.into_any(),
        ["more", "language"] => view! { <language::Language /> }.into_any(),
        ["more", "lock"] => view! { <lock::Lock /> }.into_any(),
        ["more", "storage"] => view! { <storage::Storage /> }.into_any(),
        ["more", "records", kind, rest @ ..] => records::page(kind, rest),
        ["more"] => view! { <Nothing /> }.into_any(),
        _ => view! { <Missing /> }.into_any(),
    }
}

/// Beside the menu while nothing of it is chosen.
#[component]
fn Nothing() -> impl IntoView {
    let app = App::here();
    view! {
        <EmptyState
            icon=Icon::Settings
            title=app.t("从左边选一项", "Choose from the menu")
            text=app.t(
                "内容都存在本机；连接存储桶后，团队的设备之间自动同步。",
                "Everything is kept on this device. Connect a bucket to share it between the team's devices.",
            )
        />
    }
}

/// An address that leads nowhere, as of a page that another version has.
#[component]
fn Missing() -> impl IntoView {
    let app = App::here();
    view! {
        <Head title=app.t("更多", "More") />
        <EmptyState
            icon=Icon::Info
            title=app.t("没有这一页", "There is no such page")
            text=app.t("这个地址不通向任何内容。返回菜单再选一次。", "The address leads nowhere. Go back to the menu and choose again.")
        />
    }
}

/// The head of a page of this place, with the way back that a phone needs.
#[component]
fn Head(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
) -> impl IntoView {
    let app = App::here();
    view! { <PageHead title back="#/more" back_label=app.t("返回", "Back") /> }
}
