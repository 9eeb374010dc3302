//! What is offered only to those who may do it.

use leptos::prelude::*;

use super::app::App;
use super::icon::Icon;
use super::parts::{EmptyState, PageHead};
use crate::domain::record::KindId;

/// Shows what writes records of a kind, unless the role of this device keeps it from that.
#[component]
pub fn Allowed(
    /// The kind that is written.
    kind: KindId,
    children: ChildrenFn,
) -> impl IntoView {
    let app = App::here();
    view! { <Show when=move || app.may_write(kind)>{children()}</Show> }
}

/// A form that writes records of a kind. Whoever may not is told so instead: a link or something shared into the app leads
/// here as well.
#[component]
pub fn Writing(
    /// The kind that is written.
    kind: KindId,
    /// The place that it belongs to.
    back: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let app = App::here();
    let told = move || {
        view! {
            <PageHead title=app.t("不能在这里写", "Not to be written here") back back_label=app.t("返回", "Back") />
            <EmptyState
                icon=Icon::Info
                title=app.t("这台设备只能看", "This device may only read")
                text=app.t(
                    "它的角色不能写这里的记录。需要的话，请负责人在“团队与设备”里改它的角色。",
                    "Its role may not write here. If it should, an owner can change the role under Team and devices.",
                )
            />
        }
    };
    view! { <Show when=move || app.may_write(kind) fallback=told>{children()}</Show> }
}
