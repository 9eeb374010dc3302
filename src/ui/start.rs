//! From an empty page to an open book.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::app::{App, first_lang};
use super::parts::{Banner, Skeleton, Tone};
use super::settings::language::apply_theme;
use super::sharing::{Sharing, connection_of, pulse};
use super::shell::Shell;
use super::{later, route, trouble};
use crate::remote::Connection;
use crate::session::Session;
use crate::store::idb::{Idb, NAME, Notice};
use crate::store::{Store, StoreError};
use crate::sync::keys::Identity;
use crate::sync::member::{self, Names};
use crate::web::prefs::Pref;
use crate::web::{clock, random};
use crate::words::{Lang, Words, words};

/// Opens the book, then shows the app in it. What the person needs to know meanwhile stands in its place.
#[component]
pub fn Start() -> impl IntoView {
    let lang = RwSignal::new(first_lang());
    let route = route::follow();
    let notice = RwSignal::new(None);
    let opened = RwSignal::new(None::<Result<App, Words>>);
    Effect::new(move || {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", lang.get().tag());
        }
    });
    apply_theme(&Pref::Theme.get().unwrap_or_default());
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    let owner = Owner::current();
    spawn_local(async move {
        let session = open(lang.get_untracked(), notice).await;
        // The app's signals live as long as the page, under the root.
        let app = owner.map(|owner| {
            owner.with(|| {
                session.map(|(session, connection)| {
                    let app = App::new(session, Sharing::new(connection), notice, lang, route);
                    pulse::start(app);
                    app
                })
            })
        });
        opened.set(app);
    });
    let say = move |text: Words| text.r#in(lang.get()).to_owned();
    move || {
        match opened.get() {
        None => view! {
            <main><div class="pane"><Skeleton label=Signal::derive(move || say(words("正在打开…", "Opening…"))) /></div></main>
        }
        .into_any(),
        Some(Ok(app)) => {
            provide_context(app);
            view! { <Shell /> }.into_any()
        }
        Some(Err(why)) => {
            let title = Signal::derive(move || say(words("打不开店簿", "The book cannot be opened")));
            view! {
                <main><div class="pane">
                    <Banner tone=Tone::Due title text=Signal::derive(move || Some(say(why))) />
                </div></main>
            }
            .into_any()
        }
    }
    }
}

/// Opens the book; a device that has none founds one, so that it can be used at once with no questions.
async fn open(lang: Lang, notice: RwSignal<Option<Notice>>) -> Result<(Session<Idb>, Option<Connection>), Words> {
    let told = |error: StoreError| trouble::store(&error);
    let mut store = Idb::open(NAME, move |told| notice.set(Some(told))).await.map_err(told)?;
    let mut loaded = store.load().await.map_err(told)?;
    if member::device(&loaded.meta).is_none() {
        let found = later::found(store, lang).await.map_err(|_| later::MISSING)?;
        store = found.await.map_err(told)?;
        loaded = store.load().await.map_err(told)?;
    }
    let dev = member::device(&loaded.meta).ok_or_else(|| told(StoreError::Damaged("device".to_owned())))?;
    let connection = connection_of(&loaded.meta);
    Ok((Session::start(store, dev, loaded).map_err(told)?, connection))
}

/// Makes this device's identity and its vault.
pub async fn found(store: Idb, lang: Lang) -> Result<Idb, StoreError> {
    let mut probe = [0; 1];
    getrandom::fill(&mut probe).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let identity = Identity::new(&mut random::fill);
    let names = Names { vault: words("店簿", "Dianbu").r#in(lang).to_owned(), device: device_name(lang) };
    let state = store.load_named().await?.state;
    let founded = member::found(&state, &identity, names, clock::now_ms(), &mut random::fill);
    let (_, commit) = founded.map_err(|fault| StoreError::Other(fault.to_string()))?;
    // Two tabs at the first start: the one that is later finds the vault of the other.
    store.transact(|state| commit.apply(state)).await?;
    Ok(store)
}

/// A first name for this device, from what the browser says of itself.
pub fn device_name(lang: Lang) -> String {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let known = [
        ("iPad", words("iPad 平板", "iPad")),
        ("iPhone", words("iPhone 手机", "iPhone")),
        (
            "Android",
            if agent.contains("Mobile") {
                words("安卓手机", "Android phone")
            } else {
                words("安卓平板", "Android tablet")
            },
        ),
        ("Windows", words("Windows 电脑", "Windows computer")),
        ("Mac", words("Mac 电脑", "Mac")),
    ];
    let found = known.into_iter().find(|(sign, _)| agent.contains(sign));
    found.map_or(words("电脑", "Computer"), |(_, name)| name).r#in(lang).to_owned()
}
