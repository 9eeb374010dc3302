//! The recovery sheet: a piece of paper that opens the book when no device is left.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::inviting::{make, qr};
use crate::domain::role::Role;
use crate::sync::engine::Terms;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Banner, Button, ButtonKind, CopyField, Section, Tone};

/// Devices may come with it as often as there is a need; it is one paper in one safe.
const USES: u32 = 100;

/// Makes a recovery sheet, shows it and prints it.
#[component]
pub fn Recovery() -> impl IntoView {
    let app = App::here();
    let link = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let begin = Callback::new(move |()| {
        busy.set(true);
        error.set(None);
        let terms = Terms { role: Role::Owner, uses: USES, expires_ms: u64::MAX, recovery: true };
        spawn_local(async move {
            match make(app, terms).await {
                Ok(made) => link.set(Some(made)),
                Err(why) => error.set(Some(why)),
            }
            busy.set(false);
            app.sharing.ring();
        });
    });
    view! {
        <Section heading=app.t("恢复单", "Recovery sheet")>
            {move || error.get().map(|why| view! { <Banner tone=Tone::Due title=app.t("恢复单没有做成", "The recovery sheet was not made") text=Signal::stored(Some(why)) /> })}
            <p>{app.t(
                "万一所有设备都丢了，凭这张纸能从存储桶找回全部内容。打印出来锁好：谁拿到它，谁就能打开账簿。",
                "Should every device be lost, this piece of paper brings everything back from the bucket. Print it and lock it away: whoever holds it can open the book.",
            )}</p>
            {move || link.get().map_or_else(
                || view! { <Button label=app.t("做一张恢复单", "Make a recovery sheet") icon=Icon::Print busy on_press=begin /> }.into_any(),
                |link| view! { <Sheet link /> }.into_any(),
            )}
        </Section>
    }
}

#[component]
fn Sheet(link: String) -> impl IntoView {
    let app = App::here();
    // A browser that cannot print leaves the link to be copied.
    let print = Callback::new(|()| drop(crate::web::print::print()));
    let day = app.reader().day(app.today.get_untracked());
    view! {
        <div class="recovery">
            <h2 class="paper-only">{app.t("店簿恢复单", "Recovery sheet of Dianbu")}</h2>
            <p class="paper-only">{day}</p>
            {qr(&link, app.t("恢复二维码", "QR code of the recovery sheet"))}
            <ol class="paper-only">
                <li>{app.t("在新设备上扫这个码，或在浏览器里输入下面的地址。", "Scan this code with a new device, or type the address below into a browser.")}</li>
                <li>{app.t("点“加入”。账簿会从存储桶取回，新设备成为负责人。", "Press Join. The book comes back from the bucket, and the new device is an owner.")}</li>
                <li>{app.t("在“团队与设备”里移出丢失的设备，再做一张新的恢复单。", "Remove the lost devices under Team and devices, and make a new recovery sheet.")}</li>
            </ol>
            <p class="paper-only recovery-code">{link.clone()}</p>
            <CopyField
                label=app.t("恢复链接", "Recovery link")
                value=Signal::stored(link)
                copy_label=app.t("复制", "Copy")
                copied_label=app.t("已复制", "Copied")
            />
            <Button label=app.t("打印", "Print") kind=ButtonKind::Primary icon=Icon::Print on_press=print />
        </div>
    }
}
