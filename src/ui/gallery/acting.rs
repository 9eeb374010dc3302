//! What is pressed.

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, CopyField, IconButton, LinkButton, Menu, MenuItem, Section};

/// Buttons, links, the menu.
#[component]
pub fn Acting() -> impl IntoView {
    let app = App::here();
    let pressed = RwSignal::new(true);
    let said = RwSignal::new(0_u32);
    let press = Callback::new(move |()| said.update(|count| *count += 1));
    let kinds = [
        (ButtonKind::Primary, app.t("主要", "Primary")),
        (ButtonKind::Quiet, app.t("一般", "Quiet")),
        (ButtonKind::Plain, app.t("文字", "Plain")),
        (ButtonKind::Danger, app.t("去除", "Danger")),
    ];
    let each = move |view: fn(ButtonKind, Signal<String>, Callback<()>) -> AnyView| {
        kinds.map(|(kind, label)| view(kind, label, press)).collect_view()
    };
    let items = Signal::derive(move || {
        let item = |value: &str, label: &str, icon, danger| MenuItem {
            value: value.into(),
            label: label.into(),
            icon,
            danger,
        };
        vec![
            item("edit", app.say("修改", "Edit"), Icon::Edit, false),
            item("print", app.say("打印", "Print"), Icon::Print, false),
            item("delete", app.say("删除", "Delete"), Icon::Delete, true),
        ]
    });
    view! {
        <Section heading=app.t("按钮", "Buttons") remark=Signal::derive(move || Some(app.fill("按了 {} 次", "Pressed {} times", &[&said.get().to_string()])))>
            <div class="form-row">{each(|kind, label, on_press| view! { <Button label kind on_press /> }.into_any())}</div>
            <div class="form-row">{each(|kind, label, on_press| view! { <Button label kind icon=Icon::Check on_press /> }.into_any())}</div>
            <div class="form-row">{each(|kind, label, _| view! { <LinkButton label kind href="#/more/gallery" icon=Icon::Link /> }.into_any())}</div>
            <div class="form-row">
                <Button label=app.t("正在做", "Busy") kind=ButtonKind::Primary busy=true on_press=press />
                <Button label=app.t("现在不能", "Disabled") disabled=true on_press=press />
            </div>
            <Button label=app.t("整行宽", "As wide as the page") wide=true on_press=press />
        </Section>
        <Section heading=app.t("图形按钮与菜单", "Icon buttons and the menu")>
            <div class="form-row">
                <IconButton label=app.t("分享", "Share") icon=Icon::Share on_press=press />
                <IconButton label=app.t("按住的", "Pressed") icon=Icon::Star pressed on_press=Callback::new(move |()| pressed.update(|on| *on = !*on)) />
                <IconButton label=app.t("现在不能", "Disabled") icon=Icon::Print disabled=true on_press=press />
                <Menu label=app.t("更多操作", "More actions") items on_choose=Callback::new(move |_| press.run(())) />
            </div>
            <CopyField
                label=app.t("可以带走的值", "A value to take along") value="138 0013 8000"
                copy_label=app.t("复制", "Copy") copied_label=app.t("已复制", "Copied")
            />
        </Section>
    }
}
