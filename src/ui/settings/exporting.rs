//! Everything leaves in open formats in one tap (C17).

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Head;
use crate::book::Book;
use crate::book::photo::content;
use crate::domain::{complaint::complaint, customer::customer};
use crate::exchange::export::{self, Archive};
use crate::ui::app::App;
use crate::ui::calendar;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, Section, Tone};
use crate::ui::photos;
use crate::web::files;

/// Lists as CSV, and all of it as an archive.
#[component]
pub fn Export() -> impl IntoView {
    let app = App::here();
    let save = move |name: String, mime: &str, bytes: &[u8]| {
        if files::download(&name, mime, bytes).is_ok() {
            app.toast(app.fill("已导出 {}。", "{} exported.", &[&name]), Tone::Good, None);
        } else {
            app.toast(
                app.say("浏览器不允许保存文件。", "The browser does not allow files to be saved.").to_owned(),
                Tone::Due,
                None,
            );
        }
    };
    let list = move |kind: &'static crate::domain::record::Kind| {
        Callback::new(move |()| {
            let reader = app.reader();
            let bytes = app.peek(|book| export::csv(book, kind, None, reader.lang));
            save(format!("dianbu-{}-{}.csv", kind.key, reader.today), "text/csv", &bytes);
        })
    };
    let busy = RwSignal::new(false);
    let archive = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            let (archive, missing) = with_photos(app).await;
            let bytes = app.peek(|book| archive.finish(book));
            save(format!("dianbu-{}.zip", app.reader().today), "application/zip", &bytes);
            if missing > 0 {
                let text = app.fill(
                    "有 {} 张照片不在这台设备上，也没能取到；联网后再导出一次。",
                    "{} photos are not on this device and could not be fetched; export again with a network.",
                    &[&missing.to_string()],
                );
                app.toast(text, Tone::Warn, None);
            }
            busy.try_set(false);
        });
    });
    let reminders = Callback::new(move |()| {
        let dues = app.peek(|book| [book.open_tasks(), book.open_promises(), book.open_actions()].concat());
        calendar::save(app, &dues);
    });
    view! {
        <Head title=app.t("导出", "Export") />
        <Section heading=app.t("名单", "Lists")>
            <p>{app.t("CSV 表格，可用 Excel、WPS 打开，也能原样导回店簿。", "CSV files for any spreadsheet; they come back into the book unchanged.")}</p>
            <div class="form-row">
                <Button label=app.t("客户名单", "Customers") icon=Icon::Customers on_press=list(&customer::RECORD) />
                <Button label=app.t("投诉记录", "Complaints") icon=Icon::Complaints on_press=list(&complaint::RECORD) />
            </div>
        </Section>
        <Section heading=app.t("日历", "Calendar")>
            <p>{app.t(
                "任务、承诺和整改的日期。放进手机日历，店簿关着也会提醒；再导入一次只会更新，不会重复。",
                "The days of tasks, promises and corrections. The calendar of the phone rings while the app is closed; taken in again, they change and do not double.",
            )}</p>
            <div class="form-row">
                <Button label=app.t("日历提醒", "Reminders") icon=Icon::Calendar on_press=reminders />
            </div>
        </Section>
        <Section heading=app.t("全部数据", "Everything")>
            <p>{app.t(
                "一个压缩包：每类记录一个 JSON Lines 文件，含修改记录和说明，照片在旁边。没有行数限制。",
                "One archive: a JSON Lines file for every kind of record, with its history and a README, and the photos beside them. No row limit.",
            )}</p>
            <Button label=app.t("导出全部", "Export everything") kind=ButtonKind::Primary icon=Icon::Export busy on_press=archive />
        </Section>
    }
}

/// An archive with all photos that records name, and how many could not be had.
async fn with_photos(app: App) -> (Archive, usize) {
    let (mut archive, mut missing) = (Archive::default(), 0);
    for photo in app.peek(Book::photos) {
        match photos::find(app, photo).await {
            Ok(body) => archive.photo(photo, content(&body)),
            Err(_) => missing += 1,
        }
    }
    (archive, missing)
}
