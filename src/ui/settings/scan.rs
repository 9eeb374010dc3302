//! The invitation's code before the camera.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};

use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, Tone};
use crate::web::{WebError, camera};
use crate::words::{Words, words};

/// A button that switches the camera on, its picture, and what is wrong with it. Each text that is read is offered to
/// `on_found`, which says whether it was the right one; then the camera goes off.
#[component]
pub fn Scan(
    /// Hears what a code says.
    on_found: Callback<String, bool>,
) -> impl IntoView {
    let app = App::here();
    let (on, other, trouble) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<Words>));
    let video = NodeRef::<html::Video>::new();
    Effect::new(move || {
        let Some(video) = video.get() else { return };
        let found = move |text| {
            let right = on_found.run(text);
            other.try_set(!right);
            right
        };
        spawn_local(async move {
            let seen = camera::scan(&video, found).await;
            trouble.try_set(seen.err().map(|why| refused(&why)));
            on.try_set(false);
        });
    });
    let begin = Callback::new(move |()| {
        trouble.set(None);
        other.set(false);
        on.set(true);
    });
    let told = move || {
        if other.get() {
            app.say("这个码不是店簿的邀请。", "This code is no invitation of Dianbu.")
        } else {
            app.say("把邀请的二维码放到画面中间。", "Hold the invitation's code before the camera.")
        }
    };
    view! {
        {move || trouble.get().map(|why| view! {
            <Banner tone=Tone::Due title=app.t("相机没有打开", "The camera is not on") text=Signal::derive(move || Some(why.r#in(app.lang.get()).to_owned())) />
        })}
        <Show
            when=move || on.get()
            fallback=move || view! { <Button label=app.t("用相机扫码", "Scan the code") kind=ButtonKind::Primary icon=Icon::Camera on_press=begin /> }
        >
            <video class="camera" node_ref=video muted playsinline aria-label=app.t("相机画面", "What the camera sees")></video>
            <p class="small" role="status">{told}</p>
            <Button label=app.t("关闭相机", "Switch the camera off") on_press=Callback::new(move |()| on.set(false)) />
        </Show>
    }
}

/// What is wrong with the camera and what to do.
fn refused(error: &WebError) -> Words {
    match error.name.as_str() {
        "NotAllowedError" | "SecurityError" => words(
            "没有使用相机的许可。请在浏览器或系统设置里允许店簿使用相机，或者粘贴邀请链接。",
            "The camera is not allowed. Allow it for Dianbu in the settings of the browser or the system, or paste the link.",
        ),
        "NotFoundError" | "OverconstrainedError" => {
            words("这台设备没有找到相机。请粘贴邀请链接。", "This device has no camera. Paste the link instead.")
        }
        "NotReadableError" | "AbortError" => words(
            "相机正被别的应用使用。关掉那个应用再试，或者粘贴邀请链接。",
            "Another app is using the camera. Close it and try again, or paste the link.",
        ),
        _ => words(
            "这个浏览器打不开相机。请粘贴邀请链接。",
            "This browser does not open a camera. Paste the link instead.",
        ),
    }
}
