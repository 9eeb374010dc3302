//! Every part in all its states, on one page: for those who draw and build the screens.
//!
//! A part is shown with the words that name its state, and it works: what is pressed or typed here changes nothing
//! but this page. The frame of the app (places, head, list and card, mark of sharing) stands around it anyway.

pub mod acting;
pub mod entering;
pub mod marking;
pub mod pictures;
pub mod showing;
pub mod windows;

use leptos::prelude::*;

use super::app::App;
use super::parts::{Fab, PageHead};

use acting::Acting;
use entering::{Choosing, Entering};
use marking::Marking;
use pictures::Pictures;
use showing::Showing;
use windows::Windows;

/// The page.
#[component]
pub fn Gallery() -> impl IntoView {
    let app = App::here();
    view! {
        <PageHead title=app.t("界面部件", "Parts of the screens") back="#/more/language" back_label=app.t("返回", "Back") />
        <p>{app.t(
            "给参与改进店簿的人：每个部件和它的每种状态都在这一页。在这里点按、填写，不会改动账簿。",
            "For those who work on Dianbu: every part and each of its states. What is pressed or typed here does not touch the book.",
        )}</p>
        <div class="gallery">
            <Acting />
            <Entering />
            <Choosing />
            <Showing />
            <Marking />
            <Pictures />
            <Windows />
        </div>
        <Fab label=app.t("新增", "Add one") href="#/more/gallery" />
    }
}
