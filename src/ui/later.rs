//! Parts of the app that arrive when they are needed. The first load brings what founds a book and what the first screen
//! shows; each place beyond it and the synchronisation are files of their own, which the build cuts off.
//!
//! A function declared with `part!` is where the program is cut: what only it reaches lies in its file, what several of
//! them reach in files that they share. Without the feature `split` all of it is one program, and nothing is waited for.
#![allow(
    unsafe_code,
    reason = "a cut imports and exports a function by its name, which the generated code calls unsafe"
)]

use std::pin::Pin;
use std::time::Duration;

use futures_util::FutureExt;
use gloo::timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use super::app::App;
use super::complaints::Urgent;
use super::lock::Gate;
use super::parts::{Banner, Button, Skeleton, Tone};
use crate::book::{Due, PhotoRef, Span, Touched};
use crate::store::StoreError;
use crate::sync::driver::photos::PhotoError;
use crate::words::{Words, words};

/// Work that ends some time.
pub type Task<T> = Pin<Box<dyn Future<Output = T>>>;
/// What a part gives, if the part has arrived.
pub type Arrived<T> = Result<T, SplitLoaderError>;

/// Said when a part cannot be fetched.
pub const MISSING: Words = words(
    "店簿还没有下载完整。请连上网络，再试一次。",
    "Dianbu has not been downloaded completely. Connect to the network and try again.",
);

/// The rest is fetched so long after the first screen, so that it neither competes with it nor is waited for later.
const AFTER_MS: u32 = 1_000;
/// Between two attempts to fetch a part that runs by itself, in milliseconds.
const PAUSE_MS: u32 = 30_000;

macro_rules! part {
    ($(#[$doc:meta])* $part:ident, $load:ident, fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty { $body:expr }) => {
        #[cfg(feature = "split")]
        $(#[$doc])*
        #[leptos::wasm_split::wasm_split(
            $part,
            wasm_split_path = ::leptos::wasm_split,
            fallible,
            preload(#[doc = "Fetches the part."] $load)
        )]
        pub fn $name($($arg: $type),*) -> Arrived<$result> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        $(#[$doc])*
        #[allow(clippy::unused_async, reason = "the same shape as the part that has to arrive")]
        pub async fn $name($($arg: $type),*) -> Arrived<$result> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        #[doc = "Fetches the part."]
        #[allow(clippy::unused_async, reason = "the same shape as the part that has to arrive")]
        pub async fn $load() -> Arrived<()> {
            Ok(())
        }
    };
}

part! {
    /// What stands before the book of a device with a PIN.
    lock, load_lock, fn lock_screen(gate: Gate) -> AnyView { view! { <super::lock::screen::LockScreen gate /> }.into_any() }
}
part! {
    /// Locks the app when nobody uses it.
    lock, load_watch, fn watch(app: App) -> () { super::lock::watch::watch(app) }
}
part! {
    /// The loop that synchronises.
    sync, load_sync, fn beat(app: App) -> Task<()> { Box::pin(super::sharing::pulse::beat(app)) }
}
part! {
    /// Takes a user action back: in these rows, or wherever it wrote.
    customers, load_revert, fn revert(app: App, span: Span, rows: Option<Touched>) -> Task<()> {
        Box::pin(async move { app.revert(span, rows.as_deref()).await })
    }
}
part! {
    /// Lets go of photos that can be fetched again. Gives how many.
    sync, load_room, fn make_room(app: App) -> Task<Result<usize, StoreError>> {
        Box::pin(async move { app.session().let_go_of_photos().await })
    }
}
part! {
    /// Fetches a photo.
    sync, load_fetch, fn fetch_photo(app: App, photo: PhotoRef) -> Task<Result<Vec<u8>, PhotoError>> {
        Box::pin(super::sharing::pulse::fetch_photo(app, photo))
    }
}
part! {
    /// The sheet behind the mark of synchronisation.
    settings, load_sheet, fn sync_sheet() -> AnyView { view! { <super::sharing::mark::SheetWindow /> }.into_any() }
}
part! {
    /// Hands what has a day to the calendar of the device.
    settings, load_calendar, fn to_calendar(app: App, dues: Vec<Due>) -> () { super::calendar::save(app, &dues) }
}
part! {
    /// The palette and the sheet of keys.
    customers, load_overlays, fn overlays() -> AnyView { view! { <super::everywhere::Overlays /> }.into_any() }
}
part! {
    /// The open complaints by their clocks, for the first screen of a book that has any.
    pressing, load_pressing, fn pressing(app: App, moment: i64, most: usize) -> (usize, Vec<Urgent>) {
        super::complaints::open_by_clock(app, moment, most)
    }
}
part! {
    /// Makes the clocks of complaints ready.
    pressing, load_clocks, fn clocks(app: App) -> Task<()> { Box::pin(app.prepare_clocks()) }
}
part! {
    /// Drops the unsaved texts of what is erased.
    customers, load_sweep, fn sweep(app: App) -> () { super::record::leftover::sweep(app) }
}
part! {
    /// 客户
    customers, load_customers, fn customers() -> AnyView { view! { <super::customers::Customers /> }.into_any() }
}
part! {
    /// Makes the list and the search of customers ready.
    customers, load_ready, fn ready(app: App) -> Task<()> { Box::pin(app.prepare_customers()) }
}
part! {
    /// 标准
    standards, load_standards, fn standards() -> AnyView { view! { <super::standards::Standards /> }.into_any() }
}
part! {
    /// 投诉
    complaints, load_complaints, fn complaints() -> AnyView { view! { <super::complaints::Complaints /> }.into_any() }
}
part! {
    /// 更多
    settings, load_settings, fn settings() -> AnyView { view! { <super::settings::More /> }.into_any() }
}

/// The parts that are seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// 客户
    Customers,
    /// 标准
    Standards,
    /// 投诉
    Complaints,
    /// 更多
    Settings,
    /// The sheet behind the mark of synchronisation.
    SyncSheet,
    /// The palette and the sheet of keys.
    Overlays,
}

impl Part {
    /// Those that bring all the others along, the one that is wanted soonest first.
    const PLACES: [Self; 4] = [Self::Customers, Self::Complaints, Self::Standards, Self::Settings];

    fn load(self) -> Task<Arrived<()>> {
        match self {
            Self::Customers => Box::pin(load_customers()),
            Self::Standards => Box::pin(load_standards()),
            Self::Complaints => Box::pin(load_complaints()),
            Self::Settings => Box::pin(load_settings()),
            Self::SyncSheet => Box::pin(load_sheet()),
            Self::Overlays => Box::pin(load_overlays()),
        }
    }

    fn view(self) -> Task<Arrived<AnyView>> {
        match self {
            Self::Customers => Box::pin(customers()),
            Self::Standards => Box::pin(standards()),
            Self::Complaints => Box::pin(complaints()),
            Self::Settings => Box::pin(settings()),
            Self::SyncSheet => Box::pin(sync_sheet()),
            Self::Overlays => Box::pin(overlays()),
        }
    }
}

/// Fetches what the first screen did not need, one after the other: a tap then waits for nothing, and a device that
/// loses its network has all of the app. Then what the most used of them reads is made ready.
pub fn fetch_the_rest(app: App) {
    set_timeout(
        move || {
            spawn_local(async move {
                // A book that is being received has the processor to itself.
                while app.sharing.receiving.with_untracked(Option::is_some) {
                    TimeoutFuture::new(AFTER_MS).await;
                }
                for part in Part::PLACES {
                    // What does not arrive now is asked for again when it is wanted.
                    let _ = part.load().await;
                }
                if let Ok(work) = ready(app).await {
                    work.await;
                }
            });
        },
        Duration::from_millis(AFTER_MS.into()),
    );
}

/// Waits until a part that runs by itself has arrived, however long there is no network.
pub async fn arrive<F: Future<Output = Arrived<()>>>(load: fn() -> F) {
    while load().await.is_err() {
        TimeoutFuture::new(PAUSE_MS).await;
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Coming,
    Here,
    Missing,
}

/// A part of the screen whose code is fetched when it is first shown.
pub fn later(app: App, part: Part) -> AnyView {
    let stage = RwSignal::new(Stage::Coming);
    let fetch = move || {
        spawn_local(async move {
            let reached = if part.load().await.is_ok() { Stage::Here } else { Stage::Missing };
            // The person may have gone elsewhere meanwhile.
            stage.try_set(reached);
        });
    };
    let again = Callback::new(move |()| {
        stage.set(Stage::Coming);
        fetch();
    });
    fetch();
    (move || match stage.get() {
        Stage::Coming => view! { <div class="pane"><Skeleton label=app.t("正在打开…", "Opening…") /></div> }.into_any(),
        // It has arrived, so the view is there at once, and is made here, where its owner is.
        Stage::Here => part.view().now_or_never().and_then(Result::ok).into_any(),
        Stage::Missing => view! {
            <div class="pane">
                <Banner tone=Tone::Due title=app.w(MISSING) />
                <Button label=app.t("再试一次", "Try again") on_press=again />
            </div>
        }
        .into_any(),
    })
    .into_any()
}
