//! From an empty page to an open book.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::app::{App, first_lang};
use super::parts::{Banner, Skeleton, Tone};
use super::shell::Shell;
use super::{route, trouble};
use crate::book::DevId;
use crate::session::Session;
use crate::store::idb::Idb;
use crate::store::{Store, StoreError};
use crate::web::tabs::{CHANNEL, Tabs};

/// The database of this device.
const DATABASE: &str = "dianbu";

/// Opens the book, then shows the app in it. What the person needs to know meanwhile stands in its place.
#[component]
pub fn Start() -> impl IntoView {
    let lang = RwSignal::new(first_lang());
    let route = route::follow();
    let opened = RwSignal::new(None::<Result<App, StoreError>>);
    Effect::new(move || {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", lang.get().tag());
        }
    });
    let owner = Owner::current();
    spawn_local(async move {
        let session = open().await;
        // The app's signals live as long as the page, under the root.
        let app = owner.map(|owner| {
            owner.with(|| session.map(|session| App::new(session, Tabs::join(CHANNEL).ok(), lang, route)))
        });
        opened.set(app);
    });
    let words = move |words: crate::words::Words| words.r#in(lang.get()).to_owned();
    move || {
        match opened.get() {
        None => view! {
            <main><div class="pane"><Skeleton label=Signal::derive(move || words(crate::words::words("正在打开…", "Opening…"))) /></div></main>
        }
        .into_any(),
        Some(Ok(app)) => {
            provide_context(app);
            view! { <Shell /> }.into_any()
        }
        Some(Err(error)) => {
            let title = Signal::derive(move || words(crate::words::words("打不开店簿", "The book cannot be opened")));
            let why = trouble::store(&error);
            view! {
                <main><div class="pane">
                    <Banner tone=Tone::Due title text=Signal::derive(move || Some(words(why))) />
                </div></main>
            }
            .into_any()
        }
    }
    }
}

async fn open() -> Result<Session<Idb>, StoreError> {
    let store = Idb::open(DATABASE, |_| ()).await?;
    let loaded = store.load().await?;
    Session::open(store, DevId::default(), &loaded)
}
