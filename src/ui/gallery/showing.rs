//! What is read: rows, cards, what happened, figures.

use leptos::prelude::*;

use crate::book::Letter;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Bar, BarChart, Button, ButtonKind, CardHead, Choice, KeyValue, KeyValues, Lead, LetterIndex, LinkButton,
    List, ListRow, Seal, Section, Stat, Stats, Step, Stepper, Tabs, Timeline, TimelineEntry, Tone, Version, Versions,
};

const HERE: &str = "#/more/gallery";

/// Rows and cards, then what goes on in time.
#[component]
pub fn Showing() -> impl IntoView {
    let app = App::here();
    view! {
        <Section heading=app.t("列表与档案", "Lists and cards")>
            // The words of a row are plain text, so the rows are made anew with the language.
            {move || view! { <Rows /> }}
            <Letters />
            <Card />
        </Section>
        <Section heading=app.t("步骤与经过", "Steps and what happened")><Course /></Section>
        <Section heading=app.t("数字与图", "Figures and charts")><Figures /></Section>
    }
}

#[component]
fn Rows() -> impl IntoView {
    let app = App::here();
    let grade = move || view! { <Badge label=app.t("今天", "Today") tone=Tone::Due /><Seal sign=app.t("甲", "A") label=app.t("甲级", "Grade A") /> };
    view! {
        <List label=app.t("各种行", "Rows of every kind")>
            <ListRow
                title=app.say("张敏", "Zhang Min") found=vec![0..1] second=app.say("春风花店 · 店长", "Spring Flowers · Manager")
                lead=Lead::Sign(app.say("张", "Z").to_owned()) href=HERE trail=grade
            />
            <ListRow title=app.say("打开着的一行", "The row that is open") lead=Lead::Icon(Icon::Person) href=HERE current=true />
            <ListRow
                title=app.say("不通向别处的一行", "A row that leads nowhere") second=app.say("操作在行尾", "Its action stands at the end")
                lead=Lead::Icon(Icon::Calendar)
                trail=move || view! { <Button label=app.t("完成", "Done") on_press=Callback::new(|()| ()) /> }
            />
        </List>
    }
}

/// The letters of a list of which no row stands here: where they lead is said instead.
#[component]
fn Letters() -> impl IntoView {
    let app = App::here();
    let row = RwSignal::new(0);
    let letters = Signal::derive(|| {
        let letter = |(at, sign): (usize, char)| Letter { sign, first: at.div_ceil(4) * 4, is_empty: at % 4 > 0 };
        ('A'..='Z').chain(['#']).enumerate().map(letter).collect::<Vec<_>>()
    });
    let second = Signal::derive(move || app.fill("第 {} 行", "Row {}", &[&(row.get() + 1).to_string()]));
    let set = Callback::new(move |to| row.set(to));
    view! {
        <div class="lettered">
            <LetterIndex label=app.t("按字母跳转", "Jump to letter") letters row on_jump=set on_enter=set />
            <p>{second}</p>
        </div>
    }
}

#[component]
fn Card() -> impl IntoView {
    let app = App::here();
    view! {
        // The head of a card holds the heading of its page: here it stands in a frame of its own.
        <CardHead
            title=app.t("李静", "Li Jing") second=Signal::derive(move || Some(app.say("恒信物业 · 采购", "Hengxin Property · Purchasing").to_owned()))
            lead=move || view! { <Seal sign=app.t("甲", "A") label=app.t("甲级", "Grade A") /> }
            marks=move || view! { <Badge label=app.t("有承诺", "A promise") tone=Tone::Warn /><Badge label=app.t("老客户", "Regular") /> }
            actions=move || view! {
                <LinkButton label=app.t("打电话", "Call") href=HERE icon=Icon::Phone kind=ButtonKind::Primary />
                <LinkButton label=app.t("发短信", "Message") href=HERE icon=Icon::Message />
            }
        />
        <KeyValues>
            <KeyValue label=app.t("电话", "Telephone")>"138 0013 8000"</KeyValue>
            <KeyValue label=app.t("地址", "Address")>{app.t("春风路 18 号 3 楼", "18 Spring Road, third floor")}</KeyValue>
        </KeyValues>
    }
}

#[component]
fn Course() -> impl IntoView {
    let app = App::here();
    let step = RwSignal::new("2".to_owned());
    let steps = Signal::derive(move || {
        [("1", "听完", "Listen"), ("2", "致歉", "Apologise"), ("3", "解决", "Resolve")]
            .map(|(sign, zh, en)| Step {
                value: sign.into(),
                sign: sign.into(),
                label: app.say(zh, en).into(),
                done: sign == "1",
            })
            .to_vec()
    });
    let tab = RwSignal::new("past".to_owned());
    let tabs = Signal::derive(move || {
        [("past", "经过", "Timeline"), ("two", "两个值", "Two values")]
            .map(|(value, zh, en)| Choice::new(value, app.say(zh, en)))
            .to_vec()
    });
    let entries = Signal::derive(move || {
        let entry = |id: &str, what: &str, before: Option<&str>, after: &str| TimelineEntry {
            id: id.into(),
            when: app.say("11月21日 10:15", "21 Nov, 10:15").into(),
            who: app.say("王芳，前台手机", "Wang Fang, front phone").into(),
            what: what.into(),
            before: before.map(Into::into),
            after: Some(after.into()),
            restorable: before.is_some(),
        };
        vec![
            entry("1", app.say("电话", "Telephone"), Some("138 0013 8000"), "138 0013 8001"),
            entry(
                "2",
                app.say("往来", "Dealing"),
                None,
                app.say("送花上门，很满意。", "Flowers delivered, well pleased."),
            ),
        ]
    });
    let versions = Signal::derive(move || {
        let version =
            |id: &str, text: &str, origin: &str| Version { id: id.into(), text: text.into(), origin: origin.into() };
        vec![
            version(
                "1",
                app.say("春风路 18 号", "18 Spring Road"),
                app.say("王芳，今天 10:15", "Wang Fang, today 10:15"),
            ),
            version(
                "2",
                app.say("春风路 20 号", "20 Spring Road"),
                app.say("李静，今天 10:20", "Li Jing, today 10:20"),
            ),
        ]
    });
    let none = Callback::new(|_: String| ());
    view! {
        <Stepper label=app.t("步骤", "Steps") steps current=step on_choose=Callback::new(move |value| step.set(value)) done_label=app.t("已完成", "done") />
        <Tabs label=app.t("两页", "Two views") tabs current=tab on_choose=Callback::new(move |value| tab.set(value))>
            {move || if tab.get() == "past" {
                view! { <Timeline label=app.t("经过", "Timeline") entries restore_label=app.t("恢复", "Put back") on_restore=none /> }.into_any()
            } else {
                view! { <Versions label=app.t("地址", "Address") versions keep_label=app.t("保留这个", "Keep this") on_keep=none /> }.into_any()
            }}
        </Tabs>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let app = App::here();
    let bars = Signal::derive(move || {
        [("鞋", "Shoes", 12.0), ("包", "Bags", 7.0), ("其他", "Others", 0.0)]
            .map(|(zh, en, value)| Bar {
                label: app.say(zh, en).into(),
                value,
                text: value.to_string(),
                href: (value > 0.0).then(|| HERE.into()),
            })
            .to_vec()
    });
    view! {
        <Stats>
            <Stat value="12" label=app.t("本月", "This month") href=HERE />
            <Stat value="92 %" label=app.t("按时", "In time") tone=Tone::Good />
            <Stat value="3" label=app.t("快到期", "Soon due") tone=Tone::Warn />
            <Stat value="1" label=app.t("已超时", "Overdue") tone=Tone::Due />
        </Stats>
        <BarChart
            title=app.t("各类投诉", "Complaints by kind") bars table_label=app.t("看表格", "As a table")
            heads=Signal::derive(move || (app.say("种类", "Kind").to_owned(), app.say("件数", "Number").to_owned()))
        />
    }
}
