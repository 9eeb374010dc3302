//! What can be set up.

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::lock;
use crate::ui::parts::{IconButton, Lead, List, ListRow, PageHead, Section};

type Entry = (&'static str, Icon, (&'static str, &'static str), (&'static str, &'static str));

const DATA: &[Entry] = &[
    (
        "#/more/import",
        Icon::Import,
        ("导入", "Import"),
        ("客户名单、名片、投诉记录", "Customer lists, contact cards, complaints"),
    ),
    ("#/more/export", Icon::Export, ("导出", "Export"), ("随时带走全部数据", "Take everything with you")),
];

const TEAM: &[Entry] = &[
    (
        "#/more/devices",
        Icon::Device,
        ("团队与设备", "Team and devices"),
        ("邀请手机和平板加入", "Invite phones and tablets"),
    ),
    ("#/more/bucket", Icon::Bucket, ("存储桶", "Bucket"), ("设备之间在这里同步", "Where devices meet")),
    ("#/more/records/staff", Icon::People, ("员工", "Staff"), ("谁在这台设备上工作", "Who works at this device")),
    ("#/more/records/shop", Icon::Place, ("门店", "Shops"), ("名称、地址、营业时间", "Names, addresses, hours")),
];

const SET_UP: &[Entry] = &[
    (
        "#/more/records/settings",
        Icon::Settings,
        ("规则与时限", "Rules and limits"),
        ("提醒天数、答复时限", "Days ahead, time to answer"),
    ),
    (
        "#/more/records/entry",
        Icon::Filter,
        ("选项字典", "Choice lists"),
        ("等级、种类、原因等选项", "Grades, kinds, reasons"),
    ),
    (
        "#/more/records/extra",
        Icon::Plus,
        ("自定义字段", "Own fields"),
        ("给客户、投诉、检查加栏目", "More on customers, complaints, checks"),
    ),
    (
        "#/more/language",
        Icon::Language,
        ("语言与外观", "Language and look"),
        ("中文 / English，日间 / 夜间", "中文 / English, day / night"),
    ),
    ("#/more/lock", Icon::Lock, ("锁", "Lock"), ("密码、自动上锁", "PIN, locking by itself")),
    (
        "#/more/install",
        Icon::SavedHere,
        ("安装到主屏幕", "Install"),
        ("像其他应用一样打开", "Open it like any other app"),
    ),
    (
        "#/more/storage",
        Icon::Device,
        ("本机存储", "Storage on this device"),
        ("占用空间、防止被清除", "Space used, protection"),
    ),
];

/// The list of settings.
#[component]
pub fn Menu() -> impl IntoView {
    let app = App::here();
    let here = move |href: &'static str| {
        Signal::derive(move || {
            let path = app.route.with(|route| format!("#/{}", route.path.join("/")));
            path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let rows = move |entries: &'static [Entry]| {
        entries
            .iter()
            .map(|&(href, icon, (zh, en), (second_zh, second_en))| {
                view! {
                    <ListRow
                        title=app.say(zh, en)
                        second=app.say(second_zh, second_en)
                        lead=Lead::Icon(icon)
                        href=href
                        current=here(href)
                    />
                }
            })
            .collect_view()
    };
    let section = move |zh, en, entries: &'static [Entry]| {
        view! {
            <Section heading=app.t(zh, en)>
                // The words of a row are plain text, so the rows are made anew with the language.
                {move || view! { <List label=app.t(zh, en)>{rows(entries)}</List> }}
            </Section>
        }
    };
    let lock_now = move || {
        let press = Callback::new(move |()| lock::now(app));
        let button =
            move || view! { <IconButton label=app.t("立即上锁", "Lock now") icon=Icon::Lock on_press=press /> };
        move || app.has_pin.get().then(button)
    };
    view! {
        <PageHead title=app.t("更多", "More") actions=lock_now />
        {section("数据", "Data", DATA)}
        {section("团队", "Team", TEAM)}
        {section("设置", "Settings", SET_UP)}
    }
}
