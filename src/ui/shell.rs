//! The frame of every screen: the five places, what is being said, and the way from the address to a screen.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::app::App;
use super::icon::Icon;
use super::later::{self, Part, later};
use super::notices::Notices;
use super::parts::{Nav, Place, ToastHost};
use super::sharing::mark::Mark;
use super::{everywhere, today};
use crate::web::turn::turn;

/// The frame of every screen.
#[component]
pub fn Shell() -> impl IntoView {
    let app = App::here();
    // The area decides which screen lives; within one, the screen follows the route itself and keeps its position.
    let area = Memo::new(move |_| app.route.with(|route| area(route.path.first().map_or("", String::as_str))));
    let current = Signal::derive(move || area.get().to_owned());
    let places = Signal::derive(move || {
        [
            ("today", "#/", app.say("今日", "Today"), Icon::Today),
            ("customers", "#/customers", app.say("客户", "Customers"), Icon::Customers),
            ("standards", "#/standards", app.say("标准", "Standards"), Icon::Standards),
            ("complaints", "#/complaints", app.say("投诉", "Complaints"), Icon::Complaints),
            ("more", "#/more", app.say("更多", "More"), Icon::More),
        ]
        .map(|(value, href, label, icon)| Place { value: value.into(), label: label.into(), href: href.into(), icon })
        .to_vec()
    });
    let due = Memo::new(move |_| today::due_count(app));
    let counts = Signal::derive(move || {
        let due = u32::try_from(due.get()).unwrap_or(u32::MAX);
        vec![("today".to_owned(), due, app.say("项到期", "due").to_owned())]
    });
    later::fetch_the_rest(app);
    Effect::new(move |before: Option<()>| {
        app.route.track();
        // The first screen leaves the focus where the browser put it.
        if before.is_some() {
            focus_heading();
        }
    });
    view! {
        <div class="shell">
            <a class="skip" href="#main" on:click=move |event| skip(&event)>{app.t("跳到正文", "Skip to content")}</a>
            <main id="main" tabindex="-1">
                {in_turn(2, move || view! {
                    <div class="notices"><Notices /></div>
                    {move || match area.get() {
                        "customers" => later(app, Part::Customers),
                        "standards" => later(app, Part::Standards),
                        "complaints" => later(app, Part::Complaints),
                        "more" => later(app, Part::Settings),
                        _ => view! { <today::Today /> }.into_any(),
                    }}
                }.into_any())}
            </main>
            {in_turn(3, || view! { <Mark /> }.into_any())}
            {in_turn(1, move || view! {
                <Nav label=app.t("主要位置", "Main places") places current counts />
            }.into_any())}
        </div>
        {in_turn(4, move || view! {
            <everywhere::Everywhere due />
            <ToastHost
                toasts=app.toasts
                on_dismiss=Callback::new(move |id| app.dismiss(id))
                on_action=Callback::new(move |id| app.act(id))
                close_label=app.t("关闭", "Close")
            />
        }.into_any())}
    }
}

/// What is made so many turns later: all of the frame at once would be the longest piece of a start, and the browser
/// can paint and listen in between.
fn in_turn(turns: u32, view: impl Fn() -> AnyView + Send + 'static) -> impl IntoView {
    let due = RwSignal::new(false);
    spawn_local(async move {
        for _ in 0..turns {
            turn().await;
        }
        due.try_set(true);
    });
    move || due.get().then(&view)
}

/// The place that the first part of a path belongs to.
fn area(first: &str) -> &'static str {
    match first {
        "customers" => "customers",
        "standards" => "standards",
        "complaints" => "complaints",
        "more" | "join" | "connect" => "more",
        _ => "today",
    }
}

/// A change of route moves the focus to the new screen's heading, so that a screen reader says where one is.
pub fn focus_heading() {
    request_animation_frame(|| {
        // Beside an open card there is the list's heading too: the last one is the newest.
        let Ok(found) = document().query_selector_all("main h1[tabindex]") else { return };
        let last = found.length().checked_sub(1).and_then(|last| found.item(last));
        if let Some(heading) = last.and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = heading.focus();
        }
    });
}

/// The address belongs to the routes, so the skip link moves the focus itself.
fn skip(event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    let main = document().get_element_by_id("main").and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(main) = main {
        let _ = main.focus();
    }
}
