//! What comes over the page.

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::parts::{Button, ButtonKind, ConfirmDialog, Dialog, DialogShape, Section, TextField, Tone};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Window {
    Question,
    Middle,
    Sheet,
}

/// Windows and messages, each behind a button.
#[component]
pub fn Windows() -> impl IntoView {
    let app = App::here();
    let open = RwSignal::new(None::<Window>);
    let close = Callback::new(move |()| open.set(None));
    let is = move |which| Signal::derive(move || open.get() == Some(which));
    let words = RwSignal::new(String::new());
    let opens = [
        (Window::Question, app.t("提问", "A question")),
        (Window::Middle, app.t("窗口", "A window")),
        (Window::Sheet, app.t("工作单", "A sheet")),
    ];
    let says = [
        (Tone::Plain, app.t("一句话", "A message")),
        (Tone::Good, app.t("可以撤销的话", "A message with undo")),
        (Tone::Due, app.t("坏消息", "Bad news")),
    ];
    let say = move |tone: Tone, label: Signal<String>| {
        let undo = (tone == Tone::Good).then(|| (app.say("撤销", "Undo").to_owned(), Callback::new(|()| ())));
        app.toast(label.get_untracked(), tone, undo);
    };
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=close />
            <Button label=app.t("保存", "Save") kind=ButtonKind::Primary on_press=close />
        }
    };
    view! {
        <Section heading=app.t("窗口与消息", "Windows and messages")>
            <div class="form-row">
                {opens.map(|(window, label)| view! { <Button label on_press=Callback::new(move |()| open.set(Some(window))) /> }).collect_view()}
                {says.map(|(tone, label)| view! { <Button label on_press=Callback::new(move |()| say(tone, label)) /> }).collect_view()}
            </div>
        </Section>
        <ConfirmDialog
            open=is(Window::Question) title=app.t("删掉这一条？", "Delete this one?") danger=true
            text=app.t("删掉以后不能恢复。", "It cannot be brought back.")
            confirm_label=app.t("删掉", "Delete") cancel_label=app.t("取消", "Cancel") on_confirm=close on_cancel=close
        />
        <Dialog open=is(Window::Middle) on_close=close title=app.t("窗口", "A window") close_label=app.t("关闭", "Close") light=true>
            <p>{app.t("点外面就关上。", "A press outside or Escape closes it.")}</p>
        </Dialog>
        <Dialog open=is(Window::Sheet) on_close=close title=app.t("工作单", "A sheet") close_label=app.t("关闭", "Close") shape=DialogShape::Sheet actions>
            <TextField label=app.t("文字", "Words") value=words on_input=Callback::new(move |text| words.set(text)) />
        </Dialog>
    }
}
