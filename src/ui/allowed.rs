//! What is offered only to those who may do it.

use leptos::prelude::*;

use super::app::App;
use super::icon::Icon;
use super::parts::{EmptyState, PageHead};
use crate::domain::record::KindId;
use crate::domain::role::Role;

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
    // What somebody has begun to write stays in sight, whatever becomes of the role meanwhile.
    let may = Memo::new(move |before| before == Some(&true) || app.may_write(kind));
    let text = Signal::derive(move || {
        if app.role.get() == Role::Removed {
            app.say(
                "负责人已把它移出账簿：以后写的不再采用。",
                "An owner has taken it out of the book: what it writes from now on is not taken in.",
            )
        } else {
            app.say(
                "它的角色不能写这里的记录。需要的话，请负责人在“团队与设备”里改它的角色。",
                "Its role may not write here. If it should, an owner can change the role under Team and devices.",
            )
        }
        .to_owned()
    });
    let told = move || {
        view! {
            <PageHead title=app.t("不能在这里写", "Not to be written here") back back_label=app.t("返回", "Back") />
            <EmptyState icon=Icon::Info title=app.t("这台设备只能看", "This device may only read") text />
        }
    };
    view! { <Show when=move || may.get() fallback=told>{children()}</Show> }
}
