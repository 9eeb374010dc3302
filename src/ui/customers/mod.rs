//! 客户

use leptos::prelude::*;

use crate::ui::app::App;
use crate::ui::parts::PageHead;

/// 客户
#[component]
pub fn Customers() -> impl IntoView {
    let app = App::here();
    view! { <div class="pane"><PageHead title=app.t("客户", "Customers") /></div> }
}
