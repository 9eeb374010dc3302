//! 更多

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::parts::PageHead;

/// 更多
#[component]
pub fn More() -> impl IntoView {
    let app = App::here();
    view! { <div class="pane"><PageHead title=app.t("更多", "More") /></div> }
}
