//! Team and devices: who is in, and inviting another one by link or QR code.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use super::invitations::Invitations;
use crate::remote::s3::S3;
use crate::sync::driver::{self, InviteError};
use crate::sync::engine::Terms;
use crate::sync::report::Member;
use crate::sync::wire::Role;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{
    Badge, Banner, Button, ButtonKind, CopyField, EmptyState, Lead, LinkButton, List, ListRow, Section, Tone,
};
use crate::ui::sharing::words;
use crate::web::{clock, random, share};

/// An invitation is good for so long.
const VALID_MS: u64 = 7 * 24 * 3_600_000;
/// And for so many devices.
const USES: u32 = 10;

/// The devices of the vault, and the way in for another one.
#[component]
pub fn Devices() -> impl IntoView {
    let app = App::here();
    let connected = move || app.sharing.connection.with(Option::is_some);
    let members = Memo::new(move |_| {
        app.sharing.report.with(|report| report.as_ref().map(|report| report.members.clone()).unwrap_or_default())
    });
    view! {
        <Head title=app.t("团队与设备", "Team and devices") />
        <Show when=connected fallback=move || view! {
            <EmptyState
                icon=Icon::Device
                title=app.t("先连接存储桶", "Connect a bucket first")
                text=app.t("设备之间通过存储桶同步。连上后，扫一个码就能加入新设备。", "Devices meet in a bucket. Once connected, a new device joins by scanning a code.")
                action=move || view! { <LinkButton label=app.t("连接存储桶", "Connect a bucket") href="#/more/bucket" kind=ButtonKind::Primary /> }
            />
        }>
            <Invite />
            <Section heading=app.t("设备", "Devices")>
                <List label=app.t("设备", "Devices")>
                    <For each=move || members.get() key=|member| format!("{member:?}") children=move |member| view! { <MemberRow member /> } />
                </List>
            </Section>
        </Show>
    }
}

#[component]
fn MemberRow(member: Member) -> impl IntoView {
    let app = App::here();
    let role = role_words(app, member.role);
    let seen = if member.stamp.ms() == 0 {
        String::new()
    } else {
        app.reader().moment(i64::try_from(member.stamp.ms()).unwrap_or(i64::MAX))
    };
    let second = [role.to_owned(), seen].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let (own, ahead) = (member.own, member.clock_ahead);
    view! {
        <ListRow title=member.name second lead=Lead::Icon(Icon::Device) trail=move || view! {
            {own.then(|| view! { <Badge label=app.t("本机", "this device") /> })}
            {ahead.then(|| view! { <Badge tone=Tone::Warn label=app.t("时钟快了", "clock ahead") /> })}
        } />
    }
}

fn role_words(app: App, role: Role) -> &'static str {
    match role {
        Role::Owner => app.say("负责人", "Owner"),
        Role::Keeper => app.say("档案管理员", "Archive keeper"),
        Role::Manager => app.say("店长", "Manager"),
        Role::Staff => app.say("店员", "Staff"),
        Role::Viewer => app.say("只读", "Viewer"),
    }
}

/// Makes an invitation and shows it. It is shown only once it is sure to work.
#[component]
fn Invite() -> impl IntoView {
    let app = App::here();
    let link = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let invite = Callback::new(move |()| {
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match make(app).await {
                Ok(made) => link.set(Some(made)),
                Err(why) => error.set(Some(why)),
            }
            busy.set(false);
            app.sharing.ring();
        });
    });
    view! {
        <Section heading=app.t("邀请设备", "Invite a device")>
            {move || error.get().map(|why| view! { <Banner tone=Tone::Due title=app.t("邀请没有做成", "The invitation was not made") text=Signal::stored(Some(why)) /> })}
            {move || link.get().map_or_else(
                || view! {
                    <p>{app.t(
                        "新设备扫码或打开链接就能加入，不用输入任何东西。链接里有钥匙，只发给自己人。",
                        "A new device joins by scanning the code or opening the link; nothing has to be typed. The link holds keys: give it to your own people only.",
                    )}</p>
                    <Button label=app.t("生成邀请", "Make an invitation") kind=ButtonKind::Primary icon=Icon::Qr busy on_press=invite />
                }
                .into_any(),
                |link| view! { <Ready link /> }.into_any(),
            )}
        </Section>
        <Invitations made=link on_taken_back=Callback::new(move |()| link.set(None)) />
    }
}

#[component]
fn Ready(link: String) -> impl IntoView {
    let app = App::here();
    let sent = link.clone();
    let send = Callback::new(move |()| {
        let link = sent.clone();
        spawn_local(async move {
            // Not sent is seen by the person, who still has the link to copy.
            let _ = share::text(app.say("加入店簿", "Join the book"), &link).await;
        });
    });
    let code = fast_qr::QRBuilder::new(link.as_bytes()).ecl(fast_qr::ECL::L).build().ok();
    view! {
        {code.map(|code| view! { <Qr code label=app.t("邀请二维码", "QR code of the invitation") /> })}
        <CopyField
            label=app.t("邀请链接（7 天内有效）", "Invitation link (valid for 7 days)")
            value=Signal::stored(link)
            copy_label=app.t("复制", "Copy")
            copied_label=app.t("已复制", "Copied")
        />
        {share::is_available().then(|| view! { <Button label=app.t("发送", "Send") icon=Icon::Share on_press=send /> })}
    }
}

/// The code as one path of squares.
#[component]
fn Qr(code: fast_qr::QRCode, label: Signal<String>) -> impl IntoView {
    let size = code.size;
    let dark = (0..size).flat_map(|row| (0..size).map(move |column| (row, column)));
    let dark = dark.filter(|&(row, column)| code[row][column].value());
    let path = dark.map(|(row, column)| format!("M{column} {row}h1v1h-1z")).collect::<Vec<_>>().concat();
    let frame = format!("-4 -4 {0} {0}", size + 8);
    view! {
        <svg class="qr" viewBox=frame role="img" aria-label=label shape-rendering="crispEdges">
            <path d=path fill="currentColor" />
        </svg>
    }
}

async fn make(app: App) -> Result<String, String> {
    let session = app.session();
    let failed = |error| failure(app, error);
    let connection = app.sharing.connection.get_untracked().ok_or_else(|| again(app))?;
    let bucket = S3::new(&connection, clock::now_ms).map_err(|error| failed(InviteError::Remote(error)))?;
    let opened = driver::open(session.store()).await.map_err(|error| failed(InviteError::Store(error)))?;
    let mut engine = opened.ok_or_else(|| again(app))?;
    let now_ms = clock::now_ms();
    let expires_ms = now_ms.saturating_add_signed(engine.clock_offset()) + VALID_MS;
    let terms = Terms { role: Role::Staff, uses: USES, expires_ms };
    let made =
        driver::invite(&mut engine, session.store(), &bucket, connection, terms, now_ms, &mut random::fill).await;
    let invitation = made.map_err(failed)?;
    let location = window().location();
    let page = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
    Ok(format!("{page}#/join?i={}", invitation.to_link_payload()))
}

fn again(app: App) -> String {
    app.say("请稍后再试。", "Try again in a moment.").to_owned()
}

/// Why an invitation was not made or not taken back, and what to do.
pub(super) fn failure(app: App, error: InviteError) -> String {
    let lang = app.lang.get_untracked();
    match error {
        InviteError::Remote(error) => words::remote(&error).r#in(lang).to_owned(),
        InviteError::Store(error) => crate::ui::trouble::store(&error).r#in(lang).to_owned(),
        InviteError::NotShared(report) => {
            report.troubles.first().map_or_else(|| again(app), |trouble| words::trouble(app, trouble))
        }
        InviteError::Fault(_) | InviteError::Altered => again(app),
    }
}
