//! 标准

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::parts::PageHead;

/// 标准
#[component]
pub fn Standards() -> impl IntoView {
    let app = App::here();
    view! { <div class="pane"><PageHead title=app.t("标准", "Standards") /></div> }
}
