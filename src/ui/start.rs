//! From an empty page to an open book.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::app::{App, first_lang};
use super::lasting::Lasting;
use super::lock::{self, Gate};
use super::parts::{Banner, Skeleton, Tone};
use super::settings::language::apply_theme;
use super::sharing::{Sharing, connection_of, pulse};
use super::shell::Shell;
use super::{later, route, trouble};
use crate::remote::Connection;
use crate::session::Session;
use crate::store::idb::{Idb, NAME, Notice};
use crate::store::key::{KeyRecord, META_KEY};
use crate::store::locked::Locked;
use crate::store::seal::{DataKey, Seal};
use crate::store::{Safe, Store, StoreError};
use crate::sync::fault::Fault;
use crate::sync::keys::Identity;
use crate::sync::member::{self, Founding, Names};
use crate::web::prefs::Pref;
use crate::web::turn::turn;
use crate::web::{clock, random};
use crate::words::{Lang, Words, words};

const OPENING: Words = words("正在打开…", "Opening…");
/// So long the seal stands without words: mostly the book is open by then.
const PATIENCE: Duration = Duration::from_millis(500);

/// How far the start has come.
#[derive(Clone, Copy)]
enum Stage {
    Opening,
    Locked(Gate),
    Open(App),
    Failed(Words),
}

/// Opens the book, then shows the app in it. What the person needs to know meanwhile stands in its place.
#[component]
pub fn Start() -> impl IntoView {
    let lang = Lasting::new(first_lang());
    let route = route::follow();
    let notice = Lasting::new(None);
    let stage = RwSignal::new(Stage::Opening);
    Effect::new(move || {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", lang.get().tag());
        }
    });
    apply_theme(&Pref::Theme.get().unwrap_or_default());
    set_timeout(
        move || {
            if let Some(said) = document().get_element_by_id("boot-words") {
                said.set_text_content(Some(OPENING.r#in(lang.get_untracked())));
            }
        },
        PATIENCE,
    );
    let owner = Owner::current();
    spawn_local(async move {
        let book = open(lang, notice, stage).await;
        // The app's signals live as long as the page, under the root.
        let app = owner.map(|owner| {
            owner.with(|| {
                book.map(|Opened { session, connection, has_pin }| {
                    let app = App::new(session, (Sharing::new(connection), has_pin), notice, lang, route);
                    lock::start(app);
                    pulse::start(app);
                    app
                })
            })
        });
        match app {
            Some(Ok(app)) => {
                // The browser has a turn before the screen is made, which is the longest piece of a start.
                turn().await;
                stage.set(Stage::Open(app));
            }
            Some(Err(why)) => stage.set(Stage::Failed(why)),
            None => {}
        }
    });
    let say = move |text: Words| text.r#in(lang.get()).to_owned();
    move || {
        let stage = stage.get();
        // What the page begins with stands until there is something to see.
        let boot = document().get_element_by_id("boot");
        if let (Some(boot), false) = (&boot, matches!(stage, Stage::Opening)) {
            boot.remove();
        }
        match stage {
            Stage::Opening if boot.is_some() => ().into_any(),
            Stage::Opening => view! {
                <main><div class="pane"><Skeleton label=Signal::derive(move || say(OPENING)) /></div></main>
            }
            .into_any(),
            // The part has arrived, so the screen is there at once, and is made here, where its owner is.
            Stage::Locked(gate) => Box::pin(later::lock_screen(gate)).now_or_never().and_then(Result::ok).into_any(),
            Stage::Open(app) => {
                provide_context(app);
                view! { <Shell /> }.into_any()
            }
            Stage::Failed(why) => {
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

/// A book that is open.
struct Opened {
    session: Session<Safe>,
    connection: Option<Connection>,
    has_pin: bool,
}

/// Opens the book; a device that has none founds one, so that it can be used at once with no questions. Nothing of it is
/// read before the data key is there, which on a locked device somebody has to open.
async fn open(lang: Lasting<Lang>, notice: Lasting<Option<Notice>>, stage: RwSignal<Stage>) -> Result<Opened, Words> {
    let told = |error: StoreError| trouble::store(&error);
    // The code has just been made ready, which took the browser a while.
    turn().await;
    let store = Rc::new(Idb::open(NAME, move |told| notice.set(Some(told))).await.map_err(told)?);
    let mut named = store.load_named().await.map_err(told)?;
    // Without a key record nothing that lies there can be read, and nothing may be written over it.
    if named.meta.is_empty() && named.state.lsn == 0 {
        found(&store, lang.get_untracked()).await.map_err(told)?;
        named = store.load_named().await.map_err(told)?;
    }
    let (key, has_pin) = match KeyRecord::of(&named.meta).map_err(told)? {
        Some(KeyRecord::Bare(key)) => (key, false),
        Some(KeyRecord::Wrapped(wrap)) => {
            later::load_lock().await.map_err(|_| later::MISSING)?;
            let gate = Gate::new(store.clone(), wrap.digits, lang);
            stage.set(Stage::Locked(gate));
            let key = gate.opened().await;
            stage.set(Stage::Opening);
            (key, true)
        }
        None => return Err(told(StoreError::Damaged(META_KEY.to_owned()))),
    };
    let store = behind(store, &key);
    let loaded = store.load().await.map_err(told)?;
    let dev = member::device(&loaded.meta).ok_or_else(|| told(StoreError::Damaged("device".to_owned())))?;
    let connection = connection_of(&loaded.meta);
    let session = Session::start(store, dev, loaded).await.map_err(told)?;
    Ok(Opened { session, connection, has_pin })
}

/// The store behind the seal of a key.
fn behind(store: Rc<Idb>, key: &DataKey) -> Safe {
    Locked::new(store, Arc::new(Seal::new(key, random::fill)))
}

/// Makes this device's data key, its identity and its vault.
async fn found(store: &Rc<Idb>, lang: Lang) -> Result<(), StoreError> {
    let mut probe = [0; 1];
    getrandom::fill(&mut probe).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let key = DataKey::random(random::fill);
    let identity = Identity::new(&mut random::fill);
    // The arithmetic of its public keys is the longer half of founding, and is done once.
    identity.public();
    turn().await;
    let names = Names { vault: words("店簿", "Dianbu").r#in(lang).to_owned(), device: device_name(lang) };
    let state = store.load_named().await?.state;
    let refused = |fault: Fault| StoreError::Other(fault.to_string());
    let founding = Founding::begin(&identity, names, clock::now_ms(), &mut random::fill).map_err(refused)?;
    turn().await;
    let mut commit = founding.commit(&state, &identity, &mut random::fill).map_err(refused)?;
    turn().await;
    // The key is written with the first thing that it seals. Two tabs at the first start: the one that is later finds the
    // key and the vault of the other.
    let record = KeyRecord::Bare(key.clone());
    commit.change.meta.push(record.entry());
    behind(store.clone(), &key).transact(|state| commit.apply(state)).await?;
    Ok(())
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
