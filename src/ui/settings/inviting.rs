//! Inviting another device by link or QR code.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::devices::{at_work, failure};
use super::invitations::Invitations;
use crate::domain::role::Role;
use crate::sync::driver;
use crate::sync::engine::Terms;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, Chips, Choice, CopyField, Section, Tone};
use crate::web::{clock, random, share};

/// An invitation is good for so long.
const VALID_MS: u64 = 7 * 24 * 3_600_000;
/// And for so many devices.
const USES: u32 = 10;

/// The roles that this device may invite into, the least first.
fn offered(role: Role) -> Vec<Role> {
    Role::GIVEN.into_iter().rev().filter(|into| role.may_invite(*into)).collect()
}

/// The name of a role in a choice.
pub(super) fn key(role: Role) -> String {
    format!("{role:?}")
}

/// The role of that name.
pub(super) fn role_of(key: &str) -> Option<Role> {
    Role::GIVEN.into_iter().find(|role| format!("{role:?}") == key)
}

/// Makes an invitation and shows it. It is shown only once it is sure to work.
#[component]
pub fn Invite() -> impl IntoView {
    let app = App::here();
    let link = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let role = RwSignal::new(Role::Staff);
    let choices = Signal::derive(move || {
        let lang = app.lang.get();
        let choice = |role: Role| Choice { value: key(role), label: role.words().r#in(lang).into() };
        offered(app.role.get()).into_iter().map(choice).collect::<Vec<_>>()
    });
    let invite = Callback::new(move |()| {
        busy.set(true);
        error.set(None);
        let terms = Terms { role: role.get_untracked(), uses: USES, expires_ms: VALID_MS, recovery: false };
        spawn_local(async move {
            match make(app, terms).await {
                Ok(made) => link.set(Some(made)),
                Err(why) => error.set(Some(why)),
            }
            busy.set(false);
            app.sharing.ring();
        });
    });
    let ask = move || {
        view! {
            <p>{app.t(
                "新设备扫码或打开链接就能加入，不用输入任何东西。链接里有钥匙，只发给自己人。",
                "A new device joins by scanning the code or opening the link; nothing has to be typed. The link holds keys: give it to your own people only.",
            )}</p>
            <Chips
                label=app.t("它的角色", "Its role")
                value=Signal::derive(move || key(role.get()))
                choices
                on_choose=Callback::new(move |chosen: String| role.set(role_of(&chosen).unwrap_or(Role::Staff)))
            />
            <p class="soft">{move || role.get().explained().r#in(app.lang.get())}</p>
            <Button label=app.t("生成邀请", "Make an invitation") kind=ButtonKind::Primary icon=Icon::Qr busy on_press=invite />
        }
        .into_any()
    };
    view! {
        <Section heading=app.t("邀请设备", "Invite a device")>
            {move || error.get().map(|why| view! { <Banner tone=Tone::Due title=app.t("邀请没有做成", "The invitation was not made") text=Signal::stored(Some(why)) /> })}
            <Show
                when=move || !choices.with(Vec::is_empty)
                fallback=move || view! { <p>{app.t(
                    "这台设备的角色不能邀请设备，请找负责人或店长。",
                    "The role of this device does not invite; ask an owner or a manager.",
                )}</p> }
            >
                {move || link.get().map_or_else(ask, |link| view! { <Ready link /> }.into_any())}
            </Show>
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
    view! {
        {qr(&link, app.t("邀请二维码", "QR code of the invitation"))}
        <CopyField
            label=app.t("邀请链接（7 天内有效）", "Invitation link (valid for 7 days)")
            value=Signal::stored(link)
            copy_label=app.t("复制", "Copy")
            copied_label=app.t("已复制", "Copied")
        />
        {share::is_available().then(|| view! { <Button label=app.t("发送", "Send") icon=Icon::Share on_press=send /> })}
    }
}

/// A text as a code: one path of squares. Nothing if it is too long for one.
pub(super) fn qr(text: &str, label: Signal<String>) -> impl IntoView + use<> {
    let code = fast_qr::QRBuilder::new(text.as_bytes()).ecl(fast_qr::ECL::L).build().ok()?;
    let size = code.size;
    let dark = (0..size).flat_map(|row| (0..size).map(move |column| (row, column)));
    let dark = dark.filter(|&(row, column)| code[row][column].value());
    let path = dark.map(|(row, column)| format!("M{column} {row}h1v1h-1z")).collect::<Vec<_>>().concat();
    let frame = format!("-4 -4 {0} {0}", size + 8);
    Some(view! {
        <svg class="qr" viewBox=frame role="img" aria-label=label shape-rendering="crispEdges">
            <path d=path fill="currentColor" />
        </svg>
    })
}

/// Makes an invitation that is good for so long from now, if that is ever over. Returns its link.
pub(super) async fn make(app: App, terms: Terms) -> Result<String, String> {
    let (mut engine, bucket, _turn) = at_work(app).await?;
    let connection = app.sharing.connection.get_untracked().unwrap_or_default();
    let now_ms = clock::now_ms();
    let expires_ms = now_ms.saturating_add_signed(engine.clock_offset()).saturating_add(terms.expires_ms);
    let terms = Terms { expires_ms, ..terms };
    let session = app.session();
    let made =
        driver::invite(&mut engine, session.store(), &bucket, connection, terms, now_ms, &mut random::fill).await;
    let invitation = made.map_err(|error| failure(app, error))?;
    let location = window().location();
    let page = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
    Ok(format!("{page}#/join?i={}", invitation.to_link_payload()))
}
