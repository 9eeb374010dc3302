//! What an owner does with a device of the team: another role, taking it out, taking over what was held of it.

use leptos::prelude::*;

use super::devices::{at_work, do_work, failure};
use super::inviting::{key, role_of};
use crate::domain::role::Role;
use crate::sync::driver::{self, HeldWork};
use crate::sync::report::Member;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, Chips, Choice, ConfirmDialog, Dialog, DialogShape, Section};
use crate::web::{clock, random};

/// The sheet of the device that was opened.
#[component]
pub fn MemberSheet(
    /// The device, while its sheet is open.
    opened: RwSignal<Option<Member>>,
) -> impl IntoView {
    let app = App::here();
    let close = Callback::new(move |()| opened.set(None));
    let title =
        Signal::derive(move || opened.with(|member| member.as_ref().map(|one| one.name.clone())).unwrap_or_default());
    view! {
        <Dialog
            open=Signal::derive(move || opened.with(Option::is_some))
            on_close=close
            title
            close_label=app.t("关闭", "Close")
            shape=DialogShape::Sheet
        >
            {move || opened.get().map(|member| {
                let here = member.clone();
                view! {
                    <Show when=move || here.role != Role::Removed><Roles member=here.clone() close /></Show>
                    <Held member=member.clone() close />
                    {(member.role != Role::Removed).then(|| view! { <Removal member close /> })}
                }
            })}
        </Dialog>
    }
}

#[component]
fn Roles(member: Member, close: Callback<()>) -> impl IntoView {
    let app = App::here();
    let (busy, chosen) = (RwSignal::new(false), RwSignal::new(member.role));
    let choices = Signal::derive(move || {
        let lang = app.lang.get();
        Role::GIVEN.map(|role| Choice { value: key(role), label: role.words().r#in(lang).into() }).to_vec()
    });
    let give = Callback::new(move |()| {
        let said =
            app.say("角色已更改；那台设备下次同步后生效。", "The role is changed; it holds there after its next sync.");
        do_work(app, busy, said, grant(app, member.dev, chosen.get_untracked()), close);
    });
    view! {
        <Section heading=app.t("角色", "Role")>
            <Chips
                label=app.t("这台设备的角色", "Role of this device")
                value=Signal::derive(move || key(chosen.get()))
                choices
                on_choose=Callback::new(move |role: String| chosen.set(role_of(&role).unwrap_or(member.role)))
            />
            <p class="soft">{move || chosen.get().explained().r#in(app.lang.get())}</p>
            <Show when=move || chosen.get() != member.role>
                <Button label=app.t("更改角色", "Change the role") kind=ButtonKind::Primary busy on_press=give />
            </Show>
        </Section>
    }
}

/// What was held of the device, as far as an owner can take it over.
#[component]
fn Held(member: Member, close: Callback<()>) -> impl IntoView {
    let app = App::here();
    let dev = member.dev;
    let busy = RwSignal::new(false);
    let there = move || {
        app.sharing.report.with(|report| {
            use crate::sync::fault::Fault;
            let mut held = report.iter().flat_map(|report| &report.held);
            held.any(|held| held.dev == dev && matches!(held.fault, Fault::Removed | Fault::NotAllowed))
        })
    };
    let take = Callback::new(move |()| {
        let said = app.say("已采纳，可以在档案里查看和修改。", "Taken over; see and change it on the cards.");
        do_work(app, busy, said, take_over(app, dev), close);
    });
    view! {
        <Show when=there>
            <Section heading=app.t("没有采用的内容", "What was not applied")>
                <p>{app.t(
                    "这台设备写了一些超出它权限的内容，大家都没有采用。您可以采纳：它会作为您的修改保存。",
                    "This device wrote something that it may not write, and nobody applied it. You can take it over: it is saved as your own edit.",
                )}</p>
                <Button label=app.t("采纳", "Take it over") icon=Icon::Check busy on_press=take />
            </Section>
        </Show>
    }
}

#[component]
fn Removal(member: Member, close: Callback<()>) -> impl IntoView {
    let app = App::here();
    let (busy, asking) = (RwSignal::new(false), RwSignal::new(false));
    let name = member.name.clone();
    let title = Signal::derive(move || app.fill("移出“{}”？", "Remove “{}”?", &[&name]));
    let remove = Callback::new(move |()| {
        asking.set(false);
        let said = app.say("已移出。还有效的邀请也收回了。", "Removed. Open invitations are taken back too.");
        do_work(app, busy, said, grant(app, member.dev, Role::Removed), close);
    });
    view! {
        <Section heading=app.t("移出账簿", "Remove from the book")>
            <p>{app.t(
                "设备丢了，或者人离开了：移出后，它以后写的都不会被采用，也读不到以后的内容。它已有的内容仍在那台设备上。",
                "A device is lost, or somebody left: once removed, nothing it writes is applied and it reads nothing new. What it has already stays on it.",
            )}</p>
            <Button
                label=app.t("移出这台设备", "Remove this device") kind=ButtonKind::Danger busy
                on_press=Callback::new(move |()| asking.set(true))
            />
        </Section>
        <ConfirmDialog
            open=asking title
            text=app.t(
                "不能撤销：以后要回来，需要重新邀请。如果它可能看到过恢复单，请之后重新做一张，并在存储桶里换一把密钥。",
                "This cannot be undone: to come back it needs a new invitation. If it may have seen the recovery sheet, make a new one afterwards, and change the bucket's key.",
            )
            confirm_label=app.t("移出", "Remove") cancel_label=app.t("取消", "Cancel")
            on_confirm=remove on_cancel=Callback::new(move |()| asking.set(false)) danger=true
        />
    }
}

async fn grant(app: App, dev: crate::book::DevId, role: Role) -> Result<(), String> {
    let (mut engine, bucket, _turn) = at_work(app).await?;
    let session = app.session();
    let now_ms = clock::now_ms();
    let done = driver::grant(&mut engine, session.store(), &bucket, (dev, role), now_ms, &mut random::fill).await;
    done.map_err(|error| failure(app, error))?;
    app.catch_up().await;
    Ok(())
}

async fn take_over(app: App, dev: crate::book::DevId) -> Result<(), String> {
    let (mut engine, bucket, _turn) = at_work(app).await?;
    let session = app.session();
    let held = driver::held_work(&engine, session.store(), &bucket, dev).await;
    let work: HeldWork = held.map_err(|error| failure(app, error))?;
    if app.save(work.rows()).await.is_none() {
        return Err(app.say("没有采纳，什么都没有变。", "Not taken over; nothing has changed.").to_owned());
    }
    driver::taken_over(&mut engine, session.store(), &work).await.map_err(|error| failure(app, error))
}
