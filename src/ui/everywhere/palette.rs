//! The palette behind Ctrl+K: any place, any customer, any complaint, in a few letters.

use leptos::{html, prelude::*};

use super::Open;
use crate::book::RowId;
use crate::domain::complaint::complaint;
use crate::domain::customer::customer;
use crate::domain::phone::Phone;
use crate::domain::pinyin::Query;
use crate::domain::record::{KindId, Shape};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Combo, ComboItem, Dialog};
use crate::ui::{lock, route};
use crate::words::{Words, beside, words};

/// So many records of a kind are offered.
const OFFERED: usize = 6;

/// Chosen like a place, and locks the app.
const LOCK_NOW: &str = "lock";

const PLACES: [(&str, Icon, Words); 18] = [
    ("/", Icon::Today, words("今日", "Today")),
    ("/customers", Icon::Customers, words("客户", "Customers")),
    ("/customers/new", Icon::Plus, words("新客户", "New customer")),
    ("/complaints", Icon::Complaints, words("投诉", "Complaints")),
    ("/complaints/new", Icon::Plus, words("记投诉", "Take a complaint")),
    ("/standards", Icon::Standards, words("服务标准", "Service standards")),
    ("/standards/quick", Icon::Check, words("七步快记", "Quick ticks")),
    ("/standards/start", Icon::Standards, words("开始检查", "Start a check")),
    ("/standards/reception/new", Icon::Person, words("记接待", "New reception")),
    ("/more/import", Icon::Import, words("导入", "Import")),
    ("/more/export", Icon::Export, words("导出", "Export")),
    ("/more/devices", Icon::Device, words("团队与设备", "Team and devices")),
    ("/more/bucket", Icon::Bucket, words("存储桶", "Bucket")),
    ("/more/records/settings", Icon::Settings, words("规则与时限", "Rules and limits")),
    (LOCK_NOW, Icon::Lock, words("立即上锁", "Lock now")),
    ("/more/lock", Icon::Lock, words("锁", "Lock")),
    ("/more/language", Icon::Language, words("语言与外观", "Language and look")),
    ("/customers/bin", Icon::Delete, words("回收站", "Recycle bin")),
];

/// The palette.
#[component]
pub(super) fn Palette(open: RwSignal<Option<Open>>) -> impl IntoView {
    let app = App::here();
    let is_open = Signal::derive(move || open.get() == Some(Open::Palette));
    let close = Callback::new(move |()| open.set(None));
    view! {
        <Dialog open=is_open on_close=close title=app.t("去哪里", "Go to") close_label=app.t("关闭", "Close") light=true>
            <Search close />
        </Dialog>
    }
}

#[component]
fn Search(close: Callback<()>) -> impl IntoView {
    let app = App::here();
    let text = RwSignal::new(String::new());
    let input = NodeRef::<html::Input>::new();
    input.on_load(|input| {
        // The dialog gives the focus to its heading when it opens.
        request_animation_frame(move || drop(input.focus()));
    });
    let items = Memo::new(move |_| text.with(|text| offers(app, text.trim())));
    let go = Callback::new(move |href: String| {
        close.run(());
        if href == LOCK_NOW { lock::now(app) } else { route::go(&href) }
    });
    view! {
        <Combo
            label=app.t("客户、编号或要去的地方", "Customer, number or place")
            value=text
            items
            none=app.t("没有找到。", "Nothing found.")
            on_input=Callback::new(move |typed| text.set(typed))
            on_choose=go
            input
        />
    }
}

/// Records that are found, then places by their name in either language.
fn offers(app: App, text: &str) -> Vec<ComboItem> {
    let mut all = Vec::new();
    if !text.is_empty() {
        all.extend(records(app, customer::ID, Icon::Person, text, |id| format!("/customers/{id}")));
        all.extend(records(app, complaint::ID, Icon::Complaints, text, |id| format!("/complaints/{id}")));
    }
    let lower = text.to_lowercase();
    let query = Query::new(text);
    let is_meant =
        |name: Words| text.is_empty() || name.en.to_lowercase().contains(&lower) || query.matches(name.zh).is_some();
    let places = PLACES.into_iter().filter(|(.., name)| is_meant(*name)).map(|(href, icon, name)| ComboItem {
        value: href.to_owned(),
        icon,
        title: name.r#in(app.lang.get()).to_owned(),
        second: String::new(),
    });
    all.extend(places);
    all
}

fn records(app: App, kind: KindId, icon: Icon, text: &str, href: fn(RowId) -> String) -> Vec<ComboItem> {
    let reader = app.reader();
    let found = app.find(kind, text, OFFERED);
    app.peek(|book| {
        let item = |id| {
            let row = book.row(kind, id).unwrap_or_default();
            let second = if kind == customer::ID {
                let phone = Phone::from_stored(row.text(customer::PHONE));
                [phone.show(reader.lang), row.text(customer::EMPLOYER).to_owned()]
            } else {
                [
                    row.text(complaint::NUMBER).to_owned(),
                    book.show_value(Shape::Instant, row.value(complaint::AT.field), reader),
                ]
            };
            let second = beside(second);
            ComboItem { value: href(id), icon, title: book.title(kind, id, reader), second }
        };
        found.iter().map(|found| item(found.id)).collect()
    })
}
