//! Earlier imports, each to be taken back in one tap.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::book::{RowId, Span};
use crate::domain::KINDS;
use crate::ui::app::App;
use crate::ui::icon::Icon;
use crate::ui::parts::{Button, ButtonKind, ConfirmDialog, List, ListRow, Section};

/// The imports of this vault, newest first.
#[component]
pub fn Earlier() -> impl IntoView {
    let app = App::here();
    let kinds: Vec<_> = KINDS.iter().map(|kind| kind.id).collect();
    let all = Memo::new(move |_| {
        let reader = app.reader();
        app.read(&kinds, |book| {
            let mut all: Vec<_> = book.undertakings().iter().map(|(id, it)| (it.stamps.0, *id, it.rows)).collect();
            all.sort_unstable_by(|a, b| b.cmp(a));
            all.into_iter()
                .map(|(stamp, id, rows)| (id, reader.moment(i64::try_from(stamp.ms()).unwrap_or(i64::MAX)), rows))
                .collect::<Vec<_>>()
        })
    });
    let asked = RwSignal::new(None::<RowId>);
    let undo = Callback::new(move |()| {
        let span = asked.get_untracked().and_then(|id| app.peek(|book| book.undertakings().get(&id).copied()));
        asked.set(None);
        if let Some(it) = span {
            spawn_local(async move { app.revert(Span { dev: it.dev, stamps: it.stamps }, None).await });
        }
    });
    view! {
        <Show when=move || !all.with(Vec::is_empty)>
            <Section heading=app.t("以前的导入", "Earlier imports")>
                <List label=app.t("以前的导入", "Earlier imports")>
                    <For each=move || all.get() key=|row| row.clone() children=move |(id, when, rows)| view! {
                        <ListRow
                            title=when
                            second=app.fill("{} 条", "{} records", &[&rows.to_string()])
                            trail=move || view! {
                                <Button label=app.t("撤销", "Undo") kind=ButtonKind::Plain icon=Icon::Undo
                                    on_press=Callback::new(move |()| asked.set(Some(id))) />
                            }
                        />
                    } />
                </List>
            </Section>
        </Show>
        <ConfirmDialog
            open=Signal::derive(move || asked.get().is_some())
            title=app.t("撤销这次导入？", "Undo this import?")
            text=app.t(
                "新增的记录移到回收站，改过的恢复原值；之后有人改过的内容保留。",
                "New records go to the recycle bin, changed ones get their earlier values; what somebody changed since stays.",
            )
            confirm_label=app.t("撤销导入", "Undo the import")
            cancel_label=app.t("取消", "Cancel")
            on_confirm=undo
            on_cancel=Callback::new(move |()| asked.set(None))
            danger=true
        />
    }
}
