//! 投诉

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::parts::PageHead;

/// 投诉
#[component]
pub fn Complaints() -> impl IntoView {
    let app = App::here();
    view! { <div class="pane"><PageHead title=app.t("投诉", "Complaints") /></div> }
}
