//! Erasing a customer for good (G5): what goes and what stays is said first, and the name is typed to confirm.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::book::RowId;
use crate::domain::KINDS;
use crate::domain::complaint::complaint;
use crate::domain::customer::customer;
use crate::domain::erasure::{self, Count, Plan};
use crate::domain::role::Role;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Button, ButtonKind, Dialog, DialogShape, Form, KeyValue, KeyValues, Lead, List, ListRow, Section, TextField, Tick,
    Tone,
};
use crate::ui::record::leftover;
use crate::ui::route;

/// The sheet that asks.
#[component]
pub(super) fn EraseSheet(
    /// The customer, while the sheet is open.
    asked: RwSignal<Option<RowId>>,
    /// Where the person is afterwards.
    then: &'static str,
) -> impl IntoView {
    let app = App::here();
    let close = Callback::new(move |()| asked.set(None));
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(Option::is_some))
            on_close=close
            title=app.t("彻底抹去", "Erase for good")
            close_label=app.t("关闭", "Close")
            shape=DialogShape::Sheet
        >
            {move || asked.get().map(|id| view! { <Inside id close then /> })}
        </Dialog>
    }
}

/// What an erasure would take now.
pub(super) fn planned(app: App, id: RowId) -> Memo<Plan> {
    let kinds: Vec<_> = KINDS.iter().map(|kind| kind.id).collect();
    Memo::new(move |_| app.read(&kinds, |book| erasure::plan(book, customer::ID, id)))
}

#[component]
fn Inside(id: RowId, close: Callback<()>, then: &'static str) -> impl IntoView {
    let app = App::here();
    let (plan, words) = (planned(app, id), RwSignal::new(false));
    let name = Memo::new(move |_| app.read(&[customer::ID], |book| book.title(customer::ID, id, app.reader())));
    let lead = move || {
        name.with(|name| {
            app.fill(
                "“{}”的下列资料会从账簿和团队的每台设备上永远消失。这不能撤销。",
                "What is listed here of “{}” goes from the book and from every device of the team. This cannot be undone.",
                &[name],
            )
        })
    };
    view! {
        <p>{lead}</p>
        <Section heading=app.t("会抹去", "What goes")><Counts plan of=|count| count.whole /></Section>
        <Stays plan words />
        <Beyond />
        <Show when=move || app.role.get() == Role::Owner fallback=|| view! { <Owners /> }>
            <Confirm id words name close then />
        </Show>
    }
}

/// How many records of each kind.
#[component]
fn Counts(plan: Memo<Plan>, of: fn(&Count) -> usize) -> impl IntoView {
    let app = App::here();
    let counts = move || {
        let counts = plan.with(Plan::counts);
        let some = counts.into_iter().map(|count| (count.kind, of(&count))).filter(|(_, number)| *number > 0);
        some.map(|(kind, number)| view! { <KeyValue label=app.w(kind.words)>{number}</KeyValue> }).collect_view()
    };
    view! { <KeyValues>{counts}</KeyValues> }
}

/// What stays without name and telephone, with the way to the complaints: nobody but a person can tell what is written
/// in them.
#[component]
fn Stays(plan: Memo<Plan>, words: RwSignal<bool>) -> impl IntoView {
    let app = App::here();
    let some = Memo::new(move |_| plan.with(|plan| plan.parts.iter().any(|part| part.fields.is_some())));
    let complaints = Memo::new(move |_| {
        let reader = app.reader();
        let ids = plan.with(|plan| {
            let parts = plan.parts.iter().filter(|part| part.kind == complaint::ID);
            parts.map(|part| part.id).collect::<Vec<_>>()
        });
        app.peek(|book| ids.into_iter().map(|id| (id, book.title(complaint::ID, id, reader))).collect::<Vec<_>>())
    });
    view! {
        <Show when=move || some.get()>
            <Section heading=app.t("会留下，但不再提到这位客户", "What stays, without this customer")>
                <Counts plan of=|count| count.partly />
                <p class="small">{app.t(
                    "这些记录去掉姓名和电话。里面写的文字原样留下，修改记录里的也一样：先打开看看，写到了姓名就勾选下面这一项。",
                    "They lose name and telephone. What is written in them stays as it is, and so does its history: open them first, and tick the box below if a name stands there.",
                )}</p>
                <Show when=move || !complaints.with(Vec::is_empty)>
                    <List label=app.t("留下的投诉", "Complaints that stay")>
                        <For each=move || complaints.get() key=|one| one.clone() children=|(id, title)| view! {
                            <ListRow title lead=Lead::Icon(Icon::Complaints) href=format!("#/complaints/{id}") />
                        } />
                    </List>
                </Show>
                <Show when=move || app.role.get() == Role::Owner>
                    <Tick
                        label=app.t("连同里面的文字和照片一起抹去", "Erase what is written and pictured in them too")
                        hint=app.t("客户原话、处理记录、备注、照片等；状态、时间、种类和金额留下。", "Their own words, the log, notes, photos and the like; state, times, kinds and amounts stay.")
                        checked=words
                        on_change=Callback::new(move |on| words.set(on))
                    />
                </Show>
            </Section>
        </Show>
    }
}

/// What an erasure needs, and what it does not reach.
#[component]
fn Beyond() -> impl IntoView {
    let app = App::here();
    view! {
        <Section heading=app.t("还要知道", "Good to know")>
            <p class="small">{app.t(
                "其他设备在下次同步时跟着抹去；“团队与设备”里能看到哪台还没完成。",
                "Other devices follow when they next synchronise; Team and devices shows which have not.",
            )}</p>
            <p class="small">{app.t(
                "店簿以外的副本抹不到：导出的文件、备份、打印的纸、存储桶保留的旧版本，请自己处理。",
                "Copies outside the app are not reached: exported files, backups, printed pages, old versions that a bucket keeps. See to them yourself.",
            )}</p>
        </Section>
    }
}

/// Who may do it, for those who may not.
#[component]
fn Owners() -> impl IntoView {
    let app = App::here();
    let text = move || {
        let names = app.sharing.report.with(|report| {
            let members = report.iter().flat_map(|report| &report.members);
            let owners = members.filter(|member| member.role == Role::Owner).map(|member| member.name.clone());
            owners.collect::<Vec<_>>().join(app.say("、", ", "))
        });
        let only = app.say("只有负责人的设备可以彻底抹去资料。", "Only the device of an owner may erase for good.");
        if names.is_empty() {
            return only.to_owned();
        }
        let who = app.fill("负责人的设备：{}", "Devices of owners: {}", &[&names]);
        [only, &who].join(app.say("", " "))
    };
    view! { <p role="status">{text}</p> }
}

/// The name is typed, and then it is done.
#[component]
fn Confirm(
    id: RowId,
    words: RwSignal<bool>,
    name: Memo<String>,
    close: Callback<()>,
    then: &'static str,
) -> impl IntoView {
    let app = App::here();
    let (typed, wrong, busy) = (RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(false));
    let error = Signal::derive(move || {
        let say =
            || app.say("和姓名不一样，请照着输入。", "This is not the name; type it as it stands here.").to_owned();
        wrong.get().then(say)
    });
    let submit = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        wrong.set(!name.with_untracked(|name| erasure::is_named(&typed.get_untracked(), name)));
        if !wrong.get_untracked() {
            busy.set(true);
            let words = words.get_untracked();
            spawn_local(async move {
                if !erase(app, id, words).await {
                    busy.try_set(false);
                    return;
                }
                // The card with this sheet is gone already.
                close.try_run(());
                route::replace(then);
            });
        }
    });
    let label = Signal::derive(move || name.with(|name| app.fill("输入“{}”以确认", "Type “{}” to confirm", &[name])));
    let actions = move || {
        view! {
            <Button label=app.t("取消", "Cancel") on_press=close />
            <Button label=app.t("彻底抹去", "Erase for good") kind=ButtonKind::Danger icon=Icon::Delete submit=true busy />
        }
    };
    view! {
        <Form on_submit=submit inline=true actions>
            <TextField
                label value=typed error required=true
                on_input=Callback::new(move |text: String| {
                    wrong.set(false);
                    typed.set(text);
                })
            />
        </Form>
    }
}

/// Erases a customer, or what has come of one since, with the unsaved texts, and if it is asked for with what is written
/// in the records that stay. Returns whether it was done; if not, the person has been told why.
pub(super) async fn erase(app: App, id: RowId, words: bool) -> bool {
    // What came while the sheet was open goes too.
    let writes = app.peek(|book| {
        let plan = erasure::plan(book, customer::ID, id);
        if words { plan.with_words(book) } else { plan }.writes()
    });
    let done = app.save(writes).await.is_some();
    if done {
        // What was said before may name the customer, or offer to take back what is not there any more.
        let said = app.toasts.get_untracked();
        app.toast(app.say("已彻底抹去。", "Erased for good.").to_owned(), Tone::Good, None);
        for toast in said {
            app.dismiss(toast.id);
        }
        leftover::sweep(app);
    }
    done
}
