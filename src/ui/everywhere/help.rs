//! The keys, all of them on one sheet.

use leptos::prelude::*;

use super::Open;
use crate::ui::app::App;
use crate::ui::parts::{Dialog, DialogShape};
use crate::words::{Words, words};

const KEYS: [(&[&str], Words); 11] = [
    (&["Ctrl", "K"], words("去任何地方，找任何客户", "Go anywhere, find any customer")),
    (&["/"], words("查找", "Search the list")),
    (&["n"], words("新增", "Add one")),
    (&["j"], words("下一行", "Next row")),
    (&["k"], words("上一行", "Previous row")),
    (&["Enter"], words("打开这一行", "Open the row")),
    (&["e"], words("修改打开的档案", "Edit what is open")),
    (&["["], words("上一位客户", "Previous customer")),
    (&["]"], words("下一位客户", "Next customer")),
    (&["Shift", "L"], words("上锁", "Lock")),
    (&["Ctrl", "Enter"], words("保存", "Save")),
];

/// The sheet behind `?`.
#[component]
pub(super) fn Help(open: RwSignal<Option<Open>>) -> impl IntoView {
    let app = App::here();
    let line = move |(keys, what): (&'static [&'static str], Words)| {
        let caps = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <div class="pair"><dt>{caps}</dt><dd>{app.w(what)}</dd></div> }
    };
    view! {
        <Dialog
            open=Signal::derive(move || open.get() == Some(Open::Help))
            on_close=Callback::new(move |()| open.set(None))
            title=app.t("快捷键", "Keyboard")
            close_label=app.t("关闭", "Close")
            shape=DialogShape::Sheet
            light=true
        >
            <dl class="keys">{KEYS.map(line).collect_view()}</dl>
        </Dialog>
    }
}
