//! 今日

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::parts::PageHead;

/// 今日
#[component]
pub fn Today() -> impl IntoView {
    let app = App::here();
    view! { <div class="pane"><PageHead title=app.t("今日", "Today") /></div> }
}
