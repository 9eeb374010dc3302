//! The first day: how to begin, and sample data to try with.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::domain::sample;
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, EmptyState, LinkButton, Tone};
use crate::web::clock;
use crate::web::install::is_installed;
use crate::web::system::{System, system};

/// An empty book: four ways to begin.
#[component]
pub(super) fn First() -> impl IntoView {
    let app = App::here();
    let busy = RwSignal::new(false);
    let try_out = Callback::new(move |()| {
        busy.set(true);
        let (lang, today) = (app.lang.get_untracked(), app.today.get_untracked());
        let now = i64::try_from(clock::now_ms()).unwrap_or_default();
        let rows = sample::rows(lang, today, now, || app.new_id());
        spawn_local(async move {
            app.save(rows).await;
            busy.try_set(false);
        });
    });
    view! {
        {(system() == System::Ios && !is_installed()).then(|| view! { <InstallFirst /> })}
        <EmptyState
            icon=Icon::Today
            title=app.t("欢迎使用店簿", "Welcome to Dianbu")
            text=app.t(
                "每天打开这一页，就知道该联系谁、答应过什么、哪件投诉还没了结。先记下第一位客户吧。",
                "Open this page every day: whom to call, what was promised, which complaint still waits. Begin with your first customer.",
            )
            action=move || view! {
                <Allowed kind=crate::domain::customer::customer::ID>
                    <LinkButton label=app.t("新增客户", "Add a customer") href="#/customers/new" kind=ButtonKind::Primary icon=Icon::Plus />
                    <LinkButton label=app.t("导入名单", "Import a list") href="#/more/import" icon=Icon::Import />
                    <LinkButton label=app.t("加入团队", "Join a team") href="#/join" icon=Icon::Qr />
                    <Button label=app.t("用示例数据试试", "Try it with sample data") on_press=try_out kind=ButtonKind::Plain busy />
                </Allowed>
            }
        />
    }
}

/// The book of the team is on its way.
#[component]
pub(super) fn Receiving() -> impl IntoView {
    let app = App::here();
    let text = move || {
        let so_far = app.sharing.receiving.get().unwrap_or_default().to_string();
        Some(app.fill(
            "已收到 {} 条记录。可以照常使用。",
            "{} records so far. You can use the app meanwhile.",
            &[&so_far],
        ))
    };
    view! {
        <Banner title=app.t("正在接收团队的账簿…", "Receiving the team's book…") text=Signal::derive(text) />
    }
}

/// On an iPhone or iPad the app of the home screen keeps its own data: whoever installs later begins anew.
#[component]
fn InstallFirst() -> impl IntoView {
    let app = App::here();
    view! {
        <Banner
            tone=Tone::Warn
            title=app.t("先安装，再录入", "Install first, then enter data")
            text=Signal::derive(move || Some(app.say(
                "主屏幕上的店簿另有一份数据；浏览器里的这份，七天不打开可能被清除。",
                "The app on the home screen keeps data of its own; what is kept in the browser may be cleared after seven days.",
            ).to_owned()))
            action=move || view! { <LinkButton label=app.t("怎样安装", "How to install") href="#/more/install" /> }
        />
    }
}

/// While sample data is there: says so, and takes it away without trace.
#[component]
pub(super) fn Sample() -> impl IntoView {
    let app = App::here();
    let there = Memo::new(move |_| app.agenda(|_, agenda| agenda.ids().any(sample::is_sample)));
    let busy = RwSignal::new(false);
    let remove = Callback::new(move |()| {
        busy.set(true);
        let writes = app.peek(sample::clear);
        spawn_local(async move {
            if app.save(writes).await.is_some() {
                app.toast(app.say("示例数据已清除。", "The sample data is gone.").to_owned(), Tone::Good, None);
            }
            busy.try_set(false);
        });
    });
    view! {
        <Show when=move || there.get()>
            <Banner
                title=app.t("这里有示例数据", "Sample data is here")
                text=Signal::derive(move || Some(app.say(
                    "随便试。清除时去掉示例客户和记在他们名下的内容，您自己的客户都留着。",
                    "Try anything. Clearing takes the sample customers and what was noted with them; your own customers stay.",
                ).to_owned()))
                action=move || view! { <Button label=app.t("清除示例数据", "Clear the sample data") on_press=remove busy /> }
            />
        </Show>
    }
}
