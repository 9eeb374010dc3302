//! Team and devices: who is in, what each may do, and the way in for another one.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use super::carrying::Carrying;
use super::inviting::Invite;
use super::member::MemberSheet;
use super::recovery::Recovery;
use crate::domain::role::Role;
use crate::remote::s3::S3;
use crate::sync::driver::{self, InviteError};
use crate::sync::engine::Engine;
use crate::sync::report::{Member, Report};
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Banner, ButtonKind, EmptyState, IconButton, Lead, LinkButton, List, ListRow, Section, Tone,
};
use crate::ui::sharing::{Turn, words};
use crate::web::clock;
use crate::words::beside;

/// The devices of the vault, and the way in for another one.
#[component]
pub fn Devices() -> impl IntoView {
    let app = App::here();
    let connected = move || app.sharing.connection.with(Option::is_some);
    let members =
        Memo::new(move |_| app.sharing.report.with(|report| report.as_ref().map(members).unwrap_or_default()));
    let gone = move |member: &Member| member.role == Role::Removed;
    let inside = Memo::new(move |_| members.get().into_iter().filter(|one| !gone(one)).collect::<Vec<_>>());
    let outside = Memo::new(move |_| members.get().into_iter().filter(gone).collect::<Vec<_>>());
    let opened = RwSignal::new(None::<Member>);
    let list = move |members: Memo<Vec<Member>>| {
        view! {
            <List label=app.t("设备", "Devices")>
                <For each=move || members.get() key=|member| format!("{member:?}") children=move |member| view! { <MemberRow member opened /> } />
            </List>
        }
    };
    view! {
        <Head title=app.t("团队与设备", "Team and devices") />
        <Show when=connected fallback=move || view! {
            <EmptyState
                icon=Icon::Device
                title=app.t("先连接存储桶", "Connect a bucket first")
                text=app.t("设备之间通过存储桶同步。连上后，扫一个码就能加入新设备。", "Devices meet in a bucket. Once connected, a new device joins by scanning a code.")
                action=move || view! {
                    <LinkButton label=app.t("连接存储桶", "Connect a bucket") href="#/more/bucket" kind=ButtonKind::Primary />
                    <LinkButton label=app.t("用邀请加入", "Join with an invitation") href="#/join" icon=Icon::Qr />
                }
            />
        }>
            <Invite />
            <Section heading=app.t("设备", "Devices")>
                <Unerased members=inside />
                {list(inside)}
            </Section>
            <Show when=move || !outside.with(Vec::is_empty)>
                <Section heading=app.t("已移出的设备", "Devices that were removed")>{list(outside)}</Section>
            </Show>
            <Show when=move || app.role.get() == Role::Owner><Recovery /></Show>
            <Carrying />
            <MemberSheet opened />
        </Show>
    }
}

/// The devices, with what they say of erasures (G5).
fn members(report: &Report) -> Vec<Member> {
    let known = |member: &Member| {
        // Nobody waits for a device that was taken out.
        Member { at_rest: member.at_rest.filter(|_| member.role != Role::Removed), ..member.clone() }
    };
    report.members.iter().map(known).collect()
}

/// When a device was last heard of, and whether it has nothing left of what was erased.
fn standing(app: App, member: &Member) -> String {
    let ms = member.stamp.ms();
    let seen = if ms == 0 { String::new() } else { app.reader().moment(i64::try_from(ms).unwrap_or(i64::MAX)) };
    let rest = match member.at_rest {
        None => "",
        Some(true) => app.say("抹去已完成", "erasure done"),
        Some(false) if !member.own && !seen.is_empty() => {
            return app.fill("抹去还没完成，{} 以后没有新消息", "erasure not done, nothing new since {}", &[&seen]);
        }
        Some(false) => app.say("抹去还没完成", "erasure not done"),
    };
    [&seen, rest].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What to do while some devices have not erased yet.
#[component]
fn Unerased(members: Memo<Vec<Member>>) -> impl IntoView {
    let app = App::here();
    let left = Memo::new(move |_| {
        let members = members.get();
        let left = members.iter().filter(|member| member.at_rest == Some(false));
        (left.clone().count(), left.clone().any(|member| member.own))
    });
    let title = Signal::derive(move || {
        app.fill(
            "还有 {} 台设备没有完成抹去",
            "Devices that have not finished erasing: {}",
            &[&left.get().0.to_string()],
        )
    });
    let text = Signal::derive(move || {
        Some(if left.get() == (1, true) {
            app.say(
                "只差本机：保持联网、开着店簿，下次同步会自己完成。",
                "Only this device is left: stay online with the app open, and the next syncs finish it.",
            )
        } else {
            app.say(
                "请在那台设备上打开店簿、联上网；不再使用的设备，请负责人移出。",
                "Open the app on that device while it is online; a device that is no longer used should be removed by an owner.",
            )
        }.to_owned())
    });
    view! { <Show when=move || { left.get().0 > 0 }><Banner tone=Tone::Warn title text /></Show> }
}

#[component]
fn MemberRow(member: Member, opened: RwSignal<Option<Member>>) -> impl IntoView {
    let app = App::here();
    let role = member.role.words().r#in(app.lang.get()).to_owned();
    let second = beside([role, standing(app, &member)]);
    let (own, ahead, dev, name) = (member.own, member.clock_ahead, member.dev, member.name.clone());
    let held = move || {
        app.sharing.report.with(|report| report.iter().flat_map(|report| &report.held).any(|held| held.dev == dev))
    };
    let manage = {
        let label = app.fill("管理“{}”", "Manage “{}”", &[&name]);
        move || {
            let member = member.clone();
            view! {
                <IconButton
                    label=Signal::stored(label.clone()) icon=Icon::Settings
                    on_press=Callback::new(move |()| opened.set(Some(member.clone())))
                />
            }
        }
    };
    view! {
        <ListRow title=name second lead=Lead::Icon(Icon::Device) trail=move || view! {
            {own.then(|| view! { <Badge label=app.t("本机", "this device") /> })}
            {ahead.then(|| view! { <Badge tone=Tone::Warn label=app.t("时钟快了", "clock ahead") /> })}
            {held().then(|| view! { <Badge tone=Tone::Warn label=app.t("有内容未采用", "something is held") /> })}
            {(!own && app.role.get() == Role::Owner).then(manage.clone())}
        } />
    }
}

/// Engine and bucket, for work that a person begins, and the turn in which it is done.
pub(super) async fn at_work(app: App) -> Result<(Engine, S3, Turn), String> {
    let turn = app.sharing.turn().await;
    let failed = |error| failure(app, error);
    let connection = app.sharing.connection.get_untracked().ok_or_else(|| again(app))?;
    let bucket = S3::new(&connection, clock::now_ms).map_err(|error| failed(InviteError::Remote(error)))?;
    let session = app.session();
    let opened = driver::open(session.store()).await.map_err(|error| failed(InviteError::Store(error)))?;
    Ok((opened.ok_or_else(|| again(app))?, bucket, turn))
}

fn again(app: App) -> String {
    app.say("请稍后再试。", "Try again in a moment.").to_owned()
}

/// Why it was not done, and what to do.
pub(super) fn failure(app: App, error: InviteError) -> String {
    let lang = app.lang.get_untracked();
    match error {
        InviteError::Remote(error) => words::remote(&error).r#in(lang).to_owned(),
        InviteError::Store(error) => crate::ui::trouble::store(&error).r#in(lang).to_owned(),
        InviteError::NotShared(report) => {
            report.troubles.first().map_or_else(|| again(app), |trouble| words::trouble(app, trouble))
        }
        InviteError::NotAllowed => app
            .say("这台设备的角色不能这样做，请找负责人。", "The role of this device does not allow it; ask an owner.")
            .to_owned(),
        InviteError::Fault(_) | InviteError::Altered => again(app),
    }
}

/// Runs work that a person began, shows that it is under way, and says what came of it.
pub(super) fn do_work(
    app: App,
    busy: RwSignal<bool>,
    said: &'static str,
    work: impl Future<Output = Result<(), String>> + 'static,
    on_done: Callback<()>,
) {
    busy.set(true);
    spawn_local(async move {
        match work.await {
            Ok(()) => {
                app.toast(said.to_owned(), Tone::Good, None);
                on_done.run(());
            }
            Err(why) => app.toast(why, Tone::Due, None),
        }
        busy.try_set(false);
        app.sharing.ring();
    });
}
