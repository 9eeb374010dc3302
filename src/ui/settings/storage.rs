//! What the browser keeps of the book, and whether it may throw it away.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use crate::domain::space;
use crate::ui::app::App;
use crate::ui::parts::{Banner, Button, ButtonKind, Stat, Stats, Tone};
use crate::web::persist::{self, Space};

/// Space, and protection against being cleared.
#[component]
pub fn Storage() -> impl IntoView {
    let app = App::here();
    let (room, safe) = (RwSignal::new(None::<Space>), RwSignal::new(None::<bool>));
    spawn_local(async move {
        room.set(persist::space().await.ok());
        safe.set(persist::persisted().await.ok());
    });
    let protect = Callback::new(move |()| {
        spawn_local(async move {
            let granted = persist::persist().await.unwrap_or(false);
            safe.set(Some(granted));
            if !granted {
                let text = app.say(
                    "浏览器没有同意。把店簿安装到主屏幕后再试，通常就会同意。",
                    "The browser did not agree. Install the app to the home screen and try again; it usually agrees then.",
                );
                app.toast(text.to_owned(), Tone::Warn, None);
            }
        });
    });
    let size = move |bytes: fn(&Space) -> u64| {
        Signal::derive(move || room.get().map_or("—".to_owned(), |room| space::show(bytes(&room))))
    };
    view! {
        <Head title=app.t("本机存储", "Storage on this device") />
        <Stats>
            <Stat value=size(|room| room.used) label=app.t("已用", "Used") />
            <Stat value=size(|room| room.quota) label=app.t("可用上限", "Allowed") />
        </Stats>
        {move || match safe.get() {
            Some(true) => view! {
                <Banner tone=Tone::Good title=app.t("受保护", "Protected")
                    text=Signal::derive(move || Some(app.say("浏览器不会自行清除店簿的数据。", "The browser will not clear the book on its own.").to_owned())) />
            }
            .into_any(),
            Some(false) => view! {
                <Banner tone=Tone::Warn title=app.t("未受保护", "Not protected")
                    text=Signal::derive(move || Some(app.say(
                        "设备空间不足时，浏览器可能清除数据。请申请保护，并连接存储桶。",
                        "When space runs out the browser may clear the data. Ask for protection, and connect a bucket.",
                    ).to_owned()))
                    action=move || view! {
                        <Button label=app.t("申请保护", "Ask for protection") kind=ButtonKind::Primary on_press=protect />
                    } />
            }
            .into_any(),
            None => ().into_any(),
        }}
    }
}
