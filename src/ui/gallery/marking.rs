//! Marks, notices, waiting, and places that are empty.

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Banner, Button, ButtonKind, EmptyState, Highlight, Progress, Seal, Section, Skeleton, SyncMark, SyncState,
    Tone,
};

/// What every tone says.
const TONES: [(Tone, &str, &str); 4] = [
    (Tone::Plain, "平常", "Plain"),
    (Tone::Good, "完成", "Done"),
    (Tone::Warn, "快到期", "Soon due"),
    (Tone::Due, "有麻烦", "In trouble"),
];

/// How far an edit has come.
const SHARING: [(SyncState, &str, &str); 4] = [
    (SyncState::SavedHere, "已保存在本机", "Saved here"),
    (SyncState::Shared, "已共享", "Shared"),
    (SyncState::Offline, "没有网络", "Offline"),
    (SyncState::Trouble, "同步有问题", "Sync trouble"),
];

/// Marks of one or two words, notices, and what stands where nothing is yet.
#[component]
pub fn Marking() -> impl IntoView {
    let app = App::here();
    let deaf = Callback::new(|()| ());
    let badges = TONES.map(|(tone, zh, en)| view! { <Badge label=app.t(zh, en) tone /> }).collect_view();
    let marks =
        SHARING.map(|(state, zh, en)| view! { <SyncMark state label=app.t(zh, en) on_press=deaf /> }).collect_view();
    let action = move || view! { <Button label=app.t("怎么办", "What to do") on_press=Callback::new(|()| ()) /> };
    let banners = TONES.map(|(tone, zh, en)| {
        let text = Signal::derive(move || {
            Some(app.say("这意味着什么，该做什么。", "What it means and what to do.").to_owned())
        });
        view! { <Banner tone title=app.t(zh, en) text action /> }
    });
    view! {
        <Section heading=app.t("记号", "Marks")>
            <div class="form-row">{badges}<Badge label=app.t("另配图形", "Another picture") icon=Icon::Cake /></div>
            <div class="form-row">
                <Seal sign=app.t("甲", "A") label=app.t("甲级", "Grade A") />
                <Seal sign=app.t("乙", "B") label=app.t("乙级", "Grade B") pale=true />
                <Seal sign=app.t("贵宾", "A1") label=app.t("两个字的", "Of two characters") />
                // The words found in a text are marked.
                {move || view! { <span><Highlight text=app.say("找到的字", "The words found").to_owned() found=vec![0..2] /></span> }}
            </div>
            <div class="form-row">{marks}</div>
        </Section>
        <Section heading=app.t("告示", "Notices")>{banners.collect_view()}</Section>
        <Section heading=app.t("等待与空白", "Waiting and empty")>
            <Progress label=app.t("知道还有多久", "The end is known") value=Signal::stored(Some(0.4))
                text=Signal::derive(move || Some(app.say("5,000 里的 2,000", "2,000 of 5,000").to_owned())) cancel_label=app.say("停止", "Stop") on_cancel=deaf />
            <Progress label=app.t("不知道还有多久", "The end is not known") value=Signal::stored(None) />
            <Skeleton rows=2 label=app.t("将要来的行", "Rows that are coming") />
            <EmptyState
                icon=Icon::Customers title=app.t("还没有内容", "Nothing here yet")
                text=app.t("这里放什么，有什么用。", "What goes here and what it is good for.")
                action=move || view! { <Button label=app.t("开始", "Begin") kind=ButtonKind::Primary icon=Icon::Plus on_press=deaf /> }
            />
        </Section>
    }
}
