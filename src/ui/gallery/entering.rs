//! What is filled in and chosen.

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Button, ButtonKind, Chips, Choice, Combo, ComboItem, DateField, Form, ManyChips, MoneyField, NumberField, PassFail,
    ScoreDots, SearchBox, Section, Select, TextArea, TextField, TextKind, Tick, Verdict,
};

/// A text of a field, and what hears its changes.
fn text(first: &str) -> (RwSignal<String>, Callback<String>) {
    let value = RwSignal::new(first.to_owned());
    (value, Callback::new(move |text| value.set(text)))
}

/// Words that are there as long as the language is.
fn told(app: App, zh: &'static str, en: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || Some(app.say(zh, en).to_owned()))
}

/// Fields of every kind.
#[component]
pub fn Entering() -> impl IntoView {
    let app = App::here();
    let help = told(app, "一句说明，一直在。", "One sentence of help, always there.");
    let wrong = told(app, "写出哪里不对、怎么改。", "What is wrong and what to do.");
    let kinds = [
        (TextKind::Words, app.t("文字", "Words"), app.say("春风路", "Spring Road")),
        (TextKind::Phone, app.t("电话", "Telephone"), "138 0013 8000"),
        (TextKind::Mail, app.t("邮箱", "Mail"), "lin@dian.example"),
        (TextKind::Web, app.t("网址", "Web address"), "https://dian.example"),
        (TextKind::Secret, app.t("密钥", "Secret"), "secret-of-nobody"),
        (TextKind::Pin, app.t("数字密码", "PIN"), "1234"),
        (TextKind::Code, app.t("给机器看的字", "Code"), "dian-2026"),
        (TextKind::Whole, app.t("整数", "Whole number"), "12"),
        (TextKind::Decimal, app.t("小数", "Decimal"), "1.5"),
        (TextKind::Day, app.t("日期", "Day"), "2026-11-21"),
        (TextKind::Time, app.t("时间", "Time"), "09:30"),
    ];
    let line = move |(kind, label, first): (TextKind, Signal<String>, &str)| {
        let (value, on_input) = text(first);
        view! { <TextField kind label value on_input /> }
    };
    let ((words, on_words), (empty, on_empty), (bad, on_bad)) = (text(""), text(""), text("12a"));
    let ((many, on_many), (number, on_number)) =
        (text(app.say("第一行\n第二行", "First line\nsecond line")), text("45"));
    let ((money, on_money), (day, on_day)) = (text("1,280.5"), text("2026-11-21"));
    let (found, on_found) = text(app.say("张", "Zhang"));
    let action = move || view! { <Button label=app.t("农历", "Lunar") kind=ButtonKind::Plain on_press=Callback::new(|()| ()) /> };
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=Callback::new(|()| ()) />
            <Button label=app.t("保存", "Save") kind=ButtonKind::Primary submit=true />
        }
    };
    view! {
        <Section heading=app.t("填写", "Fields")>
            <Form label=app.say("填写", "Fields") inline=true on_submit=Callback::new(|()| ()) actions>
                {kinds.map(line).collect_view()}
                <TextField label=app.t("有说明", "With a hint") value=empty on_input=on_empty hint=help />
                <TextField label=app.t("必填", "Required") value=words on_input=on_words required=true />
                <TextField label=app.t("有错", "With an error") value=bad on_input=on_bad kind=TextKind::Whole hint=help error=wrong />
                <TextArea label=app.t("多行", "Several lines") value=many on_input=on_many hint=help />
                <NumberField label=app.t("带单位的数", "A number with its unit") value=number on_input=on_number unit=app.say("分钟", "minutes") />
                <MoneyField label=app.t("金额", "Money") value=money on_input=on_money />
                <DateField label=app.t("带操作的日期", "A day with an action") value=day on_input=on_day action />
            </Form>
        </Section>
        <Section heading=app.t("查找", "Search")>
            <SearchBox label=app.t("在找", "Searching") value=found on_input=on_found clear_label=app.t("清除这些字", "Clear the words") />
            <Finds />
        </Section>
    }
}

/// A search box whose finds are chosen by the arrows, and one that finds nothing.
#[component]
fn Finds() -> impl IntoView {
    let app = App::here();
    let (value, on_input) = text("");
    let items = Signal::derive(move || {
        let item = |value: &str, icon, (title, second): (&str, &str)| ComboItem {
            value: value.into(),
            icon,
            title: title.into(),
            second: second.into(),
        };
        let all = vec![
            item("1", Icon::Person, (app.say("张敏", "Zhang Min"), app.say("春风花店", "Spring Flowers"))),
            item("2", Icon::Complaints, (app.say("鞋底开胶", "The sole came off"), "")),
            item("3", Icon::Export, (app.say("导出", "Export"), "")),
        ];
        value.with(|text| all.into_iter().filter(|item| item.title.contains(text.as_str())).collect::<Vec<_>>())
    });
    view! {
        <Combo
            label=app.t("去哪里，找谁", "Where to, and whom") value items on_input
            none=app.t("没有找到。", "Nothing found.")
            on_choose=Callback::new(move |_| value.set(String::new()))
        />
    }
}

/// What is chosen of a few, of many, and answered.
#[component]
pub fn Choosing() -> impl IntoView {
    let app = App::here();
    let choices = Signal::derive(move || {
        [("phone", "电话", "Telephone"), ("visit", "到店", "A visit"), ("letter", "来信", "A letter")]
            .map(|(value, zh, en)| Choice::new(value, app.say(zh, en)))
            .to_vec()
    });
    let wrong = told(app, "请选一项。", "Choose one.");
    let ((one, on_one), (none, on_none), (of_many, on_of_many)) = (text("phone"), text(""), text("visit"));
    let several = RwSignal::new(vec!["phone".to_owned(), "letter".to_owned()]);
    let on_several = Callback::new(move |values| several.set(values));
    let (ticked, open, switched) = (RwSignal::new(true), RwSignal::new(false), RwSignal::new(true));
    let (score, verdict) = (RwSignal::new(Some(3_u8)), RwSignal::new(Some(Verdict::Fail)));
    let sentences = Signal::derive(move || {
        [("没有做", "Not done"), ("勉强", "Barely"), ("一半", "Half"), ("大体做到", "Mostly"), ("做到", "Done")]
            .map(|(zh, en)| app.say(zh, en).to_owned())
            .to_vec()
    });
    let set = |signal: RwSignal<bool>| Callback::new(move |on| signal.set(on));
    view! {
        <Section heading=app.t("选择", "Choices")>
            <Chips label=app.t("几个里选一个", "One of a few") value=one choices on_choose=on_one />
            <Chips label=app.t("还没有选", "None chosen") value=none choices on_choose=on_none error=wrong />
            <ManyChips label=app.t("可以选几个", "Several of a few") values=several choices on_change=on_several hint=told(app, "也是列表的筛选。", "Also the filters of a list.") />
            <ManyChips label=app.t("只给耳朵的题目", "Asked for the ear only") values=several choices on_change=on_several quiet=true />
            <Select label=app.t("很多里选一个", "One of many") value=of_many choices on_choose=on_of_many empty=app.t("不选", "None") />
            <Select label=app.t("有错的选择", "A choice with an error") value=none choices on_choose=on_none empty=app.t("请选择", "Choose") required=true error=wrong />
            <Tick label=app.t("打了勾", "Ticked") checked=ticked on_change=set(ticked) hint=told(app, "第二行，淡一些。", "A second, softer line.") />
            <Tick label=app.t("没打勾", "Not ticked") checked=open on_change=set(open) />
            <Tick label=app.t("现在不能改", "Disabled") checked=true on_change=Callback::new(|_| ()) disabled=true />
            <Tick label=app.t("马上生效的开关", "A switch that works at once") checked=switched on_change=set(switched) switch=true />
            <Tick label=app.t("关着的开关", "A switch that is off") checked=open on_change=set(open) switch=true />
        </Section>
        <Section heading=app.t("检查的回答", "Answers of a check")>
            <ScoreDots label=app.t("打分", "A score") value=score on_change=Callback::new(move |given| score.set(Some(given))) sentences />
            <PassFail
                label=app.t("合格与否", "Passed or failed") value=verdict on_change=Callback::new(move |given| verdict.set(Some(given)))
                pass_label=app.t("合格", "Pass") fail_label=app.t("不合格", "Fail") na_label=app.t("不适用", "Not applicable")
            />
        </Section>
    }
}
