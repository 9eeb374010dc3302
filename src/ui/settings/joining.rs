//! Joining a team by its invitation.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use super::scan::Scan;
use crate::remote::RemoteError;
use crate::remote::s3::S3;
use crate::store::Store;

use crate::sync::driver::{self, WelcomeError};
use crate::sync::invite::Invitation;
use crate::sync::keys::Identity;
use crate::sync::member::{JoinError, META_IDENTITY};
use crate::ui::app::App;
use crate::ui::parts::{Banner, Button, ButtonKind, ConfirmDialog, Form, LinkButton, TextField, TextKind, Tone};
use crate::ui::route;
use crate::ui::sharing::words;
use crate::ui::start::device_name;
use crate::web::{camera, clock, random};

/// By the link of an invitation; without one, by its code or by pasting it.
#[component]
pub fn Join() -> impl IntoView {
    let app = App::here();
    let payload = Memo::new(move |_| app.route.with(|route| route.param("i").map(str::to_owned)));
    view! {
        <Head title=app.t("加入团队", "Join a team") />
        {move || match payload.with(|payload| payload.as_deref().map(Invitation::from_link_payload)) {
            Some(Some(invitation)) => view! { <Accept invitation /> }.into_any(),
            unreadable => view! { <Find unreadable=unreadable.is_some() /> }.into_any(),
        }}
    }
}

/// The invitation is still to come: from the camera, or from a message.
#[component]
fn Find(
    /// There was one that cannot be read.
    unreadable: bool,
) -> impl IntoView {
    let app = App::here();
    let (text, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let found = Callback::new(move |text: String| {
        let payload = Invitation::payload_in(&text).filter(|payload| Invitation::from_link_payload(payload).is_some());
        if let Some(payload) = payload {
            route::replace(&format!("/join?i={payload}"));
        }
        payload.is_some()
    });
    let submit = Callback::new(move |()| {
        let why = app.say(
            "这不是邀请链接。请从“http”开始完整地复制。",
            "This is no invitation. Copy all of the link, beginning with “http”.",
        );
        error.set((!found.run(text.get_untracked())).then(|| why.to_owned()));
    });
    let actions = move || view! { <Button label=app.t("继续", "Continue") submit=true /> };
    view! {
        {unreadable.then(|| view! {
            <Banner tone=Tone::Due title=app.t("这个邀请读不出来", "This invitation cannot be read")
                text=Signal::derive(move || Some(app.say("链接可能不完整，请让对方重新发一次。", "The link may be cut short; ask for it once more.").to_owned())) />
        })}
        <p>{app.t(
            "请负责人或店长在“更多 → 团队与设备”里生成邀请，然后扫它的二维码，或粘贴它的链接。",
            "Ask an owner or a manager for an invitation, made under More → Team and devices. Scan its code, or paste its link.",
        )}</p>
        {camera::is_available().then(|| view! { <Scan on_found=found /> })}
        <Form on_submit=submit inline=true actions>
            <TextField
                label=app.t("邀请链接", "Invitation link") kind=TextKind::Web
                value=text on_input=Callback::new(move |typed| text.set(typed)) error required=true
            />
        </Form>
    }
}

/// One question, already answered, and one button.
#[component]
fn Accept(invitation: Invitation) -> impl IntoView {
    let app = App::here();
    let invitation = StoredValue::new_local(invitation);
    let name = RwSignal::new(device_name(app.lang.get_untracked()));
    let error = RwSignal::new(None::<Refusal>);
    let (busy, asking) = (RwSignal::new(false), RwSignal::new(false));
    let empty = Callback::new(move |()| {
        asking.set(false);
        busy.set(true);
        spawn_local(async move {
            match crate::ui::lock::screen::erase().await {
                // The invitation stands in the address: the app begins anew with it.
                Ok(()) => drop(window().location().reload()),
                Err(why) => error.set(Some(Refusal::Other(
                    crate::ui::trouble::store(&why).r#in(app.lang.get_untracked()).to_owned(),
                ))),
            }
            busy.set(false);
        });
    });
    let submit = Callback::new(move |()| {
        let invitation = invitation.get_value();
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match join(app, &invitation, name.get_untracked()).await {
                // The device has another vault now: the app starts anew in it.
                Ok(()) => route::restart(),
                Err(why) => error.set(Some(why)),
            }
            busy.set(false);
        });
    });
    let actions = move || view! { <Button label=app.t("加入", "Join") kind=ButtonKind::Primary submit=true busy /> };
    view! {
        {move || error.get().map(|why| view! {
            <Banner tone=Tone::Due title=app.t("没有加入成功", "Joining did not work") text=Signal::stored(Some(why.words(app))) />
            {matches!(why, Refusal::Bound).then(|| view! {
                <div class="actions">
                    <LinkButton label=app.t("先导出", "Export first") href="#/more/export" />
                    <Button
                        label=app.t("清空本机再加入", "Empty this device, then join") kind=ButtonKind::Danger busy
                        on_press=Callback::new(move |()| asking.set(true))
                    />
                </div>
            })}
        })}
        <ConfirmDialog
            open=asking
            title=app.t("清空这台设备上的店簿？", "Empty the book on this device?")
            text=Signal::derive(move || {
                let unsent = app.sharing.report.with(|report| report.as_ref().map_or(0, |report| report.waiting_ops));
                app.fill(
                    "本机的内容会全部删除，其中 {} 处修改还没有共享。已共享的内容在其他设备上不受影响。",
                    "Everything on this device is deleted; {} edits of it are not shared yet. What is shared stays with the other devices.",
                    &[&unsent.to_string()],
                )
            })
            confirm_label=app.t("清空", "Empty it") cancel_label=app.t("取消", "Cancel")
            on_confirm=empty on_cancel=Callback::new(move |()| asking.set(false)) danger=true
        />
        <p>{app.t(
            "加入后，这台设备会收到团队的全部内容；本机已有的记录一起带入。",
            "After joining, this device receives everything the team has; what is on it already comes along.",
        )}</p>
        <Form on_submit=submit actions>
            <TextField
                label=app.t("这台设备的名字", "Name of this device")
                value=name
                on_input=Callback::new(move |text| name.set(text))
                required=true
            />
        </Form>
    }
}

/// Why it did not work.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Refusal {
    /// The device belongs to another team, or was removed from this one.
    Bound,
    Other(String),
}

impl Refusal {
    fn words(&self, app: App) -> String {
        match self {
            Self::Bound => app.say(
                "这台设备已经在一本账簿里（或已被移出）。要加入这一本，先导出需要的内容，再清空本机。",
                "This device already has a book, or was removed from one. To join this one, export what you need, then empty the device.",
            ).to_owned(),
            Self::Other(why) => why.clone(),
        }
    }
}

async fn join(app: App, invitation: &Invitation, device: String) -> Result<(), Refusal> {
    let say = |zh, en| Refusal::Other(app.say(zh, en).to_owned());
    let lang = app.lang.get_untracked();
    let remote = |error: &crate::remote::RemoteError| Refusal::Other(words::remote(error).r#in(lang).to_owned());
    let stored =
        |error: &crate::store::StoreError| Refusal::Other(crate::ui::trouble::store(error).r#in(lang).to_owned());
    let bucket = S3::new(&invitation.connection, clock::now_ms).map_err(|error| remote(&error))?;
    let session = app.session();
    let loaded = session.store().load_named().await.map_err(|error| stored(&error))?;
    let now_ms = clock::now_ms();
    let welcome = driver::welcome(&bucket, invitation, now_ms).await.map_err(|error| match error {
        WelcomeError::Remote(RemoteError::NotFound) => say(
            "这个邀请已被收回，或存储桶里没有这本账簿。请让对方重新生成。",
            "This invitation was taken back, or the bucket does not hold this book; ask for a new one.",
        ),
        WelcomeError::Remote(error) => remote(&error),
        WelcomeError::Join(JoinError::Expired { .. }) => {
            say("邀请已过期，请让对方重新生成。", "The invitation has expired; ask for a new one.")
        }
        WelcomeError::Join(_) => say(
            "邀请与桶里的内容不符，请让对方重新生成。",
            "The invitation does not fit the bucket; ask for a new one.",
        ),
    })?;
    let identity = loaded.meta.iter().find(|(key, _)| key == META_IDENTITY);
    let identity = identity.and_then(|(_, bytes)| minicbor_serde::from_slice::<Identity>(bytes).ok());
    let identity = identity.ok_or_else(|| say("本机身份读不出来。", "This device's identity cannot be read."))?;
    let joined = welcome.join(&loaded.state, &identity, device, now_ms, &mut random::fill);
    let commit = joined.map_err(|error| match error {
        JoinError::Bound => Refusal::Bound,
        _ => say("邀请不对，请让对方重新生成。", "The invitation is not in order; ask for a new one."),
    })?;
    let (_, written) = session.store().transact(|state| commit.apply(state)).await.map_err(|error| stored(&error))?;
    if !written {
        return Err(say("另一个标签页正在同步，请再试一次。", "Another tab is syncing; please try again."));
    }
    app.sharing.connect(app, Some(invitation.connection.clone())).await.map_err(|error| stored(&error))
}
